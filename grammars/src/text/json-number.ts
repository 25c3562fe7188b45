// What a number is in JSON text.

/** A number of Rego as JSON has it: with a digit before the point. */
export function jsonNumberText(text: string): string {
  const sign = text.startsWith("-") ? 1 : 0;
  return text.charCodeAt(sign) === 0x2e ? `${text.slice(0, sign)}0${text.slice(sign)}` : text;
}

/** A pattern that finds a number where `lastIndex` stands, and nowhere else; each reader has one of its own. */
export const jsonNumber = (): RegExp => /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
