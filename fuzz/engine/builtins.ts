// `npm run fuzz -- builtins`: random calls of every builtin, with arguments of the conformance probes, damaged ones and
// values at the edges of their kinds; results and errors are those of a real OPA (`OPA=/path/to/opa`).
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtins } from "#analysis/rego/builtins/index.ts";
import { checkModules } from "#analysis/rego/check.ts";
import { isConstant } from "#analysis/rego/tree/refs.ts";
import { compile } from "#compiler/compile.ts";
import { createInstance } from "#evaluation/instance.ts";
import { parseModule, parseQuery } from "#grammars/rego/parse.ts";
import { printTerm } from "#grammars/rego/print-terms.ts";
import { type ExactJson, readExact, writeExact } from "../../scripts/conformance/exact-json.ts";
import { mutate } from "../mutate.ts";
import { type Random, random } from "../random.ts";

export interface BuiltinRun {
  readonly calls: number;
  readonly seed: number;
  /** Only builtins whose names begin so. */
  readonly only: string | undefined;
}

const opa = process.env["OPA"] ?? "opa";
const batch = 400;
/** Milliseconds that a batch may take OPA: some calls keep it busy for hours. */
const patience = 60_000;
const probes = "test-fixtures/conformance/rego/builtins";

/** Not the same twice, of the outside world, or no functions of their arguments. */
const left: ReadonlySet<string> = new Set([
  "http.send",
  "net.lookup_ip_addr",
  "opa.runtime",
  "rand.intn",
  "uuid.rfc4122",
  "time.now_ns",
  "trace",
  "print",
  "walk",
  "assign",
  "eq",
  "io.jwt.encode_sign",
  "io.jwt.encode_sign_raw",
  "rego.metadata.chain",
  "rego.metadata.rule",
]);

/** Results that grow with a number: given small ones alone. */
const growing: ReadonlySet<string> = new Set(["numbers.range", "numbers.range_step", "bits.lsh", "net.cidr_expand"]);

const NUMBERS = [
  ...["0", "-0", "1", "-1", "2", "3", "7", "10", "16", "1.5", "-1.5", "0.5", "-0.5", "2.0", "1e2", "1e-7", "0.1", "1e0", "100"],
  ...["9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809"],
  ...["18446744073709551616", "123456789012345678901234567890", "1e19", "1e30", "1e308", "1e309", "1e400", "-1e400", "1e-400"],
  ...[
    "0.30000000000000004",
    "3.141592653589793238462643383279",
    "1234567.891",
    "1e21",
    "1e20",
    "123456789",
    "2147483648",
    "4294967296",
  ],
];
const SMALL = ["0", "-0", "1", "-1", "2", "3", "10", "1.5", "-3", "2.0", "1e1", "5.0e0"];
const STRINGS = [
  "",
  " ",
  "a",
  "abc",
  "ABC",
  "é",
  "日本",
  "😀",
  "e\u0301",
  "\u0000",
  "\n",
  "a\tb",
  "\\",
  '"',
  "%",
  "{",
  "}",
  "[",
  "]",
  ".",
  "*",
  "-1",
  "0x10",
  "1e5",
  "ß",
  "İ",
  "ǅ",
  "\ufeff",
  "true",
  "null",
  "a.b.c",
  "a/b",
  "/",
  "//",
  "..",
  "10.0.0.0/8",
  "::1",
  "2024-01-02T03:04:05Z",
  "1h",
  "-",
  "+1",
  "a".repeat(300),
];
const OTHERS = [
  "null",
  "true",
  "false",
  "[]",
  "{}",
  "set()",
  "[1]",
  '["a"]',
  '{"a"}',
  '{"a": 1}',
  "{1, 2}",
  '[[1, "a"], null]',
  '{"a": {"b": [1, {"c": 2}]}}',
  '{1: "a", [2]: "b", {3}: 1}',
  '[{"op": "add", "path": "/a", "value": 1}]',
];

interface Call {
  readonly name: string;
  readonly text: string;
}

type Outcome = string;

/** The process's exit code: 0 when every call ended the same. */
export function fuzzBuiltins({ calls, seed, only }: BuiltinRun): number {
  const pools = readPools();
  const names = builtins
    .filter(
      ({ name, relation, deprecated, where }) =>
        !left.has(name) && !name.startsWith("internal.") && !relation && !deprecated && where !== "compile-time",
    )
    .map(({ name }) => name)
    .filter((name) => only === undefined || name.startsWith(only));
  let different = 0;
  let defined = 0;
  for (let first = seed; first < seed + calls; first += batch) {
    const source = random(first);
    const all = Array.from({ length: Math.min(batch, seed + calls - first) }, () =>
      randomCall(source, source.pick(names), pools),
    );
    const ours = evaluateAll(all, evaluateOurs);
    const theirs = evaluateAll(all, evaluateOracle);
    for (const [at, call] of all.entries()) {
      const [a, b] = [ours.get(at) ?? "undefined", theirs.get(at) ?? "undefined"];
      if (b.startsWith("value")) defined++;
      // Some calls end OPA itself.
      if (a === b || b.startsWith("crash")) continue;
      different++;
      console.error(`${call.text}\n  ours ${a.slice(0, 400)}\n  OPA  ${b.slice(0, 400)}`);
    }
    console.log(`${first + all.length - seed}: ${defined} with a value, ${different} different`);
  }
  return different === 0 ? 0 : 1;
}

/** The arguments of the probes, by builtin and position. */
function readPools(): ReadonlyMap<string, readonly (readonly string[])[]> {
  const pools = new Map<string, string[][]>();
  for (const file of readdirSync(probes)) {
    if (file.startsWith("_") || !file.endsWith(".json")) continue;
    const { builtin, probes: all } = JSON.parse(readFileSync(join(probes, file), "utf8")) as {
      builtin: string;
      probes: readonly { readonly expr?: string }[];
    };
    const pool: Set<string>[] = [];
    for (const { expr } of all) {
      const [only] = expr === undefined ? [] : parseQuery(expr, { file: "" }).body;
      if (only?.body.kind !== "call") continue;
      for (const [at, arg] of only.body.args.entries()) {
        if (!isConstant(arg)) continue;
        const set = pool[at] ?? new Set();
        pool[at] = set.add(printTerm(arg));
      }
    }
    pools.set(
      builtin,
      pool.map((set) => [...(set ?? [])]),
    );
  }
  return pools;
}

function randomCall(source: Random, name: string, pools: ReadonlyMap<string, readonly (readonly string[])[]>): Call {
  const arity = builtins.find((one) => one.name === name)!.args.length;
  const pool = pools.get(name) ?? [];
  const args = Array.from({ length: arity }, (_, at) => argument(source, name, pool[at] ?? []));
  return { name, text: `${name}(${args.map(untyped).join(", ")})`.replaceAll("\ufeff", "\\ufeff") };
}

/** The value without its type. */
function untyped(text: string): string {
  return `object.get({}, 0, ${text})`;
}

function argument(source: Random, name: string, pool: readonly string[]): string {
  const kind = source.below(20);
  const numbers = growing.has(name) ? SMALL : NUMBERS;
  if (growing.has(name) && kind < 15) return source.pick(SMALL);
  if (pool.length > 0 && kind < 10 && !growing.has(name)) return source.pick(pool);
  if (pool.length > 0 && kind < 16 && !growing.has(name)) return varied(source, source.pick(pool), source.pick(pool), numbers);
  if (kind < 17) return source.pick(numbers);
  if (kind < 18) return source.pick(OTHERS);
  return JSON.stringify(source.pick(STRINGS));
}

/** The term with one of its strings or numbers changed. */
function varied(source: Random, text: string, other: string, numbers: readonly string[]): string {
  const scalars = [...text.matchAll(/"(?:[^"\\]|\\.)*"|-?\b\d[\d.eE+-]*/g)];
  if (scalars.length === 0) return source.pick([source.pick(numbers), source.pick(OTHERS), JSON.stringify(source.pick(STRINGS))]);
  const found = source.pick(scalars);
  const changed = (): string => {
    if (!found[0].startsWith('"')) return source.pick([source.pick(numbers), "null", '"a"']);
    const lent = /"(?:[^"\\]|\\.)*"/.exec(other)?.[0] ?? '"x"';
    try {
      return JSON.stringify(mutate(JSON.parse(found[0]) as string, JSON.parse(lent) as string, source));
    } catch {
      return source.pick(numbers);
    }
  };
  return text.slice(0, found.index) + changed() + text.slice(found.index + found[0].length);
}

const head = "package p\n\n";
const firstRow = head.split("\n").length;

function moduleOf(calls: readonly Call[]): string {
  return head + calls.map(({ text }, at) => `r${at} := ${text}`).join("\n");
}

/** Of calls that end the evaluation each is asked for itself. */
function evaluateAll(
  calls: readonly Call[],
  evaluate: (text: string) => ReadonlyMap<number, Outcome>,
): ReadonlyMap<number, Outcome> {
  try {
    return evaluate(moduleOf(calls));
  } catch (error) {
    if (calls.length === 1) return new Map([[0, `crash ${error instanceof Error ? error.message : String(error)}`]]);
    const middle = calls.length >> 1;
    const behind = [...evaluateAll(calls.slice(middle), evaluate)].map(([at, outcome]) => [at + middle, outcome] as const);
    return new Map([...evaluateAll(calls.slice(0, middle), evaluate), ...behind]);
  }
}

function evaluateOurs(text: string): ReadonlyMap<number, Outcome> {
  const parsed = parseModule(text, { file: "p.rego", version: "v1" });
  const checked = checkModules([parsed], { printing: true });
  const fault = [...parsed.diagnostics, ...checked.diagnostics].find(({ severity }) => severity === "error");
  if (fault !== undefined) throw new Error(`${fault.message}\n${text.slice(fault.range.start - 80, fault.range.end + 80)}`);
  const compiled = compile(checked, { entrypoints: ["p"] });
  const instance = createInstance(compiled.module!, { now: () => BigInt(Date.now()) * 1_000_000n });
  const outcome = instance.evaluate("p", undefined);
  if (outcome.kind === "error") throw new Error(`${outcome.error.message} ${JSON.stringify(outcome.error.place)}`);
  const [solution] = readExact(outcome.text) as readonly { readonly result: ExactJson }[];
  const errors = outcome.builtinErrors.map(({ message, place }) => ({ message, row: place?.row ?? 0 }));
  return outcomes(solution?.result, errors);
}

function evaluateOracle(text: string): ReadonlyMap<number, Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "fuzz-builtins-"));
  try {
    const file = join(folder, "p.rego");
    writeFileSync(file, text);
    const args = ["eval", "--show-builtin-errors", "--format", "json", "--data", file, "data.p"];
    const run = spawnSync(opa, args, { encoding: "utf8", maxBuffer: 1 << 29, timeout: patience });
    const body = readExact(run.stdout) as unknown as {
      readonly result?: readonly { readonly expressions: readonly { readonly value: ExactJson }[] }[];
      readonly errors?: readonly { readonly message: string; readonly location?: { readonly row: { readonly text: string } } }[];
    };
    if (body.result === undefined) throw new Error(`opa eval: ${run.stdout.slice(0, 2000)}${run.stderr.slice(0, 2000)}`);
    const errors = (body.errors ?? []).map(({ message, location }) => ({ message, row: Number(location?.row.text) }));
    return outcomes(body.result[0]?.expressions[0]?.value, errors);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function outcomes(
  result: ExactJson | undefined,
  errors: readonly { readonly message: string; readonly row: number }[],
): ReadonlyMap<number, Outcome> {
  const found = new Map<number, Outcome>();
  for (const [key, value] of Object.entries((result ?? {}) as Readonly<Record<string, ExactJson>>))
    found.set(Number(key.slice(1)), `value ${writeExact(value)}`);
  for (const { message, row } of errors) found.set(row - firstRow, `error ${message}`);
  return found;
}
