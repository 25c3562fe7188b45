// How near to the cursor a name was last written: of equal offers, those that a reader just saw come first.
import type { ParsedModule } from "#grammars/rego/parse.ts";

/** Words further away than this many others are all the same. */
const furthest = 900;
/** Tokens looked at in either direction. */
const mostTokens = 4000;

/** Names and dotted names of a text with their distance from an offset, counted in other names. The word at the offset itself is left out. */
export function nearness({ tokens }: ParsedModule, offset: number): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const note = (word: string): void => {
    if (!found.has(word)) found.set(word, found.size);
  };
  let first = tokens.findIndex(({ startOffset, image }) => startOffset + image.length >= offset);
  if (first < 0) first = tokens.length;
  const look = (at: number): void => {
    const token = tokens[at];
    if (token === undefined || !/^[A-Za-z_]/u.test(token.image)) return;
    if (token.startOffset <= offset && offset <= token.startOffset + token.image.length) return;
    note(token.image);
    const [dot, next] = [tokens[at + 1], tokens[at + 2]];
    if (dot?.tokenType.name === "Dot" && next !== undefined && dot.adjacent) note(`${token.image}.${next.image}`);
  };
  for (let at = first - 1; at >= Math.max(0, first - mostTokens) && found.size < furthest; at--) look(at);
  for (let at = first; at < Math.min(tokens.length, first + mostTokens) && found.size < furthest; at++) look(at);
  return found;
}
