// `npm run fuzz -- engine`: random programs, data and inputs; our decisions against those of a real OPA (`OPA=/path/to/opa`).
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { random } from "../random.ts";
import { startOracle } from "./oracle.ts";
import { type Answer, evaluateOurs } from "./ours.ts";
import { type FuzzProgram, program } from "./program.ts";

export interface EngineRun {
  readonly programs: number;
  readonly seed: number;
  /** Where programs with different answers are written; nowhere unless given. */
  readonly out: string | undefined;
}

/** How many programs between two lines of progress. */
const stretch = 500;

/** The process's exit code: 0 when every answer was the same. */
export async function fuzzEngine({ programs, seed, out }: EngineRun): Promise<number> {
  const tally = { equal: 0, defined: 0, refused: 0, different: 0 };
  const oracle = startOracle();
  try {
    for (let at = 0; at < programs; at++) {
      const one = program(random(seed + at), `f${seed + at}`);
      const asked = oracle.ask(one);
      const ours = await answerOrCrash(one);
      const theirs = await asked;
      if (!same(ours, theirs)) {
        tally.different++;
        report(one, ours, theirs, out);
      } else if (ours.kind === "refused") tally.refused++;
      else {
        tally.equal++;
        if (ours.kind === "value") tally.defined++;
      }
      if ((at + 1) % stretch === 0 || at + 1 === programs)
        console.log(`${at + 1}: ${tally.equal} equal, ${tally.refused} refused by both, ${tally.different} different`);
    }
  } finally {
    oracle.close();
  }
  return tally.different === 0 ? 0 : 1;
}

async function answerOrCrash(one: FuzzProgram): Promise<Answer> {
  try {
    return await evaluateOurs(one);
  } catch (error) {
    return { kind: "error", code: "crash", message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function same(ours: Answer, theirs: Answer): boolean {
  if (ours.kind !== theirs.kind) return false;
  if (ours.kind === "value" && theirs.kind === "value") return ours.text === theirs.text;
  if (ours.kind !== "error" || theirs.kind !== "error") return true;
  // Endless recursion ends OPA; here it is an error like others.
  return ours.code === theirs.code || (ours.code === "rw_limit_error" && theirs.code === "crash");
}

function report(one: FuzzProgram, ours: Answer, theirs: Answer, out: string | undefined): void {
  console.error(`${one.package}: ours ${show(ours, theirs)}, OPA ${show(theirs, ours)}`);
  if (out === undefined) return;
  const folder = join(out, one.package);
  mkdirSync(folder, { recursive: true });
  for (const [at, text] of one.texts.entries()) writeFileSync(join(folder, `policy${at}.rego`), text);
  writeFileSync(join(folder, "data.json"), `{${JSON.stringify(one.package)}:${one.data}}`);
  writeFileSync(join(folder, "input.json"), one.input);
}

/** The part of a value where the other one differs, or the fault. */
function show(answer: Answer, other: Answer): string {
  if (answer.kind === "undefined") return "undefined";
  if (answer.kind === "error") return `error ${answer.code}: ${answer.message.slice(0, 300)}`;
  if (answer.kind === "refused") return `refused ${answer.message.slice(0, 200)}`;
  if (other.kind !== "value") return "a value";
  let at = 0;
  while (answer.text[at] === other.text[at]) at++;
  return `…${answer.text.slice(Math.max(0, at - 60), at + 60)}…`;
}
