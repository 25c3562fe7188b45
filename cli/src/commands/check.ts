// `rw check`: syntax, compile and type errors of policies, as `opa check` reports them.
import { checkModules } from "#analysis/rego/check.ts";
import type { Command } from "../command.ts";
import { errorItems, errorText, isLoading } from "../errors.ts";
import { ignoreFlag, loadPositionals, v0Flag } from "../load-flags.ts";

export const check: Command = {
  name: "check",
  usage: "check <path> [path...] [flags]",
  summary: "Check policies for syntax, compile and type errors",
  flags: [
    { name: "bundle", short: "b", kind: "boolean", help: "read paths as bundles: only .rego, data.json, data.yaml" },
    { name: "format", short: "f", kind: "string", choices: ["pretty", "json"], default: "pretty", help: "output format" },
    ignoreFlag,
    { name: "max-errors", short: "m", kind: "number", default: 10, help: "how many errors are shown; 0 for all" },
    { name: "strict", short: "S", kind: "boolean", help: "unused locals, arguments and imports are errors too" },
    v0Flag,
  ],
  run: async (call) => {
    const { io } = call;
    if (call.positionals.length === 0) {
      io.err("error: at least one path is needed: rw check <path>\n");
      return 1;
    }
    const loaded = loadPositionals(call, call.positionals);
    const json = call.flag("format") === "json";
    if (loaded.faults.length > 0) {
      if (json) io.err(`${JSON.stringify({ errors: loaded.faults.map((message) => ({ message })) }, undefined, 2)}\n`);
      else
        io.err(
          errorText(
            loaded.faults.map((message) => ({ message })),
            true,
          ),
        );
      return 1;
    }
    const syntax = loaded.modules.flatMap((module) => module.diagnostics);
    const found =
      syntax.length > 0
        ? syntax
        : checkModules(loaded.modules, { strict: call.on("strict"), annotations: true, printing: true }).diagnostics;
    const items = errorItems(found, loaded.modules, syntax.length > 0 ? 0 : call.number("max-errors"));
    if (items.length === 0) {
      if (json) io.out("{}\n");
      return 0;
    }
    if (json) io.err(`${JSON.stringify({ errors: items }, undefined, 2)}\n`);
    else io.err(errorText(items, isLoading(found)));
    return 1;
  },
};
