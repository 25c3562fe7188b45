// `rw fmt`: policies in the layout of `opa fmt`, to standard output, in place, or as a list of files that differ.
import { formatModule } from "#grammars/rego/format.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { decodePolicy } from "#grammars/text/broken-bytes.ts";
import type { Command, Invocation } from "../command.ts";
import { errorItems, errorText } from "../errors.ts";
import { v0Flag } from "../load-flags.ts";

export const fmt: Command = {
  name: "fmt",
  usage: "fmt [path...] [flags]",
  summary: "Format policies",
  flags: [
    { name: "write", short: "w", kind: "boolean", help: "overwrite the files that differ" },
    { name: "list", short: "l", kind: "boolean", help: "list the files that differ" },
    { name: "fail", kind: "boolean", help: "exit with 1 when a file differs" },
    v0Flag,
    { name: "v0-v1", kind: "boolean", help: "write what is valid in v0 and in v1" },
    { name: "drop-v0-imports", kind: "boolean", help: "leave out imports that v1 makes needless" },
    { name: "v1-compatible", kind: "boolean", help: "read policies as Rego v1" },
  ],
  run: async (call) => {
    const { io } = call;
    if (call.positionals.length === 0) {
      const source = await io.readStdin();
      const formatted = formatSource(call, "stdin", source);
      if (formatted === undefined) return 2;
      io.out(formatted);
      return 0;
    }
    let code = 0;
    for (const path of call.positionals) {
      for (const file of filesOf(call, path)) {
        const source = decodePolicy(io.readFile(file));
        const formatted = formatSource(call, file, source);
        if (formatted === undefined) return 2;
        const differs = formatted !== source;
        if (call.on("list") && differs) io.out(`${file}\n`);
        if (call.on("write") && differs) io.writeFile(file, formatted);
        if (!call.on("list") && !call.on("write") && !call.on("fail")) io.out(formatted);
        if (call.on("fail") && differs) code = 1;
      }
    }
    return code;
  },
};

/** The formatted text; undefined, with its errors told, for a text that does not parse. */
function formatSource(call: Invocation, file: string, source: string): string | undefined {
  const both = call.on("v0-v1");
  const v0 = call.on("v0-compatible") || (both && !call.on("v1-compatible"));
  const parsed = parseModule(source, { file, version: v0 ? "v0" : "v1" });
  const formatted = formatModule(
    parsed,
    both ? { both } : { version: v0 ? "v0" : "v1", dropImports: call.on("drop-v0-imports") },
  );
  if (formatted !== undefined) return formatted;
  const items = errorItems(parsed.diagnostics, [parsed], 0);
  call.io.err(`failed to format Rego source file: ${errorText(items, false)}`);
  return undefined;
}

/** The policy files of a path, folders and all. */
function filesOf(call: Invocation, path: string): readonly string[] {
  if (call.io.kind(path) !== "folder") return [path];
  return call.io
    .list(path)
    .filter((name) => !name.startsWith("."))
    .flatMap((name) => filesOf(call, `${path}/${name}`))
    .filter((file) => file.endsWith(".rego"));
}
