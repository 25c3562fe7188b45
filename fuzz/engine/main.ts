// `npm run fuzz -- engine`: random programs, data and inputs; our decisions against those of a real OPA
// (as a library where Go and its module are, else as a server: `OPA=/path/to/opa`).
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Checked } from "#analysis/rego/checked.ts";
import { random } from "../random.ts";
import { startLibrary } from "./library-oracle.ts";
import { type Oracle, startOracle } from "./oracle.ts";
import { accepted, evaluateOurs } from "./ours.ts";
import { type FuzzProgram, program } from "./program.ts";
import type { Answer, Answers, Question } from "./questions.ts";
import { shrink } from "./shrink.ts";

export interface EngineRun {
  readonly programs: number;
  readonly seed: number;
  /** Where programs with different answers are written; nowhere unless given. */
  readonly out: string | undefined;
}

/** How many programs between two lines of progress. */
const stretch = 500;
/** How often another program is drawn for one that would be refused; some are kept, for OPA must refuse them too. */
const redraws = 4;

/** The process's exit code: 0 when every answer was the same. */
export async function fuzzEngine({ programs, seed, out }: EngineRun): Promise<number> {
  const tally = { equal: 0, defined: 0, refused: 0, different: 0 };
  const oracle = startLibrary() ?? startOracle();
  const started = performance.now();
  try {
    for (let at = 0; at < programs; at++) {
      const { one, checked } = draw(seed + at);
      const asked = oracle.ask(one);
      const ours = await evaluateOurs(one, checked, seed + at);
      const theirs = await asked;
      const wrong = [...ours.keys()].find((question) => !same(ours.get(question), theirs.get(question)));
      if (wrong !== undefined) {
        tally.different++;
        report(one, wrong, ours.get(wrong), theirs.get(wrong), out);
        if (out !== undefined)
          await writeSmall(one, wrong, seed + at, { ours: ours.get(wrong), theirs: theirs.get(wrong) }, oracle, out);
      } else if (checked === undefined) tally.refused++;
      else {
        tally.equal++;
        if ([...ours.values()].some(({ kind }) => kind === "value")) tally.defined++;
      }
      if ((at + 1) % stretch === 0 || at + 1 === programs) {
        const rate = Math.round((at + 1) / ((performance.now() - started) / 1000));
        const { equal, defined, refused, different } = tally;
        const counts = `${equal} equal (${defined} with values), ${refused} refused by both, ${different} different`;
        console.log(`${at + 1}: ${counts}, ${rate} a second`);
      }
    }
  } finally {
    oracle.close();
  }
  return tally.different === 0 ? 0 : 1;
}

function draw(seed: number): { readonly one: FuzzProgram; readonly checked: Checked | undefined } {
  const source = random(seed);
  for (let left = redraws; ; left--) {
    const one = program(source, `f${seed}`);
    const checked = accepted(one);
    if (checked !== undefined || left === 0 || source.below(4) === 0) return { one, checked };
  }
}

const limits: ReadonlySet<string> = new Set(["rw_limit_error", "eval_cancel_error"]);

function same(ours: Answer | undefined, theirs: Answer | undefined): boolean {
  if (ours === undefined || theirs === undefined) return false;
  // OPA's safety check lets some bodies pass that need a variable before it is bound; a builtin that is given one breaks.
  if (theirs.kind === "error" && theirs.message.includes("that requires evaluation")) return true;
  if (ours.kind !== theirs.kind) return false;
  if (ours.kind === "value" && theirs.kind === "value") return ours.text === theirs.text;
  if (ours.kind !== "error" || theirs.kind !== "error") return true;
  // What is endless ends OPA's process, by itself or by us; here it is an error like others.
  return ours.code === theirs.code || (theirs.code === "crash" && limits.has(ours.code));
}

function report(
  one: FuzzProgram,
  { path, input }: Question,
  ours: Answer | undefined,
  theirs: Answer | undefined,
  out: string | undefined,
): void {
  console.error(`${path}: ours ${show(ours, theirs)}, OPA ${show(theirs, ours)}`);
  if (out === undefined) return;
  write(one, input, join(out, one.package));
}

function write(one: FuzzProgram, input: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [at, text] of one.dealt.entries()) writeFileSync(join(folder, `policy${at}.rego`), text);
  writeFileSync(join(folder, "data.json"), `{${JSON.stringify(one.package)}:${one.data}}`);
  writeFileSync(join(folder, "input.json"), input);
}

interface Difference {
  readonly ours: Answer | undefined;
  readonly theirs: Answer | undefined;
}

/** Writes the smallest program found that has the difference. */
async function writeSmall(
  one: FuzzProgram,
  { path, input }: Question,
  seed: number,
  difference: Difference,
  oracle: Oracle,
  out: string,
): Promise<void> {
  const question: Question = { path, input };
  const small = await shrink(one, async (trial) => {
    const checked = accepted(trial);
    if (checked === undefined && difference.ours?.kind !== "refused") return false;
    const asked = { ...trial, inputs: [input], rules: [path.slice(one.package.length + 1)].filter(Boolean) };
    const ours = at(await evaluateOurs(asked, checked, seed), question);
    if (outline(ours) !== outline(difference.ours)) return false;
    const theirs = at(await oracle.ask(asked), question);
    return outline(theirs) === outline(difference.theirs) && !same(ours, theirs);
  });
  write(small, input, join(out, one.package, "small"));
}

function at(answers: Answers, { path }: Question): Answer | undefined {
  return [...answers].find(([question]) => question.path === path)?.[1];
}

function outline(answer: Answer | undefined): string {
  return answer?.kind === "error" ? answer.code : (answer?.kind ?? "");
}

/** The part of a value where the other one differs, or the fault. */
function show(answer: Answer | undefined, other: Answer | undefined): string {
  if (answer === undefined) return "nothing";
  if (answer.kind === "undefined") return "undefined";
  if (answer.kind === "error") return `error ${answer.code}: ${answer.message.slice(0, 300)}`;
  if (answer.kind === "refused") return `refused ${answer.message.slice(0, 200)}`;
  if (other?.kind !== "value") return "a value";
  let at = 0;
  while (answer.text[at] === other.text[at]) at++;
  return `…${answer.text.slice(Math.max(0, at - 60), at + 60)}…`;
}
