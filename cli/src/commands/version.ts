// `rw version`: the version of Rulewright and of the OPA whose language and builtins it follows.

import manifest from "../../../package.json" with { type: "json" };
import type { Command } from "../command.ts";

/** The OPA release whose observable behaviour is the measure. */
export const opaVersion = "1.22.2";

export const version: Command = {
  name: "version",
  usage: "version",
  summary: "Print the version",
  flags: [],
  run: async ({ io }) => {
    io.out(`Rulewright: ${manifest.version}\nRego: OPA ${opaVersion}\nWasm ABI: 1.3\n`);
    return 0;
  },
};
