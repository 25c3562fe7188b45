// W2: a policy of 300 rules: parsed, checked, compiled, loaded, decided and tested.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { loadPolicy } from "@open-policy-agent/opa-wasm";
import { checkModules } from "#analysis/rego/check.ts";
import { IncrementalCheck } from "#analysis/rego/incremental.ts";
import { IncrementalCompiler } from "#compiler/compile.ts";
import { createInstance } from "#evaluation/instance.ts";
import { runTests } from "#evaluation/test-runner.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { compileFiles, Editing } from "./editing.ts";
import { alternate } from "./measure.ts";
import type { Peers } from "./peers.ts";
import { portableRows } from "./portable.ts";
import { processRows } from "./processes.ts";
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
  await portableRows({ name: "W2", ours: module.bytes, theirs: wasm, entrypoint, data, input, size: 0.6, rounds });
  await oneOfMany(generate, peers, rounds);

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
  const inputs = Array.from({ length: 50 }, () => input);
  const regorus = peers.regorus(
    { ...question, query },
    inputs,
    inputs.map(() => result),
  );
  if (regorus !== undefined)
    printRow({ operation: "W2 decision, warm", ours: ours!, ...beside("Regorus", regorus / inputs.length), goal: 1 });

  const sources = join(folder, "src");
  processRows({
    operation: "W2 150 tests as a process",
    ours: [globalThis.process.execPath, "bin/rw", "test", sources],
    peer: peers.opa === undefined ? undefined : { name: "opa test", command: [peers.opa, "test", sources] },
    rounds: short ? 3 : 7,
    again: true,
    wall: 1.5,
  });
  await testsAfterEdit(sources, data, peers.opa, rounds);
}

/** One entrypoint of a workspace: only what it uses is linked. */
async function oneOfMany(generate: Generate, peers: Peers, rounds: number): Promise<void> {
  const folder = generate("w3-50", "--files", "50");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".rego"));
  const own = join(folder, "entry.rego");
  writeFileSync(own, "package entry\n\nresult := data.ws.team0.svc0010.helper(input.size)\n");
  try {
    const { bytes } = compileFiles([...files.map((file) => join(folder, file)), own], ["entry/result"], "portable");
    const theirs = peers.wasm(folder, ["entry/result"]);
    const input = '{"size":3}';
    await portableRows({
      name: "one entrypoint of W3-50",
      ours: bytes,
      theirs,
      entrypoint: "entry/result",
      data: "{}",
      input,
      size: 0.4,
      rounds,
    });
  } finally {
    rmSync(own);
  }
}

/** Tests after an edit, as an editor or `--watch` has them: all after a change of a rule, and the one that was changed itself. */
async function testsAfterEdit(sources: string, data: string, opa: string | undefined, rounds: number): Promise<void> {
  const files = readdirSync(sources).map((name) => ({ file: name, text: readFileSync(join(sources, name), "utf8") }));
  const check = new IncrementalCheck({ printing: true });
  const compiler = new IncrementalCompiler();
  const parsed = new Map(files.map(({ file, text }) => [file, parseModule(text, { file })]));
  let count = 0;
  const again = (file: string, added: string, filter: RegExp, expected: number): void => {
    const text = files.find((one) => one.file === file)?.text ?? "";
    parsed.set(file, parseModule(`${text}\n${added}\n`, { file }));
    const { tests } = runTests(check.check([...parsed.values()]), { data, now: () => 0n, compiler, filter });
    if (tests.length !== expected || tests.some(({ outcome }) => outcome !== "pass")) throw new Error("W2: a test fails");
  };
  const all = (): void => again("policy.rego", `edited_${count++ % 2} := ${count}`, /./u, 150);
  const one = (): void => again("policy_test.rego", `test_edited if ${count++} >= 0`, /\.test_edited$/u, 1);
  for (let warm = 0; warm < 10; warm++) all();
  const theirs = opa === undefined ? [] : [() => spawnSync(opa, ["test", sources], { stdio: "ignore" })];
  const [ours, reference] = await alternate([all, ...theirs], rounds);
  printRow({ operation: "W2 150 tests after an edit", ours: ours!, ...beside("opa test", reference), goal: 0.5 });
  for (let warm = 0; warm < 10; warm++) one();
  const [single, whole] = await alternate([one, ...theirs], rounds);
  printRow({ operation: "W2 one changed test", ours: single!, ...beside("opa test", whole), goal: 0.25 });
}
