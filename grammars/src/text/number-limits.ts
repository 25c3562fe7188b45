// Which numbers OPA refuses to read (validateNumber in its v1/ast/term.go): those that Go's big.Float cannot hold, and those with more than
// 100,000 binary digits before or behind the point. The runtime has the same rule in number-limits.

export type NumberFault = "invalid float" | "number too big";

/** Exponents of two and of ten. */
const mostExponent = 100_000;
const [leastOfAll, mostOfAll] = [-(2 ** 31), 2 ** 31 - 1];
const binaryPerDecimal = Math.log2(10);

const shape = /^-?(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** What is wrong with the text of a number; most have nothing that could be. */
export function numberFault(text: string): NumberFault | undefined {
  if (text.length < 30_000 && !/[eE][+-]?\d{5}/.test(text)) return undefined;
  const [, whole = "", fraction = "", exponent = "0"] = shape.exec(text) ?? [];
  const exact = BigInt(exponent.replace("+", ""));
  if (BigInt.asIntN(64, exact) !== exact) return "invalid float";
  const written = `${whole}${fraction}`;
  const digits = written.replace(/^0+/, "");
  if (digits === "") return undefined;
  // The value is 0.DIGITS times ten to this power.
  const power = whole.length - (written.length - digits.length) + Number(exponent);
  const lead = Math.log2(Number(`0.${digits.slice(0, 17)}`));
  const width = Math.floor(lead + digits.length * binaryPerDecimal) + 1 + power - digits.length;
  if (width < leastOfAll || width > mostOfAll) return "invalid float";
  const size = Math.floor(lead + power * binaryPerDecimal) + 1;
  // What is smaller than all becomes 0.
  return size > mostExponent || (size < -mostExponent && size >= leastOfAll) ? "number too big" : undefined;
}

const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/gs;

/** The first number of a JSON text that OPA refuses, with its place there (UTF-16). */
export function refusedNumber(json: string): { readonly fault: NumberFault; readonly offset: number } | undefined {
  if (!/[eE][+-]?\d{5}|\d{15000}/.test(json)) return undefined;
  for (const { 0: text, index: offset } of json.matchAll(stringOrNumber)) {
    const fault = text.startsWith('"') ? undefined : numberFault(text);
    if (fault !== undefined) return { fault, offset };
  }
  return undefined;
}
