// Random terms of a wanted kind: constants, references to what exists, operators, builtins, comprehensions, template strings.
import { CALLS } from "./calls.ts";
import { type Kind, Scope } from "./scope.ts";
import { KEYS, scalar, scalarIn } from "./values.ts";

export abstract class Terms extends Scope {
  /** A body in braces. */
  protected abstract body(depth?: number): string;

  /** The value without its type: what the checker says of literals would refuse most programs. */
  protected untyped(text: string): string {
    return this.chance(19, 20) ? `u(${text})` : text;
  }

  protected constant(kind: Kind): string {
    switch (kind) {
      case "number":
        return this.random.pick(["0", "1", "2.5", "-3", "1e3", "1e-7", "9007199254740993", "-0"]);
      case "string":
        return this.random.pick(['""', '"a"', '"b"', '"none"', "`a\\n`", '"é"', '"\\u0041"']);
      case "boolean":
        return this.random.pick(["true", "false"]);
      case "array":
        return this.random.pick(["[1, 2]", "[]", '["a", ["b"], {"a": 1}]']);
      case "set":
        return this.random.pick(['{1, "a"}', "{{1}, {1, 2}, set()}", "set()"]);
      case "object":
        return this.random.pick(['{"a": 1}', "{}", '{"a": {"b": [1]}, "b": 2}', '{[1]: 1, {2}: 2, null: 3, 1: "a"}']);
      case "any":
        return this.chance(1, 6) ? this.constant(this.random.pick<Kind>(["array", "set", "object"])) : scalar(this.random);
    }
  }

  /** A key of a head or an object. OPA finds rules by the spelling of a number: none that documents spell in two ways. */
  protected key(): string {
    return this.anyKey().replace(/^-?[012](\.0)?$/, "3");
  }

  private anyKey(): string {
    switch (this.random.below(10)) {
      case 0:
      case 1:
      case 2:
        return JSON.stringify(this.random.pick(KEYS));
      case 3:
        return `[${this.expr("any", 0)}, ${this.expr("any", 0)}]`;
      case 4:
        return this.random.pick([`{${this.expr("any", 0)}}`, `{"a": ${this.expr("any", 0)}}`]);
      default:
        return this.expr("any", 0);
    }
  }

  /** A reference to something that exists: a variable, a field, a base document, an earlier rule. */
  protected ref(kind: Kind): string {
    const vars = this.variables.filter((one) => one.kind === kind || one.kind === "any");
    if (vars.length > 0 && this.chance(1, 2)) return this.steps(this.random.pick(vars).name, kind);
    const rules = this.rules.filter((one) => one.arity === undefined && (kind === "any" || one.kind === kind));
    if (rules.length > 0 && this.chance(1, 2)) {
      const rule = this.random.pick(rules);
      const at = this.chance(1, 3) ? rule.path : rule.name;
      if (kind !== "any" || (rule.kind !== "object" && rule.kind !== "set") || this.chance(1, 4)) return at;
      const keys = this.many(1, 2, () => `[${this.chance(1, 3) ? `u(${this.key()})` : this.document()}]`);
      return keys.length === 1 || this.chance(1, 3) ? `${at}${keys.join("")}` : `u(${at}${keys[0]})${keys[1]}`;
    }
    // As a whole, also where `with` replaces something in it.
    if ((kind === "any" || kind === "object") && this.chance(1, 12))
      return `data.${this.package}.${this.random.pick(["cfg", "sub"])}`;
    const fields: Record<Kind, readonly string[]> = {
      any: ["v", "w", "o.a", "o", "os", "n", "s"],
      number: ["n", "m"],
      string: ["s", "t"],
      array: ["ns", "ss", "os"],
      set: ["ss"],
      object: ["o"],
      boolean: ["v"],
    };
    return this.steps(`${this.root()}.${this.random.pick(fields[kind])}`, kind);
  }

  protected root(): string {
    return this.random.pick(["input", "input", `data.${this.package}.cfg`]);
  }

  /** A field of a document: nothing is known of its type. */
  protected document(): string {
    return `${this.root()}.${this.random.pick(["v", "w", "o.a", "n", "s", "ns[1]", "ss[0]"])}`;
  }

  protected steps(ref: string, kind: Kind): string {
    if (kind !== "any" || this.chance(1, 2)) return ref;
    const known = /^(input|data\.\w+(\.lib)?\.cfg)\b/.test(ref);
    return `${known ? ref : this.untyped(ref)}${this.random.pick([".a", ".b", "[0]", "[1]", `["c"]`, this.bound()])}`;
  }

  private bound(): string {
    return this.variables.length === 0 ? ".d" : `[${this.random.pick(this.variables).name}]`;
  }

  protected expr(kind: Kind, depth: number): string {
    if (depth <= 0) return this.chance(1, 3) || kind === "set" ? this.constant(kind) : this.ref(kind);
    const calls = this.rules.filter((one) => one.arity !== undefined && (kind === "any" || one.kind === kind));
    if (calls.length > 0 && this.chance(1, 3)) {
      const { name, arity = 0 } = this.random.pick(calls);
      return `${name}(${Array.from({ length: arity }, () => this.untyped(this.expr("any", depth - 1))).join(", ")})`;
    }
    return this.chance(1, 2) ? this.call(kind, depth) : this.compound(kind, depth);
  }

  /** A call of a builtin. */
  private call(kind: Kind, depth: number): string {
    return this.random.pick(CALLS[kind]).replaceAll(/<([a-z|]+)>/g, (_, kinds: string) => {
      if (kinds === "key") return this.key();
      const term = this.expr(this.random.pick(kinds.split("|")) as Kind, depth - 1);
      return this.chance(9, 10) ? `u(${term})` : term;
    });
  }

  private compound(kind: Kind, depth: number): string {
    const below = (one: Kind): string => this.expr(one, depth - 1);
    const operand = (): string => this.untyped(below("number"));
    switch (kind) {
      case "number":
        return this.random.pick<() => string>([
          () => this.constant("number"),
          () => this.ref("number"),
          () => `(${operand()} ${this.random.pick(["+", "-", "*", "/"])} ${operand()})`,
          () => `(${operand()} % ${this.random.pick(["2", "3", this.ref("number")])})`,
          () => `count(${this.comprehension("[", "]", depth)})`,
        ])();
      case "string":
        return this.random.pick<() => string>([
          () => this.constant("string"),
          () => this.ref("string"),
          () => this.template(depth),
        ])();
      case "array":
        return this.random.pick<() => string>([
          () => this.ref("array"),
          () => `[${below("any")}, ${below("any")}]`,
          () => `[${below("number")}, ${below("string")}, ${below("any")}]`,
          () => this.comprehension("[", "]", depth),
          () => this.members(below("set")),
        ])();
      case "set":
        return this.random.pick<() => string>([
          () => `{${below("any")}, ${below("any")}}`,
          () => this.comprehension("{", "}", depth),
          () => `{${below("string")}}`,
          () => "set()",
          () => `{${below("set")}, [${below("set")}]}`,
          () => `{${below("set")}, ${below("set")}, {${below("any")}}}`,
        ])();
      case "object":
        return this.random.pick<() => string>([
          () => this.ref("object"),
          () => `{"a": ${below("any")}, "b": ${below("any")}}`,
          () => `{${this.key()}: ${below("any")}}`,
          () => `{${this.key()}: ${below("any")}, ${this.key()}: ${below("object")}}`,
          () => this.scoped(() => this.objectComprehension(depth)),
        ])();
      case "boolean":
        return this.random.pick<() => string>([
          () => this.constant("boolean"),
          () => `(${below("any")} in ${this.untyped(below(this.random.pick<Kind>(["array", "set", "object"])))})`,
          () => `(${below("any")}, ${below("any")} in ${this.untyped(below(this.random.pick<Kind>(["array", "object"])))})`,
          () => `(${this.untyped(below("number"))} ${this.random.pick(["==", "<", "!="])} ${below("number")})`,
        ])();
      case "any":
        return this.random.pick<() => string>([
          () => this.ref("any"),
          () => this.ref("any"),
          () => this.constant("any"),
          () => this.expr(this.random.pick<Kind>(["number", "string", "array", "set", "object", "boolean"]), depth - 1),
          () => this.expr(this.random.pick<Kind>(["number", "string", "array", "set", "object"]), depth),
          () => `u(${below("any")})${this.random.pick([".a", "[0]", `[${this.key()}]`])}`,
          () => this.dynamic(),
        ])();
    }
  }

  /** A package's document by a key that is known only in the evaluation; the own one would be recursion. */
  private dynamic(): string {
    const packages = new Set(this.rules.filter(({ foreign }) => foreign).map(({ path }) => path.replace(/\.\w+$/, "")));
    if (packages.size === 0) return this.ref("any");
    const at = this.random.pick([...packages]);
    return `${at}[${this.random.pick([this.document(), this.document(), '"r0"', '"cfg"', '"r1"'])}]${this.random.pick(["", `[${this.document()}]`, ".a"])}`;
  }

  /** The members of a set in the order in which they are gone through. */
  private members(set: string): string {
    return this.scoped(() => {
      const member = this.variable("any");
      return `[${member} | some ${member} in ${set}]`;
    });
  }

  private template(depth: number): string {
    const parts = this.many(1, 3, () =>
      this.chance(1, 3)
        ? this.comprehension("[", "]", depth)
        : this.chance(1, 2)
          ? this.ref("any")
          : this.expr(this.random.pick<Kind>(["any", "string", "set"]), depth - 1),
    );
    const text = parts.map((part) => `{${part}}`).join(scalarIn(this.random));
    // A raw template has no quotes of its own kind inside.
    return this.chance(1, 5) && !text.includes("`") ? `$\`${text}\`` : `$"<${text}>"`;
  }

  private objectComprehension(depth: number): string {
    const body = this.body(depth - 1);
    return `{${this.key()}: ${this.expr("any", 1)} | ${inline(body)}}`;
  }

  protected comprehension(open: string, close: string, depth: number): string {
    return this.scoped(() => {
      const body = this.body(depth - 1);
      return `${open}${this.expr("any", 1)} | ${inline(body)}${close}`;
    });
  }
}

/** A braced body as that of a comprehension. */
function inline(body: string): string {
  return body
    .slice(1, -1)
    .trim()
    .split("\n")
    .map((line) => line.trim())
    .join("\n");
}
