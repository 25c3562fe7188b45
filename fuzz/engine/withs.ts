// Random `with` modifiers: on the input, base documents, rules, functions and builtins.
import { Terms } from "./terms.ts";
import { KEYS } from "./values.ts";

/** Builtins whose arguments are of the same types, and what takes the same and may stand for them. */
const MOCKS: readonly (readonly [readonly string[], readonly string[]])[] = [
  [
    ["json.marshal", "is_string", "type_name"],
    ["u", "is_set", '"m"', "7"],
  ],
  [
    ["upper", "trim_space", "base64.encode"],
    ["u", "lower", "count", "7"],
  ],
  [
    ["abs", "round", "floor"],
    ["u", "ceil", "type_name", "null"],
  ],
  [
    ["max", "min", "sort"],
    ["u", "count", "sort", '"m"', '[{"a": 1}]'],
  ],
  [
    ["startswith", "split", "trim"],
    ["contains", "two", "endswith", "[]", "false"],
  ],
  [
    ["object.union", "bits.and", "array.concat"],
    ["two", '{"a": 1}', "[1]"],
  ],
  [
    ["replace", "regex.replace"],
    ["three", "replace", "null"],
  ],
  [
    ["object.get", "substring", "array.slice"],
    ["three", '{"a": 1}', "null"],
  ],
];

export abstract class Withs extends Terms {
  /** What is replaced in a document that was itself put there is new: OPA changes a base document for good that came as a ref. */
  protected withs(): string {
    const first = this.one();
    const second = this.chance(1, 4) ? this.one() : "";
    const root = (text: string): string => / with (input|data)\b/.exec(text)?.[1] ?? text;
    return root(first) === root(second) ? first : first + second;
  }

  private one(): string {
    const functions = this.rules.filter(({ arity }) => arity !== undefined);
    const own = `data.${this.package}`;
    if (this.above.length > 0 && this.chance(1, 4)) return ` with ${this.inPackages()} as ${this.expr("object", 1)}`;
    switch (this.random.below(functions.length > 0 ? 15 : 12)) {
      case 0:
        return ` with input as ${this.expr("any", 1)}`;
      case 1:
      case 2:
        return ` with input.${this.random.pick(["n", "s", "ns", "o", "v", "o.a", "v.b", "q"])} as ${this.expr("any", 1)}`;
      case 3:
        return ` with ${own}.cfg.${this.random.pick(["n", "s", "ns", "o", "v", "o.a"])} as ${this.expr("any", 1)}`;
      case 4:
      case 5: {
        const rules = this.rules.filter(({ arity }) => arity === undefined);
        if (rules.length === 0) return ` with input.w as ${this.expr("any", 1)}`;
        return ` with ${this.random.pick(rules).path} as ${this.expr("any", 1)}`;
      }
      case 6:
        return ` with count as ${this.random.pick(["7", "sum", "u", this.document()])}`;
      case 7:
      case 8: {
        const [builtins, others] = this.random.pick(MOCKS);
        return ` with ${this.random.pick(builtins)} as ${this.random.pick([...others, this.document()])}`;
      }
      case 9:
        return ` with ${own}.cfg as ${this.expr("object", 1)}`;
      case 10:
        return ` with input.o as object.union(${this.expr("object", 1)}, {"z": 0}) with input.o.a as ${this.expr("any", 1)}`;
      case 11:
        return ` with ${this.random.pick([`${own}.sub`, `${own}.sub.a`, `${own}.base`, `${own}.lib`, `${own}.lib.base.a`])} as ${this.expr("object", 1)}`;
      default: {
        const first = this.random.pick(functions);
        const other = this.random.pick(functions.filter(({ arity }) => arity === first.arity));
        return ` with ${first.path} as ${this.chance(1, 2) ? other.path : this.expr("any", 1)}`;
      }
    }
  }
  /** A place among packages: one of them, a rule, a document between them, or nothing yet. */
  private inPackages(): string {
    const steps = this.many(0, 2, () => `.${this.random.pick([...KEYS, "r0", "r1", "cfg", "z"])}`);
    return `${this.random.pick(this.above)}${steps.join("")}`;
  }
}
