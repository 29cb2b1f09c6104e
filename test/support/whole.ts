/** WHOLE=1: series in their full length, of minutes, and what costs more than a build can wait for. */
export const isWhole = !["", "0", undefined].includes(process.env["WHOLE"]);
