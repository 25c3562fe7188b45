// The schema that the samples of a project have, in every profile: the file it is written into, and the line of `rw.conf` that names it.
import type { Range } from "#grammars/rego/ast.ts";
import { matchesGlob } from "#grammars/text/glob.ts";
import { relative, resolve } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import { profiled, profiledName } from "#workspace/sample-questions.ts";
import { sampleValues } from "../input-shape.ts";
import { asSchema, type Schema } from "../json-schema.ts";
import { inferredSchema } from "./inferred-schema.ts";
import { merged, nothingSeen, type Seen, seenIn } from "./seen-values.ts";

export interface ProjectSchema {
  readonly file: string;
  /** The text that the file has now. */
  readonly before: string | undefined;
  readonly text: string;
  /** What names the file in `rw.conf`, where nothing does yet. */
  readonly config: { readonly file: string; readonly range: Range; readonly newText: string } | undefined;
  /** How many inputs it is made from. */
  readonly inputs: number;
}

const usualFile = "schemas/input.json";

export function projectSchema(project: Project): ProjectSchema | { readonly problem: string } {
  const { samples } = project.inputs;
  const inputs = samples.flatMap((sample) =>
    profiled(project, sample).map(({ profiles, json }) => ({
      name: profiledName(sample, profiles[0]),
      seen: seenIn(JSON.parse(json)),
    })),
  );
  if (inputs.length === 0) {
    const problem = samples.length === 0 ? "this project has no samples" : "no sample of this project can be resolved";
    return { problem };
  }
  const roots = Map.groupBy(inputs, ({ seen }) => [...seen.kinds.keys()][0]!);
  if (roots.size > 1) {
    const told = [...roots].map(([kind, some]) => `${kind} in ${some.map(({ name }) => name).join(", ")}`);
    return { problem: `the samples are not of one kind: ${told.join("; ")}` };
  }
  const named = namedFile(project);
  const file = resolve(project.root, named ?? usualFile);
  const before = project.find(file)?.text;
  const inferred = inferredSchema(inputs.map(({ seen }) => seen).reduce(merged, nothingSeen));
  const old = before === undefined ? undefined : parsed(before);
  const schema = old === undefined ? inferred : withWordsOf(old, inferred);
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  return { file, before, text, config: named === undefined ? configEdit(project) : undefined, inputs: inputs.length };
}

/** The file that settings or `rw.conf` name for the samples. */
function namedFile({ root, settings, config, inputs }: Project): string | undefined {
  const paths = inputs.samples.map(({ file }) => relative(root, file.path));
  const given = [settings.schemas ?? {}, config.schemas].flatMap((schemas) => Object.entries(schemas));
  return given.find(([glob]) => paths.some((path) => matchesGlob(path, glob)))?.[1];
}

function configEdit(project: Project): ProjectSchema["config"] {
  const file = resolve(project.configFolder, "rw.conf");
  const text = project.find(file)?.text ?? "";
  const paths = project.inputs.samples.map(({ file: sample }) => relative(project.root, sample.path));
  const globs = new Set(paths.map((path) => (path.includes("/") ? `${path.slice(0, path.indexOf("/"))}/**` : path)));
  const gap = text === "" || text.endsWith("\n") ? "" : "\n";
  const lines = [...globs].map((glob) => `schemas.${JSON.stringify(glob)} = ${usualFile}\n`);
  return { file, range: { start: text.length, end: text.length }, newText: gap + lines.join("") };
}

function parsed(text: string): Schema | undefined {
  try {
    return asSchema(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** What an author writes for readers, which no sample says. */
const words = ["$id", "title", "description", "$comment", "default", "examples"];

function withWordsOf(old: Schema, schema: Schema): Schema {
  const kept = words.flatMap((word) => (Object.hasOwn(old, word) ? [[word, old[word]] as const] : []));
  const inside = (keyword: "properties" | "items"): readonly (readonly [string, unknown])[] => {
    const [before, now] = [asSchema(old[keyword]), asSchema(schema[keyword])];
    if (before === undefined || now === undefined) return [];
    if (keyword === "items") return [[keyword, withWordsOf(before, now)]];
    const properties = Object.entries(now).map(([name, inner]) => {
      const [was, is] = [Object.hasOwn(before, name) ? asSchema(before[name]) : undefined, asSchema(inner)];
      return [name, was === undefined || is === undefined ? inner : withWordsOf(was, is)];
    });
    return [[keyword, Object.fromEntries(properties)]];
  };
  const { $schema, ...rest } = schema;
  return {
    ...($schema === undefined ? {} : { $schema: old["$schema"] ?? $schema }),
    ...Object.fromEntries(kept),
    ...rest,
    ...Object.fromEntries([...inside("properties"), ...inside("items")]),
  };
}

/** What was seen in one value: an edit of a sample leaves the values of the others as they are. */
const seenBefore = new WeakMap<object, Seen>();

/** The schema that the samples have as they are, where none is written down. */
export function schemaOfSamples(project: Project): Schema {
  return project.once("schemaOfSamples", () => {
    return schemaOfValues(sampleValues(project).map(({ value }) => value));
  });
}

export function schemaOfValues(values: readonly unknown[]): Schema {
  return inferredSchema(values.reduce((sum: Seen, value) => merged(sum, seenOnce(value)), nothingSeen));
}

function seenOnce(value: unknown): Seen {
  if (value === undefined) return nothingSeen;
  if (typeof value !== "object" || value === null) return seenIn(value);
  const seen = seenBefore.get(value) ?? seenIn(value);
  seenBefore.set(value, seen);
  return seen;
}
