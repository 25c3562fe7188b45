// V8's flags for the server: little memory and a quick start first, few pauses once somebody types.
import { setFlagsFromString } from "node:v8";
import { knowsFlags, serverStartFlags, typingFlags } from "../../../bin/engine-flags.cjs";

export function startLean(): void {
  if (knowsFlags) for (const flag of serverStartFlags) setFlagsFromString(flag);
}

let isTyped = false;

/** From the first key on, when what stays was read: short pauses that copy little are better until then. */
export function pauseLess(): void {
  if (!knowsFlags || isTyped) return;
  isTyped = true;
  for (const flag of typingFlags) setFlagsFromString(flag);
}
