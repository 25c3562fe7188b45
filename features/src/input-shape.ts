// What the samples of a project hold below `input`, and the data files below `data`: keys for completion, values for hover.
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";

export interface SampleValue {
  readonly sample: string;
  /** The value on one line, shortened. */
  readonly text: string;
}

const shown = 60;

/** The value of every sample at a path. */
export function inputValues(project: Project, path: readonly string[]): readonly SampleValue[] {
  const found: SampleValue[] = [];
  for (const { name, value } of sampleValues(project)) {
    const [at] = valuesAt(value, path);
    if (at !== undefined) found.push({ sample: name, text: short(JSON.stringify(at)) });
  }
  return found;
}

export interface SeenScalar {
  /** The value as JSON. */
  readonly text: string;
  /** How many samples have it. */
  readonly count: number;
}

/** The strings, numbers and truth values that samples hold at a path, the most frequent first. */
export function inputScalars(project: Project, path: readonly string[]): readonly SeenScalar[] {
  const seen = new Map<string, number>();
  for (const { value } of sampleValues(project)) {
    const own = valuesAt(value, path).filter((at) => typeof at !== "object" && at !== undefined);
    for (const text of new Set(own.map((at) => JSON.stringify(at)))) seen.set(text, (seen.get(text) ?? 0) + 1);
  }
  return [...seen]
    .filter(([text]) => text.length <= shown)
    .map(([text, count]) => ({ text, count }))
    .sort((a, b) => b.count - a.count);
}

export interface ShapeKey {
  readonly name: string;
  /** `string`, `number`, … of the first value seen. */
  readonly type: string;
  readonly example: string;
  readonly count: number;
}

/** Keys that the samples have below a path. */
export function inputKeys(project: Project, path: readonly string[]): readonly ShapeKey[] {
  return keysOf(
    sampleValues(project).map(({ value }) => value),
    path,
  );
}

/** The value of the base document at a path on one line, shortened. */
export function dataValue(project: Project, path: readonly string[]): string | undefined {
  const [at] = valuesAt(project.data.tree, path);
  return at === undefined ? undefined : short(JSON.stringify(at));
}

/** Keys that the base document has below a path. */
export function dataKeys(project: Project, path: readonly string[]): readonly ShapeKey[] {
  return keysOf([project.data.tree], path);
}

/** The members of the largest collection at a path that begins with `input` or `data`. */
export function largestAt(project: Project, [root, ...path]: readonly string[]): number {
  const values = root === "data" ? [project.data.tree] : sampleValues(project).map(({ value }) => value);
  const held = values.flatMap((value) => valuesAt(value, path));
  return Math.max(0, ...held.map((at) => (typeof at === "object" && at !== null ? Object.keys(at).length : 0)));
}

/** The value of each sample with the JSON that it was read from: an edit elsewhere changes neither. */
const lastRead = new WeakMap<SourceFile, { readonly json: string; readonly value: unknown }>();

export interface SampleValues {
  readonly name: string;
  readonly value: unknown;
}

/** The value of each sample; the same object as before where an edit did not change it. */
export function sampleValues(project: Project): readonly SampleValues[] {
  return project.once("sampleValues", () => parsedSamples(project));
}

function parsedSamples(project: Project): readonly SampleValues[] {
  return project.inputs.samples.map((sample) => {
    const { name, file } = sample;
    const json = project.inputs.json(sample);
    if (json === undefined) return { name, value: undefined };
    const before = lastRead.get(file);
    if (before?.json === json) return { name, value: before.value };
    const value = parse(json);
    lastRead.set(file, { json, value });
    return { name, value };
  });
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** The values at a path; `*` stands for every element. */
function valuesAt(value: unknown, path: readonly string[]): readonly unknown[] {
  let held: readonly unknown[] = [value];
  for (const part of path) {
    held = held.flatMap((at) => {
      if (typeof at !== "object" || at === null) return [];
      if (part === "*") return Array.isArray(at) ? at : Object.values(at);
      const child = Array.isArray(at)
        ? at[Number(part)]
        : Object.hasOwn(at, part)
          ? (at as Record<string, unknown>)[part]
          : undefined;
      return child === undefined ? [] : [child];
    });
  }
  return held;
}

export function keysOf(values: readonly unknown[], path: readonly string[]): readonly ShapeKey[] {
  const keys = new Map<string, { type: string; example: string; count: number }>();
  for (const value of values) {
    const seen = new Set<string>();
    for (const at of valuesAt(value, path)) {
      if (typeof at !== "object" || at === null || Array.isArray(at)) continue;
      for (const [name, child] of Object.entries(at)) {
        if (seen.has(name)) continue;
        seen.add(name);
        const known = keys.get(name);
        if (known === undefined) keys.set(name, { type: typeName(child), example: short(JSON.stringify(child)), count: 1 });
        else known.count += 1;
      }
    }
  }
  return [...keys].map(([name, rest]) => ({ name, ...rest }));
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function short(text: string): string {
  return text.length > shown ? `${text.slice(0, shown - 1)}…` : text;
}
