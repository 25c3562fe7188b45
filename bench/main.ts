// `npm run bench [-- --short]`: figures beside OPA's own Wasm and OPA in the same run, after both gave the same answers.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { loadPolicy } from "@open-policy-agent/opa-wasm";
import { checkModules } from "#analysis/rego/check.ts";
import { readTar } from "#bundles/tar.ts";
import { compile } from "#compiler/compile.ts";
import { createInstance, type Instance } from "#evaluation/instance.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { checkRows } from "./check.ts";
import { hoconRows } from "./hocon.ts";
import { hoconTypingRows } from "./hocon-editor.ts";
import { alternate, median } from "./measure.ts";
import { regoTypingRows } from "./rego-editor.ts";
import { printRow } from "./report.ts";

const short = process.argv.includes("--short");
/** `--only check,editor` runs some groups of rows alone. */
const only = process.argv.includes("--only") ? (process.argv[process.argv.indexOf("--only") + 1] ?? "").split(",") : undefined;
const wants = (group: string): boolean => only === undefined || only.includes(group);
const rounds = short ? 5 : 15;
const opa = process.env["OPA"] ?? "opa";
const hasOpa = spawnSync(opa, ["version"], { stdio: "ignore" }).status === 0;
const folder = mkdtempSync(join(tmpdir(), "bench-"));
let failed = false;

try {
  console.log(
    `Node ${process.version}${hasOpa ? `, ${spawnSync(opa, ["version"], { encoding: "utf8" }).stdout.split("\n")[0]}` : "; OPA is not installed, so there are no ratios"}`,
  );
  if (wants("decisions")) await decisions();
  if (wants("policy")) await policy();
  if (wants("hocon")) await hoconTypingRows(await hoconRows(generate, short), folder, short);
  if (wants("check")) await checkRows(generate, hasOpa ? opa : undefined, short);
  if (wants("editor")) await regoTypingRows(generate, folder, short);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);

interface Loaded {
  readonly instance: Instance;
  readonly wasm: Uint8Array;
}

function generate(workload: string, ...args: readonly string[]): string {
  const out = join(folder, workload);
  mkdirSync(out, { recursive: true });
  const script =
    workload === "hocon" ? "bench/workloads/hocon/generate.mjs" : `bench/workloads/gen-${workload.replace(/-.*$/u, "")}.mjs`;
  const run = spawnSync(process.execPath, [script, "--out", out, ...args], { encoding: "utf8" });
  if (run.status !== 0) throw new Error(run.stderr);
  return out;
}

function load(files: readonly string[], entrypoints: readonly string[], data: string): Loaded {
  const checked = checkModules(files.map((file) => parseModule(readFileSync(file, "utf8"), { file })));
  const { module, diagnostics } = compile(checked, { entrypoints, build: "portable" });
  if (module === undefined) throw new Error(diagnostics[0]?.message ?? "not compiled");
  const instance = createInstance(module, { now: () => 0n });
  instance.setData(data);
  return { instance, wasm: module.bytes };
}

/** OPA's own Wasm of the same policy; undefined without OPA. */
function opaWasm(file: string, entrypoints: readonly string[]): Uint8Array | undefined {
  if (!hasOpa) return undefined;
  const out = join(folder, "opa-bundle.tar.gz");
  const run = spawnSync(opa, ["build", "-t", "wasm", ...entrypoints.flatMap((name) => ["-e", name]), file, "-o", out], {
    encoding: "utf8",
  });
  if (run.status !== 0) throw new Error(run.stderr);
  const tar = readTar(gunzipSync(readFileSync(out)));
  return "files" in tar ? tar.files.find(({ name }) => name === "policy.wasm")?.bytes : undefined;
}

function buffer(text: string): ArrayBuffer {
  return new TextEncoder().encode(text).buffer;
}

/** W1: role decisions over 10,000 users, 1,000 inputs. */
async function decisions(): Promise<void> {
  const out = join(generate("w1", "--users", "10000", "--roles", "200"), "index");
  const data = readFileSync(join(out, "data.json"), "utf8");
  const inputs = (JSON.parse(readFileSync(join(out, "..", "inputs.json"), "utf8")) as unknown[]).map((input) =>
    JSON.stringify(input),
  );
  const expected = JSON.parse(readFileSync(join(out, "..", "expected.json"), "utf8")) as readonly unknown[];
  const ours = load([join(out, "policy.rego")], ["rbac/allow"], data);
  const ask = (input: string): unknown => {
    const outcome = ours.instance.evaluate("rbac/allow", input);
    return outcome.kind === "result" ? (JSON.parse(outcome.text) as { result: unknown }[])[0]?.result : outcome.error.message;
  };
  const wrong = inputs.findIndex((input, index) => ask(input) !== expected[index]);
  if (wrong >= 0)
    return fail(`W1: input ${wrong} is decided ${String(ask(inputs[wrong]!))}, expected ${String(expected[wrong])}`);
  const wasm = opaWasm(join(out, "policy.rego"), ["rbac/allow"]);
  const sdkOurs = await loadPolicy(ours.wasm.slice().buffer);
  sdkOurs.setData(buffer(data));
  const buffers = inputs.map(buffer);
  const all = (decide: (input: ArrayBuffer) => unknown) => () => {
    for (const input of buffers) decide(input);
  };
  const sides = [all((input) => sdkOurs.evaluate(input, "rbac/allow"))];
  if (wasm !== undefined) {
    const reference = await loadPolicy(wasm.slice().buffer);
    reference.setData(buffer(data));
    const differs = buffers.findIndex(
      (input, index) => (reference.evaluate(input, "rbac/allow") as { result: unknown }[])[0]?.result !== expected[index],
    );
    if (differs >= 0) return fail(`W1: OPA's Wasm decides input ${differs} otherwise`);
    sides.push(all((input) => reference.evaluate(input, "rbac/allow")));
  }
  for (const side of sides) side();
  const [mine, theirs] = await alternate(sides, rounds);
  report(
    "W1 decision, JSON text in, SDK (10k users)",
    mine! / inputs.length,
    theirs === undefined ? undefined : theirs / inputs.length,
    0.4,
  );
  const direct = await alternate([() => inputs.forEach((input) => void ours.instance.evaluate("rbac/allow", input))], rounds);
  report(
    "W1 decision, JSON text in, own host",
    direct[0]! / inputs.length,
    theirs === undefined ? undefined : theirs / inputs.length,
    0.4,
  );
  const loadTimes = await alternate(
    [() => sdkOurs.setData(buffer(data)), ...(wasm === undefined ? [] : [await dataLoader(wasm, data)])],
    rounds,
  );
  report("W1 load data (0.69 MB)", loadTimes[0]!, loadTimes[1], 0.3);
  printRow({
    operation: "W1 module size",
    ours: ours.wasm.length,
    unit: "bytes",
    goal: 0.4,
    ...(wasm === undefined ? {} : { reference: { name: "OPA Wasm", value: wasm.length } }),
  });
}

async function dataLoader(wasm: Uint8Array, data: string): Promise<() => void> {
  const policy = await loadPolicy(wasm.slice().buffer);
  return () => policy.setData(buffer(data));
}

/** W2: a policy of 300 rules: parse, check, compile, decide. */
async function policy(): Promise<void> {
  const out = generate("w2");
  const file = join(out, "src", "policy.rego");
  const text = readFileSync(file, "utf8");
  const parseTimes = await alternate([() => parseModule(text, { file })], rounds);
  report(`W2 parse (${(text.length / 1024).toFixed(0)} kB)`, parseTimes[0]!);
  const checkTimes = await alternate([() => checkModules([parseModule(text, { file })])], rounds);
  report("W2 parse and check", checkTimes[0]!);
  const input = readFileSync(join(out, "input.json"), "utf8");
  const data = readFileSync(join(out, "data.json"), "utf8");
  const expected = JSON.stringify((JSON.parse(readFileSync(join(out, "expected.json"), "utf8")) as { result?: unknown }).result);
  let count = 0;
  const edit = (): Instance => {
    const checked = checkModules([parseModule(`${text}\n# edit ${count++}\n`, { file })]);
    const { module, diagnostics } = compile(checked, { entrypoints: ["domain/policy/decision"] });
    if (module === undefined) throw new Error(diagnostics[0]?.message ?? "not compiled");
    const instance = createInstance(module, { now: () => 0n });
    instance.setData(data);
    return instance;
  };
  let instance: Instance;
  try {
    instance = edit();
  } catch (error) {
    console.log(`W2 decision: ${error instanceof Error ? error.message : String(error)}`);
    return;
  }
  const outcome = instance.evaluate("domain/policy/decision", input);
  if (outcome.kind === "error") {
    console.log(`W2 decision: ${outcome.error.message}`);
    return;
  }
  if (expected !== undefined && !outcome.text.includes("result")) return fail("W2: the decision is undefined");
  const editTimes = await alternate([() => edit().evaluate("domain/policy/decision", input)], rounds);
  report(
    "W2 edit to first decision",
    editTimes[0]!,
    hasOpa ? evalProcess(file, join(out, "data.json"), join(out, "input.json")) : undefined,
    0.5,
    "opa eval",
  );
  const warm = await alternate([() => void instance.evaluate("domain/policy/decision", input)], rounds * 20);
  report("W2 decision, warm", warm[0]!);
}

/** The median wall time of `opa eval` as a process. */
function evalProcess(file: string, data: string, input: string): number {
  const times = Array.from({ length: short ? 3 : 7 }, () => {
    const started = performance.now();
    spawnSync(opa, ["eval", "-d", file, "-d", data, "-i", input, "data.domain.policy.decision"], { stdio: "ignore" });
    return performance.now() - started;
  });
  return median(times);
}

function report(operation: string, ours: number, reference?: number, goal?: number, name = "OPA Wasm"): void {
  printRow({
    operation,
    ours,
    ...(reference === undefined ? {} : { reference: { name, value: reference } }),
    ...(goal === undefined ? {} : { goal }),
  });
}

function fail(message: string): void {
  failed = true;
  console.error(`wrong answer: ${message}`);
}
