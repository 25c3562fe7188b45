// The fields of a launch configuration: those that policy authors have for the type `opa-debug`, and ours.
import type { ExplainedOp } from "#evaluation/explanation.ts";
import type { Arguments } from "./protocol.ts";

export interface Launch {
  /** Undefined where it follows from what stands at `position`. */
  readonly command: "eval" | "test" | undefined;
  readonly query: string | undefined;
  /** The policy in whose package and with whose imports the query is read; its input is that of its rules. */
  readonly file: string | undefined;
  /** Without a query: the rule or test there, lines and characters from 0. */
  readonly position: { readonly line: number; readonly character: number } | undefined;
  /** The folder of the workspace that it is about, where neither a file nor paths say that. */
  readonly folder: string | undefined;
  /** JSON text. */
  readonly input: string | undefined;
  /** A file in any of our languages; empty for no input. */
  readonly inputPath: string | undefined;
  readonly profile: string | undefined;
  readonly dataPaths: readonly string[];
  readonly bundlePaths: readonly string[];
  /** Of tests: those whose full name fits, and those of these names, paths or ids. */
  readonly run: string | undefined;
  readonly tests: readonly string[] | undefined;
  readonly stopOnEntry: boolean;
  readonly stopOnFail: boolean;
  readonly stopOnResult: boolean;
  readonly enablePrint: boolean;
  readonly strictBuiltinErrors: boolean;
  /** Kinds of events at which no step stops; undefined where steps are those of a reader. */
  readonly skipped: ReadonlySet<ExplainedOp> | undefined;
  readonly maxEvents: number;
  readonly noDebug: boolean;
}

const defaultMaxEvents = 2_000_000;
const ops: readonly ExplainedOp[] = ["Enter", "Exit", "Eval", "Redo", "Fail", "Note", "Index", "Duplicate", "TestCase"];

export function launchOf(sent: Arguments): Launch | { readonly problem: string } {
  const command = sent.text("command") ?? "eval";
  if (command !== "eval" && command !== "test")
    return { problem: `command: "eval" or "test" is meant, not ${JSON.stringify(command)}` };
  const input = inputOf(sent.any("input"));
  if (typeof input === "object") return input;
  return {
    command,
    query: sent.text("query"),
    file: sent.text("file"),
    position: positionOf(sent.inner("position")),
    folder: sent.text("folder"),
    input,
    inputPath: sent.text("inputPath"),
    profile: sent.text("profile"),
    dataPaths: sent.texts("dataPaths") ?? [],
    bundlePaths: sent.texts("bundlePaths") ?? [],
    run: sent.text("run"),
    tests: sent.texts("tests"),
    stopOnEntry: sent.flag("stopOnEntry") ?? true,
    stopOnFail: sent.flag("stopOnFail") ?? false,
    stopOnResult: sent.flag("stopOnResult") ?? true,
    enablePrint: sent.flag("enablePrint") ?? true,
    strictBuiltinErrors: sent.flag("strictBuiltinErrors") ?? false,
    skipped: skippedOf(sent.texts("skipOps")),
    maxEvents: Math.max(1, sent.number("maxEvents") ?? defaultMaxEvents),
    noDebug: sent.flag("noDebug") ?? false,
  };
}

/** OPA takes JSON in a text; a value of the launch file is as good. */
function inputOf(value: unknown): string | undefined | { readonly problem: string } {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") return JSON.stringify(value);
  if (value.trim() === "") return undefined;
  try {
    JSON.parse(value);
    return value;
  } catch (error) {
    return { problem: `input: not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function skippedOf(names: readonly string[] | undefined): Launch["skipped"] {
  if (names === undefined) return undefined;
  const wanted = new Set(names.map((name) => name.toLowerCase().replace(/op$/u, "")));
  return new Set(ops.filter((op) => wanted.has(op.toLowerCase())));
}

function positionOf(sent: Arguments): Launch["position"] {
  const [line, character] = [sent.number("line"), sent.number("character")];
  return line === undefined || character === undefined ? undefined : { line, character };
}
