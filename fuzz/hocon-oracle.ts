// Changed cases of the HOCON kit, resolved by us and by the reference: the same values, and errors on the same line.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runHoconCase } from "../scripts/conformance/hocon.ts";
import type { HoconCase, HoconExpectation } from "../scripts/conformance/hocon-case.ts";
import { type Random, random } from "./random.ts";

/** The oracle of the kit: it takes cases on lines and gives results on lines. */
const oracle = process.env["HOCON_ORACLE"];

const kit = "test-fixtures/conformance/hocon";
/** Differences that are printed. */
const mostShown = 25;
/** Where ours differs on purpose: a name says where a file was found, and what JSON cannot hold is an error. */
const onPurpose = /error in .*, expected|would be infinite/u;

type Changed = Omit<HoconCase, "expect">;

/** Compares so many cases and prints the differences; 1 when there was one. */
export function compareHocon(count: number, first: number): number {
  if (oracle === undefined) {
    console.log("hocon-oracle: not run, HOCON_ORACLE does not say where the reference is");
    return 0;
  }
  const seeds = seedCases();
  const pool = seeds.flatMap(({ files = {} }) => Object.values(files).flatMap((text) => tokensOf(text as string)));
  const cases = Array.from({ length: count }, (_, at) => changed(seeds, pool, first + at));
  const expected = ask(oracle, cases);
  let [compared, different] = [0, 0];
  for (const one of cases) {
    const expect = expected.get(one.id);
    if (expect === undefined || expect.result === "timeout") continue;
    compared++;
    const { ok, error = "" } = runHoconCase({ ...one, expect }, kit);
    if (ok || onPurpose.test(error)) continue;
    if (++different <= mostShown)
      console.log(`--seed ${one.id}: ${error}\n${JSON.stringify(one.files)}\n${JSON.stringify(expect)}\n`);
  }
  console.log(`hocon-oracle: ${compared} cases from seed ${first}, ${different} differ from the reference`);
  return different === 0 ? 0 : 1;
}

/** Cases of files alone: each environment would be a process of the oracle's. */
function seedCases(): readonly Changed[] {
  const lines = [...readdirSync(join(kit, "cases")).map((name) => join("cases", name)), "random/visible.jsonl"]
    .filter((name) => name.endsWith(".jsonl"))
    .flatMap((name) => readFileSync(join(kit, name), "utf8").split("\n"))
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as HoconCase);
  return lines
    .filter(({ files, api, queries, want, env, cwd }) => files && !(api || queries || want || env || cwd))
    .filter(({ files = {} }) =>
      Object.values(files).every((text) => typeof text === "string" && text.length < 2000 && !/@@DIR@@|https?:/u.test(text)),
    )
    .map(({ expect: _, ...rest }) => rest);
}

function tokensOf(text: string): string[] {
  return text.match(/\$\{\??[^}\n]*\}|"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|[\w-]+|[ \t]+|\n|\+=|[\s\S]/gu) ?? [];
}

function changed(seeds: readonly Changed[], pool: readonly string[], seed: number): Changed {
  const source = random(seed);
  const one = source.pick(seeds);
  const name = source.pick(Object.keys(one.files ?? {}));
  const tokens = tokensOf(one.files?.[name] as string);
  for (let changes = 1 + source.below(3); changes > 0 && tokens.length > 0; changes--) change(tokens, pool, source);
  return { ...one, id: `${seed}`, files: { ...one.files, [name]: tokens.join("") } };
}

function change(tokens: string[], pool: readonly string[], { below, pick }: Random): void {
  const [at, other] = [below(tokens.length), below(tokens.length)];
  switch (below(6)) {
    case 0:
      tokens.splice(at, 1);
      break;
    case 1:
      tokens.splice(at, 0, tokens[at]!);
      break;
    case 2:
      tokens[at] = tokens[other]!;
      break;
    case 3:
      tokens[at] = pick(pool);
      break;
    case 4:
      tokens.splice(at, 0, pick(pool));
      break;
    default:
      [tokens[at], tokens[other]] = [tokens[other]!, tokens[at]!];
  }
}

function ask(program: string, cases: readonly Changed[]): ReadonlyMap<string, HoconExpectation> {
  const folder = mkdtempSync(join(tmpdir(), "fuzz-"));
  try {
    const file = join(folder, "cases.jsonl");
    writeFileSync(file, cases.map((one) => `${JSON.stringify(one)}\n`).join(""));
    const { stdout } = spawnSync(program, ["cases", file], { encoding: "utf8", maxBuffer: 1 << 30 });
    const results = stdout.split("\n").filter((line) => line.startsWith("{"));
    return new Map(results.map((line) => JSON.parse(line) as HoconExpectation & { id: string }).map((one) => [one.id, one]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
