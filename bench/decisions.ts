// W1: role decisions, the data they stand on, and the module that decides them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { loadPolicy } from "@open-policy-agent/opa-wasm";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { createInstance } from "#evaluation/instance.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { changed, compileFiles, Editing } from "./editing.ts";
import { alternate } from "./measure.ts";
import type { Peers } from "./peers.ts";
import { portableRows } from "./portable.ts";
import { printRow, type Row } from "./report.ts";

type Generate = (workload: string, ...args: readonly string[]) => string;
type Answers = readonly { readonly result: unknown }[];

/** Over all inputs, of each side: V8 has optimised what it will of the modules and their hosts by then. */
const warmPasses = 20;

const bytesOf = (text: string): ArrayBuffer => new TextEncoder().encode(text).buffer;
const beside = (name: string, value: number | undefined): Pick<Row, "reference"> =>
  value === undefined ? {} : { reference: { name, value } };

export async function decisionRows(generate: Generate, peers: Peers, short: boolean): Promise<void> {
  const folder = generate("w1", "--users", "10000", "--roles", "200");
  const inputs = (JSON.parse(readFileSync(join(folder, "inputs.json"), "utf8")) as readonly unknown[]).map((input) =>
    JSON.stringify(input),
  );
  const expected = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")) as readonly unknown[];
  await decide("W1 allow", join(folder, "index"), "rbac/allow", 0.4, expected);
  await decide("W1 decision with a text", join(folder, "index"), "rbac/decision", 0.35, undefined);
  await portable(folder);
  depthRow();
  await decide("W1 allow, scanning members", join(folder, "scan"), "rbac/allow", 1, expected);
  for (const users of short ? [10_000] : [10_000, 100_000]) {
    const out = users === 10_000 ? folder : generate(`w1-${users}`, "--users", `${users}`, "--roles", "200");
    await loads(`${users / 1000}k users`, join(out, "index"));
    await edits(`${users / 1000}k users`, out);
  }

  async function decide(
    name: string,
    at: string,
    entrypoint: string,
    goal: number,
    answers: readonly unknown[] | undefined,
  ): Promise<void> {
    const few = name.includes("scanning") ? inputs.slice(0, short ? 50 : 200) : inputs;
    const policy = join(at, "policy.rego");
    const data = readFileSync(join(at, "data.json"), "utf8");
    const module = compileFiles([policy], [entrypoint], "portable");
    const own = createInstance(module, { now: () => 0n });
    own.setData(data);
    const ours = await loadPolicy(module.bytes.slice().buffer);
    ours.setData(bytesOf(data));
    const buffers = few.map(bytesOf);
    const each = (run: (input: ArrayBuffer) => unknown) => () => {
      for (const input of buffers) run(input);
    };
    const sides = [
      each((input) => ours.evaluate(input, entrypoint)),
      () => {
        for (const input of few) own.evaluate(entrypoint, input);
      },
    ];
    const wasm = peers.wasm(policy, [entrypoint]);
    const theirs = wasm === undefined ? undefined : await loadPolicy(wasm.slice().buffer);
    theirs?.setData(bytesOf(data));
    const results: unknown[] = [];
    for (const [index, input] of buffers.entries()) {
      const [mine] = ours.evaluate(input, entrypoint) as Answers;
      results.push(mine?.result);
      const wanted = answers?.[index] ?? (theirs?.evaluate(input, entrypoint) as Answers | undefined)?.[0]?.result;
      if (wanted !== undefined && !isDeepStrictEqual(sorted(mine?.result), sorted(wanted)))
        throw new Error(`${name}: input ${index} is decided ${JSON.stringify(mine?.result)}, expected ${JSON.stringify(wanted)}`);
    }
    if (theirs !== undefined) sides.push(each((input) => theirs.evaluate(input, entrypoint)));
    for (let pass = 0; pass < warmPasses; pass++) for (const side of sides) side();
    const [sdk, host, peer] = (await alternate(sides, short ? 5 : 15)).map((ms) => ms / few.length);
    printRow({ operation: `${name}, stock SDK`, ours: sdk!, ...beside("OPA Wasm", peer), goal });
    printRow({ operation: `${name}, own host`, ours: host!, ...beside("OPA Wasm", peer), goal });
    const query = `data.${entrypoint.replaceAll("/", ".")}`;
    const regorus = peers.regorus({ policy, data: join(at, "data.json"), query, rounds: short ? 5 : 15 }, few, results);
    if (regorus !== undefined)
      printRow({ operation: `${name}, own host`, ours: host!, ...beside("Regorus", regorus / few.length), goal: 1 });
  }

  async function portable(out: string): Promise<void> {
    const policy = join(out, "index", "policy.rego");
    await portableRows({
      name: "W1",
      ours: compileFiles([policy], ["rbac/allow"], "portable").bytes,
      theirs: peers.wasm(policy, ["rbac/allow"]),
      entrypoint: "rbac/allow",
      data: '{"roles":{}}',
      input: inputs[0]!,
      size: 0.4,
      rounds: short ? 5 : 15,
    });
  }

  async function loads(size: string, at: string): Promise<void> {
    const policy = join(at, "policy.rego");
    const data = readFileSync(join(at, "data.json"), "utf8");
    const module = compileFiles([policy], ["rbac/allow"], "portable");
    const wasm = peers.wasm(policy, ["rbac/allow"]);
    const own = createInstance(module, { now: () => 0n });
    const ours = await loadPolicy(module.bytes.slice().buffer);
    const theirs = wasm === undefined ? undefined : await loadPolicy(wasm.slice().buffer);
    const bytes = bytesOf(data);
    const sides = [ours, ...(theirs === undefined ? [] : [theirs])].map((side) => () => side.setData(bytes));
    await alternate(sides, 3);
    const times = await alternate(sides, short ? 5 : 15);
    printRow({ operation: `W1 load data, ${size}`, ours: times[0]!, ...beside("OPA Wasm", times[1]), goal: 0.3 });
    own.setData(data);
    const memory = theirs?.mem?.buffer.byteLength;
    printRow({
      operation: `W1 memory after loading, ${size}`,
      unit: "bytes",
      ours: own.memoryBytes(),
      ...beside("OPA Wasm", memory),
      goal: 0.4,
    });
  }

  async function edits(size: string, out: string): Promise<void> {
    const policy = join(out, "index", "policy.rego");
    const data = join(out, "index", "data.json");
    const editing = new Editing(policy, readFileSync(data, "utf8"), "rbac/allow", inputs[0]!);
    const input = join(out, "input-0.json");
    changed(input, inputs[0]!);
    const rounds = short ? 5 : 15;
    for (let warm = 0; warm < 10; warm++) editing.edit();
    const [ms] = await alternate([() => editing.edit()], rounds);
    const library = peers.inProcess({ policy, data, input, query: "data.rbac.allow", edit: true, rounds });
    printRow({ operation: `W1 edit to first decision, ${size}`, ours: ms!, ...beside("OPA in process", library?.ms), limit: 5 });
    const process = peers.evalProcess({ policy, data, input, query: "data.rbac.allow", rounds: 3 });
    if (process !== undefined)
      printRow({ operation: `W1 edit to first decision, ${size}`, ours: ms!, ...beside("opa eval", process) });
  }
}

/** An input as deep as OPA takes is decided. */
function depthRow(): void {
  const checked = checkModules([parseModule("package deep\n\nresult := count(input)\n", { file: "deep.rego" })]);
  const { module } = compile(checked, { entrypoints: ["deep/result"], build: "portable" });
  if (module === undefined) throw new Error("not compiled");
  const instance = createInstance(module, { now: () => 0n });
  const depth = 10_000;
  const input = "[".repeat(depth) + "]".repeat(depth);
  const started = performance.now();
  const outcome = instance.evaluate("deep/result", input);
  if (outcome.kind === "error") throw new Error(outcome.error.message);
  printRow({ operation: "input of 10,000 levels decided", ours: performance.now() - started });
}

/** Members of sets are arrays in any order where OPA's Wasm wrote them. */
function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
