// What large work has dropped goes back to the system soon, not when the engine needs it: it lets a heap quadruple before it looks.
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

type Collect = (how: { readonly type: "major"; readonly execution: "sync"; readonly flavor: "last-resort" }) => void;

/** Bytes of heap from which on it is worth the time: some ten milliseconds. */
const large = 64 * 1024 * 1024;
let collect: Collect | undefined;
/** Bytes that the last time left. */
let kept = 0;

/**
 * Collects what was dropped once the heap is large and twice what it must be; at the end of the work once it is large. Node has no other way,
 * unless it is started with a flag.
 */
export function giveBack(when: "meanwhile" | "end" = "meanwhile"): void {
  if (getHeapStatistics().total_heap_size < (when === "end" ? large : Math.max(large, 2 * kept))) return;
  if (collect === undefined) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as Collect;
    setFlagsFromString("--no-expose-gc");
  }
  collect({ type: "major", execution: "sync", flavor: "last-resort" });
  kept = getHeapStatistics().total_heap_size;
}
