// Keys of values below a path: of a rule's object, by schemas, of samples and data files, used at other places in the code.
import type { Term } from "#grammars/rego/ast.ts";
import type { CompletionItem } from "../../completion-item.ts";
import { dataKeys, inputKeys, type ShapeKey } from "../../input-shape.ts";
import { propertiesAt } from "../../json-schema.ts";
import { below } from "../declared-schemas.ts";
import type { ProjectNames } from "../project-names.ts";
import { type Context, schemasOf } from "./context.ts";

/** Keys of values below a path: of a rule's object, of samples, of data files, of other places in the code. */
export function keysBelow(context: Context, path: readonly string[]): readonly CompletionItem[] {
  const { names, project } = context;
  const items: CompletionItem[] = [];
  for (const key of keysOfRule(names, path))
    items.push({ label: key, kind: "property", detail: "key of the rule's value", rank: 0 });
  items.push(...schemaItems(context, path));
  if (path[0] === "input")
    for (const key of inputKeys(project, path.slice(1))) items.push(shapeItem(key, project.inputs.samples.length));
  if (path[0] === "data") for (const key of dataKeys(project, path.slice(1))) items.push(shapeItem(key, undefined));
  for (const used of usedBelow(context, path)) items.push({ label: used, kind: "property", detail: "used elsewhere", rank: 3 });
  const seen = new Set<string>();
  return items.filter(({ label }) => !seen.has(label) && seen.add(label));
}

/** The properties that the schemas of METADATA and settings give a path. */
function schemaItems(context: Context, path: readonly string[]): readonly CompletionItem[] {
  if (path[0] !== "input" && path[0] !== "data") return [];
  return schemasOf(context).flatMap((declared) => {
    const rest = below(declared, path);
    return (rest === undefined ? [] : propertiesAt(declared.schema, rest)).map(({ name, type, description }) => ({
      label: name,
      kind: "property" as const,
      detail: `${type}, by the schema`,
      ...(description === "" ? {} : { documentation: description }),
      rank: 0,
    }));
  });
}

/** Keys of a rule whose value is written as an object. */
function keysOfRule(names: ProjectNames, path: readonly string[]): readonly string[] {
  const behind = names.ruleBehind(path);
  if (behind === undefined) return [];
  return keysOfObject(names.rule(behind)[0]?.rule.head.value, path.slice(behind.split(".").length));
}

/** The keys of an object as written, below some of its own keys. */
export function keysOfObject(term: Term | undefined, path: readonly string[]): readonly string[] {
  let value = term;
  for (const part of path) {
    if (value?.kind !== "object") return [];
    value = value.entries.find(({ key }) => key.kind === "string" && key.value === part)?.value;
  }
  return value?.kind === "object" ? value.entries.flatMap(({ key }) => (key.kind === "string" ? [key.value] : [])) : [];
}

function shapeItem(key: ShapeKey, samples: number | undefined): CompletionItem {
  const where = samples === undefined ? "data" : `in ${key.count} of ${samples} samples`;
  return {
    label: key.name,
    kind: "property",
    detail: `${key.type}, ${where}`,
    documentation: `Example: \`${key.example}\``,
    rank: 0,
  };
}

/** Names that other places of the project write behind the same path. */
function usedBelow({ project, names, offset, file, around }: Context, path: readonly string[]): readonly string[] {
  const found = new Set<string>();
  if (path[0] !== "input" && path[0] !== "data") return [];
  for (const policy of project.policies) {
    // The file's own text may be torn at the cursor: what was mended reads further.
    const { occurrences } = policy === file ? around.names : names.names(policy);
    for (const { meaning, range } of occurrences) {
      if (meaning.kind !== "place" || meaning.path.length !== path.length + 1) continue;
      if (policy === file && range.start <= offset && offset <= range.end) continue;
      if (path.every((part, at) => meaning.path[at] === part)) found.add(meaning.path.at(-1)!);
    }
  }
  return [...found];
}
