// `opa fmt` and our formatter on modules written at random, and on valid ones with tokens damaged, comments put in and lines broken or joined: the same bytes, for every dialect.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FmtOptions, formatPolicy } from "#analysis/rego/fmt.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { type Random, random } from "./random.ts";
import { crossPieces } from "./rego-crossing.ts";
import { evaluated, furtherModules, regoModules } from "./rego-seeds.ts";
import { damageToken } from "./rego-tokens.ts";
import { writtenProject } from "./rego-written.ts";

const opa = process.env["OPA"] ?? "opa";
/** Files of one run of OPA. */
const batch = 300;
/** Differences that are printed. */
const mostShown = 30;

interface Mode {
  readonly flags: readonly string[];
  readonly options: Omit<FmtOptions, "file">;
}

/** Each batch is of one mode; most modules are of v1. */
const modes: readonly Mode[] = [
  { flags: [], options: { from: "v1" } },
  { flags: ["--v0-compatible"], options: { from: "v0" } },
  { flags: [], options: { from: "v1" } },
  { flags: ["--v0-v1"], options: { from: "v0", version: "v0", upTo: "v1" } },
  { flags: ["--drop-v0-imports"], options: { from: "v1", dropImports: true } },
  { flags: ["--v0-v1", "--v1-compatible"], options: { from: "v1", version: "v0", upTo: "v1" } },
];

interface Sample {
  readonly seed: number;
  readonly text: string;
  readonly ours: string;
}

/** Tries modules for so long and prints the differences; 1 when there was one. `folder` has more modules to begin with. */
export function compareFormats(seconds: number, first: number, folder: string | undefined): number {
  const further = [...furtherModules(), ...(folder === undefined ? [] : modulesIn(folder))];
  const seedsOf = { v0: [...evaluated("v0"), ...further], v1: [...regoModules, ...further], v2: further };
  const end = performance.now() + seconds * 1000;
  let [tried, different, seed] = [0, 0, first];
  for (let round = 0; performance.now() < end; round++) {
    const { flags, options } = modes[round % modes.length]!;
    const samples: Sample[] = [];
    for (; samples.length < batch; seed++) {
      const text = sample(seedsOf[options.from], random(seed));
      const formatted = formatPolicy(text, { ...options, file: "fuzz.rego" });
      if ("text" in formatted) samples.push({ seed, text, ours: formatted.text });
    }
    for (const { sample: one, theirs } of askOpa(samples, flags)) {
      tried++;
      if (theirs === one.ours) continue;
      if (++different > mostShown) continue;
      console.log(`--seed ${one.seed} ${flags.join(" ")}\n${one.text}\n--- OPA\n${theirs}\n--- we\n${one.ours}\n`);
    }
  }
  console.log(`rego-format: ${tried} modules from seed ${first}, ${different} are written otherwise than by OPA`);
  return different === 0 ? 0 : 1;
}

function modulesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".rego"))
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .filter((text) => text.length < 8000 && parseModule(text, { file: "fuzz.rego" }).diagnostics.length === 0);
}

function sample(seeds: readonly string[], source: Random): string {
  const written = source.below(3) === 0;
  let text = written ? source.pick(writtenModules(source)) : source.pick(seeds);
  const changes = written ? source.below(3) : 1 + source.below(4);
  for (let i = 0; i < changes; i++) text = changed(text, seeds, source);
  return text.toWellFormed();
}

function changed(text: string, seeds: readonly string[], source: Random): string {
  switch (source.below(4)) {
    case 0:
      return damageToken(text, source);
    case 1:
      return crossPieces(text, source.pick([text, source.pick(seeds)]), source);
    default:
      return relaid(text, source);
  }
}

function writtenModules(source: Random): readonly string[] {
  const { files } = writtenProject(source);
  return Object.keys(files).flatMap((name) => (name.endsWith(".rego") ? [files[name]!] : []));
}

const fillers = ["\n", "\n\n", " # c\n", "\n# c\n", "\n\n# c\n\n", "# c\n# d\n", " ", "\t", ",", "\n,"] as const;

/** The text with a comment, a line break or a comma before one of its tokens, or with what stands there taken away. */
function relaid(text: string, source: Random): string {
  const { tokens } = parseModule(text, { file: "fuzz.rego" });
  if (tokens.length < 2) return text;
  const index = 1 + source.below(tokens.length - 1);
  const { startOffset: at } = tokens[index]!;
  const before = tokens[index - 1]!;
  if (source.below(4) > 0) return text.slice(0, at) + source.pick(fillers) + text.slice(at);
  return `${text.slice(0, before.startOffset + before.image.length)} ${text.slice(at)}`;
}

/** What OPA makes of the texts that it formats. */
function askOpa(
  samples: readonly Sample[],
  flags: readonly string[],
): readonly { readonly sample: Sample; readonly theirs: string }[] {
  const folder = mkdtempSync(join(tmpdir(), "fuzz-"));
  try {
    const left = new Map(samples.map((one) => [`${one.seed}.rego`, one]));
    for (;;) {
      // Anew each time: those before a file that it refuses are formatted by then.
      for (const [name, { text }] of left) writeFileSync(join(folder, name), text);
      const run = spawnSync(opa, ["fmt", "-w", ...flags, "."], { cwd: folder, encoding: "utf8" });
      if (run.status === 0)
        return [...left].map(([name, one]) => ({ sample: one, theirs: readFileSync(join(folder, name), "utf8") }));
      // It stops at the first file that it refuses, and names it.
      const refused = /\b\d+\.rego/u.exec(run.stderr)?.[0];
      if (refused === undefined || !left.delete(refused)) throw new Error(`opa fmt: ${run.stderr}`);
      rmSync(join(folder, refused));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
