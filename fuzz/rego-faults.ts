// What a reader is told of one missing token: one fault, on its line; of a missing closing bracket or quote, the place where it opened.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { faultsOf } from "#features/rego/faults/index.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import type { Token } from "#grammars/rego/tokens.ts";
import { random } from "./random.ts";

const folders = ["examples", "rms/policies"];
/** Of the deletions so many must give one error on the right line. */
const wanted = 0.9;
/** Examples of each kind. */
const shown = 400;
/** More are never told. */
const mostErrors = 3;

/** Deletes closers and other tokens of the policies of the project, or of a folder; prints what falls short by kind. */
export function measureFaults(folder: string | undefined, deletions: number, seed: number): number {
  const modules = (folder === undefined ? folders : [folder]).flatMap(policiesBelow);
  const closers = measureClosers(modules);
  const single = measureDeletions(modules, deletions, seed);
  return closers && single ? 0 : 1;
}

function parse(text: string, file = "faults.rego"): ParsedModule {
  return parseModule(text, { file, allStatements: true });
}

function policiesBelow(folder: string): readonly ParsedModule[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".rego"))
    .sort()
    .map((name) => parse(readFileSync(join(folder, name), "utf8"), join(folder, name)))
    .filter(({ diagnostics }) => diagnostics.length === 0);
}

/** Every closing bracket and quote is left out once. */
function measureClosers(modules: readonly ParsedModule[]): boolean {
  const lost = new Map<string, string[]>();
  let [tried, named] = [0, 0];
  for (const { file, text, tokens } of modules) {
    const all = pairs(tokens, text);
    for (const { close, kind } of all) {
      const faults = faultsOf(parse(text.slice(0, close) + text.slice(close + 1), file));
      if (faults.length === 0) continue;
      tried++;
      // Of `}}` nobody can tell which one is missing.
      const same = all.filter((other) => sameRun(text, other.close, close));
      if (same.some(({ open }) => names(faults[0]!, open))) named++;
      else lost.set(kind, [...(lost.get(kind) ?? []), `${file}:${lineOf(text, close)} ${faults[0]!.message}`]);
    }
  }
  print(lost);
  console.log(
    `closers: ${modules.length} files, ${tried} closing brackets and quotes, ${percent(named, tried)} named with the place where they opened`,
  );
  return named / Math.max(tried, 1) >= wanted;
}

/** True when the fault stands at the offset or points to it. */
function names(fault: Diagnostic, open: number): boolean {
  return fault.range.start === open || (fault.related ?? []).some(({ range }) => range.start === open);
}

/** True when nothing but closers of the same kind stands between two closers. */
function sameRun(text: string, one: number, other: number): boolean {
  const run = text.slice(Math.min(one, other), Math.max(one, other) + 1);
  return run.length < 50 && [...run].every((char) => char === text[one] || /\s/u.test(char));
}

interface Pair {
  readonly open: number;
  readonly close: number;
  readonly kind: string;
}

function pairs(tokens: readonly Token[], text: string): readonly Pair[] {
  const found: Pair[] = [];
  const open: number[] = [];
  for (const { image, startOffset, tokenType } of tokens) {
    const last = startOffset + image.length - 1;
    if (image === "(" || image === "[" || image === "{") open.push(startOffset);
    else if (image === ")" || image === "]" || image === "}")
      found.push({ open: open.pop() ?? 0, close: startOffset, kind: image });
    else if (/^["`]/.test(image) && image.length > 1 && text[last] === image[0])
      found.push({ open: startOffset, close: last, kind: tokenType.name });
  }
  return found;
}

/** Tokens chosen at random are left out one at a time. */
function measureDeletions(modules: readonly ParsedModule[], deletions: number, seed: number): boolean {
  const source = random(seed);
  const lost = new Map<string, string[]>();
  let [tried, right, most] = [0, 0, 0];
  for (let attempt = 0; tried < deletions && attempt < 10 * deletions; attempt++) {
    const { file, text, tokens } = source.pick(modules);
    const index = source.below(tokens.length);
    const { image, startOffset: start } = tokens[index]!;
    const faults = faultsOf(parse(text.slice(0, start) + text.slice(start + image.length), file));
    // What is left reads well: nothing is wrong with it.
    if (faults.length === 0) continue;
    tried++;
    most = Math.max(most, faults.length);
    if (faults.length === 1 && onRightLine(faults[0]!, text, tokens, index)) right++;
    else {
      const what = faults.length === 1 ? `line ${lineOf(text, faults[0]!.range.start)}` : `${faults.length} errors`;
      const kind = /^\w/u.test(image) ? tokens[index]!.tokenType.name : image.slice(0, 1);
      lost.set(kind, [...(lost.get(kind) ?? []), `${file}:${lineOf(text, start)} ${image}: ${what}, ${faults[0]!.message}`]);
    }
  }
  print(lost);
  console.log(`deletions: ${tried}, ${percent(right, tried)} one error on the right line, ${most} errors at most`);
  return right / Math.max(tried, 1) >= wanted && most <= mostErrors;
}

/** The line of the token or of its neighbours, or that of the bracket which it closed. */
function onRightLine(fault: Diagnostic, text: string, tokens: readonly Token[], index: number): boolean {
  const near = [tokens[index - 1], tokens[index], tokens[index + 1]].flatMap((one) =>
    one === undefined ? [] : [one.startOffset],
  );
  const pair = pairs(tokens, text).find(
    ({ close, open }) => close === tokens[index]!.startOffset || open === tokens[index]!.startOffset,
  );
  const lines = [...near, ...(pair === undefined ? [] : [pair.open, pair.close])].map((offset) => lineOf(text, offset));
  return lines.includes(lineOf(text, Math.min(fault.range.start, text.length)));
}

function print(lost: ReadonlyMap<string, readonly string[]>): void {
  for (const [kind, examples] of [...lost].sort((a, b) => b[1].length - a[1].length))
    console.log(
      `  ${examples.length}\t${kind}\n${examples
        .slice(0, shown)
        .map((one) => `\t\t${one}`)
        .join("\n")}`,
    );
}

function percent(part: number, all: number): string {
  return `${((part / Math.max(all, 1)) * 100).toFixed(1)} %`;
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
