// Values as Go's `%#v` and `%g` print them, for messages and for keys that are numbers.

import { goQuote } from "#grammars/text/go-quote.ts";
import type { Resolved } from "#grammars/yaml/resolve.ts";
import { RegoNumber, RegoObject, type Value } from "../value.ts";

/** A key before it becomes a text. */
export type Key = Resolved;

export function goSyntax(value: Value): string {
  if (value === null) return "interface {}(nil)";
  if (typeof value === "boolean") return String(value);
  if (typeof value === "string") return goQuote(value);
  if (value instanceof RegoNumber) return value.text;
  if (value instanceof RegoObject)
    return `map[string]interface {}{${value.entries.map(([key, item]) => `${goSyntax(key)}:${goSyntax(item)}`).join(", ")}}`;
  return `[]interface {}{${[...(value as readonly Value[])].map(goSyntax).join(", ")}}`;
}

/** A float as a key: the shortest digits that single precision needs. */
export function floatKeyText(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value > 0 ? ".inf" : "-.inf";
  const single = Math.fround(value);
  if (!Number.isFinite(single)) return single > 0 ? ".inf" : "-.inf";
  for (let digits = 1; digits <= 9; digits++) {
    const text = single.toPrecision(digits);
    if (Math.fround(Number(text)) === single) return floatText(Number(text));
  }
  return floatText(single);
}

/** Go's shortest `%g`: an exponent below 1e-4 and from 1e6 on. */
export function floatText(value: number): string {
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [mantissa, exponent] = value.toExponential().split("e") as [string, string];
  const power = Number(exponent);
  if (power >= -4 && power < 6) return power < 0 ? plainFraction(mantissa, power) : String(value);
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

function plainFraction(mantissa: string, power: number): string {
  const sign = mantissa.startsWith("-") ? "-" : "";
  return `${sign}0.${"0".repeat(-power - 1)}${mantissa.replace(/[-.]/gu, "")}`;
}
