// regex.globs_match: whether some text fits two restricted patterns of characters, `.`, `[…]`, `+` and `*`.
import { type Family, failure, operand } from "./builtin.ts";

type Flag = "" | "+" | "*";

/** What one place of a text may be: ranges of code points, in order of their beginnings. `.` is undefined and fits everything. */
type Choice = readonly (readonly [number, number])[] | undefined;

interface Token {
  readonly choice: Choice;
  /** Tells equal tokens, which are merged when both repeat. */
  readonly kind: "character" | "dot" | "set";
  readonly flag: Flag;
}

type Pattern = readonly Token[];

export const globsMatch: Family = {
  "regex.globs_match": (args) => {
    const [left, right] = [operand(args, 1, "string"), operand(args, 2, "string")];
    const first = readPattern(left);
    const second = readPattern(right);
    const trimmed = trim(first, second);
    return trimmed !== undefined && new Intersection(trimmed).normal(0, 0, false);
  },
};

/** Reads a pattern; faults are worded as the library that OPA uses words them. */
function readPattern(text: string): Pattern {
  const runes = [...text];
  const tokens: Token[] = [];
  let at = 0;
  const fault = (position: number, message: string): never => {
    throw failure(`input:${text}, pos:${position}, ${message}: the input provided is invalid`);
  };
  const next = (): { readonly rune: string; readonly escaped: boolean } => {
    const rune = runes[at]!;
    if (rune !== "\\") {
      at++;
      return { rune, escaped: false };
    }
    if (at === runes.length - 1) fault(at, "input ends with a \\ (escape) character");
    at += 2;
    return { rune: runes[at - 1]!, escaped: true };
  };
  const readSet = (): Choice => {
    const ranges: [number, number][] = [];
    let previous: number | undefined;
    while (at < runes.length) {
      const { rune, escaped } = next();
      const code = rune.codePointAt(0)!;
      if (!escaped && rune === "]") return ranges.sort((a, b) => a[0] - b[0]);
      if (escaped || rune !== "-") {
        ranges.push([code, code]);
        previous = code;
        continue;
      }
      if (previous === undefined) fault(at, "range character '-' must be preceded by a Unicode character");
      if (at >= runes.length - 1) fault(at, "range character '-' must be followed by a Unicode character");
      const end = next();
      const last = end.rune.codePointAt(0)!;
      if (!end.escaped && (end.rune === "]" || end.rune === "-"))
        fault(at, "range character '-' cannot be followed by a special symbol");
      if (last < previous!) {
        const before = String.fromCodePoint(previous!);
        fault(at, `range is out of order: '${end.rune}' comes before '${before}' in Unicode`);
      }
      ranges.push([previous!, last]);
      previous = undefined;
    }
    return fault(at, "found [ without matching ]");
  };
  while (at < runes.length) {
    const { rune, escaped } = next();
    const code = rune.codePointAt(0)!;
    let choice: Choice = [[code, code]];
    let kind: Token["kind"] = "character";
    if (!escaped && rune === ".") [choice, kind] = [undefined, "dot"];
    else if (!escaped && rune === "]") fault(at, "set-close ']' with no preceding '['");
    else if (!escaped && (rune === "+" || rune === "*")) fault(at, `flag '${rune}' must be preceded by a non-flag`);
    else if (!escaped && rune === "[") [choice, kind] = [readSet(), "set"];
    let flag: Flag = "";
    if (runes[at] === "+" || runes[at] === "*") flag = runes[at++] as Flag;
    else if (runes[at] === "\\" && at === runes.length - 1) fault(at, "input ends with a \\ (escape) character");
    tokens.push({ choice, kind, flag });
  }
  return mergeRepeats(tokens);
}

function mergeRepeats(tokens: Pattern): Pattern {
  const merged: Token[] = [];
  for (const token of tokens) {
    const last = merged.at(-1);
    if (last !== undefined && last.flag !== "" && token.flag !== "" && isSame(last, token))
      merged[merged.length - 1] = { ...last, flag: last.flag === "+" || token.flag === "+" ? "+" : "*" };
    else merged.push(token);
  }
  return merged;
}

function isSame(a: Token, b: Token): boolean {
  return a.kind === b.kind && covers(a.choice, b.choice) && covers(b.choice, a.choice);
}

function covers(outer: Choice, inner: Choice): boolean {
  if (outer === undefined || inner === undefined) return outer === inner;
  return inner.every(([from, to]) => {
    let at = from;
    for (const [start, end] of outer) if (start <= at && at <= end) at = end + 1;
    return at > to;
  });
}

function meet(a: Token, b: Token): boolean {
  const [left, right] = [a.choice, b.choice];
  if (left === undefined || right === undefined) return true;
  return left.some(([from, to]) => right.some(([start, end]) => from <= end && start <= to));
}

/** Takes equal ends off; undefined when the ends alone cannot meet. */
function trim(first: Pattern, second: Pattern): readonly [Pattern, Pattern] | undefined {
  const plain = (a: Token | undefined, b: Token | undefined) => a?.flag === "" && b?.flag === "";
  let left = 0;
  for (; plain(first[left], second[left]); left++) if (!meet(first[left]!, second[left]!)) return undefined;
  left = Math.max(0, left - 1);
  let [a, b] = [first.length - 1, second.length - 1];
  for (; a >= left && b >= left && plain(first[a], second[b]); a--, b--) if (!meet(first[a]!, second[b]!)) return undefined;
  if (a < first.length - 1) [a, b] = [a + 1, b + 1];
  return [first.slice(left, a + 1), second.slice(left, b + 1)];
}

/** The search of the library step by step, with each pair of suffixes decided once so that it stays polynomial. */
class Intersection {
  private readonly patterns: readonly [Pattern, Pattern];
  private readonly known = new Map<string, boolean>();

  constructor(patterns: readonly [Pattern, Pattern]) {
    this.patterns = patterns;
  }

  /** Suffixes from `i` and `j`; `swapped`: `i` counts in the second pattern. */
  normal(i: number, j: number, swapped: boolean): boolean {
    return this.once(`n${i},${j},${swapped}`, () => {
      const [one, two] = this.sides(swapped);
      let [a, b] = [i, j];
      for (; a < one.length && b < two.length; a++, b++) {
        const [left, right] = [one[a]!, two[b]!];
        if (left.flag !== "") return this.repeated(a, b, swapped);
        if (right.flag !== "") return this.repeated(b, a, !swapped);
        if (!meet(left, right)) return false;
      }
      return a === one.length && b === two.length;
    });
  }

  private sides(swapped: boolean): readonly [Pattern, Pattern] {
    const [first, second] = this.patterns;
    return swapped ? [second, first] : [first, second];
  }

  private once(key: string, decide: () => boolean): boolean {
    let answer = this.known.get(key);
    if (answer === undefined) {
      answer = decide();
      this.known.set(key, answer);
    }
    return answer;
  }

  private repeated(i: number, j: number, swapped: boolean): boolean {
    const [one, two] = this.sides(swapped);
    if (one[i]!.flag === "*") return this.star(i, j, swapped);
    if (!meet(one[i]!, two[j]!)) return false;
    return this.star(i, j + 1, swapped) || (two[j]!.flag !== "" && this.normal(i + 1, j, swapped));
  }

  private star(i: number, j: number, swapped: boolean): boolean {
    return this.once(`s${i},${j},${swapped}`, () => {
      const [one, two] = this.sides(swapped);
      const next = one[i + 1];
      for (let at = j; at < two.length; at++) {
        if (next !== undefined && meet(two[at]!, next) && this.normal(i + 1, at, swapped)) return true;
        if (!meet(two[at]!, one[i]!)) return false;
      }
      return next === undefined;
    });
  }
}
