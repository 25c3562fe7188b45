// A query of the command line, compiled with the policies around it and evaluated: what `eval` and `bench` share.
import { checkModules, checkQuery } from "#analysis/rego/check.ts";
import type { Checked, CheckedQuery } from "#analysis/rego/checked.ts";
import { callTerm, exprOf } from "#analysis/rego/tree/make.ts";
import { walkBody } from "#analysis/rego/tree/walk.ts";
import type { Json } from "#bundles/canonical-json.ts";
import { type CompileRequest, compile } from "#compiler/compile.ts";
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import { schemaFault } from "#evaluation/builtins/json-schema/index.ts";
import { type CoverageKind, coverageRequest, markHeads } from "#evaluation/coverage.ts";
import { CoverageRuns, type Running } from "#evaluation/coverage-runs.ts";
import { createInstance, type EvaluateOptions, type EvaluationError, type Instance, type Print } from "#evaluation/instance.ts";
import { Profiler } from "#evaluation/profile.ts";
import { writeJson } from "#evaluation/rego-text.ts";
import { isRepeatable, stackFrames } from "#evaluation/stack-trace.ts";
import { hearingCases, testCaseBuiltin, unheardCases, withTestCases } from "#evaluation/test-cases.ts";
import { type OpenQuery, Tracer, traceRequest } from "#evaluation/trace.ts";
import type { Value } from "#evaluation/value.ts";
import type { Term } from "#grammars/rego/ast.ts";
import { type ParsedModule, parseModule, parseQuery } from "#grammars/rego/parse.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { durationNanoseconds, type Flag, type Invocation } from "./command.ts";
import { type ErrorItem, errorItems, stackOf } from "./errors.ts";
import { inputFlags, readInput } from "./input.ts";
import { parseJson } from "./json-text.ts";
import {
  bundlesFlag,
  type CheckFlags,
  dataFlag,
  faultItems,
  ignoreFlag,
  loadNamed,
  loadOptions,
  schemaFlag,
  v0Flag,
  v1Flag,
} from "./load-flags.ts";
import { jsonValue, missingDialect, type Timed, yamlTextOf, yamlValue } from "./load-parts.ts";

/** The flags of every command that evaluates a query. */
export const queryFlags: readonly Flag[] = [
  dataFlag,
  bundlesFlag,
  { name: "input", short: "i", kind: "string", help: "set input file path (JSON, YAML or HOCON)" },
  ...inputFlags,
  { name: "stdin", kind: "boolean", help: "read query from stdin" },
  { name: "stdin-input", short: "I", kind: "boolean", help: "read input document from stdin" },
  { name: "package", kind: "string", help: "set query package" },
  { name: "import", kind: "strings", help: "set query import(s). This flag can be repeated." },
  { name: "seed", kind: "number", help: "seed of rand.intn and uuid.rfc4122, so that they give the same each time" },
  {
    name: "time",
    kind: "string",
    placeholder: "timestamp",
    help: "the time that policies see (RFC 3339), instead of the clock's",
  },
  schemaFlag,
  ignoreFlag,
  v0Flag,
  v1Flag,
];

export interface Expression {
  readonly value: Json;
  readonly text: string;
  readonly row: number;
  readonly col: number;
}

export interface Solution {
  readonly expressions: readonly Expression[];
  readonly bindings: ReadonlyMap<string, Json>;
}

/** Nanoseconds by OPA's names. */
export type Metrics = Map<string, number>;

export interface Prepared {
  readonly text: string;
  readonly checked: Checked;
  readonly modules: readonly ParsedModule[];
  readonly module: EmittedModule;
  readonly instance: Instance;
  readonly input: string | undefined;
  readonly metrics: Metrics;
  /** With `watch: "events"`. */
  readonly tracer: Tracer | undefined;
  readonly profiler: Profiler | undefined;
  readonly covered: CoverageRuns | undefined;
  run(options?: EvaluateOptions): Answer;
}

export type Answer =
  | {
      readonly kind: "result";
      readonly solutions: readonly Solution[];
      readonly prints: readonly Print[];
      readonly builtinErrors: readonly EvaluationError[];
    }
  | { readonly kind: "error"; readonly item: ErrorItem; readonly prints: readonly Print[] };

export type Preparation =
  | { readonly prepared: Prepared }
  /** `plain` is printed as it is, whatever the format. */
  | { readonly errors: readonly ErrorItem[]; readonly metrics: Metrics }
  | { readonly plain: string };

export interface Watching {
  readonly watch?: "events";
  /** What is reached is noted, and these kinds of reasons where something is not. */
  readonly coverage?: readonly CoverageKind[];
  /** Times the steps instead of tracing them. */
  readonly profile?: boolean;
}

/** OPA's own limit, which no flag of a query changes. */
const mostErrors = 10;

/** Loads, checks and compiles; errors in the order in which OPA finds them. */
export async function prepare(call: Invocation, text: string, flags: CheckFlags, watching?: Watching): Promise<Preparation> {
  const metrics: Metrics = new Map();
  const timed = stopwatch(metrics);
  const input = await readInputOf(call);
  if ("fault" in input) return { plain: input.fault };
  const seen = instantOf(call);
  if (seen === undefined) return { plain: `--time: ${call.flag("time")} is no time like 2026-01-31T12:00:00Z` };
  const loading = loadOptions(call);
  const sources = loadNamed(call, { ...loading, timed });
  if (sources.faults.length > 0) return { errors: faultItems(sources.faults), metrics };
  if (sources.bundleFault !== undefined) {
    const { message } = sources.bundleFault;
    return { errors: [{ message: message.startsWith("bundle activation") ? message : `loading error: ${message}` }], metrics };
  }
  if (text === "") return { errors: [{ message: "cannot evaluate empty query" }], metrics };
  const { modules, data } = sources;
  const checked = timed(modules.length === 0 ? undefined : "timer_rego_module_compile_ns", () =>
    checkModules(modules, {
      strict: call.has("strict") && call.on("strict"),
      printing: true,
      maxErrors: mostErrors,
      builtins: flags.builtins,
      hasData: (path) => data.occupied(path),
      annotations: true,
      ...(flags.schemas === undefined ? {} : { schemas: flags.schemas }),
      schemaFault,
    }),
  );
  if (!checked.complete && modules.length === 0)
    return { errors: [{ message: "compiler has errors", code: "eval_internal_error" }], metrics };
  if (!checked.complete) return { errors: errorItems(checked.diagnostics, modules), metrics };
  const isLoaded = call.given("data") || call.given("bundle");
  const json = timed(isLoaded ? "timer_rego_data_parse_ns" : undefined, () => data.json);
  const context = contextOf(call);
  if ("faults" in context) return { errors: context.faults, metrics };
  const illegal = missingDialect(loading);
  if (illegal !== undefined) return { errors: [illegal], metrics };
  const { version } = loading;
  const parsed = timed("timer_rego_query_parse_ns", () => parseQuery(text, { file: "", version }));
  const query = [{ file: "", text }];
  if (text.replaceAll(/#[^\n]*/gu, "").trim() === "")
    return { errors: [{ message: "empty query cannot be compiled", code: "rego_compile_error" }], metrics };
  const header = headerFaults(text);
  if (header !== undefined) return { errors: header, metrics };
  if (parsed.diagnostics.length > 0) return { errors: errorItems(parsed.diagnostics, query), metrics };
  const captured = timed("timer_rego_query_compile_ns", () =>
    checkQuery(checked, parsed, { printing: true, capture: true, ...context }),
  );
  if (captured.diagnostics.some((one) => one.severity === "error"))
    return { errors: errorItems(captured.diagnostics, query, mostErrors), metrics };
  const marked = watching === undefined ? withTestCases(checked, (rule) => rule) : markHeads(checked);
  const told = announced(captured);
  const queries = [{ name: "query", text, query: told }];
  // Where the evaluation itself is traced, another one is counted.
  const isCounted = watching?.coverage !== undefined && watching.watch === undefined;
  const compiled = timed("timer_rego_query_compile_ns", () =>
    compile(marked, {
      queries,
      ...(watching?.watch === undefined ? {} : traceRequest),
      ...(isCounted ? coverageRequest() : {}),
    }),
  );
  if (compiled.module === undefined) return { errors: errorItems(compiled.diagnostics, [...modules, ...query]), metrics };
  const { module } = compiled;
  const watched = { text, body: told.body, names: told.vars };
  const profiler =
    watching?.profile === true ? new Profiler(marked, module, watched, () => Number(process.hrtime.bigint())) : undefined;
  const tracer = watching?.watch === "events" && profiler === undefined ? new Tracer(marked, module, watched) : undefined;
  const listener = profiler ?? tracer;
  const keys = shownVars(captured);
  const found: (readonly Value[])[] = [];
  const now = (): bigint => BigInt(Date.now()) * 1_000_000n;
  const instance = createInstance(module, {
    now,
    ...(listener === undefined ? {} : { onStep: listener.onStep }),
    ...(tracer === undefined ? {} : { onNote: tracer.onNote }),
    builtins: hearingCases((values) => {
      if (values[0] === solutionMark) found.push(values);
    }),
  });
  tracer?.attach(instance);
  const fault = timed(isLoaded ? "timer_rego_data_parse_ns" : undefined, () => instance.setData(json));
  if (fault !== undefined) return { errors: [{ message: fault.message }], metrics };
  const make = (request: Partial<CompileRequest>): Running | undefined => {
    const other = compile(marked, { queries, ...request }).module;
    if (other === undefined) return undefined;
    const beside = createInstance(other, { now, builtins: unheardCases });
    beside.setData(json);
    return { module: other, instance: beside };
  };
  const covered =
    watching?.coverage === undefined
      ? undefined
      : new CoverageRuns(marked, watching.coverage, make, isCounted ? { module, instance } : undefined);
  const fixed: EvaluateOptions = {
    ...(call.flag("seed") === undefined ? {} : { seed: call.number("seed")! }),
  };
  const texts = new Map([...query, ...modules].map((one) => [one.file, one.text]));
  const textOf = (file: string): string | undefined => texts.get(file);
  /** Runs once more what failed, for the queries that were open then. */
  const traceFailure = (error: EvaluationError, options: EvaluateOptions): readonly OpenQuery[] => {
    const marking = markHeads(checked);
    const traced = isRepeatable(error) ? compile(marking, { queries, ...traceRequest }).module : undefined;
    if (traced === undefined) return [];
    const listening = new Tracer(marking, traced, watched);
    const again = createInstance(traced, { now, onStep: listening.onStep, builtins: unheardCases });
    listening.attach(again);
    again.setData(json);
    return again.evaluate("query", input.json, options).kind === "error" ? listening.stack() : [];
  };
  const lines = new LineIndex(text);
  const run = (options: EvaluateOptions = {}): Answer => {
    found.length = 0;
    listener?.reset();
    const instant = { now: seen.now ?? now() };
    const once = (): EvaluateOptions => ({ ...instant, ...fixed, ...cancelling(call), ...options });
    const outcome = timed("timer_rego_query_eval_ns", () => instance.evaluate("query", input.json, once()));
    if (outcome.kind === "error") {
      const { error, prints } = outcome;
      const stack = tracer?.stack() ?? traceFailure(error, once());
      return { kind: "error", prints, item: { ...evaluationItem(error, text), ...stackOf(stackFrames(stack, textOf, error)) } };
    }
    covered?.repeat((other) => void other.evaluate("query", input.json, once()));
    const { prints, builtinErrors } = outcome;
    const solutions = found.map(([, ...values]) =>
      solutionOf(captured, new Map(keys.map((key, at) => [key, values[at]])), text, lines),
    );
    return { kind: "result", solutions, prints, builtinErrors };
  };
  return { prepared: { text, checked, modules, module, instance, input: input.json, metrics, tracer, profiler, covered, run } };
}

/** What is wrong with a query that begins as the head of a module does. */
function headerFaults(text: string): readonly ErrorItem[] | undefined {
  const [line = "", word] = /^\s*((?:(package)|import)\b.*)/u.exec(text)?.slice(1) ?? [];
  if (line === "") return undefined;
  const first = word === undefined ? "package query\n" : "";
  const read = parseModule(first + line, { file: "" });
  if (read.diagnostics.length === 0)
    return [{ message: `expected body but got *ast.${word === undefined ? "Import" : "Package"}` }];
  const items = errorItems(read.diagnostics, [read]);
  return word === undefined ? items.map(above) : items;
}

/** Adds up what each phase takes; one without a name is none that OPA has. */
function stopwatch(metrics: Metrics): Timed {
  return (name, work) => {
    const started = process.hrtime.bigint();
    try {
      return work();
    } finally {
      if (name !== undefined) metrics.set(name, (metrics.get(name) ?? 0) + Number(process.hrtime.bigint() - started));
    }
  };
}

/** `--timeout` as a question that the evaluation asks now and then. */
export function cancelling(call: Invocation): EvaluateOptions {
  const text = call.has("timeout") ? call.flag("timeout") : undefined;
  const nanoseconds = text === undefined ? 0 : (durationNanoseconds(text) ?? 0);
  if (nanoseconds <= 0) return {};
  const end = performance.now() + nanoseconds / 1e6;
  return { cancelled: () => performance.now() > end };
}

function instantOf(call: Invocation): { readonly now: bigint | undefined } | undefined {
  const text = call.flag("time");
  if (text === undefined) return { now: undefined };
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? undefined : { now: BigInt(milliseconds) * 1_000_000n };
}

const solutionMark = "solution";

/** The query with a call at its end that tells the host of each solution: in order, equal ones too. */
function announced(query: CheckedQuery): CheckedQuery {
  const place = { start: 0, end: 0 };
  const values = shownVars(query).map((name): Term => ({ kind: "var", ...place, name }));
  const items: readonly Term[] = [{ kind: "string", ...place, value: solutionMark }, ...values];
  const call = exprOf(callTerm(testCaseBuiltin, [{ kind: "array", ...place, items }], place), place, { generated: true });
  return { ...query, body: [...query.body, call] };
}

/** The variables of a query whose values are told to the host. */
function shownVars({ vars, captures }: CheckedQuery): readonly string[] {
  return [...vars.keys(), ...captures.values()];
}

function plainJson(value: Value): Json {
  return parseJson(writeJson(value));
}

/** The expressions as they were evaluated, without those that the compiler added, and what the query's own variables are. */
function solutionOf(
  { body, vars, captures }: CheckedQuery,
  values: ReadonlyMap<string, Value | undefined>,
  text: string,
  lines: LineIndex,
): Solution {
  const shown = (name: string): Json => plainJson(values.get(name) ?? null);
  return {
    expressions: body
      .filter(({ generated }) => !generated)
      .map(({ start, end }) => {
        const capture = captures.get(start);
        return { value: capture === undefined ? true : shown(capture), text: text.slice(start, end), ...lines.rowCol(start) };
      }),
    bindings: new Map([...vars].map(([name, written]) => [written, shown(name)] as const).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** What `--package` says, and what all `--import` say, a line each. */
function contextOf(call: Invocation): { readonly faults: readonly ErrorItem[] } | (Parameters<typeof checkQuery>[2] & object) {
  const name = call.flag("package") ?? "";
  const imports = call.all("import");
  if (name === "" && imports.length === 0) return {};
  const header = parseModule(`package ${name === "" ? "query" : name}`, { file: "" });
  if (header.module.package === undefined) return { faults: errorItems(header.diagnostics, [header]) };
  if (header.diagnostics.length > 0) return { faults: [{ message: "expected exactly one statement" }] };
  const read = parseModule(`package query\n${imports.map((one) => `import ${one}\n`).join("")}`, { file: "" });
  if (read.diagnostics.length > 0) {
    const items = errorItems(read.diagnostics, [read]);
    return { faults: items.map(above) };
  }
  const { imports: found } = read.module;
  return name === "" ? { imports: found } : { package: header.module.package, imports: found };
}

/** The item one row further up, where its line stands alone. */
function above(item: ErrorItem): ErrorItem {
  return item.location === undefined ? item : { ...item, location: { ...item.location, row: item.location.row - 1 } };
}

type InputOutcome = { readonly json: string | undefined } | { readonly fault: string };

async function readInputOf(call: Invocation): Promise<InputOutcome> {
  if (call.on("stdin-input")) return asInput(await call.io.readStdin());
  const path = call.flag("input")?.replace(/^file:\/\//u, "");
  if (path === undefined) return { json: undefined };
  const kind = call.io.kind(path);
  if (kind === undefined) return { fault: `open ${path}: no such file or directory` };
  if (kind === "folder") return { fault: `read ${path}: is a directory` };
  const read = readInput(call, path);
  if (!("fault" in read) || /\.(?:conf|hocon)$/u.test(path)) return read;
  // OPA reads any input as YAML, whatever its name is.
  const bytes = call.io.readFile(path);
  const again = asInput(new TextDecoder().decode(bytes), yamlTextOf(bytes));
  return "fault" in again && read.fault !== "" && !/\.(?:json|ya?ml)$/u.test(path) ? read : again;
}

function asInput(text: string, asYaml = text): InputOutcome {
  const json = jsonValue(text);
  if (!("fault" in json)) return { json: text };
  const yaml = yamlValue(asYaml);
  if (!("fault" in yaml)) return { json: yaml.text };
  return { fault: `unable to parse input: ${yaml.fault.replace("error converting YAML to JSON: ", "")}` };
}

/** An error of an evaluation as an item of a report; in the query its place is named by what stands there. */
export function evaluationItem({ code, message, place }: EvaluationError, query = ""): ErrorItem {
  if (place === undefined) return { message, code };
  const item: ErrorItem = { message, code, location: place };
  const text = place.file === "" ? writtenAt(query, place, message) : undefined;
  return text === undefined ? item : { ...item, place: text };
}

/** The text at a place of the query: that of the call of the builtin that the message begins with, else that of the shortest term. */
function writtenAt(query: string, place: { readonly row: number; readonly col: number }, message: string): string | undefined {
  const lines = new LineIndex(query);
  const found: { readonly text: string; readonly name: string | undefined }[] = [];
  walkBody(parseQuery(query, { file: "" }).body, (node) => {
    const { row, col } = lines.rowCol(node.start);
    if (!("kind" in node) || node.kind === "expr" || row !== place.row || col !== place.col) return undefined;
    const name = node.kind === "call" ? printRef(node.operator.parts) : undefined;
    found.push({ text: query.slice(node.start, node.end), name });
    return undefined;
  });
  const called = found.find(({ name }) => name !== undefined && message.startsWith(`${name}: `));
  return (called ?? found.find(({ name }) => name !== undefined) ?? found.at(-1))?.text;
}
