// `rw capabilities`: the builtins, keywords and features that policies may use.
import { builtinsByName } from "#analysis/rego/builtins/index.ts";
import { release, releaseNames } from "#analysis/rego/releases.ts";
import { readJson } from "#bundles/canonical-json.ts";
import { currentCapabilities, releaseCapabilities } from "../capabilities-json.ts";
import { type Command, usageError } from "../command.ts";
import { goJson } from "../errors.ts";
import { prettyJson } from "../json-text.ts";
import { v0Flag } from "../load-flags.ts";

export const capabilities: Command = {
  name: "capabilities",
  usage: "capabilities [flags]",
  summary: "Show capabilities for OPA.",
  details: `
Print the names of the releases of OPA whose capabilities are known:

    $ rw capabilities

Print the capabilities of a release, which --capabilities of other commands takes by its name too:

    $ rw capabilities --version v0.68.0

Print the capabilities of the current version, for --capabilities of other commands:

    $ rw capabilities --current > capabilities.json

Print the capabilities of a file:

    $ rw capabilities --file ./capabilities.json
`,
  flags: [
    { name: "current", kind: "boolean", help: "print current capabilities" },
    { name: "file", kind: "string", help: "print capabilities defined by a file" },
    { name: "version", kind: "string", help: "print capabilities of a specific version" },
    v0Flag,
  ],
  run: async (call) => {
    const { io } = call;
    const wrong = (message: string): number => {
      io.err(usageError(capabilities, message));
      return 1;
    };
    const [version, path] = [call.flag("version"), call.flag("file")];
    if (version !== undefined) {
      const found = release(version);
      if (found !== undefined) io.out(`${goJson(releaseCapabilities(found))}\n`);
      else io.err(`error: no capabilities version found: ${version}\n`);
      return found === undefined ? 1 : 0;
    }
    if (path !== undefined) {
      if (io.kind(path) !== "file") return wrong(`open ${path}: no such file or directory`);
      const read = readJson(new TextDecoder().decode(io.readFile(path)));
      if ("fault" in read) return wrong(`${path}: ${read.fault}`);
      io.out(`${prettyJson(read.value)}\n`);
      return 0;
    }
    if (!call.on("current")) {
      io.out(`${releaseNames.join("\n")}\n`);
      return 0;
    }
    io.out(`${goJson(currentCapabilities([...builtinsByName().values()], call.on("v0-compatible")))}\n`);
    return 0;
  },
};
