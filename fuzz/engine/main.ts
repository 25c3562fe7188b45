// `npm run fuzz -- engine`: random programs, data and inputs; our decisions against those of a real OPA
// (as a library where Go and its module are, else as a server: `OPA=/path/to/opa`).
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Checked } from "#analysis/rego/checked.ts";
import { random } from "../random.ts";
import { crossed } from "./crossed.ts";
import { startLibrary } from "./library-oracle.ts";
import { compareOptimised } from "./optimised.ts";
import { type Oracle, startOracle } from "./oracle.ts";
import { accepted, evaluateOurs } from "./ours.ts";
import { type FuzzProgram, program } from "./program.ts";
import type { Answer, Answers, Fault, Prints, Question } from "./questions.ts";
import { shrink } from "./shrink.ts";

export interface EngineRun {
  /** Programs bred from the kit's cases instead of written ones. */
  readonly crossed: boolean;
  /** Asks OPA twice: as the programs are, and as `build -O` makes them. */
  readonly optimised: boolean;
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
export async function fuzzEngine({ crossed: isCrossed, optimised, programs, seed, out }: EngineRun): Promise<number> {
  if (optimised) return await fuzzOptimised({ isCrossed, programs, seed });
  const tally = { equal: 0, defined: 0, refused: 0, different: 0 };
  const oracle = startLibrary() ?? startOracle();
  const started = performance.now();
  try {
    for (let at = 0; at < programs; at++) {
      const { one, checked } = draw(seed + at, isCrossed);
      const asked = oracle.ask(one);
      const ours = await evaluateOurs(one, checked, seed + at);
      const theirs = await asked;
      const wrong = [...ours.keys()].find((question) => !same(ours.get(question), theirs.get(question)));
      if (wrong !== undefined) {
        tally.different++;
        report(seed + at, one, wrong, { ours: ours.get(wrong), theirs: theirs.get(wrong) }, out);
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

interface OptimisedRun extends Pick<EngineRun, "programs" | "seed"> {
  readonly isCrossed: boolean;
}

/** The process's exit code: 0 when OPA decided every program as before. */
async function fuzzOptimised({ isCrossed, programs, seed }: OptimisedRun): Promise<number> {
  const tally = { equal: 0, changed: 0, different: 0 };
  const oracle = startLibrary() ?? startOracle();
  try {
    for (let at = 0; at < programs; at++) {
      const { one, checked } = draw(seed + at, isCrossed);
      const compared = checked === undefined ? undefined : await compareOptimised(one, checked, oracle, random(seed + at));
      if (compared?.isChanged) tally.changed++;
      if (compared?.wrong === undefined) tally.equal += compared === undefined ? 0 : 1;
      else {
        tally.different++;
        const { path, plain, optimised } = compared.wrong;
        console.error(`${seed + at}: ${path}: as written ${show(plain, optimised)}, optimised ${show(optimised, plain)}`);
      }
      if ((at + 1) % stretch === 0 || at + 1 === programs)
        console.log(`${at + 1}: ${tally.equal} equal, ${tally.changed} of all written anew, ${tally.different} different`);
    }
  } finally {
    oracle.close();
  }
  return tally.different === 0 ? 0 : 1;
}

function draw(seed: number, isCrossed: boolean): { readonly one: FuzzProgram; readonly checked: Checked | undefined } {
  const source = random(seed);
  for (let left = redraws; ; left--) {
    const one = isCrossed ? crossed(source) : program(source, `f${seed}`);
    const checked = accepted(one);
    if (checked !== undefined || left === 0 || source.below(4) === 0) return { one, checked };
  }
}

const limits: ReadonlySet<string> = new Set(["rw_limit_error", "eval_cancel_error"]);
const conflict = "eval_conflict_error";

function same(ours: Answer | undefined, theirs: Answer | undefined): boolean {
  if (ours === undefined || theirs === undefined) return false;
  // OPA's safety check lets some bodies pass that need a variable before it is bound; a builtin that is given one breaks.
  if (faultsOf(theirs).some(({ message }) => message.includes("requires evaluation"))) return true;
  if (ours.kind !== theirs.kind) return false;
  if (ours.kind === "error" && theirs.kind === "error") return sameEnd(ours, theirs) && samePrints(ours, theirs);
  if (ours.kind === "value" && theirs.kind === "value" && ours.text !== theirs.text) return false;
  if ("builtinErrors" in theirs && theirs.builtinErrors === undefined) return true;
  return sameComplaints(ours, theirs) && samePrints(ours, theirs);
}

/** Each as often and in the same order. */
function samePrints(ours: Answer, theirs: Answer): boolean {
  const [mine, others] = [printsOf(ours), printsOf(theirs)];
  return mine === undefined || others === undefined || mine.join("\n") === others.join("\n");
}

function printsOf(answer: Answer): Prints {
  return answer.kind === "refused" ? undefined : answer.prints;
}

function sameEnd(ours: Fault, theirs: Fault): boolean {
  // What is endless ends OPA's process, by itself or by us; here it is an error like others.
  if (theirs.code === "crash") return limits.has(ours.code);
  if (ours.code !== theirs.code || (ours.place !== theirs.place && theirs.place !== "")) return false;
  // A conflict that OPA meets in what goes on behind the first value is told for each of them.
  return ours.message === theirs.message || (ours.code === conflict && theirs.message.startsWith(`${ours.message}:\n`));
}

/** How often and in what order does not count: what OPA's caches have lost is evaluated anew. */
function sameComplaints(ours: Answer, theirs: Answer): boolean {
  const [mine, others] = [faultsOf(ours), faultsOf(theirs)];
  return (
    mine.every((fault) => others.some((other) => sameFault(fault, other))) &&
    others.every((other) => mine.some((fault) => sameFault(fault, other)))
  );
}

/** OPA has no place for calls in templates. */
function sameFault(ours: Fault, theirs: Fault): boolean {
  return ours.code === theirs.code && ours.message === theirs.message && (ours.place === theirs.place || theirs.place === "");
}

/** What ended the evaluation, or what builtins complained of. */
function faultsOf(answer: Answer): readonly Fault[] {
  switch (answer.kind) {
    case "error":
      return [{ code: answer.code, message: answer.message, place: answer.place }];
    case "refused":
      return [];
    case "value":
    case "undefined":
      return answer.builtinErrors ?? [];
  }
}

interface Difference {
  readonly ours: Answer | undefined;
  readonly theirs: Answer | undefined;
}

function report(
  seed: number,
  one: FuzzProgram,
  { path, input, strict }: Question,
  { ours, theirs }: Difference,
  out: string | undefined,
): void {
  console.error(`${seed}: ${path}${strict ? " (strict)" : ""}: ours ${show(ours, theirs)}, OPA ${show(theirs, ours)}`);
  if (out !== undefined) write(one, input, join(out, `${seed}`));
}

function write(one: FuzzProgram, input: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [at, text] of one.dealt.entries()) writeFileSync(join(folder, `policy${at}.rego`), text);
  writeFileSync(join(folder, "data.json"), one.data);
  writeFileSync(join(folder, "input.json"), input);
}

/** Writes the smallest program found that has the difference. */
async function writeSmall(
  one: FuzzProgram,
  question: Question,
  seed: number,
  difference: Difference,
  oracle: Oracle,
  out: string,
): Promise<void> {
  const { path, input } = question;
  const small = await shrink(one, async (trial) => {
    const checked = accepted(trial);
    if (checked === undefined && difference.ours?.kind !== "refused") return false;
    const asked = { ...trial, inputs: [input], rules: [path.slice(one.package.length + 1)].filter(Boolean) };
    const ours = at(await evaluateOurs(asked, checked, seed), question);
    if (outline(ours) !== outline(difference.ours)) return false;
    const theirs = at(await oracle.ask(asked), question);
    return outline(theirs) === outline(difference.theirs) && !same(ours, theirs);
  });
  write(small, input, join(out, `${seed}`, "small"));
}

function at(answers: Answers, { path, input, strict }: Question): Answer | undefined {
  return [...answers].find(([one]) => one.path === path && one.input === input && one.strict === strict)?.[1];
}

function outline(answer: Answer | undefined): string {
  return answer?.kind === "error" ? answer.code : (answer?.kind ?? "");
}

/** What differs: the part of a value, or the first fault that the other one has not. */
function show(answer: Answer | undefined, other: Answer | undefined): string {
  if (answer === undefined || other === undefined) return "nothing";
  if (answer.kind === "refused") return `refused ${answer.message.slice(0, 200)}`;
  if (answer.kind === "value" && other.kind === "value" && answer.text !== other.text) {
    let at = 0;
    while (answer.text[at] === other.text[at]) at++;
    return `…${answer.text.slice(Math.max(0, at - 60), at + 60)}…`;
  }
  if (answer.kind !== "error" && answer.kind !== other.kind) return answer.kind;
  const theirs = faultsOf(other).map((fault) => JSON.stringify(fault));
  const fault = faultsOf(answer).find((one) => !theirs.includes(JSON.stringify(one)));
  if (answer.kind === other.kind && !samePrints(answer, other)) {
    const [mine = [], others = []] = [printsOf(answer), printsOf(other)];
    const first = mine.findIndex((line, at) => line !== others[at]);
    return `prints ${mine.length}, ${mine[first]?.slice(0, 200) ?? "no more"}`;
  }
  return `${answer.kind}, ${fault === undefined ? "no fault" : `${fault.place} ${fault.code}: ${fault.message.slice(0, 300)}`}`;
}
