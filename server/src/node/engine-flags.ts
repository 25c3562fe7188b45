// How V8 shares its work out in the server: little memory and a quick start first, few pauses once somebody types.
import { setFlagsFromString } from "node:v8";

/** Other versions may not know the flags. */
const knowsFlags = /^1[2-4]\./u.test(process.versions.v8);

/**
 * Most of what runs at a start runs a few times: optimising it costs memory and the first keys. New objects stay in the first MB that was
 * taken for them: memory that is touched anew costs more than copying what lives.
 */
export function startLean(): void {
  if (!knowsFlags) return;
  setFlagsFromString("--invocation-count-for-maglev=4000");
  setFlagsFromString("--invocation-count-for-turbofan=30000");
  setFlagsFromString("--semi-space-growth-factor=1");
}

let pausesFew = false;

/** From the first key on new objects may take more memory, as by default: the collector stops the work less often. */
export function pauseLess(): void {
  if (!knowsFlags || pausesFew) return;
  pausesFew = true;
  setFlagsFromString("--semi-space-growth-factor=2");
}
