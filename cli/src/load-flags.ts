// The flags that every command with OPA's loading has, and what they load.
import type { Flag, Invocation } from "./command.ts";
import { type Loaded, load } from "./load.ts";

export const ignoreFlag: Flag = {
  name: "ignore",
  kind: "strings",
  placeholder: "pattern",
  help: "file and folder names to pass over",
};
export const v0Flag: Flag = { name: "v0-compatible", kind: "boolean", help: "read policies as Rego v0" };

/** Loads the path arguments; `--bundle` says how. */
export function loadPositionals(call: Invocation, paths: readonly string[]): Loaded {
  return load(
    paths,
    { bundle: call.on("bundle"), ignore: call.all("ignore"), version: call.on("v0-compatible") ? "v0" : "v1" },
    call.io,
  );
}
