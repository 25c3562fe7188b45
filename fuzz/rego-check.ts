// `opa check` and `rw check` on valid modules with a token or two damaged, on modules crossed with others, and on projects written at random: the same codes, rows, columns and messages.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Random, random } from "./random.ts";
import { askOpa, askUs, putFiles } from "./rego-ask.ts";
import { crossPieces } from "./rego-crossing.ts";
import { evaluated, furtherModules, regoModules } from "./rego-seeds.ts";
import { damageToken } from "./rego-tokens.ts";
import { type WrittenProject, writtenProject } from "./rego-written.ts";

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
  return compare("rego-check", seconds, first, changedModules());
}

/** One module of the kit, damaged or crossed with others, and a dialect. */
export function changedModules(): (source: Random) => WrittenProject {
  const further = furtherModules();
  const seeds = { v0: [...evaluated("v0"), ...further], v1: [...regoModules, ...further] };
  return (source) => {
    const flags = source.pick(dialects);
    const isV0 = flags.some((flag) => flag.startsWith("--v0"));
    return { files: { "fuzz.rego": sample(isV0 ? seeds.v0 : seeds.v1, source) }, flags };
  };
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
      putFiles(folder, files);
      const modules = Object.keys(files).filter((name) => name.endsWith(".rego"));
      const asked = ["check", "--format", "json", ...flags, ...modules];
      const ours = listed((await askUs(folder, asked)).text);
      const answer = (): string | undefined => {
        const told = askOpa(folder, asked);
        return told && listed(told.text);
      };
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
  if (source.below(2) === 0) {
    let result = text;
    for (let changes = 1 + source.below(3); changes > 0; changes--)
      result = crossPieces(result, source.pick([text, source.pick(seeds)]), source);
    return result.toWellFormed();
  }
  const once = damageToken(text, source);
  return (source.below(3) === 0 ? damageToken(once, source) : once).toWellFormed();
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
