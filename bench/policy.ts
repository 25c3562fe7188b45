// W2: a policy of 300 rules: parsed, checked, compiled, loaded, decided and tested.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { loadPolicy } from "@open-policy-agent/opa-wasm";
import { checkModules } from "#analysis/rego/check.ts";
import { createInstance } from "#evaluation/instance.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { compileFiles, Editing } from "./editing.ts";
import { alternate } from "./measure.ts";
import type { Peers } from "./peers.ts";
import { printRow, type Row } from "./report.ts";

type Generate = (workload: string, ...args: readonly string[]) => string;

const entrypoint = "domain/policy/decision";
const query = "data.domain.policy.decision";
const bytesOf = (text: string): ArrayBuffer => new TextEncoder().encode(text).buffer;
const beside = (name: string, value: number | undefined): Pick<Row, "reference"> =>
  value === undefined ? {} : { reference: { name, value } };

export async function policyRows(generate: Generate, peers: Peers, short: boolean): Promise<void> {
  const rounds = short ? 5 : 15;
  const folder = generate("w2");
  const file = join(folder, "src", "policy.rego");
  const text = readFileSync(file, "utf8");
  const [parse] = await alternate([() => parseModule(text, { file })], rounds);
  printRow({ operation: `W2 parse (${(text.length / 1024).toFixed(0)} kB)`, ours: parse! });
  const [check] = await alternate([() => checkModules([parseModule(text, { file })])], rounds);
  printRow({ operation: "W2 parse and check", ours: check! });

  const dataFile = join(folder, "data.json");
  const inputFile = join(folder, "input.json");
  const data = readFileSync(dataFile, "utf8");
  const input = readFileSync(inputFile, "utf8");
  const editing = new Editing(file, data, entrypoint, input);
  const question = { policy: file, data: dataFile, input: inputFile, query, rounds };
  const library = peers.inProcess({ ...question, edit: true });
  const result = (JSON.parse(editing.edit()) as readonly { readonly result: unknown }[])[0]?.result;
  if (library !== undefined && !isDeepStrictEqual(result, library.result)) throw new Error("W2: OPA decides otherwise");
  for (let warm = 0; warm < 10; warm++) editing.edit();
  const [edit] = await alternate([() => editing.edit()], rounds);
  const operation = "W2 edit to first decision";
  printRow({ operation, ours: edit!, ...beside("OPA in process", library?.ms), goal: 0.5 });
  const process = peers.evalProcess({ ...question, rounds: 3 });
  if (process !== undefined) printRow({ operation, ours: edit!, ...beside("opa eval", process) });

  const module = compileFiles([file], [entrypoint], "portable");
  const wasm = peers.wasm(file, [entrypoint]);
  printRow({
    operation: "W2 module size",
    unit: "bytes",
    ours: module.bytes.length,
    ...beside("OPA Wasm", wasm?.length),
    goal: 0.6,
  });
  const load = (bytes: Uint8Array) => async (): Promise<void> => {
    const policy = await loadPolicy(fresh(bytes).buffer);
    policy.setData(bytesOf(data));
    policy.evaluate(bytesOf(input), entrypoint);
  };
  const [loaded, theirLoad] = await alternate([module.bytes, ...(wasm === undefined ? [] : [wasm])].map(load), rounds);
  printRow({ operation: "W2 load module, first decision", ours: loaded!, ...beside("OPA Wasm", theirLoad), goal: 0.6 });

  const instance = createInstance(module, { now: () => 0n });
  instance.setData(data);
  const peer = wasm === undefined ? undefined : await loadPolicy(wasm.slice().buffer);
  peer?.setData(bytesOf(data));
  const inputBytes = bytesOf(input);
  const many = (run: () => unknown) => () => {
    for (let n = 0; n < 50; n++) run();
  };
  const sides = [many(() => instance.evaluate(entrypoint, input))];
  if (peer !== undefined) sides.push(many(() => peer.evaluate(inputBytes, entrypoint)));
  const [ours, theirs] = (await alternate(sides, rounds)).map((ms) => ms / 50);
  printRow({ operation: "W2 decision, warm", ours: ours!, ...beside("OPA Wasm", theirs), goal: 0.5 });

  const sources = join(folder, "src");
  const run =
    (program: string, ...args: readonly string[]) =>
    (): void => {
      if (spawnSync(program, [...args, "test", sources], { stdio: "ignore" }).status !== 0) throw new Error("W2: a test fails");
    };
  const commands = [run(globalThis.process.execPath, "bin/rw"), ...(peers.opa === undefined ? [] : [run(peers.opa)])];
  const [tests, theirTests] = await alternate(commands, short ? 3 : 7);
  printRow({ operation: "W2 150 tests as a process", ours: tests!, ...beside("opa test", theirTests), goal: 1.5 });
}

let number = 0;
/** The module with a custom section of its own, since V8 keeps compiled modules by their bytes. */
function fresh(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const name = new TextEncoder().encode(`fresh ${number++}`);
  const section = Uint8Array.of(0, name.length + 1, name.length, ...name);
  const all = new Uint8Array(bytes.length + section.length);
  all.set(bytes);
  all.set(section, bytes.length);
  return all;
}
