// `opa check` and `rw check` on valid modules with a token or two damaged: the same codes, rows, columns and messages.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processIo } from "../cli/src/io.ts";
import { main } from "../cli/src/main.ts";
import { type Random, random } from "./random.ts";
import { furtherModules, regoModules } from "./rego-seeds.ts";
import { damageToken } from "./rego-tokens.ts";

const opa = process.env["OPA"] ?? "opa";
const dialects: readonly (readonly string[])[] = [[], [], ["--strict"], ["--v0-compatible"], ["--v0-v1"]];
/** Differences that are printed. */
const mostShown = 40;

interface Item {
  readonly message: string;
  readonly code?: string;
  readonly location?: { readonly row: number; readonly col: number };
}

/** Tries modules for so long and prints every difference; 1 when there was one. */
export async function compareChecks(seconds: number, first: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "fuzz-"));
  const seeds = [...regoModules, ...furtherModules()];
  const end = performance.now() + seconds * 1000;
  const shown = new Set<string>();
  let [tried, different, seed] = [0, 0, first];
  try {
    for (; performance.now() < end; seed++, tried++) {
      const source = random(seed);
      const text = sample(seeds, source);
      const flags = source.pick(dialects);
      writeFileSync(join(folder, "fuzz.rego"), text);
      const theirs = askOpa(folder, flags);
      const ours = await askUs(folder, flags);
      // What nests deeper than our stack is the business of another suite.
      if (theirs === undefined || theirs === ours || ours.includes("recursion depth")) continue;
      different++;
      const kind = `${theirs}|${ours}`.replace(/\d+|`[^`]*`|"[^"]*"/gu, "_");
      if (shown.has(kind) || shown.size >= mostShown) continue;
      shown.add(kind);
      console.log(`--seed ${seed} ${flags.join(" ")}\nOPA: ${theirs}\nwe:  ${ours}\n${text}\n`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  console.log(`rego-check: ${tried} modules from seed ${first}, ${different} are told otherwise than by OPA`);
  return different === 0 ? 0 : 1;
}

function sample(seeds: readonly string[], source: Random): string {
  const text = source.pick(seeds);
  const once = damageToken(text, source);
  return (source.below(3) === 0 ? damageToken(once, source) : once).toWellFormed();
}

function askOpa(folder: string, flags: readonly string[]): string | undefined {
  const run = spawnSync(opa, ["check", "--format", "json", ...flags, "fuzz.rego"], {
    cwd: folder,
    encoding: "utf8",
    timeout: 10_000,
  });
  return run.status === null ? undefined : listed(run.stderr + run.stdout);
}

async function askUs(folder: string, flags: readonly string[]): Promise<string> {
  let printed = "";
  const hear = (text: string): void => {
    printed += text;
  };
  const io = { ...processIo(), out: hear, err: hear };
  const readFile = (path: string): Uint8Array => io.readFile(join(folder, path));
  const kind = (path: string): "file" | "folder" | undefined => io.kind(join(folder, path));
  await main(["check", "--format", "json", ...flags, "fuzz.rego"], { ...io, cwd: folder, readFile, kind });
  return listed(printed);
}

/** The findings of a JSON report, without their order: OPA walks maps. */
function listed(json: string): string {
  if (json === "") return "valid";
  const { errors } = JSON.parse(json) as { readonly errors: readonly Item[] };
  return errors
    .map(({ message, code, location }) => `${location?.row}:${location?.col} ${code} ${message}`)
    .sort()
    .join("\n     ");
}
