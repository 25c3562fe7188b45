// Random programs: rules of every kind that refer to the ones before them, over `input`, base documents and each other.
import type { Random } from "../random.ts";
import { document, KEYS, object, scalar } from "./values.ts";

export interface FuzzProgram {
  readonly package: string;
  readonly text: string;
  /** The base document at the package's path, as JSON. */
  readonly data: string;
  readonly input: string;
}

type Kind = "any" | "number" | "string" | "array" | "set" | "object" | "boolean";

interface Rule {
  readonly name: string;
  readonly kind: Kind;
  /** Argument count; undefined for what is no function. */
  readonly arity?: number;
}

/** The program of a seed. Names, fields and kinds are drawn so that most programs pass OPA's checks and have defined results. */
export function program(random: Random, name: string): FuzzProgram {
  const writer = new Writer(random, name);
  return {
    package: name,
    text: writer.module(),
    data: `{"cfg":${document(random)},"sub":${object(random, 2)}}`,
    input: document(random),
  };
}

class Writer {
  readonly #random: Random;
  readonly #package: string;
  readonly #rules: Rule[] = [];
  #scope: { readonly name: string; readonly kind: Kind }[] = [];
  #fresh = 0;

  constructor(random: Random, name: string) {
    this.#random = random;
    this.#package = name;
  }

  module(): string {
    const parts = [`package ${this.#package}`];
    const count = 3 + this.#random.below(5);
    for (let at = 0; at < count; at++) parts.push(this.#rule(`r${at}`));
    return `${parts.join("\n\n")}\n`;
  }

  #chance(one: number, of: number): boolean {
    return this.#random.below(of) < one;
  }

  /** Runs `write` with variables of its own. */
  #scoped<T>(write: () => T): T {
    const before = [...this.#scope];
    const result = write();
    this.#scope = before;
    return result;
  }

  #variable(kind: Kind): string {
    const name = `x${this.#fresh++}`;
    this.#scope.push({ name, kind });
    return name;
  }

  // A rule of a random kind, known to later rules.
  #rule(name: string): string {
    this.#fresh = 0;
    this.#scope = [];
    switch (this.#random.below(13)) {
      case 0:
        return this.#done({ name, kind: "any" }, `${name} := ${this.#scoped(() => this.#expr("any", 2))}`);
      case 1:
      case 2: {
        const kind = this.#random.pick<Kind>(["number", "string", "any", "array"]);
        const heads = [`${name} := ${this.#headAndBody(kind)}`];
        if (this.#chance(1, 2)) heads[0] += this.#elses(kind);
        if (this.#chance(1, 2)) heads.unshift(`default ${name} := ${this.#constant(kind)}`);
        return this.#done({ name, kind }, heads.join("\n\n"));
      }
      case 3: {
        const one = (): string => this.#scoped(() => `if ${this.#body()}`);
        const heads = Array.from({ length: 1 + this.#random.below(3) }, () => `${name} ${one()}`);
        if (this.#chance(1, 2)) heads[0] += ` else ${one()} else ${one()}`;
        if (this.#chance(1, 2)) heads.unshift(`default ${name} := false`);
        return this.#done({ name, kind: "boolean" }, heads.join("\n\n"));
      }
      case 4:
      case 5: {
        const kind = this.#random.pick<Kind>(["number", "string", "any"]);
        const heads = Array.from({ length: 1 + this.#random.below(2) }, () =>
          this.#headed((body) => `${name} contains ${this.#expr(kind, 1)} if ${body}`),
        );
        return this.#done({ name, kind: "set" }, heads.join("\n\n"));
      }
      case 6:
      case 7: {
        const heads = Array.from({ length: 1 + this.#random.below(2) }, () =>
          this.#headed((body) => `${name}[${this.#key()}] := ${this.#expr("any", 1)} if ${body}`),
        );
        return this.#done({ name, kind: "object" }, heads.join("\n\n"));
      }
      case 8:
        return this.#general(name);
      case 9: {
        const key = this.#random.pick(KEYS);
        const heads = [this.#headed((body) => `${name}.${key} := ${this.#expr("any", 1)} if ${body}`)];
        const other = this.#random.pick(KEYS.filter((one) => one !== key));
        heads.push(this.#headed((body) => `${name}.${other} contains ${this.#expr("any", 1)} if ${body}`));
        return this.#done({ name, kind: "object" }, heads.join("\n\n"));
      }
      default:
        return this.#function(name);
    }
  }

  #done(rule: Rule, text: string): string {
    this.#rules.push(rule);
    return text;
  }

  #headed(write: (body: string) => string): string {
    return this.#scoped(() => {
      const body = this.#body();
      return write(body);
    });
  }

  #headAndBody(kind: Kind): string {
    return this.#headed((body) => `${this.#expr(kind, 1)} if ${body}`);
  }

  #elses(kind: Kind): string {
    return Array.from({ length: 1 + this.#random.below(2) }, () => ` else := ${this.#headAndBody(kind)}`).join("");
  }

  #general(name: string): string {
    const tail = (): string => this.#random.pick([".a", ".b", `[${this.#key()}]`, ""]);
    const heads = Array.from({ length: 1 + this.#random.below(3) }, () =>
      this.#headed((body) => {
        const ref = `${name}[${this.#key()}]${tail()}.${this.#random.pick(KEYS)}`;
        return this.#chance(1, 3)
          ? `${ref} contains ${this.#expr("any", 1)} if ${body}`
          : `${ref} := ${this.#expr("any", 1)} if ${body}`;
      }),
    );
    // No else here: there the interpreter goes by what its index leaves of the chain.
    if (this.#chance(1, 4))
      heads.push(this.#headed((body) => `${name}.${this.#random.pick(KEYS)}.c := ${this.#expr("number", 1)} if ${body}`));
    return this.#done({ name, kind: "object" }, heads.join("\n\n"));
  }

  #function(name: string): string {
    const arity = 1 + this.#random.below(2);
    const kind = this.#random.pick<Kind>(["number", "string", "any"]);
    const head = (): string =>
      this.#scoped(() => {
        this.#fresh = 0;
        const args = Array.from({ length: arity }, () => this.#pattern());
        const body = this.#body();
        return `${name}(${args.join(", ")}) := ${this.#expr(kind, 1)} if ${body}`;
      });
    const heads = [head() + (this.#chance(1, 2) ? this.#elsesOfNoArguments(kind) : "")];
    if (this.#chance(1, 4)) heads.push(head());
    if (this.#chance(1, 3))
      heads.unshift(`default ${name}(${Array.from({ length: arity }, () => "_").join(", ")}) := ${this.#constant(kind)}`);
    return this.#done({ name, kind, arity }, heads.join("\n\n"));
  }

  // The names of the arguments differ from head to head, so these use none.
  #elsesOfNoArguments(kind: Kind): string {
    const scope = this.#scope;
    this.#scope = [];
    const text = this.#elses(kind);
    this.#scope = scope;
    return text;
  }

  #pattern(): string {
    if (this.#chance(4, 6)) return this.#variable("any");
    return this.#random.pick([
      () => scalar(this.#random),
      () => `[${this.#variable("any")}, ${this.#variable("any")}]`,
      () => `{"a": ${this.#variable("any")}}`,
    ])();
  }

  #body(depth = 2): string {
    const literals = Array.from({ length: 1 + this.#random.below(3) }, () => this.#literal(depth));
    return `{\n${literals.map((literal) => `\t${literal.replaceAll("\n", "\n\t")}`).join("\n")}\n}`;
  }

  #literal(depth: number): string {
    switch (this.#random.below(depth > 0 ? 18 : 8)) {
      case 0:
      case 1: {
        const domain = this.#collection(depth);
        return this.#chance(1, 2)
          ? `some ${this.#variable("any")} in ${domain}`
          : `some ${this.#variable("any")}, ${this.#variable("any")} in ${domain}`;
      }
      case 2:
      case 3: {
        const kind = this.#random.pick<Kind>(["any", "number", "string"]);
        const value = this.#expr(kind, depth);
        return `${this.#variable(kind)} := ${value}`;
      }
      case 4:
      case 5:
        return this.#comparison(depth);
      case 6: {
        const source = this.#ref("any");
        const key = this.#variable("any");
        return `some ${key}\n${this.#variable("any")} := ${source}[${key}]`;
      }
      case 7:
        return this.#ref("any");
      case 8:
      case 9:
        return `not ${this.#scoped(() => this.#test(depth - 1))}`;
      case 10: {
        const domain = this.#collection(depth - 1);
        return this.#scoped(() => {
          const vars = this.#chance(1, 2) ? this.#variable("any") : `${this.#variable("any")}, ${this.#variable("any")}`;
          const used = vars.split(", ").map((name) => `\t${name} ${this.#random.pick(["!=", "==", ">="])} ${this.#document()}`);
          return `every ${vars} in ${domain} {\n${used.join("\n")}\n${this.#body(depth - 1).slice(2)}`;
        });
      }
      case 11:
        return this.#destructuring();
      case 12:
        return `${this.#expr("any", 1)} in ${this.#collection(depth - 1)}`;
      case 13:
      case 14:
        return `${this.#test(depth - 1)}${this.#withs()}`;
      case 15: {
        const value = this.#expr("any", depth - 1) + this.#withs();
        return `${this.#variable("any")} := ${value}`;
      }
      default:
        return this.#comparison(depth);
    }
  }

  #destructuring(): string {
    const value = this.#chance(2, 3) ? this.#ref("any") : this.#document();
    const pattern = this.#random.pick([
      () => `[${this.#variable("any")}, ${this.#variable("any")}]`,
      () => `{"a": ${this.#variable("any")}, "b": ${this.#variable("any")}}`,
      () => `[${this.#variable("any")}, [${this.#variable("any")}, ${scalar(this.#random)}]]`,
      () => `{"a": [${this.#variable("any")}]}`,
    ]);
    const count = this.#scope.length;
    const text = pattern();
    const names = this.#scope.slice(count).map((one) => one.name);
    return `some ${names.join(", ")}\n${text} = ${value}`;
  }

  #test(depth: number): string {
    return this.#chance(1, 3) ? this.#ref("any") : this.#comparison(depth);
  }

  #comparison(depth: number): string {
    const kind = this.#random.pick<Kind>(["any", "number", "string"]);
    if (this.#chance(1, 3)) return `${this.#expr(kind, depth - 1)} ${this.#random.pick(["==", "="])} ${this.#document()}`;
    return `${this.#expr(kind, depth - 1)} ${this.#random.pick(["!=", "<", "<=", ">", ">="])} ${this.#expr(kind, depth - 1)}`;
  }

  #withs(): string {
    const one = (): string => {
      const functions = this.#rules.filter(({ arity }) => arity === 1);
      switch (this.#random.below(functions.length > 0 ? 8 : 6)) {
        case 0:
          return ` with input as ${this.#expr("any", 1)}`;
        case 1:
        case 2:
          return ` with input.${this.#random.pick(["n", "s", "ns", "o", "v", "o.a", "v.b"])} as ${this.#expr("any", 1)}`;
        case 3:
          return ` with data.${this.#package}.cfg.${this.#random.pick(["n", "s", "ns", "o", "v"])} as ${this.#expr("any", 1)}`;
        case 4: {
          const rules = this.#rules.filter(({ arity }) => arity === undefined);
          if (rules.length === 0) return ` with input.w as ${this.#expr("any", 1)}`;
          return ` with data.${this.#package}.${this.#random.pick(rules).name} as ${this.#expr("any", 1)}`;
        }
        case 5:
          return ` with count as ${this.#random.pick(["7", "mock_count", this.#expr("any", 0)])}`.replace("mock_count", "sum");
        default: {
          const [first] = [this.#random.pick(functions)];
          const other = this.#random.pick(functions);
          return ` with data.${this.#package}.${first.name} as ${this.#chance(1, 2) ? `data.${this.#package}.${other.name}` : this.#expr("any", 1)}`;
        }
      }
    };
    return one() + (this.#chance(1, 4) ? one() : "");
  }

  /** Something to go through: array, set or object, mostly. */
  #collection(depth: number): string {
    return this.#random.pick<() => string>([
      () => this.#ref("array"),
      () => this.#ref("array"),
      () => this.#ref("object"),
      () => this.#ref("any"),
      () => this.#expr("array", depth),
      () => this.#expr("set", depth),
      () => this.#expr("object", depth),
    ])();
  }

  #constant(kind: Kind): string {
    switch (kind) {
      case "number":
        return this.#random.pick(["0", "1", "2.5", "-3", "1e3"]);
      case "string":
        return JSON.stringify(this.#random.pick(["", "a", "b", "none"]));
      case "boolean":
        return this.#random.pick(["true", "false"]);
      case "array":
        return "[1, 2]";
      case "set":
        return `{1, "a"}`;
      case "object":
        return `{"a": 1}`;
      case "any":
        return scalar(this.#random);
    }
  }

  #key(): string {
    return this.#chance(1, 4) ? JSON.stringify(this.#random.pick(KEYS)) : this.#expr("any", 0);
  }

  /** A reference to something that exists: a variable, a field, a base document, an earlier rule. */
  #ref(kind: Kind): string {
    const vars = this.#scope.filter((one) => one.kind === kind || one.kind === "any");
    if (vars.length > 0 && this.#chance(1, 2)) return this.#steps(this.#random.pick(vars).name, kind);
    const rules = this.#rules.filter((one) => one.arity === undefined && (kind === "any" || one.kind === kind));
    if (rules.length > 0 && this.#chance(1, 2)) {
      const rule = this.#random.pick(rules);
      const at = this.#chance(1, 3) ? `data.${this.#package}.${rule.name}` : rule.name;
      return kind === "any" && rule.kind === "object" && this.#chance(1, 2) ? `${at}[${this.#document()}]` : at;
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
    return this.#steps(`${this.#root()}.${this.#random.pick(fields[kind])}`, kind);
  }

  #root(): string {
    return this.#random.pick(["input", "input", `data.${this.#package}.cfg`]);
  }

  /** A field of a document: nothing is known of its type. */
  #document(): string {
    return `${this.#root()}.${this.#random.pick(["v", "w", "o.a", "n", "s", "ns[1]", "ss[0]"])}`;
  }

  #steps(ref: string, kind: Kind): string {
    if (kind !== "any" || this.#chance(1, 2)) return ref;
    return `${ref}${this.#random.pick([".a", ".b", "[0]", "[1]", `["c"]`, this.#bound()])}`;
  }

  #bound(): string {
    return this.#scope.length === 0 ? ".d" : `[${this.#random.pick(this.#scope).name}]`;
  }

  #expr(kind: Kind, depth: number): string {
    if (depth <= 0) return this.#chance(1, 3) ? this.#constant(kind) : kind === "set" ? this.#constant(kind) : this.#ref(kind);
    const calls = this.#rules.filter((one) => one.arity !== undefined && (kind === "any" || one.kind === kind));
    if (calls.length > 0 && this.#chance(1, 3)) {
      const rule = this.#random.pick(calls);
      return `${rule.name}(${Array.from({ length: rule.arity! }, () => this.#expr("any", depth - 1)).join(", ")})`;
    }
    const below = (one: Kind): string => this.#expr(one, depth - 1);
    switch (kind) {
      case "number":
        return this.#random.pick<() => string>([
          () => this.#constant("number"),
          () => this.#ref("number"),
          () => `(${below("number")} ${this.#random.pick(["+", "-", "*", "/"])} ${below("number")})`,
          () => `(${below("number")} % ${this.#random.pick(["2", "3", this.#ref("number")])})`,
          () => `count(${this.#random.pick([below("array"), below("set"), below("object"), below("string")])})`,
          () => `sum(${this.#random.pick(["input.ns", `data.${this.#package}.cfg.ns`, "[1, 2.5]"])})`,
          () => `max(${below("array")})`,
          () => `abs(${below("number")})`,
          () => `round(${below("number")})`,
        ])();
      case "string":
        return this.#random.pick<() => string>([
          () => this.#constant("string"),
          () => this.#ref("string"),
          () =>
            `concat(${JSON.stringify(this.#random.pick(["", "-"]))}, ${this.#random.pick(["input.ss", `["x", ${below("string")}]`])})`,
          () => `sprintf("%v:%v", [${below("any")}, ${below("any")}])`,
          () => `upper(${below("string")})`,
          () => `replace(${below("string")}, "a", ${below("string")})`,
          () => `substring(${below("string")}, ${this.#random.pick(["0", "1"])}, ${this.#random.pick(["1", "-1"])})`,
          () => `format_int(${below("number")}, 10)`,
          () => `json.marshal(${below("any")})`,
          () => `type_name(${below("any")})`,
          () => `$"<{${this.#ref("any")}} {${this.#ref("any")}}>"`,
        ])();
      case "array":
        return this.#random.pick<() => string>([
          () => this.#ref("array"),
          () => `[${below("any")}, ${below("any")}]`,
          () => `[${below("number")}, ${below("string")}, ${below("any")}]`,
          () => this.#comprehension("[", "]", depth),
          () => `array.concat(${below("array")}, ${below("array")})`,
          () => `split(${below("string")}, ${JSON.stringify(this.#random.pick(["", "a", "."]))})`,
          () => `sort(${below("array")})`,
          () => `numbers.range(${this.#random.pick(["0", "1", "3"])}, ${this.#random.pick(["0", "2", "4"])})`,
        ])();
      case "set":
        return this.#random.pick<() => string>([
          () => `{${below("any")}, ${below("any")}}`,
          () => this.#comprehension("{", "}", depth),
          () => `(${below("set")} ${this.#random.pick(["|", "&", "-"])} ${below("set")})`,
          () => `{${below("string")}}`,
          () => "set()",
        ])();
      case "object":
        return this.#random.pick<() => string>([
          () => this.#ref("object"),
          () => `{"a": ${below("any")}, "b": ${below("any")}}`,
          () => `{${this.#expr("string", 0)}: ${below("any")}}`,
          () =>
            this.#scoped(() => {
              const body = this.#body(depth - 1);
              return `{${this.#key()}: ${this.#expr("any", 1)} | ${inline(body)}}`;
            }),
          () => `object.union(${below("object")}, ${below("object")})`,
          () => `{k: v | some k, v in ${below("object")}}`,
        ])();
      case "boolean":
        return this.#random.pick<() => string>([
          () => this.#constant("boolean"),
          () => `startswith(${below("string")}, "a")`,
          () => `is_string(${below("any")})`,
        ])();
      case "any":
        return this.#random.pick<() => string>([
          () => this.#ref("any"),
          () => this.#ref("any"),
          () => scalar(this.#random),
          () => this.#expr(this.#random.pick<Kind>(["number", "string", "array", "set", "object", "boolean"]), depth - 1),
          () => this.#expr(this.#random.pick<Kind>(["number", "string", "array", "set", "object"]), depth),
          () => `object.get(${below("object")}, ${this.#key()}, ${scalar(this.#random)})`,
          () => `(${below("number")} ${this.#random.pick(["==", "<", "!="])} ${below("number")})`,
        ])();
    }
  }

  #comprehension(open: string, close: string, depth: number): string {
    return this.#scoped(() => {
      const body = this.#body(depth - 1);
      return `${open}${this.#expr("any", 1)} | ${inline(body)}${close}`;
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
