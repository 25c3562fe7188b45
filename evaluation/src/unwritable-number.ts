// Numbers that JSON has no way to write: `.5`, what `to_number("01")` keeps, the `.inf` of METADATA.
import { jsonNumber } from "#grammars/text/json-number.ts";
import { RegoNumber, RegoObject, RegoSet, type Value } from "./value.ts";

export interface UnwritableNumber {
  /** As Go names it. */
  readonly text: string;
  /** True where it is the key of an object, or a part of one: OPA makes those texts before it writes the value. */
  readonly isKey: boolean;
}

/** The number that OPA complains of. */
export function unwritableNumber(value: Value): UnwritableNumber | undefined {
  const key = numberWhere(value, false);
  if (key !== undefined) return { text: key, isKey: true };
  const text = numberWhere(value, true);
  return text === undefined ? undefined : { text, isKey: false };
}

export function invalidLiteral(text: string): string {
  return `json: invalid number literal ${JSON.stringify(text)}`;
}

/** The first number in the value, or in the keys of its objects alone. */
function numberWhere(value: Value, anywhere: boolean): string | undefined {
  if (value instanceof RegoNumber) return anywhere && !isJson(value.text) ? (goNames[value.text] ?? value.text) : undefined;
  if (value instanceof RegoObject) {
    for (const [key, item] of value.entries) {
      const found = (typeof key === "string" ? undefined : numberWhere(key, true)) ?? numberWhere(item, anywhere);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (value === null || typeof value !== "object") return undefined;
  for (const item of value instanceof RegoSet ? value.items : value) {
    const found = numberWhere(item, anywhere);
    if (found !== undefined) return found;
  }
  return undefined;
}

const pattern = jsonNumber();

function isJson(text: string): boolean {
  pattern.lastIndex = 0;
  return pattern.test(text) && pattern.lastIndex === text.length;
}

const goNames: Readonly<Record<string, string>> = { Infinity: "+Inf", "-Infinity": "-Inf", NaN: "NaN" };
