// W5: programs that keep the processor busy, each beside the best peer that gives the same answer; and how cost grows with size.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { loadPolicy } from "@open-policy-agent/opa-wasm";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { createInstance, type Instance } from "#evaluation/instance.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { alternate } from "./measure.ts";
import type { Peers } from "./peers.ts";
import { printRow } from "./report.ts";

type Generate = (workload: string, ...args: readonly string[]) => string;

interface Program {
  readonly case: string;
  readonly size: string;
  readonly policy: string;
  readonly input: string;
  readonly entrypoint: string;
}

/** A peer that needs longer than this for one evaluation is asked once. */
const patience = 1000;

export async function programRows(generate: Generate, peers: Peers, short: boolean): Promise<void> {
  const folder = generate("w5", ...(short ? ["--walkbytes", "100000", "--nodes", "1000"] : []));
  const programs = JSON.parse(readFileSync(join(folder, "cases.json"), "utf8")) as readonly Program[];
  const smallest = new Set<string>();
  const ratios: number[] = [];
  for (const program of programs) {
    if (short && smallest.has(program.case)) continue;
    smallest.add(program.case);
    const policy = join(folder, program.policy);
    const inputFile = join(folder, program.input);
    const input = readFileSync(inputFile, "utf8");
    const instance = load(readFileSync(policy, "utf8"), program.entrypoint);
    const result = answer(instance, program.entrypoint, input);
    const rounds = short ? 3 : 7;
    const query = `data.${program.entrypoint.replaceAll("/", ".")}`;
    const library = peers.inProcess({ policy, input: inputFile, query, rounds });
    if (library !== undefined && !isDeepStrictEqual(library.result, result))
      throw new Error(`W5 ${program.case} ${program.size}: OPA gives another result`);
    const sides: (() => unknown)[] = [() => instance.evaluate(program.entrypoint, input)];
    const once = await opaWasmOnce(peers, policy, program, input, result, short);
    if (once !== undefined && once.ms < patience) sides.push(once.run);
    for (const side of sides) warmUp(side);
    const [ours, wasm = once?.ms] = await alternate(sides, rounds);
    if (wasm !== undefined && program.case !== "sets") ratios.push(ours! / wasm);
    const regorus = peers.regorus({ policy, query, rounds }, [input], [result]);
    const best = [
      ...(wasm === undefined ? [] : [{ name: "OPA Wasm", value: wasm }]),
      ...(library === undefined ? [] : [{ name: "OPA in process", value: library.ms }]),
      ...(regorus === undefined ? [] : [{ name: "Regorus", value: regorus }]),
    ].sort((a, b) => a.value - b.value)[0];
    printRow({
      operation: `W5 ${program.case} ${program.size}`,
      ours: ours!,
      ...(best === undefined ? {} : { reference: best }),
      goal: 1,
    });
  }
  if (ratios.length > 0) {
    const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
    console.log(`W5 geometric mean beside OPA Wasm, without sets: ${mean.toFixed(3)} × (goal 0.5 ×)`);
  }
}

/** Long enough for V8 to optimise a module, as in a service that decides all day. */
function warmUp(run: () => unknown): void {
  const started = performance.now();
  for (let round = 0; round < 50 && performance.now() - started < 200; round++) run();
}

/** One evaluation by OPA's Wasm; undefined where it is not installed or wrong. */
async function opaWasmOnce(peers: Peers, policy: string, program: Program, input: string, result: unknown, short: boolean) {
  // Its sets are worse than quadratic: minutes.
  if (program.case === "sets" && (short || program.size !== "10k")) return undefined;
  const wasm = peers.wasm(policy, [program.entrypoint]);
  if (wasm === undefined) return undefined;
  const peer = await loadPolicy(wasm.slice().buffer);
  const bytes = new TextEncoder().encode(input).buffer;
  const run = (): unknown => peer.evaluate(bytes, program.entrypoint);
  const started = performance.now();
  const answers = run() as readonly { readonly result: unknown }[];
  const ms = performance.now() - started;
  return isDeepStrictEqual(answers[0]?.result, result) ? { run, ms } : undefined;
}

/** Programs whose cost should grow with the size alone. */
const growing: Readonly<Record<string, string>> = {
  "set made, asked and counted": "s := {x | some x in xs}\nresult := count([x | some x in xs; x + 1 in s])",
  "set union, intersection, difference":
    "a := {x | some x in xs}\nb := {y | some x in xs; y := x * 2}\nresult := count(a | b) + count(a & b) + count(a - b)",
  "object made, joined and read":
    "a := {x: x | some x in xs}\nb := object.union(a, {y: x | some x in xs; y := x + 7})\nresult := sum([v | some x in xs; v := b[x]])",
  "array joined, sliced, reversed, sorted":
    "result := count(sort(array.reverse(array.slice(array.concat(xs, xs), 1, count(xs)))))",
  "text joined and split": 'result := count(split(concat(",", [format_int(x, 10) | some x in xs]), ","))',
  "JSON written and read": "result := count(json.unmarshal(json.marshal(xs)))",
  "partial set of a rule": "p contains x if some x in xs\nresult := count(p)",
  "partial object of a rule": "p[x] := x if some x in xs\nresult := count(p)",
};

export async function growthRows(short: boolean): Promise<void> {
  const sizes = short ? [50_000, 100_000, 200_000] : [125_000, 250_000, 500_000, 1_000_000];
  for (const [what, body] of Object.entries(growing)) {
    const instance = load(`package growth\n\nxs := numbers.range(1, input.n)\n${body}\n`, "growth/result");
    const sides = sizes.map((n) => () => answer(instance, "growth/result", `{"n":${n}}`));
    sides.at(-1)?.();
    const times = await alternate(sides, short ? 3 : 5);
    const factor = sizes.at(-1)! / sizes[0]!;
    printRow({
      operation: `${what}: ${sizes.map((n) => `${n / 1000}k`).join(" → ")}`,
      ours: times.at(-1)!,
      reference: { name: "linear from the first", value: times[0]! * factor },
      goal: 2,
    });
  }
}

function load(text: string, entrypoint: string): Instance {
  const parsed = parseModule(text, { file: "policy.rego" });
  const checked = checkModules([parsed]);
  const problem = [...parsed.diagnostics, ...checked.diagnostics][0]?.message;
  if (problem !== undefined) throw new Error(problem);
  const { module, diagnostics } = compile(checked, { entrypoints: [entrypoint], build: "portable" });
  if (module === undefined) throw new Error(diagnostics[0]?.message ?? "not compiled");
  return createInstance(module, { now: () => 0n });
}

function answer(instance: Instance, entrypoint: string, input: string): unknown {
  const outcome = instance.evaluate(entrypoint, input);
  if (outcome.kind === "error") throw new Error(outcome.error.message);
  return (JSON.parse(outcome.text) as readonly { readonly result: unknown }[])[0]?.result;
}
