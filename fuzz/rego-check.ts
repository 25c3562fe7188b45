// `opa check` and `rw check` on valid modules with a token or two damaged, and on projects written at random: the same codes, rows, columns and messages.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { processIo } from "../cli/src/io.ts";
import { main } from "../cli/src/main.ts";
import { type Random, random } from "./random.ts";
import { furtherModules, regoModules } from "./rego-seeds.ts";
import { damageToken } from "./rego-tokens.ts";
import { type WrittenProject, writtenProject } from "./rego-written.ts";

const opa = process.env["OPA"] ?? "opa";
const dialects: readonly (readonly string[])[] = [[], [], ["--strict"], ["--v0-compatible"], ["--v0-v1"]];
/** Differences that are printed. */
const mostShown = 40;

interface Item {
  readonly message: string;
  readonly code?: string;
  readonly location?: { readonly file: string; readonly row: number; readonly col: number };
}

/** Tries damaged modules for so long and prints every difference; 1 when there was one. */
export function compareChecks(seconds: number, first: number): Promise<number> {
  const seeds = [...regoModules, ...furtherModules()];
  return compare("rego-check", seconds, first, (source) => {
    const text = sample(seeds, source);
    return { files: { "fuzz.rego": text }, flags: source.pick(dialects) };
  });
}

/** The same for projects that are written at random. */
export function compareWritten(seconds: number, first: number): Promise<number> {
  return compare("rego-written", seconds, first, writtenProject);
}

async function compare(
  part: string,
  seconds: number,
  first: number,
  project: (source: Random) => WrittenProject,
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "fuzz-"));
  const end = performance.now() + seconds * 1000;
  const shown = new Set<string>();
  let [tried, different, seed] = [0, 0, first];
  try {
    for (; performance.now() < end; seed++, tried++) {
      const { files, flags } = project(random(seed));
      rmSync(folder, { recursive: true });
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), text);
      }
      const modules = Object.keys(files).filter((name) => name.endsWith(".rego"));
      const asked = ["check", "--format", "json", ...flags, ...modules];
      const ours = await askUs(folder, asked);
      const answer = (): string | undefined => askOpa(folder, asked);
      // What nests deeper than our stack is the business of another suite.
      if (ours.includes("recursion depth")) continue;
      let theirs = answer();
      // OPA walks maps: what it says first, of rules that depend on each other, changes.
      for (let again = 0; again < 4 && theirs !== undefined && theirs !== ours; again++) theirs = answer();
      if (theirs === undefined || theirs === ours) continue;
      different++;
      const kind = `${theirs}|${ours}`.replace(/\d+|`[^`]*`|"[^"]*"/gu, "_");
      if (shown.has(kind) || shown.size >= mostShown) continue;
      shown.add(kind);
      const texts = Object.entries(files).map(([name, text]) => `--- ${name}\n${text}`);
      console.log(`--seed ${seed} ${flags.join(" ")}\nOPA: ${theirs}\nwe:  ${ours}\n${texts.join("\n")}\n`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  console.log(`${part}: ${tried} projects from seed ${first}, ${different} are told otherwise than by OPA`);
  return different === 0 ? 0 : 1;
}

function sample(seeds: readonly string[], source: Random): string {
  const text = source.pick(seeds);
  const once = damageToken(text, source);
  return (source.below(3) === 0 ? damageToken(once, source) : once).toWellFormed();
}

/** Undefined when OPA itself broke. */
function askOpa(folder: string, args: readonly string[]): string | undefined {
  const run = spawnSync(opa, args, { cwd: folder, encoding: "utf8", timeout: 10_000 });
  return run.status === 0 || run.status === 1 ? listed(run.stderr + run.stdout) : undefined;
}

async function askUs(folder: string, args: readonly string[]): Promise<string> {
  let printed = "";
  const hear = (text: string): void => {
    printed += text;
  };
  const io = { ...processIo(), out: hear, err: hear };
  const at = (path: string): string => join(folder, path);
  await main(args, {
    ...io,
    cwd: folder,
    readFile: (path) => io.readFile(at(path)),
    kind: (path) => io.kind(at(path)),
    list: (path) => io.list(at(path)),
  });
  return listed(printed);
}

/** The findings of a JSON report, without their order: OPA walks maps. */
function listed(json: string): string {
  if (json === "") return "valid";
  const { errors } = JSON.parse(json) as { readonly errors: readonly Item[] };
  return errors
    .map(({ message, code, location }) => `${location?.file}:${location?.row}:${location?.col} ${code} ${message}`)
    .sort()
    .join("\n     ");
}
