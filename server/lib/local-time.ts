const two = (number: number): string => String(number).padStart(2, "0");

/** Date and time in the zone of this machine, to the second: `2026-11-21 16:51:09`. From milliseconds since the Unix epoch. */
export function localTime(epochMs: number): string {
  const at = new Date(epochMs);
  const date = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-");
  return `${date} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(":")}`;
}
