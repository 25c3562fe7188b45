// Random bodies and their literals.
import type { Kind } from "./scope.ts";
import { Terms } from "./terms.ts";
import { scalar } from "./values.ts";

export class Literals extends Terms {
  protected body(depth = 2): string {
    const literals = this.many(1, 3, () => this.literal(depth));
    return `{\n${literals.map((literal) => `\t${literal.replaceAll("\n", "\n\t")}`).join("\n")}\n}`;
  }

  private literal(depth: number): string {
    switch (this.random.below(depth > 0 ? 23 : 8)) {
      case 0:
      case 1: {
        const domain = this.domain(depth);
        return this.chance(1, 2)
          ? `some ${this.variable("any")} in ${domain}`
          : `some ${this.variable("any")}, ${this.variable("any")} in ${domain}`;
      }
      case 2:
      case 3: {
        const kind = this.random.pick<Kind>(["any", "number", "string"]);
        const value = this.untyped(this.expr(kind, depth));
        return `${this.variable(kind)} := ${value}`;
      }
      case 4:
      case 5:
        return this.comparison(depth);
      case 6: {
        const source = this.ref("any");
        const key = this.variable("any");
        return `some ${key}\n${this.variable("any")} := u(${source})[${key}]`;
      }
      case 7:
        return this.ref("any");
      case 8:
      case 9:
        return `not ${this.scoped(() => this.test(depth - 1))}`;
      case 10: {
        const domain = this.domain(depth - 1);
        return this.scoped(() => {
          const vars = this.chance(1, 2) ? this.variable("any") : `${this.variable("any")}, ${this.variable("any")}`;
          const used = vars.split(", ").map((name) => `\t${name} ${this.random.pick(["!=", "==", ">="])} ${this.document()}`);
          return `every ${vars} in ${domain} {\n${used.join("\n")}\n${this.body(depth - 1).slice(2)}`;
        });
      }
      case 11:
      case 12:
        return this.destructuring();
      case 13:
        return `${this.expr("any", 1)} in ${this.domain(depth - 1)}`;
      case 14:
        return `${this.test(depth - 1)}${this.withs()}`;
      case 15: {
        const value = this.expr("any", depth - 1) + this.withs();
        return `${this.variable("any")} := ${value}`;
      }
      case 16: {
        const domain = `${this.domain(depth - 1)}${this.withs()}`;
        return `some ${this.variable("any")} in ${domain}`;
      }
      case 17:
        return `print(${this.many(1, 2, () => this.expr("any", 1)).join(", ")})`;
      case 18:
        return `${this.operand(depth)} ${this.random.pick(["or", "and"])} ${this.operand(depth)}`;
      case 19:
        return `not ${this.scoped(() => this.body(depth - 1))}`;
      case 20:
        return this.partialKey();
      case 21:
        return `walk(${this.ref("any")}, [${this.variable("any")}, ${this.variable("any")}])`;
      default:
        return this.comparison(depth);
    }
  }

  private operand(depth: number): string {
    return this.scoped(() => `{\n\t${this.comparison(1)}\n${this.body(depth - 1).slice(2)}`);
  }

  /** Asks a partial rule for a key that is free. */
  private partialKey(): string {
    const rules = this.rules.filter(({ kind }) => kind === "object" || kind === "set");
    if (rules.length === 0) return this.comparison(1);
    const { name } = this.random.pick(rules);
    const known = this.chance(1, 2) ? `[${this.document()}]` : "";
    const vars = [this.variable("any"), this.variable("any")];
    const ref = `${name}${this.random.pick([`${known}[${vars[0]}]`, `[${vars[0]}]${known}`])}`;
    return `some ${vars.join(", ")}\n${ref}${this.random.pick([` = ${vars[1]}`, `[${vars[1]}]`])}`;
  }

  private destructuring(): string {
    const variable = (): string => this.variable("any");
    const known = [this.expr("any", 0), this.expr("any", 0)];
    const count = this.variables.length;
    const [pattern, value] = this.random.pick<() => readonly [string, string]>([
      () => [`[${variable()}, ${variable()}]`, this.source()],
      () => [`{"a": ${variable()}, "b": ${variable()}}`, this.source()],
      () => [`[${variable()}, [${variable()}, ${scalar(this.random)}]]`, this.source()],
      () => [`{"a": [${variable()}]}`, this.source()],
      () => [`{"a": ${variable()}, ${JSON.stringify(this.random.pick(["b", "c"]))}: {"a": ${variable()}}}`, this.source()],
      () => [`[${variable()}, ${known[0]}]`, `[${known[1]}, ${variable()}]`],
      () => [`{"a": ${variable()}, "b": ${known[0]}}`, `{"b": ${variable()}, "a": ${known[1]}}`],
      () => {
        const one = variable();
        return [`[${one}, ${one}]`, this.source()];
      },
    ])();
    const names = new Set(this.variables.slice(count).map((one) => one.name));
    return `some ${[...names].join(", ")}\n${pattern} = ${value}`;
  }

  private source(): string {
    const before = this.variables;
    this.variables = [];
    const text = this.chance(2, 3) ? this.ref("any") : this.document();
    this.variables = before;
    return this.untyped(text);
  }

  private test(depth: number): string {
    return this.chance(1, 3) ? this.ref("any") : this.comparison(depth);
  }

  protected comparison(depth: number): string {
    const kind = this.random.pick<Kind>(["any", "number", "string"]);
    const left = this.untyped(this.expr(kind, depth - 1));
    if (this.chance(1, 3)) return `${left} ${this.random.pick(["==", "="])} ${this.document()}`;
    return `${left} ${this.random.pick(["!=", "<", "<=", ">", ">="])} ${this.expr(kind, depth - 1)}`;
  }

  protected withs(): string {
    const one = (): string => {
      const functions = this.rules.filter(({ arity }) => arity === 1);
      switch (this.random.below(functions.length > 0 ? 11 : 9)) {
        case 0:
          return ` with input as ${this.expr("any", 1)}`;
        case 1:
        case 2:
          return ` with input.${this.random.pick(["n", "s", "ns", "o", "v", "o.a", "v.b"])} as ${this.expr("any", 1)}`;
        case 3:
          return ` with data.${this.package}.cfg.${this.random.pick(["n", "s", "ns", "o", "v"])} as ${this.expr("any", 1)}`;
        case 4: {
          const rules = this.rules.filter(({ arity }) => arity === undefined);
          if (rules.length === 0) return ` with input.w as ${this.expr("any", 1)}`;
          return ` with data.${this.package}.${this.random.pick(rules).name} as ${this.expr("any", 1)}`;
        }
        case 5:
          return ` with count as ${this.random.pick(["7", "sum", "u", this.document()])}`;
        case 6:
          return ` with ${this.random.pick(["upper", "type_name", "json.marshal", "is_string"])} as ${this.random.pick(['"m"', "lower", "u", this.document()])}`;
        case 7:
          return ` with data.${this.package}.cfg as ${this.expr("object", 1)}`;
        case 8:
          return ` with input.o as ${this.expr("object", 1)} with input.o.a as ${this.expr("any", 1)}`;
        default: {
          const first = this.random.pick(functions);
          const other = this.random.pick(functions);
          return ` with data.${this.package}.${first.name} as ${this.chance(1, 2) ? `data.${this.package}.${other.name}` : this.expr("any", 1)}`;
        }
      }
    };
    return one() + (this.chance(1, 4) ? one() : "");
  }

  private domain(depth: number): string {
    return this.untyped(this.collection(depth));
  }

  /** Something to go through: array, set or object, mostly. */
  private collection(depth: number): string {
    return this.random.pick<() => string>([
      () => this.ref("array"),
      () => this.ref("array"),
      () => this.ref("object"),
      () => this.ref("any"),
      () => this.expr("array", depth),
      () => this.expr("set", depth),
      () => this.expr("object", depth),
    ])();
  }
}
