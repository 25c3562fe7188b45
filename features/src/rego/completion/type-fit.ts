// Which items fit the argument that is being typed: those of another type come later, and the only variable or rule of the right type is chosen.
import { typeToJson } from "#analysis/rego/types/print.ts";
import type { Head } from "#grammars/rego/ast.ts";
import type { CompletionItem } from "../../completion-item.ts";
import { inputValues } from "../../input-shape.ts";
import { findBuiltin } from "../builtin-docs.ts";
import { callAt } from "../calls.ts";
import type { TypeJson } from "../faults/type-words.ts";
import { localAt, originOf, typeOfTerm } from "../local-origins.ts";
import type { Context } from "./context.ts";

/** How much later items of another type come. */
const later = 4;

/** The items as the type of the argument has them; as they are where nothing is known of it. */
export function byType(context: Context, items: readonly CompletionItem[]): readonly CompletionItem[] {
  const wanted = wantedKinds(context);
  if (wanted === undefined) return items;
  const kinds = new Map(items.map((item) => [item, kindOf(context, item)] as const));
  const fitting = items.filter((item) => item.kind === "variable" && wanted.has(kinds.get(item) ?? ""));
  return items.map((item) => {
    const kind = kinds.get(item);
    if (kind !== undefined && !wanted.has(kind)) return { ...item, rank: item.rank + later };
    return fitting.length === 1 && fitting[0] === item ? { ...item, preselect: true } : item;
  });
}

/** The kinds of values that the argument around the cursor takes; undefined where it takes any. */
function wantedKinds({ project, file, offset }: Context): ReadonlySet<string> | undefined {
  const call = callAt(project.parsed(file), offset);
  const row = call?.direct === true ? findBuiltin(call.name) : undefined;
  const type = row?.args[call!.argument]?.type ?? row?.variadic;
  if (type === undefined) return undefined;
  const kinds = kindsOf(typeToJson(type) as TypeJson);
  return kinds.includes("any") ? undefined : new Set(kinds);
}

function kindsOf({ type = "any", of }: TypeJson): readonly string[] {
  return type === "any" && Array.isArray(of) && of.length > 0 ? (of as readonly TypeJson[]).flatMap(kindsOf) : [type];
}

/** The kind of an item's value, where it is known and the only one. */
function kindOf(context: Context, item: CompletionItem): string | undefined {
  switch (item.kind) {
    case "builtin": {
      const result = findBuiltin(item.label)?.result;
      const kinds = result === undefined ? [] : kindsOf(typeToJson(result.type) as TypeJson);
      return kinds.length === 1 && kinds[0] !== "any" ? kinds[0] : undefined;
    }
    case "constant":
      return item.label === "true" || item.label === "false" ? "boolean" : item.label === "null" ? "null" : undefined;
    case "function":
    case "variable":
      return item.rule === undefined ? kindOfLocal(context, item.label) : kindOfRule(context, item.rule);
    default:
      return undefined;
  }
}

/** What the heads of a rule show: the text around the cursor is torn, so the checker knows little of it. */
function kindOfRule({ names }: Context, path: string): string | undefined {
  const kinds = new Set(names.rule(path).map(({ rule: { head } }) => kindOfHead(head)));
  return kinds.size === 1 ? [...kinds][0] : undefined;
}

function kindOfHead({ contains, reference, value }: Head): string | undefined {
  if (contains) return "set";
  if (reference.kind === "ref" && reference.parts.slice(1).some(({ kind }) => kind !== "string")) return "object";
  return value === undefined ? "boolean" : kindOfWords(typeOfTerm(value));
}

function kindOfLocal(context: Context, name: string): string | undefined {
  const { project, around, offset } = context;
  const local = localAt(name, offset, around.names);
  if (local === undefined) return undefined;
  const { path, type } = originOf(around.parsed.module, around.names, local);
  if (path === undefined) return kindOfWords(type);
  if (path[0] !== "input") return kindOfRule(context, path.join("."));
  const [value] = inputValues(project, path.slice(1));
  return value === undefined ? undefined : kindOfJson(value.text);
}

/** `array of string` is an array, `{"name": string}` an object; `string or number` is neither alone. */
function kindOfWords(words: string | undefined): string | undefined {
  if (words === undefined || words.includes(" or ")) return undefined;
  if (words.startsWith("{")) return "object";
  if (words.startsWith("[")) return "array";
  const [kind] = words.split(" ");
  return kind === "any" || kind === "unknown" ? undefined : kind;
}

const kindOfJson = (text: string): string =>
  ({ '"': "string", "{": "object", "[": "array", t: "boolean", f: "boolean", n: "null" })[text[0]!] ?? "number";
