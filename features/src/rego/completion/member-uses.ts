// Which keys texts write behind which names, `containers` behind `spec`, and which functions they call: what is known of values that no
// sample, schema or rule shows, and of functions that the program around OPA brings along.
import { oncePer } from "#grammars/once-per.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import type { Token } from "#grammars/rego/tokens.ts";

/** Name → the keys that are written behind it. */
export type MemberUses = ReadonlyMap<string, ReadonlySet<string>>;

/** The functions that a text calls, `count`, `result.new`, with those that it declares. */
export const callUses = oncePer(({ tokens }: ParsedModule): ReadonlySet<string> => {
  const calls = new Set<string>();
  for (const [at, token] of tokens.entries()) {
    if (token.tokenType.name !== "LParen" || !token.adjacent) continue;
    let from = at - 1;
    while (tokens[from - 1]?.tokenType.name === "Dot" && tokens[from - 2] !== undefined) from -= 2;
    const words = tokens.slice(from, at);
    if (words[0] !== undefined && isName(words[0])) calls.add(words.map(({ image }) => image).join(""));
  }
  return calls;
});

/** The members of a text that is not being typed in. */
export const memberUses = oncePer((parsed: ParsedModule): MemberUses => memberUsesAround(parsed, -1));

/** The members of a text without the one at an offset, which is being typed. */
export function memberUsesAround({ tokens }: ParsedModule, offset: number): MemberUses {
  const uses = new Map<string, Set<string>>();
  for (const [at, token] of tokens.entries()) {
    if (token.tokenType.name !== "Dot") continue;
    const key = tokens[at + 1];
    if (key === undefined || !isName(key) || !key.adjacent) continue;
    if (key.startOffset <= offset && offset <= key.startOffset + key.image.length) continue;
    const name = nameBefore(tokens, at);
    if (name === undefined) continue;
    const keys = uses.get(name);
    if (keys === undefined) uses.set(name, new Set([key.image]));
    else keys.add(key.image);
  }
  return uses;
}

const isName = ({ image }: Token): boolean => /^[A-Za-z_]\w*$/u.test(image);

/** The name before a dot: `spec` of `obj.spec.containers[0].`, where brackets are passed over. */
function nameBefore(tokens: readonly Token[], dot: number): string | undefined {
  let at = dot - 1;
  for (;;) {
    const token = tokens[at];
    if (token === undefined) return undefined;
    const { name } = token.tokenType;
    if (name !== "RBracket" && name !== "RParen") return isName(token) ? token.image : undefined;
    if (token.match < 0) return undefined;
    at = token.match - 1;
  }
}
