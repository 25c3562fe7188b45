// What a number is in JSON text.

/** A pattern that finds a number where `lastIndex` stands, and nowhere else; each reader has one of its own. */
export const jsonNumber = (): RegExp => /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
