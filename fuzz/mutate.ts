// Damages a text: pieces deleted, doubled, swapped, spliced in from another text, single characters replaced by awkward ones.
import type { Random } from "./random.ts";

export const awkward = [
  "\u0000",
  "\uFEFF",
  "\r",
  "\n",
  "\t",
  "\u00A0",
  "\u2028",
  "\uD800",
  "\uDC00",
  "😀",
  '"',
  "'",
  "`",
  "\\",
  "$",
  "{",
  "}",
  "[",
  "]",
  "(",
  ")",
  "${",
  '"""',
  "#",
  "//",
  ":",
  "=",
  "+=",
  ":=",
  ",",
  ".",
  "-",
  "0",
  "1e999",
  "_",
  "|",
  "&",
] as const;

/** A damaged copy of `text`, with one to eight faults; `other` lends pieces. */
export function mutate(text: string, other: string, { below, pick }: Random): string {
  let result = text;
  for (let fault = below(8); fault >= 0; fault--) {
    const at = below(result.length + 1);
    const length = below(Math.min(40, result.length - at + 1));
    const piece = result.slice(at, at + length);
    const rest = result.slice(at + length);
    switch (below(6)) {
      case 0:
        result = result.slice(0, at) + rest;
        break;
      case 1:
        result = result.slice(0, at) + piece + piece + rest;
        break;
      case 2: {
        const next = rest.slice(0, length);
        result = result.slice(0, at) + next + piece + rest.slice(length);
        break;
      }
      case 3: {
        const from = below(other.length + 1);
        result = result.slice(0, at) + other.slice(from, from + below(80)) + rest;
        break;
      }
      case 4:
        result = result.slice(0, at) + pick(awkward).repeat(1 + (below(20) === 0 ? below(3000) : 0)) + rest;
        break;
      default:
        result = result.slice(0, at) + pick(awkward) + result.slice(at);
    }
  }
  return result;
}

/** Random characters without any grammar. */
export function noise({ below, pick }: Random): string {
  const out: string[] = [];
  for (let length = below(400); length > 0; length--)
    out.push(below(3) === 0 ? pick(awkward) : String.fromCharCode(below(below(4) === 0 ? 0x10000 : 128)));
  return out.join("");
}
