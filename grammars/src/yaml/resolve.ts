// What a plain YAML scalar means: the core schema with the extra spellings that OPA's library takes.

import { YamlFault } from "./fault.ts";
import { namedTime } from "./timestamp.ts";

export type Resolved =
  | { readonly tag: "!!null" }
  | { readonly tag: "!!bool"; readonly value: boolean }
  | { readonly tag: "!!int"; readonly value: bigint }
  | { readonly tag: "!!float"; readonly value: number }
  /** Texts, and all scalars with tags of their own. */
  | { readonly tag: string; readonly value: string };

const words: Readonly<Record<string, Resolved>> = {
  "": { tag: "!!null" },
  "~": { tag: "!!null" },
  null: { tag: "!!null" },
  Null: { tag: "!!null" },
  NULL: { tag: "!!null" },
  true: { tag: "!!bool", value: true },
  True: { tag: "!!bool", value: true },
  TRUE: { tag: "!!bool", value: true },
  false: { tag: "!!bool", value: false },
  False: { tag: "!!bool", value: false },
  FALSE: { tag: "!!bool", value: false },
};
const styleFloat = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/u;

/** The meaning of a scalar without quotes and tag. */
export function resolvePlain(text: string): Resolved {
  if (Object.hasOwn(words, text)) return words[text]!;
  if (/^[-+]?\.(?:inf|Inf|INF)$/u.test(text)) return { tag: "!!float", value: text.startsWith("-") ? -Infinity : Infinity };
  if (/^\.(?:nan|NaN|NAN)$/u.test(text)) return { tag: "!!float", value: Number.NaN };
  if (text.startsWith(".")) return floatOf(text) ?? { tag: "!!str", value: text };
  if (!/^[-+0-9]/u.test(text)) return { tag: "!!str", value: text };
  if (namedTime(text) !== undefined) return { tag: "!!timestamp", value: text };
  const digits = text.replaceAll("_", "");
  const whole = integerOf(digits);
  if (whole !== undefined) return { tag: "!!int", value: whole };
  return floatOf(digits) ?? { tag: "!!str", value: text };
}

/** With an explicit tag the text must mean just that. Throws YamlFault. */
export function resolveTagged(tag: string, text: string): Resolved {
  if (tag === "!!str" || !["!!bool", "!!int", "!!float", "!!null", "!!timestamp"].includes(tag)) return { tag, value: text };
  if (tag === "!!timestamp") {
    const time = namedTime(text);
    if (time !== undefined) return { tag, value: time };
  }
  const plain = resolvePlain(text);
  const found: Resolved = plain.tag === "!!timestamp" ? { tag: "!!str", value: text } : plain;
  if (found.tag === tag) return found;
  if (tag === "!!float" && found.tag === "!!int" && "value" in found && typeof found.value === "bigint")
    return { tag, value: Number(found.value) };
  throw new YamlFault(`yaml: cannot decode ${found.tag} \`${text}\` as a ${tag}`);
}

const radixes: Readonly<Record<string, number>> = { x: 16, o: 8, b: 2 };

/** Go's integer spellings, within 64 bits: signed ones with a sign, up to 2^64 - 1 without. */
function integerOf(text: string): bigint | undefined {
  const found = /^([-+]?)(?:0([xXoObB])([0-9A-Fa-f]+)|(0[0-9]*|[1-9][0-9]*))$/u.exec(text);
  if (found === null) return undefined;
  const [, sign = "", letter, prefixed, plain] = found;
  const octal = plain !== undefined && plain.length > 1 && plain.startsWith("0");
  const radix = letter !== undefined ? radixes[letter.toLowerCase()]! : octal ? 8 : 10;
  const digits = (prefixed ?? plain!).toLowerCase();
  const allowed = radix === 16 ? /^[0-9a-f]+$/u : radix === 8 ? /^[0-7]+$/u : radix === 2 ? /^[01]+$/u : /^[0-9]+$/u;
  if (!allowed.test(digits) || digits.length > 80) return undefined;
  const size = BigInt(radix === 10 ? digits : `0${radix === 16 ? "x" : radix === 8 ? "o" : "b"}${digits}`);
  const value = sign === "-" ? -size : size;
  if (value >= -(2n ** 63n) && value < 2n ** 63n) return value;
  return sign === "" && value < 2n ** 64n ? value : undefined;
}

function floatOf(text: string): Resolved | undefined {
  if (!styleFloat.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? { tag: "!!float", value } : undefined;
}
