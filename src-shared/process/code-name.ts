/** What a computer or a code may not have in its name: a code is called `code@computer`, and a word on a command line. */
export const notInName = /[@\s]/;
