// Random bodies and their literals.
import type { Kind } from "./scope.ts";

import { KEYS, scalar } from "./values.ts";
import { Withs } from "./withs.ts";

export function braced(literals: readonly string[]): string {
  return `{\n${literals.map((literal) => `\t${literal.replaceAll("\n", "\n\t")}`).join("\n")}\n}`;
}

export class Literals extends Withs {
  protected body(depth = 2): string {
    const literals = this.many(1, 3, () => this.literal(depth));
    return braced(literals);
  }

  protected literal(depth: number): string {
    switch (this.random.below(depth > 0 ? 31 + 3 * this.above.length : 8)) {
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
      case 10:
        return this.quantified(depth);
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
        return this.walking();
      case 22:
      case 23:
        return this.shuffled();
      case 24:
        return this.lookup();
      case 25:
        return this.matching(depth);
      case 26:
        return `not {\n\t${this.scoped(() => this.quantified(depth - 1))}\n}`;
      case 27: {
        const value = `${this.untyped(this.ref("any"))}${this.withs()}`;
        return `${this.variable("any")} := ${value}`;
      }
      case 28:
        return this.anywhere();
      case 29:
      case 30:
        return this.comparison(depth);
      default:
        return this.throughPackages();
    }
  }

  /** A ref that goes through packages, their rules and the data between them, by keys that are known or not. */
  private throughPackages(): string {
    const free: string[] = [];
    const key = (): string => {
      switch (this.random.below(8)) {
        case 0:
          return `.${this.random.pick([...KEYS, "r0", "r1", "cfg"])}`;
        case 1:
          return `[${this.document()}]`;
        case 2:
          return this.variables.length > 0 ? `[${this.random.pick(this.variables).name}]` : "[_]";
        case 3:
          return "[_]";
        default: {
          const name = this.variable("any");
          free.push(name);
          return `[${name}]`;
        }
      }
    };
    const ref = `${this.random.pick(this.above)}${this.many(1, 4, key).join("")}`;
    const modified = this.chance(1, 5) ? this.withs() : "";
    const use = this.random.pick<() => string>([
      () => ref,
      () => `${this.variable("any")} := ${ref}`,
      () => `${ref} == ${this.document()}`,
      () => `${this.variable("any")} := ${ref}${modified}\nprint(${free.join(", ")})`,
      () => `u(${ref}) != ${this.document()}`,
      () => `${this.variable("any")} := [[${[...free, "v"].join(", ")}] | some v\nv = ${ref}]${modified}`,
    ])();
    return free.length === 0 || use.includes(" := [[") ? use : `some ${free.join(", ")}\n${use}`;
  }

  private quantified(depth: number): string {
    const domain = this.domain(depth - 1);
    return this.scoped(() => {
      const vars = this.chance(1, 2) ? this.variable("any") : `${this.variable("any")}, ${this.variable("any")}`;
      const used = vars.split(", ").map((name) => `\t${name} ${this.random.pick(["!=", "==", ">="])} ${this.document()}`);
      const rest = depth > 0 && this.chance(1, 4) ? `{\n\t${this.quantified(depth - 1)}\n}` : this.body(depth - 1);
      return `every ${vars} in ${domain} {\n${used.join("\n")}\n${rest.slice(2)}`;
    });
  }

  private walking(): string {
    const source = this.random.pick([this.ref("any"), this.document(), this.expr("object", 1)]);
    const value = (): string => this.variable("any");
    const pattern = this.random.pick<() => string>([
      () => `[${value()}, ${value()}]`,
      () => `[[${this.random.pick(KEYS.map((key) => JSON.stringify(key)))}, ${value()}], ${value()}]`,
      () => `[${value()}, ${scalar(this.random)}]`,
      () => `[${value()}, {"a": ${value()}}]`,
      () => value(),
    ])();
    return `walk(${source}, ${pattern})`;
  }

  /** Unifications in an order that a person would not write: OPA finds the one in which each variable is known. */
  private shuffled(): string {
    const known = [this.source(), this.source()];
    const [a, b, c, d] = [this.variable("any"), this.variable("any"), this.variable("any"), this.variable("any")];
    const lines = this.random.pick([
      [`[${a}, ${b}] = ${c}`, `${c} = ${known[0]}`, `${d} = {${a}: ${b}}`],
      [`${a} = [${b}, {"k": ${c}}]`, `${b} = ${known[0]}`, `${c} = ${known[1]}`, `${d} = ${a}[1]`],
      [`${a} = ${known[0]}[${b}]`, `${c} = ${b}`, `[${a}, ${d}] = [${d}, ${a}]`],
      [`{"x": ${a}, "y": [${b}]} = {"x": [${b}], "y": ${a}}`, `${b} = ${known[0]}`, `${c} = ${b}`, `${d} = ${a}`],
      [`${a} = u(${b})`, `${b} = ${known[0]}[_]`, `${c} = {${a}, ${b}}`, `${d} = ${known[1]}[${c}]`],
      [`[${a}, _, ${b}] = ${known[0]}`, `${c} = ${a}`, `${c} = ${b}`, `${d} = ${b}`],
    ]);
    for (let at = lines.length - 1; at > 0; at--) {
      const other = this.random.below(at + 1);
      [lines[at], lines[other]] = [lines[other] ?? "", lines[at] ?? ""];
    }
    return `some ${a}, ${b}, ${c}, ${d}\n${lines.join("\n")}`;
  }

  /** A comprehension that looks for what an outer variable holds: OPA builds an index of it. */
  private lookup(): string {
    const [of, from] = [this.domain(1), this.domain(1)];
    const key = this.variable("any");
    const [open, close] = this.random.pick([
      ["[", "]"],
      ["{", "}"],
    ]);
    const item = `x${this.fresh++}`;
    const value = this.random.pick([item, `${item}.b`, `[${item}, ${key}]`]);
    const equal = this.random.pick([
      `${item}.a == ${key}`,
      `${item} = {"a": ${key}}`,
      `${item} == ${key}`,
      `${key} = ${item}[0]`,
    ]);
    const [first, last] = this.chance(1, 2)
      ? [`some ${item} in ${from}`, equal]
      : [`some ${item}`, `${item} = ${from}[_]\n${equal}`];
    const found = this.variable(open === "[" ? "array" : "set");
    return `some ${key} in ${of}\n${found} := ${open}${value} | ${first}\n${last}${close}`;
  }

  /** Patterns in `some … in`. */
  private matching(depth: number): string {
    const domain = this.domain(depth);
    const value = (): string => this.variable("any");
    const pattern = this.random.pick<() => string>([
      () => `[${value()}, ${value()}]`,
      () => `{"a": ${value()}}`,
      () => `${value()}, ${scalar(this.random)}`,
      () => `${value()}, [${value()}]`,
      () => `${value()}, {"b": ${value()}, "a": ${value()}}`,
    ])();
    return `some ${pattern} in ${domain}`;
  }

  /** Refs with wildcards and free variables on the way. */
  private anywhere(): string {
    const source = this.random.pick([
      `${this.root()}.os[_]`,
      `${this.root()}.o[_]`,
      `${this.root()}.v[_][_]`,
      `u(${this.ref("any")})[_]`,
    ]);
    return this.chance(1, 2)
      ? `${source} == ${this.document()}`
      : `${this.variable("any")} := ${source}${this.random.pick(["", ".a", ".b[_]"])}`;
  }

  private operand(depth: number): string {
    return this.scoped(() => `{\n\t${this.comparison(1)}\n${this.body(depth - 1).slice(2)}`);
  }

  /** Asks a partial rule for a key that is free. */
  private partialKey(): string {
    const rules = this.rules.filter(({ kind, arity }) => arity === undefined && (kind === "object" || kind === "set"));
    if (rules.length === 0) return this.comparison(1);
    const { name } = this.random.pick(rules);
    if (this.chance(1, 2)) return this.keyInPart(name);
    const known = this.chance(1, 2) ? `[${this.document()}]` : "";
    const vars = [this.variable("any"), this.variable("any")];
    const ref = `${name}${this.random.pick([`${known}[${vars[0]}]`, `[${vars[0]}]${known}`])}`;
    return `some ${vars.join(", ")}\n${ref}${this.random.pick([` = ${vars[1]}`, `[${vars[1]}]`])}`;
  }

  /** A ref to rules with structured keys, of which it knows a part. */
  protected keyInPart(name: string): string {
    const vars = [this.variable("any"), this.variable("any"), this.variable("any")];
    const part = (): string => (this.chance(1, 2) ? this.random.pick(vars) : this.shapePart());
    const keys = this.many(1, 2, () => (this.chance(1, 6) ? this.shapePart() : this.shape(part(), part())));
    const ref = `${name}${keys.map((key) => `[${key}]`).join("")}`;
    const used = vars.filter((one) => ref.includes(one));
    const rest = vars.filter((one) => !used.includes(one)).map((one) => `${one} := 1`);
    const value = this.chance(1, 3) && rest.length > 0 ? `${rest[0]?.split(" ")[0]} := ${ref}` : ref;
    return `${used.length === 0 ? "" : `some ${used.join(", ")}\n`}${[value, ...rest.slice(value === ref ? 0 : 1)].join("\n")}`;
  }

  /** An array or an object of two parts. */
  protected shape(a: string, b: string): string {
    return this.random.pick([
      `[${a}, ${b}]`,
      `[${a}, ${b}]`,
      `{"a": ${a}, "b": ${b}}`,
      `[${a}, [${b}]]`,
      `[[${a}, 3], ${b}]`,
      `{"a": [${a}]}`,
    ]);
  }

  protected shapePart(): string {
    return this.random.pick(['"a"', '"b"', "3", "4", '["a", 3]', this.document()]);
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
      () => [`[[${variable()}, {"a": ${variable()}}], {"b": [${variable()}, ${known[0]}]}]`, this.source()],
      () => [`{"a": [${variable()}, {"b": ${variable()}}], "c": ${known[0]}}`, `{"c": ${variable()}, "a": ${this.source()}}`],
      () => [`[${this.key()}, ${variable()}]`, `[${variable()}, {${known[0]}: ${known[1]}}]`],
      () => [`{${known[0]}, ${known[1]}}`, variable()],
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
