// The syntax tree of a module as an outline, one node a line, as `opa parse --format pretty` prints it.
import { formatted } from "#evaluation/template/format.ts";
import { printVar } from "#grammars/rego/print-terms.ts";
import { goQuote } from "#grammars/text/go-quote.ts";
import { inPortions } from "./portions.ts";

type Node = { readonly [key: string]: unknown };

const list = (value: unknown): readonly Node[] => (Array.isArray(value) ? (value as readonly Node[]) : []);

function pairs(value: unknown): readonly (readonly [Node, Node])[] {
  return Array.isArray(value) ? (value as readonly (readonly [Node, Node])[]) : [];
}

function each(value: unknown, visit: (node: Node) => void): void {
  for (const one of list(value)) visit(one);
}

/** Writes the outline of a tree in the shape of `opa parse --format json`. The lines, each as far in as it is deep, may be more than a text can hold. */
export function writeTreeOutline(tree: unknown, write: (text: string) => void): void {
  const { add, end } = inPortions(write);
  const line = (depth: number, text: string): void => add(`${" ".repeat(depth)}${text}\n`);
  const ref = (parts: unknown, depth: number): void => {
    line(depth, "ref");
    for (const part of list(parts)) term(part, depth + 1);
  };
  const body = (exprs: unknown, depth: number): void => {
    line(depth, "body");
    for (const one of list(exprs)) expr(one, depth + 1);
  };
  const term = ({ type, value }: Node, depth: number): void => {
    switch (type) {
      case "null":
        return line(depth, "null");
      case "string":
        // OPA prints it as a format without arguments.
        return line(depth, formatted(goQuote(String(value)), []));
      case "var":
        return line(depth, String(value).startsWith("$") ? "_" : String(value));
      case "number":
        return line(depth, String(value));
      case "boolean":
        return line(depth, JSON.stringify(value));
      case "ref":
        return ref(value, depth);
      case "templatestring":
        return line(depth, "templatestring");
      case "array":
      case "set":
      case "call":
        line(depth, type);
        return each(value, (item) => term(item, depth + 1));
      case "object": {
        line(depth, "object");
        // Of a key that stands there again OPA prints the last value at each.
        const last = new Map(pairs(value).map(([key, of]) => [JSON.stringify(key), of]));
        for (const [key] of pairs(value)) {
          term(key, depth + 1);
          term(last.get(JSON.stringify(key))!, depth + 1);
        }
        return;
      }
      default: {
        line(depth, String(type));
        const inner = value as Node;
        for (const part of [inner["key"], inner["value"], inner["term"]]) if (part) term(part as Node, depth + 1);
        body(inner["body"], depth + 1);
      }
    }
  };
  const terms = (value: Node, depth: number): void => {
    if (Array.isArray(value)) return each(value, (one) => term(one, depth));
    if ("symbols" in value) {
      line(depth, "somedecl");
      return each(value["symbols"], (one) => term(one, depth + 1));
    }
    if ("domain" in value) {
      line(depth, "every");
      for (const part of [value["key"], value["value"], value["domain"]]) if (part) term(part as Node, depth + 1);
      return body(value["body"], depth + 1);
    }
    if (value["type"] === "not" && "explicit_body" in value) {
      line(depth, "not");
      return body(value["body"], depth + 1);
    }
    if ("lhs" in value) {
      line(depth, `logical${String(value["type"])}`);
      body(value["lhs"], depth + 1);
      return body(value["rhs"], depth + 1);
    }
    term(value, depth);
  };
  const expr = (one: Node, depth: number): void => {
    line(depth, `expr ${one["negated"] ? "negated " : ""}index=${String(one["index"])}`);
    terms(one["terms"] as Node, depth + 1);
    for (const { target, value } of list(one["with"])) {
      line(depth + 1, "with");
      term(target as Node, depth + 2);
      term(value as Node, depth + 2);
    }
  };
  const rule = (one: Node, depth: number): void => {
    line(depth, "rule");
    const head = one["head"] as Node;
    line(depth + 1, "head");
    ref(head["ref"], depth + 2);
    if (head["args"]) line(depth + 2, "args");
    for (const arg of list(head["args"])) term(arg, depth + 3);
    if (head["value"]) term(head["value"] as Node, depth + 2);
    body(one["body"], depth + 1);
    if (one["else"]) rule(one["else"] as Node, depth + 1);
  };
  const module = tree as Node;
  line(0, "module");
  line(1, "package");
  ref((module["package"] as Node)["path"], 2);
  for (const { path, alias } of list(module["imports"])) {
    line(1, "import");
    term(path as Node, 2);
    line(2, typeof alias === "string" ? printVar(alias) : "");
  }
  for (const one of list(module["rules"])) rule(one, 1);
  each(module["annotations"], () => line(1, "annotations"));
  each(module["comments"], () => line(1, "comment"));
  end();
}
