// Random terms of a wanted kind: constants, references to what exists, operators, builtins, comprehensions, template strings.
import { type Kind, Scope } from "./scope.ts";
import { KEYS, scalar } from "./values.ts";

export abstract class Terms extends Scope {
  /** A body in braces. */
  protected abstract body(depth?: number): string;

  /** The value without its type: what the checker says of literals would refuse most programs. */
  protected untyped(text: string): string {
    return this.chance(9, 10) ? `u(${text})` : text;
  }

  protected constant(kind: Kind): string {
    switch (kind) {
      case "number":
        return this.random.pick(["0", "1", "2.5", "-3", "1e3"]);
      case "string":
        return JSON.stringify(this.random.pick(["", "a", "b", "none"]));
      case "boolean":
        return this.random.pick(["true", "false"]);
      case "array":
        return "[1, 2]";
      case "set":
        return `{1, "a"}`;
      case "object":
        return `{"a": 1}`;
      case "any":
        return scalar(this.random);
    }
  }

  protected key(): string {
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
      const at = this.chance(1, 3) ? `data.${this.package}.${rule.name}` : rule.name;
      if (kind !== "any" || (rule.kind !== "object" && rule.kind !== "set") || this.chance(1, 4)) return at;
      const keys = this.many(1, 2, () => `[${this.chance(1, 3) ? `u(${this.key()})` : this.document()}]`);
      return keys.length === 1 || this.chance(1, 3) ? `${at}${keys.join("")}` : `u(${at}${keys[0]})${keys[1]}`;
    }
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
      const rule = this.random.pick(calls);
      return `${rule.name}(${Array.from({ length: rule.arity! }, () => this.untyped(this.expr("any", depth - 1))).join(", ")})`;
    }
    return this.compound(kind, depth);
  }

  private compound(kind: Kind, depth: number): string {
    const below = (one: Kind): string => this.expr(one, depth - 1);
    switch (kind) {
      case "number":
        return this.random.pick<() => string>([
          () => this.constant("number"),
          () => this.ref("number"),
          () => `(${below("number")} ${this.random.pick(["+", "-", "*", "/"])} ${below("number")})`,
          () => `(${below("number")} % ${this.random.pick(["2", "3", this.ref("number")])})`,
          () => `count(${this.random.pick([below("array"), below("set"), below("object"), below("string")])})`,
          () =>
            `${this.random.pick(["sum", "product", "max", "min"])}(${this.random.pick(["input.ns", `data.${this.package}.cfg.ns`, "[1, 2.5]"])})`,
          () => `max(${below("array")})`,
          () => `${this.random.pick(["abs", "round", "ceil", "floor"])}(${below("number")})`,
          () => `to_number(${below("string")})`,
          () => `bits.and(${below("number")}, ${below("number")})`,
          () => `indexof(${below("string")}, ${this.random.pick(['"a"', '"b"', below("string")])})`,
        ])();
      case "string":
        return this.random.pick<() => string>([
          () => this.constant("string"),
          () => this.ref("string"),
          () =>
            `concat(${JSON.stringify(this.random.pick(["", "-"]))}, ${this.random.pick(["input.ss", `["x", ${below("string")}]`])})`,
          () => `sprintf("%v:%v", [${below("any")}, ${below("any")}])`,
          () => `${this.random.pick(["upper", "lower", "trim_space", "urlquery.encode", "base64.encode"])}(${below("string")})`,
          () => `replace(${below("string")}, "a", ${below("string")})`,
          () => `substring(${below("string")}, ${this.random.pick(["0", "1"])}, ${this.random.pick(["1", "-1"])})`,
          () => `trim(${below("string")}, ${this.random.pick(['"a"', '""', '"b."'])})`,
          () => `format_int(${below("number")}, ${this.random.pick(["2", "10", "16"])})`,
          () => `json.marshal(${below("any")})`,
          () => `type_name(${below("any")})`,
          () => `strings.reverse(${below("string")})`,
          () => `strings.replace_n({"a": "b", "b": ${below("string")}}, ${below("string")})`,
          () =>
            `sprintf("%5.1f|%-4d|%q|%x|%s", [${below("number")}, ${below("number")}, ${below("string")}, ${below("string")}, ${below("any")}])`,
          () => `regex.replace(${below("string")}, "[a-c]", ${below("string")})`,
          () => `yaml.marshal(${below("any")})`,
          () => `$"<{${this.ref("any")}} {${this.ref("any")}}>"`,
          () => `$"{${below("any")}}-{${this.comprehension("[", "]", depth)}}"`,
        ])();
      case "array":
        return this.random.pick<() => string>([
          () => this.ref("array"),
          () => `[${below("any")}, ${below("any")}]`,
          () => `[${below("number")}, ${below("string")}, ${below("any")}]`,
          () => this.comprehension("[", "]", depth),
          () => `array.concat(${below("array")}, ${below("array")})`,
          () => `array.slice(${below("array")}, ${this.random.pick(["0", "1"])}, ${this.random.pick(["1", "3"])})`,
          () => `split(${below("string")}, ${JSON.stringify(this.random.pick(["", "a", "."]))})`,
          () => `sort(${below(this.random.pick<Kind>(["array", "set"]))})`,
          () => `numbers.range(${this.random.pick(["0", "1", "3"])}, ${this.random.pick(["0", "2", "4"])})`,
          () => `[p | walk(${below("any")}, [p, _])]`,
        ])();
      case "set":
        return this.random.pick<() => string>([
          () => `{${below("any")}, ${below("any")}}`,
          () => this.comprehension("{", "}", depth),
          () => `(${below("set")} ${this.random.pick(["|", "&", "-"])} ${below("set")})`,
          () => `{${below("string")}}`,
          () => "set()",
          () => `object.keys(${below("object")})`,
          () => `union({${below("set")}, ${below("set")}})`,
          () => `intersection({${below("set")}, ${below("set")}})`,
          () => `{${below("set")}, [${below("set")}]}`,
          () => `graph.reachable({"a": ${below("array")}, "b": ["a"]}, {"a", ${below("string")}})`,
        ])();
      case "object":
        return this.random.pick<() => string>([
          () => this.ref("object"),
          () => `{"a": ${below("any")}, "b": ${below("any")}}`,
          () => `{${this.key()}: ${below("any")}}`,
          () => this.scoped(() => this.objectComprehension(depth)),
          () => `object.union(${below("object")}, ${below("object")})`,
          () => `object.remove(${below("object")}, ["a"])`,
          () => `object.filter(${below("object")}, {"a", "b"})`,
          () => `object.union_n([${below("object")}, ${below("object")}])`,
          () => `json.filter(${below("object")}, ["a/b", ${below("string")}])`,
          () => `json.remove(${below("object")}, ["a/b", "a/0"])`,
          () => `json.patch(${below("object")}, [{"op": "add", "path": "/a", "value": ${below("any")}}])`,
          () => `{k: v | some k, v in ${below("object")}}`,
        ])();
      case "boolean":
        return this.random.pick<() => string>([
          () => this.constant("boolean"),
          () => `startswith(${below("string")}, "a")`,
          () => `contains(${below("string")}, ${below("string")})`,
          () => `is_string(${below("any")})`,
          () => `regex.match("^[ab]+$", ${below("string")})`,
          () => `glob.match("a*", [], ${below("string")})`,
        ])();
      case "any":
        return this.random.pick<() => string>([
          () => this.ref("any"),
          () => this.ref("any"),
          () => scalar(this.random),
          () => this.expr(this.random.pick<Kind>(["number", "string", "array", "set", "object", "boolean"]), depth - 1),
          () => this.expr(this.random.pick<Kind>(["number", "string", "array", "set", "object"]), depth),
          () => `object.get(${below("object")}, ${this.key()}, ${scalar(this.random)})`,
          () => `(${this.untyped(below("number"))} ${this.random.pick(["==", "<", "!="])} ${below("number")})`,
          () => `u(${below("any")})${this.random.pick([".a", "[0]", `[${this.key()}]`])}`,
          () =>
            this.package.includes(".")
              ? this.ref("any")
              : `data.${this.package}.lib[${this.random.pick([this.document(), '"r0"', '"cfg"', '"r1"'])}]`,
        ])();
    }
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
