// What commands grant policies of the world around them: the process that runs, as OPA shows its own.
import type { HostPorts } from "#evaluation/builtins/builtin.ts";
import { RegoObject } from "#evaluation/value.ts";
import { opaVersion } from "./commands/version.ts";
import type { Io } from "./io.ts";

export function grantedPorts({ env }: Pick<Io, "env">): HostPorts {
  return {
    runtime: () =>
      RegoObject.of([
        ["authorization_enabled", false],
        ["commit", ""],
        ["env", RegoObject.of(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))],
        ["skip_known_schema_check", false],
        ["version", opaVersion],
      ]),
  };
}
