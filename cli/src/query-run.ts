// A query of the command line, compiled with the policies around it and evaluated: what `eval` and `bench` share.

import { checkModules, checkQuery } from "#analysis/rego/check.ts";
import type { Checked, CheckedQuery } from "#analysis/rego/checked.ts";
import { callTerm, exprOf } from "#analysis/rego/tree/make.ts";
import { walkBody } from "#analysis/rego/tree/walk.ts";
import type { Json } from "#bundles/canonical-json.ts";
import { type CompileRequest, compile } from "#compiler/compile.ts";
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import { schemaFault } from "#evaluation/builtins/json-schema/index.ts";
import { CourseListener, courseRequest } from "#evaluation/course.ts";
import { type CoverageKind, coverageRequest, markHeads } from "#evaluation/coverage.ts";
import { CoverageRuns, type Running } from "#evaluation/coverage-runs.ts";
import { Explained } from "#evaluation/explanation-text.ts";
import {
  createInstance,
  type EvaluateOptions,
  type EvaluationError,
  type Instance,
  type Outcome,
  type Print,
} from "#evaluation/instance.ts";
import { Profiler } from "#evaluation/profile.ts";
import { writeJson } from "#evaluation/rego-text.ts";
import { isRepeatable, type StackFrame, stackFrames } from "#evaluation/stack-trace.ts";
import { hearingCases, testCaseBuiltin, unheardCases, withTestCases } from "#evaluation/test-cases.ts";
import type { Value } from "#evaluation/value.ts";
import type { Term } from "#grammars/rego/ast.ts";
import { type ParsedModule, parseModule, parseQuery } from "#grammars/rego/parse.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { refusedNumber } from "#grammars/text/number-limits.ts";
import { checkedBeside } from "./checked-sources.ts";
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
import { systemTime } from "./system-time.ts";

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
  /** Where it was asked for. */
  readonly course: { readonly listener: CourseListener; readonly explained: Explained } | undefined;
  readonly profiler: Profiler | undefined;
  readonly covered: CoverageRuns | undefined;
  run(options?: EvaluateOptions): Answer;
}

/** An evaluation that tells its course. */
interface Heard {
  readonly course: CourseListener;
  readonly explained: Explained;
  readonly instance: Instance;
}

/** Marks that are gone through for the queries that were open at errors of builtins. */
const mostRetold = 2_000_000;

export type Answer =
  | {
      readonly kind: "result";
      readonly solutions: readonly Solution[];
      readonly prints: readonly Print[];
      /** What builtins complained of, with the queries that were open then: it takes another evaluation. */
      readonly builtinErrors: () => readonly ErrorItem[];
    }
  | {
      readonly kind: "error";
      readonly item: ErrorItem;
      readonly prints: readonly Print[];
      /** True where the complaint of a builtin counts, and the evaluation came to its end. */
      readonly isWhole: boolean;
      /** What builtins complained of before. */
      readonly builtinErrors: () => readonly ErrorItem[];
    };

export type Preparation =
  | { readonly prepared: Prepared }
  /** `plain` is printed as it is, whatever the format. */
  | { readonly errors: readonly ErrorItem[]; readonly metrics: Metrics }
  | { readonly plain: string };

export interface Watching {
  /** Keeps what happened. */
  readonly explain?: boolean;
  /** What is reached is noted, and these kinds of reasons where something is not. */
  readonly coverage?: readonly CoverageKind[];
  /** Times what happens. */
  readonly profile?: boolean;
}

const bothBuiltinErrors =
  "cannot use --show-builtin-errors with --strict-builtin-errors, --strict-builtin-errors will return the first built-in error encountered immediately";

/** OPA's own limit, which no flag of a query changes. */
const mostErrors = 10;

/** Loads, checks and compiles; errors in the order in which OPA finds them. */
export async function prepare(call: Invocation, text: string, flags: CheckFlags, watching?: Watching): Promise<Preparation> {
  const metrics: Metrics = new Map();
  const timed = stopwatch(metrics);
  const input = await readInputOf(call);
  if ("fault" in input) return { plain: input.fault };
  if (call.has("strict-builtin-errors") && call.on("strict-builtin-errors") && call.on("show-builtin-errors"))
    return { plain: bothBuiltinErrors };
  const seen = instantOf(call);
  if (seen === undefined) return { plain: `--time: ${call.flag("time")} is no time like 2026-01-31T12:00:00Z` };
  const loading = loadOptions(call);
  const sources = loadNamed(call, { ...loading, timed, rolesAt: seen.now ?? systemTime() });
  if (sources.faults.length > 0) return { errors: faultItems(sources.faults), metrics };
  if (sources.bundleFault !== undefined) {
    const { message } = sources.bundleFault;
    return { errors: [{ message: message.startsWith("bundle activation") ? message : `loading error: ${message}` }], metrics };
  }
  const lacksEntrypoint = optimises(call) && !annotatesEntrypoint(sources.modules);
  if (lacksEntrypoint) return { plain: "bundle optimizations require at least one entrypoint" };
  if (text === "") return { errors: [{ message: "cannot evaluate empty query" }], metrics };
  const { modules, data } = sources;
  const checked = timed(modules.length === 0 ? undefined : "timer_rego_module_compile_ns", () =>
    checkedBeside(sources, (documents) =>
      checkModules(modules, {
        strict: call.has("strict") && call.on("strict"),
        printing: true,
        sharedNames: watching?.explain === true,
        maxErrors: mostErrors,
        builtins: flags.builtins,
        ...documents,
        annotations: true,
        ...(flags.schemas === undefined ? {} : { schemas: flags.schemas }),
        schemaFault,
      }),
    ),
  );
  if (!checked.complete && modules.length === 0)
    return { errors: [{ message: "compiler has errors", code: "eval_internal_error" }], metrics };
  if (!checked.complete) return { errors: errorItems(checked.diagnostics, modules), metrics };
  const parsing = process.hrtime.bigint();
  const { json } = data;
  const parseTime = Number(process.hrtime.bigint() - parsing);
  // Policies alone are no data.
  const isData = json !== "{}";
  if (isData) metrics.set("timer_rego_data_parse_ns", parseTime);
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
  const isTold = watching?.explain === true || watching?.profile === true;
  const marked = watching === undefined || isTold ? withTestCases(checked, (rule) => rule) : markHeads(checked);
  const told = announced(captured);
  const queries = [{ name: "query", text, query: told }];
  // Where the evaluation itself is told of, another one is counted.
  const isCounted = watching?.coverage !== undefined && !isTold;
  const compiled = timed("timer_rego_query_compile_ns", () =>
    compile(marked, {
      queries,
      ...(isTold ? courseRequest : {}),
      ...(isCounted ? coverageRequest() : {}),
    }),
  );
  if (compiled.module === undefined) return { errors: errorItems(compiled.diagnostics, [...modules, ...query]), metrics };
  const { module } = compiled;
  const watched = { text, body: told.body, names: new Map([...told.writtenNames, ...told.vars]) };
  const explained = isTold ? new Explained(marked, module.files, watched) : undefined;
  const profiler =
    explained !== undefined && watching?.profile === true
      ? new Profiler(module, explained, () => Number(process.hrtime.bigint()))
      : undefined;
  const course =
    explained !== undefined && watching?.explain === true ? { listener: new CourseListener(module), explained } : undefined;
  const onMark = (mark: number): void => {
    profiler?.onMark(mark);
    course?.listener.onMark(mark);
  };
  const keys = shownVars(captured);
  const found: (readonly Value[])[] = [];
  const now = systemTime;
  const instance = createInstance(module, {
    now,
    ...(isTold ? { onMark } : {}),
    ...(course === undefined ? {} : { onNote: course.listener.onNote }),
    builtins: hearingCases((values) => {
      if (values[0] === solutionMark) found.push(values);
    }),
  });
  course?.listener.attach(instance);
  const fault = timed(isData ? "timer_rego_data_parse_ns" : undefined, () => instance.setData(json));
  if (fault !== undefined) return { errors: [{ message: fault.message }], metrics };
  const make = (request: Partial<CompileRequest>): Running | undefined => {
    const other = compile(marked, { queries, ...request }).module;
    if (other === undefined) return undefined;
    const beside = createInstance(other, { now, builtins: unheardCases });
    beside.setData(json);
    return { module: other, instance: beside };
  };
  // Marks are told in another order than OPA prints in.
  const printing = isTold && module.builtins[printBuiltin] !== undefined ? make({}) : undefined;
  const covered =
    watching?.coverage === undefined
      ? undefined
      : new CoverageRuns(marked, watching.coverage, make, isCounted ? { module, instance } : undefined);
  const fixed: EvaluateOptions = {
    ...(call.flag("seed") === undefined ? {} : { seed: call.number("seed")! }),
  };
  const texts = new Map([...query, ...modules].map((one) => [one.file, one.text]));
  const textOf = (file: string): string | undefined => texts.get(file);
  /** Evaluates once more with an ear for its course; `before` is called before each mark is heard. */
  const hearAgain = (
    options: EvaluateOptions,
    before: (heard: Heard) => void = () => {},
  ): (Heard & { readonly ended: Outcome }) | undefined => {
    const telling = withTestCases(checked, (rule) => rule);
    const again = compile(telling, { queries, ...courseRequest }).module;
    if (again === undefined) return undefined;
    const course = new CourseListener(again);
    const onMark = (mark: number): void => {
      before(heard);
      course.onMark(mark);
    };
    const beside = createInstance(again, { now, onMark, builtins: unheardCases });
    course.attach(beside);
    beside.setData(json);
    const heard: Heard = { course, explained: new Explained(telling, again.files, watched), instance: beside };
    return { ...heard, ended: beside.evaluate("query", input.json, options) };
  };
  /** An error that ended an evaluation, as OPA's interpreter meets it first, with the queries that were open then. */
  const toldError = (found: EvaluationError, options: EvaluateOptions): ErrorItem => {
    const heard = isRepeatable(found) ? hearAgain(options) : undefined;
    if (heard?.ended.kind !== "error") return evaluationItem(found, text);
    const { error } = heard.ended;
    const told = isRepeatable(error) ? error : found;
    return { ...evaluationItem(told, text), ...stackOf(stackFrames(heard.explained, heard.course, textOf, told)) };
  };
  /** The queries that were open at each error of a builtin, as far as they are retold in a short time. */
  const stacksOf = (errors: readonly EvaluationError[], options: EvaluateOptions): readonly (readonly StackFrame[])[] => {
    if (errors.length === 0) return [];
    const stacks: (readonly StackFrame[])[] = [];
    let left = mostRetold;
    const note = ({ explained, course, instance }: Heard): void => {
      for (const error of errors.slice(stacks.length, instance.complaints())) {
        left -= course.count;
        stacks.push(left < 0 ? [] : stackFrames(explained, course, textOf, error));
      }
    };
    const heard = hearAgain(options, note);
    if (heard !== undefined) note(heard);
    return stacks;
  };
  const lines = new LineIndex(text);
  const run = (options: EvaluateOptions = {}): Answer => {
    found.length = 0;
    profiler?.reset();
    course?.listener.reset();
    const instant = { now: seen.now ?? now() };
    const once = (): EvaluateOptions => ({ ...instant, ...fixed, ...cancelling(call), ...options });
    // The first complaint counts where complaints are fatal, and OPA evaluates to the end all the same.
    const toTheEnd = { ...once(), strictBuiltinErrors: false };
    const outcome = timed("timer_rego_query_eval_ns", () => instance.evaluate("query", input.json, toTheEnd));
    const said = printing?.instance.evaluate("query", input.json, toTheEnd) ?? outcome;
    const { prints } = said;
    const builtinErrors = (): readonly ErrorItem[] => {
      const stacks = stacksOf(said.builtinErrors, once());
      return said.builtinErrors.map((one, at) => ({ ...evaluationItem(one, text), ...stackOf(stacks[at] ?? []) }));
    };
    const fatal = options.strictBuiltinErrors === true ? said.builtinErrors[0] : undefined;
    const error = fatal ?? (said.kind === "error" ? said.error : undefined);
    if (error !== undefined) {
      return { kind: "error", prints, item: toldError(error, once()), isWhole: said.kind === "result", builtinErrors };
    }
    covered?.repeat((other) => void other.evaluate("query", input.json, once()));
    const solutions = found.map(([, ...values]) =>
      solutionOf(captured, new Map(keys.map((key, at) => [key, values[at]])), text, lines),
    );
    return { kind: "result", solutions, prints, builtinErrors };
  };
  return { prepared: { text, checked, modules, module, instance, input: input.json, metrics, course, profiler, covered, run } };
}

/** True where OPA would optimise what is loaded, and no flag says for what. */
function optimises(call: Invocation): boolean {
  if (!call.has("optimize") || call.given("entrypoint")) return false;
  return (call.number("optimize") ?? 0) > 0 && (call.given("data") || call.given("bundle"));
}

function annotatesEntrypoint(modules: readonly ParsedModule[]): boolean {
  return modules.some(({ module }) => module.comments.some((comment) => /^\s*entrypoint:\s*true\s*$/u.test(comment.text)));
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

const printBuiltin = "internal.print";

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
  if (!("fault" in json)) return takenInput(text);
  const yaml = yamlValue(asYaml);
  if (!("fault" in yaml)) return takenInput(yaml.text);
  return { fault: `unable to parse input: ${yaml.fault.replace("error converting YAML to JSON: ", "")}` };
}

function takenInput(json: string): InputOutcome {
  const refused = refusedNumber(json);
  return refused === undefined ? { json } : { fault: `unable to process input: invalid number: ${refused.fault}` };
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
