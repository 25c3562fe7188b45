// Moves the store's log into its file once, and ends.
import { join } from "node:path";
import { workerData } from "node:worker_threads";
import { moveLog } from "../store/sqlite/store.ts";

const { folder } = workerData as { readonly folder: string };
moveLog(join(folder, "rms.db"));
