// JSON read without losing digits: every number keeps its text. The kits compare by exact value.

/** A number as it was written. */
export class NumberText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

export type ExactJson = null | boolean | string | NumberText | readonly ExactJson[] | { readonly [key: string]: ExactJson };

type SourceReviver = (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown;
const parse = JSON.parse as (text: string, reviver: SourceReviver) => unknown;

/** Reads JSON text; throws SyntaxError as JSON.parse does. `__proto__` is an ordinary key. */
export function readExact(text: string): ExactJson {
  return parse(text, (_key, value, context) =>
    typeof value === "number" ? new NumberText(context.source ?? String(value)) : value,
  ) as ExactJson;
}

/** Writes compact JSON text with the numbers as they were read. */
export function writeExact(value: ExactJson | undefined): string {
  if (value === undefined) return "";
  if (value instanceof NumberText) return value.text;
  if (Array.isArray(value)) return `[${value.map((item: ExactJson) => writeExact(item)).join(",")}]`;
  if (value !== null && typeof value === "object") {
    return `{${Object.entries(value)
      .map(([key, item]) => `${JSON.stringify(key)}:${writeExact(item)}`)
      .join(",")}}`;
  }
  return JSON.stringify(value);
}

/** Canonical text for comparing: keys sorted, numbers by exact value (`1.0` and `1e0` give the same text). */
export function canonical(value: ExactJson): string {
  if (value instanceof NumberText) return canonicalNumber(value.text);
  if (Array.isArray(value)) return `[${value.map((item: ExactJson) => canonical(item)).join(",")}]`;
  if (value !== null && typeof value === "object") {
    return `{${Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonical((value as { [key: string]: ExactJson })[key]!)}`)
      .join(",")}}`;
  }
  return JSON.stringify(value);
}

/** `digits`e`exponent` without leading or trailing zeros; zero is `0`, whatever its sign. */
export function canonicalNumber(text: string): string {
  const match = /^([-+]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([-+]?[0-9]+))?$/.exec(text);
  if (match === null) return text;
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  if (digits === "") return "0";
  const short = digits.replace(/0+$/, "");
  const scale = BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - short.length);
  return `${sign === "-" ? "-" : ""}${short}e${scale}`;
}
