// The tree of a module as Regal's linter hands it to rules written in Rego: OPA's tree with its places as short texts, without what nobody wrote.
import type { ParsedModule } from "#grammars/rego/parse.ts";
import { annotatedRules } from "./annotated-rules.ts";
import { annotationJson } from "./annotation-json.ts";
import { readAnnotations } from "./annotations.ts";
import { moduleToJson, type WrittenAnnotation } from "./ast-json.ts";
import { moduleUnit } from "./begin.ts";

type Json = Readonly<Record<string, unknown>>;

/** What a rule's input is: the tree, and the file that it is of. `name` is how reports write its path. */
export function regalInput(parsed: ParsedModule, name: string, absolutePath = name): Json {
  const file = { name, lines: parsed.text.split("\n"), abs: absolutePath, rego_version: parsed.module.version };
  return { ...roastOf(parsed), regal: { file, environment: { path_separator: "/" }, operations: ["lint"] } };
}

/** Package, imports, rules and comments. */
export function roastOf(parsed: ParsedModule): Json {
  const tree = moduleToJson(parsed, { comments: true, locations: true, annotations: blocksOf(parsed) }) as Json;
  const { package: home, annotations: blocks = [], imports, rules, comments } = tree;
  const { path, ...rest } = home as { readonly path: readonly Json[] };
  const ofPackage = (blocks as readonly Json[]).filter(({ scope }) => scope === "package" || scope === "subpackages");
  return {
    package: {
      ...compactFields(rest),
      path: path.map((part, at) => (at === 0 ? { type: "var", value: "data" } : compact(part))),
      ...(ofPackage.length === 0 ? {} : { annotations: ofPackage.map(annotation) }),
    },
    ...(imports === undefined ? {} : { imports: compact(imports) }),
    ...(rules === undefined ? {} : { rules: (rules as readonly Json[]).map(rule) }),
    ...(comments === undefined ? {} : { comments: (comments as readonly Json[]).map(({ Location }) => placeText(Location)) }),
  };
}

function blocksOf(parsed: ParsedModule): readonly WrittenAnnotation[] {
  if (!parsed.text.includes("METADATA")) return [];
  const unit = moduleUnit(parsed);
  const { all } = readAnnotations(unit);
  const rulesOf = annotatedRules(unit.rules, all);
  return all.map((one) => ({ json: annotationJson(one, true), range: one.range, rules: rulesOf.get(one) ?? [] }));
}

function rule(tree: Json): Json {
  const { annotations, body, else: branch, head, default: isDefault, location } = tree;
  return {
    ...(location === undefined ? {} : { location: placeText(location) }),
    ...(annotations === undefined ? {} : { annotations: (annotations as readonly Json[]).map(annotation) }),
    ...(isDefault === true ? { default: true } : {}),
    head: headOf(head as Json),
    ...(isDefault === true || isGenerated(body as readonly Json[]) ? {} : { body: compact(body) }),
    ...(branch === undefined ? {} : { else: rule(branch as Json) }),
  };
}

function isGenerated([first]: readonly Json[]): boolean {
  return first?.["generated"] === true;
}

/** A value where the head begins is the `true` that nobody wrote. */
function headOf({ name: _, value, location, ...rest }: Json): Json {
  const compacted = compactFields({ ...rest, location });
  if (value === undefined) return compacted;
  const at = (value as Json)["location"];
  const isUnwritten = at !== undefined && location !== undefined && startOf(at) === startOf(location);
  const { location: place, ...own } = compact(value) as Json;
  return { ...compacted, value: isUnwritten || place === undefined ? own : { location: place, ...own } };
}

/** Of refs their parts alone. */
function annotation({ location, compile: _compile, labels: _labels, schemas, ...rest }: Json): Json {
  const written = schemas as readonly Json[] | undefined;
  return {
    ...(location === undefined ? {} : { location: placeText(location) }),
    ...rest,
    ...(written === undefined ? {} : { schemas: written.map(schemaOf) }),
  };
}

function schemaOf({ path, schema, definition }: Json): Json {
  const values = (parts: unknown): unknown => (parts as readonly Json[]).map(({ value }) => value);
  return {
    path: values(path),
    ...(schema === undefined ? {} : { schema: values(schema) }),
    ...(definition === undefined ? {} : { definition }),
  };
}

function compact(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map(compact);
  return typeof tree === "object" && tree !== null ? compactFields(tree as Json) : tree;
}

const left: ReadonlySet<string> = new Set(["index", "alias_location"]);

function compactFields(tree: Json): Json {
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(tree)) {
    if (left.has(key) || value === undefined) continue;
    if (key === "location" && typeof value === "object") out[key] = placeText(value);
    else if (key === "value" && tree["type"] === "templatestring") out[key] = templateParts(value as Json);
    else if (key === "value" && tree["type"] === "number") out[key] = value;
    else if (key === "value" && tree["type"] === "null") out[key] = null;
    else if (key === "terms" && isCompound(value)) out[key] = { location: placeText(tree["location"]), ...compactFields(value) };
    else if ((key === "key" && value === null) || (key.startsWith("explicit_") && value === false)) continue;
    else out[key] = compact(value);
  }
  return out;
}

/** What `not`, `and` and `or` join has the place of its expression. */
function isCompound(terms: unknown): terms is Json {
  const { type, value } = terms as Json;
  return (type === "not" || type === "and" || type === "or") && value === undefined;
}

/** Holes that are expressions say so. */
function templateParts({ parts, multi_line: isMultiline }: Json): Json {
  const written = (parts ?? []) as readonly Json[];
  return {
    ...(isMultiline === true ? { multi_line: true } : {}),
    parts: written.map((part) => ({ ...compactFields(part), ...("terms" in part ? { interpolated: true } : {}) })),
  };
}

function startOf(place: unknown): string {
  const { row, col } = place as { readonly row: number; readonly col: number };
  return `${row}:${col}`;
}

/** `row:col:endRow:endCol`, as far as the text of the place goes; columns of the end count its bytes. */
function placeText(place: unknown): string {
  const { row, col, text = "" } = place as { readonly row: number; readonly col: number; readonly text?: string };
  const lines = atob(text).split("\n");
  const width = lines.at(-1)!.length;
  const [endRow, endCol] = lines.length === 1 ? [row, col + width] : [row + lines.length - 1, width + 1];
  return `${row}:${col}:${endRow}:${endCol}`;
}
