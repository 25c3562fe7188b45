// The language server as a program; in a thread of it, the server of one large file.
import { setFlagsFromString } from "node:v8";
import { isMainThread } from "node:worker_threads";

// Most of what runs at a start runs a few times: optimising it costs memory and the first keys. Other versions may not know the flags.
if (isMainThread && /^1[2-4]\./u.test(process.versions.v8)) {
  setFlagsFromString("--invocation-count-for-maglev=4000");
  setFlagsFromString("--invocation-count-for-turbofan=30000");
}

await (isMainThread ? import("./program.ts") : import("./lane-thread.ts"));
