// Keys of the input that no sample has, and that are nearly one that some have: `input.user.nmae`; and strings that nearly are one of the few that samples have there.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Range } from "#grammars/rego/ast.ts";
import type { Steps } from "#grammars/text/steps.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { closestNames } from "../edit-distance.ts";
import { keysOf, type SampleValues, sampleValues } from "../input-shape.ts";
import { schemaAt } from "../json-schema.ts";
import { nameFixes } from "../name-fixes.ts";
import { perRoot } from "../per-root.ts";
import { schemaOfValues } from "../schema/project-schema.ts";
import { Telling } from "../telling.ts";
import { namesOf } from "./project-names.ts";

/** Characters of all samples up to which they are looked at beside every edit. */
const mostSamples = 1_000_000;

/** Hints for the policies: samples show what there may be, not all of it. Tests bring their own input. */
export function* inputHints(project: Project): Steps<readonly Diagnostic[]> {
  const { samples } = project.inputs;
  if (samples.length === 0 || samples.reduce((sum, one) => sum + one.file.text.length, 0) > mostSamples) return [];
  const where = samples.length === 1 ? "not in the sample" : `in none of the ${samples.length} samples`;
  const names = namesOf(project);
  const found: Diagnostic[] = [];
  for (const { file, misses } of yield* missesOf(project).of(project.policies, sampleValues(project))) {
    for (const { range, key, path, value, near } of misses) {
      // Texts of strings and comments look the same.
      const meaning = names.occurrenceAt(file, key)?.meaning;
      if (meaning?.kind !== "place" || meaning.path.join(".") !== path) continue;
      const what = value === undefined ? `\`${path}\`` : `\`${value}\` as \`${path}\``;
      found.push({
        file: file.path,
        range,
        severity: "hint",
        code: "rw_input_path",
        message: `${what} is ${where}: did you mean \`${near[0]}\`?`,
        fixes: nameFixes(range, near),
      });
    }
  }
  return found;
}

interface NearMiss {
  readonly range: Range;
  /** Where the last key of the path stands. */
  readonly key: number;
  /** The string that is compared with what stands at the path, where it is the one that no sample has. */
  readonly value?: string;
  /** `input.user.nmae`. */
  readonly path: string;
  readonly near: readonly string[];
}

interface FileMisses {
  readonly file: SourceFile;
  readonly misses: readonly NearMiss[];
}

/** The near misses of policies: an edit leaves those of other policies as they are, while the samples have the same values. */
class Misses {
  #values: readonly unknown[] = [];
  #telling: Telling<SourceFile, FileMisses> | undefined;

  of(policies: readonly SourceFile[], samples: readonly SampleValues[]): Steps<readonly FileMisses[]> {
    const values = samples.map(({ value }) => value);
    const isSame = values.length === this.#values.length && values.every((value, at) => value === this.#values[at]);
    if (this.#telling === undefined || !isSame) this.#telling = new Telling(missesIn(values));
    this.#values = values;
    return this.#telling.of(policies);
  }
}

const missesOf = perRoot(() => new Misses());

/** What is written as a path of the input, up to the first key that no sample has, where that is nearly another one. */
function missesIn(values: readonly unknown[]): (file: SourceFile) => FileMisses | undefined {
  const keys = new Map<string, readonly string[]>();
  const keysBelow = (path: readonly string[]): readonly string[] => {
    const key = path.join(".");
    const known = keys.get(key) ?? keysOf(values, path).map(({ name }) => name);
    keys.set(key, known);
    return known;
  };
  const schema = schemaOfValues(values);
  const valuesAt = (path: readonly string[]): readonly string[] => {
    const { enum: all } = schemaAt(schema, path) ?? {};
    return Array.isArray(all) ? all.filter((one): one is string => typeof one === "string") : [];
  };
  return (file) => {
    if (file.unreadable !== undefined || file.path.endsWith("_test.rego")) return undefined;
    const misses: NearMiss[] = [];
    for (const match of file.text.matchAll(/(?<![\w.])input((?:\.[A-Za-z_]\w*)+)/gu)) {
      let start = match.index + "input".length;
      const above: string[] = [];
      for (const name of match[1]!.slice(1).split(".")) {
        const known = keysBelow(above);
        const near = known.includes(name) ? [] : closestNames(name, known);
        const range = { start: start + 1, end: start + 1 + name.length };
        if (near.length > 0) misses.push({ range, key: range.start, path: ["input", ...above, name].join("."), near });
        if (!known.includes(name)) break;
        above.push(name);
        start = range.end;
      }
    }
    misses.push(...valueMisses(file.text, valuesAt));
    return misses.length > 0 ? { file, misses } : undefined;
  };
}

/** Strings that are compared with a place of the input whose values are few, and that are nearly one of them. */
function valueMisses(text: string, valuesAt: (path: readonly string[]) => readonly string[]): readonly NearMiss[] {
  const compared = /(?<![\w.])(input(?:\.[A-Za-z_]\w*)+)(\s*[=!]=\s*)("(?:[^"\\\n])*")/gu;
  return [...text.matchAll(compared)].flatMap(({ 1: path = "", 2: between = "", 3: value = "", index }) => {
    const allowed = valuesAt(path.split(".").slice(1));
    const near = allowed.includes(value.slice(1, -1)) ? [] : closestNames(value.slice(1, -1), allowed);
    if (near.length === 0) return [];
    const start = index + path.length + between.length;
    const key = index + path.lastIndexOf(".") + 1;
    return [{ range: { start, end: start + value.length }, key, path, value, near: near.map((one) => JSON.stringify(one)) }];
  });
}
