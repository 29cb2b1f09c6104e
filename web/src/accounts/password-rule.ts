/** The service asks for so many characters. */
export const leastPassword = 10;
