// `rw fmt`: policies in the layout of `opa fmt`, to standard output, in place, as a diff or as a list of files that differ.
import { type Fmt, type FmtOptions, formatPolicy } from "#analysis/rego/fmt.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { decodePolicy } from "#grammars/text/broken-bytes.ts";
import { type Command, type Invocation, usageError } from "../command.ts";
import { filesBelow, kindAt, whyMissing } from "../disk-files.ts";
import { errorItems, errorText, parserText } from "../errors.ts";
import { bothVersionsFlag, capabilitiesFlag, checkFlags, v0Flag, v1Flag } from "../load-flags.ts";
import { join, pathOf } from "../load-parts.ts";
import { paintedDiff } from "../painted-diff.ts";

export const fmt: Command = {
  name: "fmt",
  usage: "fmt [path [...]] [flags]",
  summary: "Format policies",
  flags: [
    capabilitiesFlag,
    {
      name: "check-result",
      kind: "boolean",
      default: true,
      help: "assert that the formatted code is valid and can be successfully parsed",
    },
    { name: "diff", short: "d", kind: "boolean", help: "only display a diff of the changes" },
    {
      name: "drop-v0-imports",
      kind: "boolean",
      help: "drop v0 imports from the formatted code, such as 'rego.v1' and 'future.keywords'",
    },
    { name: "fail", kind: "boolean", help: "non zero exit code on reformat" },
    { name: "list", short: "l", kind: "boolean", help: "list all files who would change when formatted" },
    v0Flag,
    bothVersionsFlag("format module(s) to be compatible with both Rego v0 and v1"),
    v1Flag,
    { name: "write", short: "w", kind: "boolean", help: "overwrite the original source file" },
  ],
  run: async (call) => {
    const { io } = call;
    const checking = checkFlags(call);
    if ("usage" in checking || "fault" in checking) {
      io.err("usage" in checking ? usageError(fmt, checking.usage) : `Error: ${checking.fault}\n`);
      return 1;
    }
    const target = { ...targetOf(call), builtins: checking.builtins };
    if (call.positionals.length === 0) {
      const outcome = formatPolicy(await io.readStdin(), { ...target, file: "stdin" });
      if ("text" in outcome) io.out(outcome.text);
      else io.err(errorsOf(outcome));
      return "text" in outcome ? 0 : 1;
    }
    const { outputs, fault, code } = formatFiles(call, target);
    for (const output of outputs) output();
    if (fault !== undefined) io.err(`${fault}\n`);
    return code;
  },
};

/** What is to be printed and written, and what stopped the run, if anything did. */
interface Formatted {
  readonly outputs: readonly (() => void)[];
  readonly fault?: string;
  readonly code: number;
}

/** Formats all files; nothing is written before, so that the command can begin anew on a larger stack. */
function formatFiles(call: Invocation, target: Target): Formatted {
  const outputs: (() => void)[] = [];
  for (const path of call.positionals.map(pathOf)) {
    if (kindAt(call.io, path) === undefined) return { outputs, fault: `lstat ${path}: ${whyMissing(call.io, path)}`, code: 1 };
    for (const file of policiesAt(call, path)) {
      const fault = formatFile(call, file, target, (output) => outputs.push(output));
      if (fault !== undefined) return { outputs, fault, code: 2 };
    }
  }
  return { outputs, code: 0 };
}

type Target = Omit<FmtOptions, "file">;

/** The dialect to read and those to write, as the flags say. */
function targetOf(call: Invocation): Target {
  const dropImports = call.on("drop-v0-imports");
  const v0 = call.on("v0-compatible");
  if (call.on("v0-v1")) return { from: v0 || !call.on("v1-compatible") ? "v0" : "v1", version: "v0", upTo: "v1", dropImports };
  return { from: v0 ? "v0" : "v1", dropImports };
}

/** Formats one file, to be written later; what stops the run, if anything does. */
function formatFile(call: Invocation, file: string, target: Target, later: (output: () => void) => void): string | undefined {
  const { io } = call;
  if (io.kind(file) === undefined) return `failed to open file: open ${file}: no such file or directory`;
  const source = decodePolicy(io.readFile(file));
  const outcome = formatPolicy(source, { ...target, file });
  if (!("text" in outcome)) return `failed to format Rego source file: ${errorsOf(outcome).trimEnd()}`;
  const { text } = outcome;
  const changed = text !== source;
  // What stays as it is was read in this dialect a moment ago.
  const known = !changed && target.version === undefined;
  if (call.flag("check-result") !== "false" && !known) {
    const invalid = resultErrors(text, target);
    if (invalid !== undefined)
      return `${file} was successfully formatted, but the result is invalid: ${invalid}\n\nTo inspect the formatted Rego, you can turn off this check with --check-result=false.`;
  }
  const unexpected = changed && call.on("fail") ? "unexpected diff" : undefined;
  if (call.on("list")) {
    if (changed) later(() => io.out(`${file}\n`));
    return unexpected;
  }
  if (call.on("diff")) {
    if (changed) later(() => io.out(`${paintedDiff(source, text)}\n`));
    return unexpected;
  }
  if (unexpected !== undefined) return unexpected;
  if (!call.on("write")) later(() => io.out(text));
  else if (changed) later(() => io.writeFile(file, text));
  return undefined;
}

/** The errors of the formatted text, read as the dialects that it was written for. */
function resultErrors(text: string, { from, version = from, upTo = version }: Target): string | undefined {
  const alsoV1 = version === "v0" && upTo !== "v0";
  const parsed = parseModule(text, { file: "formatted", version, alsoV1, onlyFormatted: true });
  if (parsed.diagnostics.length === 0) return undefined;
  return errorText(errorItems(parsed.diagnostics, [parsed])).trimEnd();
}

function errorsOf({ refused, diagnostics, whileWriting }: Exclude<Fmt, { text: string }>): string {
  const items = errorItems(diagnostics, [refused]);
  return whileWriting ? `${refused.file}: ${errorText(items)}` : parserText(items);
}

/** The policy files of a path. */
function policiesAt(call: Invocation, path: string): readonly string[] {
  const folder = path.replace(/(?<=.)\/+$/u, "");
  const files =
    call.io.kind(path) === "folder" ? filesBelow(call.io, folder, "files").map((inner) => join(folder, inner)) : [path];
  return files.filter((file) => file.endsWith(".rego"));
}
