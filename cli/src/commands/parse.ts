// `rw parse`: the syntax tree of a policy as `opa parse --format json` prints it.
import { moduleToJson } from "#analysis/rego/ast-json.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { decodePolicy } from "#grammars/text/broken-bytes.ts";
import type { Command } from "../command.ts";
import { errorItems, errorText } from "../errors.ts";
import { v0Flag } from "../load-flags.ts";

export const parse: Command = {
  name: "parse",
  usage: "parse <path> [flags]",
  summary: "Print the syntax tree of a policy as JSON",
  flags: [{ name: "format", short: "f", kind: "string", choices: ["json"], default: "json", help: "output format" }, v0Flag],
  run: async (call) => {
    const { io } = call;
    const [file] = call.positionals;
    if (file === undefined || call.positionals.length > 1) {
      io.err("error: exactly one path is needed: rw parse <path>\n");
      return 1;
    }
    if (io.kind(file) !== "file") {
      io.err(`error: open ${file}: no such file\n`);
      return 1;
    }
    const text = decodePolicy(io.readFile(file));
    const parsed = parseModule(text, { file, version: call.on("v0-compatible") ? "v0" : "v1" });
    if (parsed.diagnostics.length > 0) {
      io.err(errorText(errorItems(parsed.diagnostics, [parsed], 0), false));
      return 1;
    }
    io.out(`${JSON.stringify(moduleToJson(parsed), undefined, 2)}\n`);
    return 0;
  },
};
