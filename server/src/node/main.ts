// The language server as a program; in a thread of it, the server of one large file.
import { isMainThread } from "node:worker_threads";
import { startLean } from "./engine-flags.ts";

if (isMainThread) startLean();

// Not awaited: `rw lsp` loads this with `require`, which takes no module that awaits.
void (isMainThread ? import("./program.ts") : import("./lane-thread.ts"));
