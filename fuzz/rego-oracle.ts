// Damaged modules: OPA and we agree on which can be read and compiled. OPA is asked about many texts in one process.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtin } from "#analysis/rego/builtins/index.ts";
import { checkModules } from "#analysis/rego/check.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { mutate } from "./mutate.ts";
import { type Random, random } from "./random.ts";
import { regoModules } from "./rego-seeds.ts";
import { damageToken } from "./rego-tokens.ts";

const opa = process.env["OPA"] ?? "opa";

/** Texts of one batch; of those that are read, so many are also compiled. */
const batch = 400;
const compiled = 12;
const options = { file: "fuzz.rego", isBuiltin: (name: string): boolean => builtin(name) !== undefined };

/** Tries modules for so long; 1 at the first that OPA and we judge differently. */
export function compareReading(seconds: number, first: number): number {
  if (spawnSync(opa, ["version"], { stdio: "ignore" }).status !== 0) {
    console.log("rego-oracle: not run, there is no OPA (set OPA or put `opa` on the PATH)");
    return 0;
  }
  const end = performance.now() + seconds * 1000;
  let tried = 0;
  for (let seed = first; performance.now() < end; seed++, tried += batch) {
    const source = random(seed);
    const fault = checkBatch(Array.from({ length: batch }, () => sample(source)));
    if (fault === undefined) continue;
    console.error(`rego-oracle --seed ${seed}: ${fault}`);
    return 1;
  }
  console.log(`rego-oracle: ${tried} texts from seed ${first}, OPA and we agree`);
  return 0;
}

/** One text to try: a module with a fault or two, which OPA can be handed as JSON. */
function sample(random: Random): string {
  const text = random.pick(regoModules);
  const damaged =
    random.below(3) === 0
      ? mutate(text, random.pick(regoModules), random)
      : damageToken(random.below(2) === 0 ? text : damageToken(text, random), random);
  return damaged.toWellFormed();
}

/** The first text about which OPA and we do not agree. */
function checkBatch(texts: readonly string[]): string | undefined {
  const read = readByOpa(texts);
  for (const [at, text] of texts.entries()) {
    const parsed = parseModule(text, options);
    const ours = parsed.diagnostics.length === 0;
    // The builtin has troubles of its own, as with the JSON of `.5`: the command decides.
    if (ours !== read.has(at) && ours !== (askAbout(text, ["parse"]) === ""))
      return `OPA ${read.has(at) ? "reads" : "refuses"} what we ${ours ? "read" : `refuse (${parsed.diagnostics[0]!.message})`}\n${text}`;
  }
  for (const at of [...read].slice(0, compiled)) {
    const text = texts[at]!;
    const theirs = askAbout(text, ["check", "--format", "json"]);
    const { diagnostics } = checkModules([parseModule(text, options)], { annotations: true });
    const ours = diagnostics[0]?.message ?? "";
    if ((theirs === "") !== (ours === "")) return `OPA says ${theirs || "it is valid"}, we say ${ours || "it is valid"}\n${text}`;
  }
  return undefined;
}

function readByOpa(texts: readonly string[]): ReadonlySet<number> {
  const query = '[i | some i; rego.parse_module("fuzz.rego", input[i])]';
  const run = spawnSync(opa, ["eval", "-I", "--format", "raw", query], {
    input: JSON.stringify(texts),
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (run.status !== 0) throw new Error(`opa eval: ${run.stdout}${run.stderr}`);
  return new Set(JSON.parse(run.stdout) as number[]);
}

/** What a command of OPA complains about first in a module; empty when it does not. */
function askAbout(text: string, command: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "fuzz-"));
  try {
    writeFileSync(join(folder, "fuzz.rego"), text);
    const run = spawnSync(opa, [...command, "fuzz.rego"], { cwd: folder, encoding: "utf8" });
    return run.status === 0 ? "" : (/"message": "(.*)"/.exec(run.stderr + run.stdout)?.[1] ?? run.stderr);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
