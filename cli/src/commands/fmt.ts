// `rw fmt`: policies in the layout of `opa fmt`, to standard output, in place, as a diff or as a list of files that differ.
import { type Fmt, type FmtOptions, formatPolicy } from "#analysis/rego/fmt.ts";
import type { RegoVersion } from "#grammars/rego/ast.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { decodePolicy } from "#grammars/text/broken-bytes.ts";
import type { Command, Invocation } from "../command.ts";
import { configuredDialects } from "../configured-dialect.ts";
import { bytesIn, foreignUrl, kindAt, namesIn, whyMissing } from "../disk-files.ts";
import { type ErrorItem, errorItems, errorText, parserText } from "../errors.ts";
import { type Io, systemFault } from "../io.ts";
import { bothVersionsFlag, capabilitiesFlag, checkFlags, namedCapabilities, v0Flag, v1Flag } from "../load-flags.ts";
import { join, pathOf, unknownKeyword } from "../load-parts.ts";
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
    if ("fault" in checking) {
      io.err(`Error: ${checking.fault}\n`);
      return 1;
    }
    const target = { ...targetOf(call), builtins: checking.builtins };
    const illegal = unknownKeyword(namedCapabilities(call));
    if (call.positionals.length === 0) {
      if (illegal !== undefined) {
        io.err(parserText([illegal]));
        return 1;
      }
      const outcome = formatPolicy(await io.readStdin(), { ...target, file: "stdin" });
      if ("text" in outcome) io.out(outcome.text);
      else io.err(errorsOf(outcome));
      return "text" in outcome ? 0 : 1;
    }
    const { outputs, fault, code } = formatFiles(call, target, illegal);
    for (const output of outputs) {
      const unwritten = output();
      if (unwritten === undefined) continue;
      io.err(`failed to open file for writing: ${unwritten}\n`);
      return 2;
    }
    if (fault !== undefined) io.err(`${fault}\n`);
    return code;
  },
};

/** Prints or writes; why not, where a file may not be written. */
type Output = () => string | undefined;

/** What is to be printed and written, and what stopped the run, if anything did. */
interface Formatted {
  readonly outputs: readonly Output[];
  readonly fault?: string;
  readonly code: number;
}

/** Formats all files; nothing is written before, so that the command can begin anew on a larger stack. */
function formatFiles(call: Invocation, target: Target, illegal: ErrorItem | undefined): Formatted {
  const outputs: Output[] = [];
  const { io } = call;
  const dialectOf = configuredDialects(io);
  for (const argument of call.positionals) {
    const foreign = foreignUrl(argument);
    if (foreign !== undefined) return { outputs, fault: foreign, code: 1 };
    const path = pathOf(argument);
    if (kindAt(io, path) === undefined && !io.isLink(path))
      return { outputs, fault: `lstat ${path}: ${whyMissing(io, path)}`, code: 1 };
    const { files, unread } = policiesAt(io, path);
    for (const file of files) {
      const fault =
        illegal === undefined
          ? formatFile(call, file, inDialect(target, dialectOf(file)), (output) => outputs.push(output))
          : unformatted(parserText([illegal]));
      if (fault !== undefined) return { outputs, fault, code: 2 };
    }
    if (unread !== undefined) return { outputs, fault: unread, code: 1 };
  }
  return { outputs, code: 0 };
}

type Target = Omit<FmtOptions, "file">;

/** The dialect to read and those to write, as the flags say. */
function targetOf(call: Invocation): Target {
  const common = { dropImports: call.on("drop-v0-imports"), bytesOfComments: true };
  const v0 = call.on("v0-compatible");
  if (call.on("v0-v1")) return { from: v0 || !call.on("v1-compatible") ? "v0" : "v1", version: "v0", upTo: "v1", ...common };
  return { from: v0 ? "v0" : "v1", ...common };
}

/** Unless the dialect is to change, a file keeps the one that its project gives it. */
function inDialect(target: Target, from: RegoVersion | undefined): Target {
  return from === undefined || target.version !== undefined ? target : { ...target, from };
}

function unformatted(errors: string): string {
  return `failed to format Rego source file: ${errors.trimEnd()}`;
}

/** Formats one file, to be written later; what stops the run, if anything does. */
function formatFile(call: Invocation, file: string, target: Target, later: (output: Output) => void): string | undefined {
  const { io } = call;
  let unread = "";
  const bytes = bytesIn(io, file, (fault) => {
    unread = fault;
  });
  if (bytes === undefined) return `failed to open file: ${unread}`;
  const print = (printed: string): void => later(() => void io.out(printed));
  const source = decodePolicy(bytes);
  const outcome = formatPolicy(source, { ...target, file });
  if (!("text" in outcome)) return unformatted(errorsOf(outcome));
  const { text } = outcome;
  const changed = text !== source;
  const unexpected = changed && call.on("fail") ? "unexpected diff" : undefined;
  if (unexpected !== undefined && !call.on("list") && !call.on("diff")) return unexpected;
  // What stays as it is was read in this dialect a moment ago.
  const known = !changed && target.version === undefined;
  if (call.flag("check-result") !== "false" && !known) {
    const invalid = resultErrors(text, target);
    if (invalid !== undefined)
      return `${file} was successfully formatted, but the result is invalid: ${invalid}\n\nTo inspect the formatted Rego, you can turn off this check with --check-result=false.`;
  }
  if (call.on("list")) {
    if (changed) print(`${file}\n`);
    return unexpected;
  }
  if (call.on("diff")) {
    if (changed) print(`${paintedDiff(source, text)}\n`);
    return unexpected;
  }
  if (!call.on("write")) print(text);
  else if (changed) later(() => unwritten(io, file, text));
  return undefined;
}

/** Writes a file; why not, where that may not be. */
function unwritten(io: Io, file: string, text: string): string | undefined {
  try {
    io.writeFile(file, text);
    return undefined;
  } catch (error) {
    return systemFault(error, file) ?? String(error);
  }
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

/** The policy files of a path up to a folder that cannot be read. A link is a file, wherever it leads. */
function policiesAt(io: Io, path: string): { readonly files: readonly string[]; readonly unread: string | undefined } {
  const files: string[] = [];
  let unread: string | undefined;
  const visit = (at: string): void => {
    if ((io.isLink(at) && !at.endsWith("/")) || io.kind(at) !== "folder") {
      if (at.endsWith(".rego")) files.push(at);
      return;
    }
    const folder = at.replace(/(?<=.)\/+$/u, "");
    const names = namesIn(io, folder, (fault) => {
      unread = fault;
    });
    for (const name of names) if (unread === undefined) visit(join(folder, name));
  };
  visit(path);
  return { files, unread };
}
