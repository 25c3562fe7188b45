// Damage by the token: one deleted, doubled or swapped with the next.
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import type { Random } from "./random.ts";

export const damages = ["delete", "double", "swap"] as const;
export type Damage = (typeof damages)[number];

/** The text with one token damaged, and the range of the original that this concerns; undefined for a swap of the last one. */
export function damage(
  { text, tokens }: Pick<ParsedModule, "text" | "tokens">,
  index: number,
  kind: Damage,
): { readonly text: string; readonly start: number; readonly end: number } | undefined {
  const { startOffset: start, image } = tokens[index]!;
  const end = start + image.length;
  const before = text.slice(0, start);
  switch (kind) {
    case "delete":
      return { text: before + text.slice(end), start, end };
    case "double":
      return { text: `${before}${image} ${text.slice(start)}`, start, end };
    case "swap": {
      const next = tokens[index + 1];
      if (next === undefined) return undefined;
      const stop = next.startOffset + next.image.length;
      return { text: before + next.image + text.slice(end, next.startOffset) + image + text.slice(stop), start, end: stop };
    }
    default:
      return kind satisfies never;
  }
}

/** A module with one token damaged at random. */
export function damageToken(text: string, random: Random): string {
  const parsed = parseModule(text, { file: "fuzz.rego" });
  if (parsed.tokens.length === 0) return text;
  return damage(parsed, random.below(parsed.tokens.length), random.pick(damages))?.text ?? text;
}
