// `rw version`: the version of Rulewright and of the OPA whose language and builtins it follows.

import manifest from "../../../package.json" with { type: "json" };
import type { Command } from "../command.ts";

/** The OPA release whose observable behaviour is the measure. */
export const opaVersion = "1.22.2";

export const version: Command = {
  name: "version",
  usage: "version [flags]",
  summary: "Print the version",
  flags: [{ name: "check", short: "c", kind: "boolean", help: "not supported: rw asks no server for newer releases" }],
  run: async (call) => {
    const { io } = call;
    io.out(`Rulewright: ${manifest.version}\nRego: OPA ${opaVersion}\nWasm ABI: 1.3\n`);
    if (!call.on("check")) return 0;
    io.err("rw asks no server for newer releases: leave --check away\n");
    return 1;
  },
};
