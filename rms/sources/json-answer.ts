// One answer of a service as JSON: UTF-8, and not so deep that looking at it could end the process.
import { SourceFault } from "./fault.ts";

const deepest = 64;
const [quote, backslash] = [0x22, 0x5c];

export function jsonAnswer(bytes: Buffer, what: string): unknown {
  if (depthOf(bytes) > deepest) throw new SourceFault(`${what} is nested deeper than ${deepest} levels`);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new SourceFault(`${what} is no JSON in UTF-8`);
  }
}

/** Open brackets outside of strings at most, up to one more than what is taken. */
function depthOf(bytes: Buffer): number {
  let [depth, most] = [0, 0];
  for (let at = 0; at < bytes.length && most <= deepest; at++) {
    const byte = bytes[at];
    // { and [ differ from } and ] by two, and from each other in the bit that is left out.
    const bracket = byte! & ~0x20;
    if (byte === quote) at = endOfString(bytes, at);
    else if (bracket === 0x5b) most = Math.max(most, ++depth);
    else if (bracket === 0x5d) depth--;
  }
  return most;
}

function endOfString(bytes: Buffer, from: number): number {
  let at = from + 1;
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return at;
}
