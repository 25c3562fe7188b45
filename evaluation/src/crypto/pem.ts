// PEM blocks (RFC 7468) as Go's encoding/pem finds them: other text before a block is passed over.
import { decodeBase64 } from "./base64.ts";

export interface PemBlock {
  readonly type: string;
  readonly bytes: Uint8Array;
}

const begin = "-----BEGIN ";
const end = "-----END ";

/** The first block and the text after it; without a block the rest is the whole text. */
export function readPem(text: string): { readonly block: PemBlock | undefined; readonly rest: string } {
  let rest = text;
  for (;;) {
    const at = rest.startsWith(begin) ? 0 : rest.indexOf(`\n${begin}`) + 1;
    if (at === 0 && !rest.startsWith(begin)) return { block: undefined, rest: text };
    const [typeLine, afterType] = lineOf(rest.slice(at + begin.length));
    rest = afterType;
    if (!typeLine.endsWith("-----")) continue;
    const type = typeLine.slice(0, -5);
    let hasHeaders = false;
    for (let [line, after] = lineOf(rest); line.includes(":"); [line, after] = lineOf(rest)) {
      rest = after;
      hasHeaders = true;
    }
    if (rest === "") return { block: undefined, rest: text };
    // Right behind headers no block ends: an empty line stands between.
    const endsAtOnce = !hasHeaders && rest.startsWith(end);
    const stop = endsAtOnce ? 0 : rest.indexOf(`\n${end}`) + 1;
    if (stop === 0 && !endsAtOnce) continue;
    const tail = rest.slice(stop + end.length);
    if (!tail.startsWith(`${type}-----`)) continue;
    const [afterEnd, following] = lineOf(tail.slice(type.length + 5));
    if (afterEnd !== "") continue;
    try {
      const bytes = decodeBase64(rest.slice(0, stop).replace(/[ \t\r\n]/gu, ""));
      return { block: { type, bytes }, rest: following };
    } catch {
      // Not base64: Go looks for the next block.
    }
  }
}

/** The first line without blanks at its end, and what follows it. */
function lineOf(text: string): readonly [string, string] {
  const at = text.indexOf("\n");
  const line = at < 0 ? text : text.slice(0, at);
  return [line.replace(/[ \t\r]+$/u, ""), at < 0 ? "" : text.slice(at + 1)];
}
