// `eval --partial`: what is left of a query while documents are unknown, as `opa eval --partial` tells it.
import { toJson } from "#bundles/canonical-json.ts";
import { equations } from "#evaluation/partial/equations.ts";
import { type Partial, partialEvaluation } from "#evaluation/partial/partial.ts";
import { residualJson } from "#evaluation/partial/residual-json.ts";
import { bodyLines, moduleText } from "#evaluation/partial/residual-text.ts";
import type { Term } from "#grammars/rego/ast.ts";
import { type ParsedQuery, parseQuery } from "#grammars/rego/parse.ts";
import { boxTable } from "../box-table.ts";
import type { Flag, Invocation } from "../command.ts";
import { type ErrorItem, errorItems, errorText, jsonItems } from "../errors.ts";
import { writePrettyJson } from "../json-text.ts";
import type { CheckFlags } from "../load-flags.ts";
import type { Timed } from "../load-parts.ts";
import { systemTime } from "../system-time.ts";
import { evaluationItem } from "./evaluation-item.ts";
import { cancelling, seeded } from "./flags.ts";
import { readQuery } from "./parse.ts";
import { loadSurroundings } from "./surroundings.ts";

type Path = readonly Term[];

export const partialFlags: readonly Flag[] = [
  { name: "partial", short: "p", kind: "boolean", help: "perform partial evaluation" },
  {
    name: "unknowns",
    short: "u",
    kind: "strings",
    default: "input",
    help: "set paths to treat as unknown during partial evaluation",
  },
  { name: "disable-inlining", kind: "strings", help: "set paths of documents to exclude from inlining" },
  { name: "shallow-inlining", kind: "boolean", help: "disable inlining of rules that depend on unknowns" },
  {
    name: "nondeterminstic-builtins",
    kind: "boolean",
    help: "evaluate nondeterministic builtins (if all arguments are known) during partial eval",
  },
];

/** What `--unknowns` says; the text of a fault otherwise, which is one of usage. */
export function unknownsOf(call: Invocation): readonly Path[] | string {
  const paths: Path[] = [];
  for (const text of call.all("unknowns")) {
    const read = parseQuery(text, { file: "" });
    if (read.diagnostics.length > 0)
      return `failed to parse term: ${errorText(errorItems(read.diagnostics, [{ file: "", text }])).trimEnd()}`;
    const path = pathOf(read);
    if (path === undefined) return "illegal argument with --unknowns, specify string with one or more --unknowns";
    paths.push(path);
  }
  return paths;
}

function pathOf({ body }: ParsedQuery): Path | undefined {
  const [only, ...more] = body;
  const term = only?.body;
  if (term === undefined || more.length > 0) return undefined;
  if (term.kind === "ref") return term.parts;
  return term.kind === "var" && (term.name === "input" || term.name === "data") ? [term] : undefined;
}

/** Tells what is left; the exit code. */
export async function tellPartial(call: Invocation, text: string, flags: CheckFlags, unknowns: readonly Path[]): Promise<number> {
  const timed: Timed = (_, work) => work();
  const fail = (errors: readonly ErrorItem[]): number => {
    if (call.flag("format") === "json") {
      writePrettyJson(new Map([["errors", toJson(jsonItems(errors))]]), call.io.out);
      call.io.out("\n");
    } else call.io.err(errorText(errors));
    return 2;
  };
  const around = await loadSurroundings(call, text, flags, timed, true);
  if ("plain" in around) {
    call.io.err(`${around.plain}\n`);
    return 2;
  }
  if ("errors" in around) return fail(around.errors);
  const { checked, loading, sources, input, world, now } = around;
  const kept = keptOf(call);
  if ("errors" in kept) return fail(kept.errors);
  const read = readQuery(call, text, checked, loading, timed, { capture: false, rewritten: equations });
  if ("errors" in read) return fail(read.errors);
  const found = partialEvaluation(checked, {
    query: read.query,
    unknowns,
    kept: kept.paths,
    isShallow: call.on("shallow-inlining"),
    callsVarying: call.on("nondeterminstic-builtins"),
    data: sources.data.json,
    input,
    instance: { now: systemTime, ports: world.ports },
    evaluate: {
      now: now ?? systemTime(),
      ...world.seed,
      ...seeded(call),
      ...cancelling(call),
      strictBuiltinErrors: call.on("strict-builtin-errors"),
    },
  });
  world.tell();
  for (const line of found.prints) call.io.err(`${line}\n`);
  if (found.kind === "error") return fail([evaluationItem(found.error, text)]);
  print(call, found);
  return call.on("fail") && found.queries.length === 0 ? 1 : 0;
}

/** What `--disable-inlining` says. */
function keptOf(call: Invocation): { readonly paths: readonly Path[] } | { readonly errors: readonly ErrorItem[] } {
  const paths: Path[] = [];
  for (const text of call.all("disable-inlining")) {
    const read = parseQuery(text, { file: "" });
    if (read.diagnostics.length > 0) return { errors: errorItems(read.diagnostics, [{ file: "", text }]) };
    const path = pathOf(read);
    if (path === undefined) return { errors: [{ message: `expected ref but got ${text}` }] };
    paths.push(path);
  }
  return { paths };
}

function print({ io, ...call }: Invocation, { queries, support }: Partial): void {
  const isPretty = call.flag("format") === "pretty";
  const modules = support.map((module) => moduleText(module, call.on("v0-compatible")));
  if (call.flag("format") === "json") {
    writePrettyJson(toJson({ partial: partialJson({ queries, support }) }), io.out);
    io.out("\n");
  } else if (isPretty && queries.length === 0) io.out("undefined\n");
  else if (isPretty) io.out(partialTable(queries.map(bodyLines), modules));
  else io.out(partialSource(queries.map(bodyLines), modules));
}

function partialJson(found: Pick<Partial, "queries" | "support">): Readonly<Record<string, unknown>> {
  const { queries, support } = residualJson(found);
  return { ...(queries.length === 0 ? {} : { queries }), ...(support.length === 0 ? {} : { modules: support }) };
}

function partialSource(queries: readonly (readonly string[])[], modules: readonly string[]): string {
  const parts = queries.map((lines, at) => `# Query ${at + 1}\n${lines.map((line) => `${line}\n`).join("")}\n`);
  return [...parts, ...modules.map((module, at) => `# Module ${at + 1}\n${module}`)].join("");
}

function partialTable(queries: readonly (readonly string[])[], modules: readonly string[]): string {
  const rows = [
    ...queries.map((lines, at) => [`Query ${at + 1}`, lines.join("\n")]),
    ...modules.map((module, at) => [`Support ${at + 1}`, module.trimEnd().replaceAll("\t", "  ")]),
  ];
  return boxTable([], rows, { ruled: true });
}
