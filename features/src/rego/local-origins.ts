// Where the value of a local comes from: a path below `input` or `data`, with `*` for an element, or a type told from its text.
import type { Module, Term } from "#grammars/rego/ast.ts";
import { isRootName } from "#grammars/rego/nodes.ts";
import { findBuiltin } from "./builtin-docs.ts";
import { typeText } from "./faults/type-words.ts";
import type { Local, Names } from "./names.ts";
import { partsOf } from "./names.ts";
import { nodesAt } from "./tree.ts";

export interface Origin {
  /** `["input", "items", "*"]`: an element of `input.items`. */
  readonly path?: readonly string[];
  /** In words: `string`, `array`, … */
  readonly type?: string;
  /** What is assigned to it. */
  readonly value?: Term;
}

/** Locals that come from locals are followed this far. */
const deepest = 8;

/** Where a local's value comes from, as far as its declaration shows it. */
export function originOf(module: Module, names: Names, local: Local, depth = 0): Origin {
  if (depth > deepest) return {};
  const around = [...nodesAt(module, local.declaration.start)].reverse();
  for (const node of around) {
    if (node.kind === "some") {
      const [symbol] = node.symbols;
      if (symbol?.kind !== "call") return {};
      const collection = symbol.args.at(-1)!;
      const value = symbol.args.at(-2)!;
      return value.start !== local.declaration.start ? {} : element(collection, module, names, depth);
    }
    if (node.kind === "every") {
      if (node.value.start === local.declaration.start) return element(node.domain, module, names, depth);
    }
    if (node.kind === "call") {
      const [target, value] = node.args;
      const assigns = node.infix === ":=" || node.infix === "=";
      if (assigns && value !== undefined && target?.kind === "var" && target.start === local.declaration.start) {
        const path = pathOfTerm(value, module, names, depth);
        const type = typeOfTerm(value);
        return { value, ...(path === undefined ? {} : { path }), ...(type === undefined ? {} : { type }) };
      }
    }
  }
  return {};
}

/** An element of a collection, by its path, or by the type that all written elements have. */
function element(collection: Term, module: Module, names: Names, depth: number): Origin {
  if (collection.kind === "array" || collection.kind === "set") {
    const types = new Set(collection.items.map(typeOfTerm));
    const [type] = types;
    return types.size === 1 && type !== undefined ? { type } : {};
  }
  const path = pathOfTerm(collection, module, names, depth);
  return path === undefined ? {} : { path: [...path, "*"] };
}

/** The path that a term names; elements chosen by variables are `*`. */
export function pathOfTerm(term: Term, module: Module, names: Names, depth = 0): readonly string[] | undefined {
  if (term.kind !== "var" && term.kind !== "ref") return undefined;
  const [head, ...rest] = partsOf(term);
  if (head?.kind !== "var") return undefined;
  const start = pathOfName(head.name, head.start, module, names, depth);
  return start === undefined
    ? undefined
    : [...start, ...rest.map((part) => (part.kind === "string" ? part.value : part.kind === "number" ? part.text : "*"))];
}

/** The local that a name alone means at an offset: the one of the narrowest scope. */
export function localAt(name: string, offset: number, names: Names): Local | undefined {
  return names.locals
    .filter((one) => one.name === name && one.scope.start <= offset && offset <= one.scope.end)
    .sort((a, b) => a.scope.end - a.scope.start - (b.scope.end - b.scope.start))[0];
}

/** The path that a name alone stands for at an offset. */
export function pathOfName(name: string, offset: number, module: Module, names: Names, depth = 0): readonly string[] | undefined {
  if (isRootName(name)) return [name];
  const local = localAt(name, offset, names);
  if (local !== undefined) return originOf(module, names, local, depth + 1).path;
  if (names.ruleNames.has(name)) return [...names.package, name];
  return names.imports.find((item) => item.alias === name)?.path;
}

/** The type of a term, as far as its form shows it. */
export function typeOfTerm(term: Term): string | undefined {
  switch (term.kind) {
    case "string":
    case "number":
    case "boolean":
    case "null":
    case "array":
    case "set":
    case "object":
      return term.kind;
    case "templateString":
      return "string";
    case "arrayComprehension":
      return "array";
    case "setComprehension":
      return "set";
    case "objectComprehension":
      return "object";
    case "call": {
      const operator = partsOf(term.operator)
        .map((part) => (part.kind === "var" ? part.name : part.kind === "string" ? part.value : ""))
        .join(".");
      const result = findBuiltin(operator)?.result;
      return result === undefined ? undefined : typeText(result.type);
    }
    default:
      return undefined;
  }
}
