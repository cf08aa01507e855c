/** Characters of a note: what is longer is cut, as a file may hold any text. */
export const longestNote = 2000;
