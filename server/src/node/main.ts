// The language server as a program, or the debug adapter; in a thread of it, the server of one large file.
import { isMainThread } from "node:worker_threads";
import { startLean } from "./engine-flags.ts";

if (isMainThread) startLean();

const isAdapter = process.argv.includes("--dap");

// Not awaited: `rw lsp` loads this with `require`, which takes no module that awaits.
void (!isMainThread ? import("./lane-thread.ts") : isAdapter ? import("./dap-program.ts") : import("./program.ts"));
