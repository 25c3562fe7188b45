// Random programs: rules of every kind that refer to the ones before them, over `input`, base documents and each other; some
// have a second package below the first, which is asked as a document.
import type { Random } from "../random.ts";
import { braced, Literals } from "./literals.ts";
import type { Kind, Rule } from "./scope.ts";
import { document, json, KEYS, object, scalar } from "./values.ts";

export interface FuzzProgram {
  /** The path that is asked whole. */
  readonly package: string;
  /** The modules of the package and of the one below it; a module that is used comes before those that use it. */
  readonly texts: readonly string[];
  /** The same, but for packages whose rules are dealt out over two modules. */
  readonly dealt: readonly string[];
  /** All base documents, as JSON. */
  readonly data: string;
  /** Rules that are no functions. */
  readonly rules: readonly string[];
  /** It is asked once for each. */
  readonly inputs: readonly string[];
}

/** The program of a seed. Names, fields and kinds are drawn so that most programs pass OPA's checks and have defined results. */
export function program(random: Random, name: string): FuzzProgram {
  const below = random.below(3) === 0 ? new Writer(random, `${name}.lib`, []) : undefined;
  const lib = below?.modules() ?? [];
  const many = random.below(4) === 0 ? manyPackages(random, `${name}.pk`) : undefined;
  const above = [...(many === undefined ? [] : [`data.${name}.pk`]), ...(below === undefined ? [] : [`data.${name}.lib`])];
  const writer = new Writer(random, name, below?.exported("lib") ?? [], above);
  const [text, ...dealt] = writer.modules();
  const data = [
    `"cfg":${document(random)}`,
    `"sub":${nested(random)}`,
    `"lib":{"cfg":${document(random)},"base":${object(random, 2)},"sub":${nested(random)}}`,
    ...(many === undefined ? [] : [`"pk":${many.data}`]),
  ];
  return {
    package: name,
    texts: [...(many?.texts ?? []), ...lib.slice(0, 1), text],
    dealt: [...(many?.texts ?? []), ...lib.slice(1), ...dealt],
    rules: writer.documents(),
    data: `{${JSON.stringify(name)}:{${data.join(",")}}}`,
    inputs: [document(random), document(random), random.below(8) === 0 ? json(random, 2) : document(random)],
  };
}

/** Small packages side by side and below each other, and data beside their rules and between them. */
function manyPackages(random: Random, path: string): { readonly texts: readonly string[]; readonly data: string } {
  const places = ["a", "b", "c", "a.b", "c.a", "d.sub.a"].filter(() => random.below(2) === 0);
  const texts = places.map((place) => new Writer(random, `${path}.${place}`, []).modules(1 + random.below(2))[0]);
  const beside = (): string => `{"cfg":${document(random)},"sub":${nested(random)},"c":${object(random, 2)}}`;
  const entries = ["a", "b", "c", "d", "e"].filter(() => random.below(2) === 0).map((key) => `"${key}":${beside()}`);
  return { texts, data: `{${entries.join(",")}}` };
}

/** A base document with objects where rules may stand. */
function nested(random: Random): string {
  return `{"a":{"a":${json(random, 1)},"b":${object(random, 2)}},"b":${json(random, 2)}}`;
}

class Writer extends Literals {
  /** The package in one module, and what is the same: in one or, its rules dealt out, in two. */
  modules(count = 3 + this.random.below(5)): readonly [string, ...string[]] {
    const keywords = ["and", "or", "not"].map((word) => `import future.keywords.${word}`);
    const foreign = this.rules.some((rule) => rule.foreign) ? [`import data.${this.package}.lib`] : [];
    const helpers = ['u(x) := object.get({"z": 1}, 0, x)', "two(x, y) := [y, x]", "three(x, _, z) := {x, z}"];
    const rules = Array.from({ length: count }, (_, at) => this.rule(`r${at}`));
    const module = (texts: readonly string[]): string =>
      `${[`package ${this.package}`, [...keywords, ...foreign].join("\n"), ...texts].join("\n\n")}\n`;
    const whole = module([...helpers, ...rules]);
    if (this.chance(4, 5)) return [whole, whole];
    const first: string[] = [];
    const second: string[] = [];
    for (const head of rules.flatMap((text) => text.split("\n\n"))) (this.chance(1, 2) ? first : second).push(head);
    return [whole, module(second), module([...helpers, ...first])];
  }

  documents(): string[] {
    return this.rules
      .filter(({ name, foreign, arity }) => !foreign && arity === undefined && /^q?r\d+$/.test(name))
      .map(({ name }) => name);
  }

  /** The rules as a package above sees them that imports this one. */
  exported(as: string): Rule[] {
    return this.rules.map((rule) => ({ ...rule, name: `${as}.${rule.name}`, foreign: true }));
  }

  // A rule of a random kind, known to later rules.
  private rule(name: string): string {
    this.fresh = 0;
    this.variables = [];
    switch (this.random.below(23)) {
      case 0:
        return this.done({ name, kind: "any" }, `${name} := ${this.scoped(() => this.expr("any", 2))}`);
      case 1:
      case 2:
        return this.complete(name);
      case 3: {
        const one = (): string => this.scoped(() => `if ${this.body()}`);
        const heads = this.many(1, 3, () => `${name} ${one()}`);
        if (this.chance(1, 2)) heads[0] += ` else ${one()} else ${one()}`;
        if (this.chance(1, 2)) heads.unshift(`default ${name} := false`);
        return this.done({ name, kind: "boolean" }, heads.join("\n\n"));
      }
      case 4:
      case 5: {
        const kind = this.random.pick<Kind>(["number", "string", "any"]);
        const heads = this.many(1, 2, () => this.headed((body) => `${name} contains ${this.member(kind)} if ${body}`));
        return this.done({ name, kind: "set" }, heads.join("\n\n"));
      }
      case 6:
      case 7: {
        const heads = this.many(1, 2, () => this.headed((body) => `${name}[${this.key()}] := ${this.expr("any", 1)} if ${body}`));
        return this.done({ name, kind: "object" }, heads.join("\n\n"));
      }
      case 8:
      case 9:
        return this.general(name);
      case 10: {
        const key = this.random.pick(KEYS);
        const heads = [this.headed((body) => `${name}.${key} := ${this.expr("any", 1)} if ${body}`)];
        if (this.chance(1, 3)) heads.unshift(`default ${name}.${key} := ${this.constant("any")}`);
        const other = this.random.pick(KEYS.filter((one) => one !== key));
        heads.push(this.headed((body) => `${name}.${other} contains ${this.expr("any", 1)} if ${body}`));
        return this.done({ name, kind: "object" }, heads.join("\n\n"));
      }
      case 11:
        return this.onBase();
      case 12:
        return this.nestedSets(name);
      case 13:
        return this.table(name);
      case 14: {
        const heads = this.many(1, 3, () => this.headed((body) => `${name}[${this.key()}] if ${body}`));
        return this.done({ name, kind: "object" }, heads.join("\n\n"));
      }
      case 15:
        return this.indexedFunction(name);
      case 16:
        return this.repeated(name);
      case 17:
      case 18:
        return this.shaped(name);
      default:
        return this.function(name);
    }
  }

  /** A rule in the middle of a base document. */
  private onBase(): string {
    const { fresh } = this;
    const name = `sub.${this.random.pick(["", "", "a.", "a.b."])}e${this.rules.length}`;
    const key = this.chance(1, 3) ? `[${this.key()}]` : "";
    const text = this.headed((body) => `${name}${key} := ${this.expr("any", 1)} if ${body}`);
    this.fresh = fresh;
    return this.done({ name: "sub", kind: "object" }, text);
  }

  /** Sets below keys: the members and the keys come from the body. */
  private nestedSets(name: string): string {
    const heads = this.many(1, 2, () =>
      this.headed((body) => `${name}[${this.key()}]${this.chance(1, 3) ? ".k" : ""} contains ${this.member("any")} if ${body}`),
    );
    return this.done({ name, kind: "object" }, heads.join("\n\n"));
  }

  /** Members or keys that are arrays and objects, written as such or found by the body. */
  private shaped(name: string): string {
    const isSet = this.chance(1, 2);
    const heads = this.many(1, 3, () => {
      const found = this.chance(1, 2) ? [`x${this.fresh++}`, `x${this.fresh++}`] : [this.shapePart(), this.shapePart()];
      const key = this.shape(found[0] ?? "", found[1] ?? "");
      return this.headed((body) => {
        const known = found.filter((one) => one.startsWith("x")).map((one) => `\tsome ${one} in ${this.shapeDomain()}\n`);
        const print = this.chance(1, 3) ? `\tprint(${key})\n` : "";
        const whole = `{\n${known.join("")}${print}${body.slice(2)}`;
        const deep = this.chance(1, 3) ? `[${this.shape(this.shapePart(), this.shapePart())}]` : "";
        return isSet ? `${name} contains ${key} if ${whole}` : `${name}[${key}]${deep} := ${this.expr("any", 1)} if ${whole}`;
      });
    });
    const shaped = this.done({ name, kind: isSet ? "set" : "object" }, heads.join("\n\n"));
    const asking = `q${name}`;
    const asks = this.many(1, 2, () =>
      this.scoped(() => {
        const asked = this.keyInPart(name);
        const found = /^some (.*)$/m.exec(asked)?.[1] ?? "";
        return `${asking} contains [${found}] if ${braced([asked, ...(found === "" ? [] : [`print(${found})`])])}`;
      }),
    );
    return `${shaped}\n\n${this.done({ name: asking, kind: "set" }, asks.join("\n\n"))}`;
  }

  private shapeDomain(): string {
    return this.chance(2, 3)
      ? this.random.pick(['["a", 3]', '{"a", "b", 3}', '[["a", 3], "b"]', "[3, 4]"])
      : `u(${this.document()})`;
  }

  private done(rule: Omit<Rule, "path">, text: string): string {
    this.rules.push({ ...rule, path: `data.${this.package}.${rule.name}` });
    return text;
  }

  private headed(write: (body: string) => string): string {
    return this.scoped(() => {
      const body = this.body();
      return write(body);
    });
  }

  private headAndBody(kind: Kind): string {
    return this.headed((body) => `${this.value(kind)} if ${body}`);
  }

  /** The value of a head: now and then the input or a variable as they are. */
  private value(kind: Kind): string {
    if (this.chance(1, 12)) return "input";
    return this.variables.length > 0 && this.chance(1, 6) ? this.random.pick(this.variables).name : this.expr(kind, 1);
  }

  private elses(kind: Kind): string {
    return this.many(1, 2, () => ` else := ${this.headAndBody(kind)}`).join("");
  }

  private complete(name: string): string {
    const kind = this.random.pick<Kind>(["number", "string", "any", "array", "set"]);
    const heads = this.many(1, 2, () => `${name} := ${this.headAndBody(kind)}`);
    if (this.chance(1, 2)) heads[0] += this.elses(kind);
    if (this.chance(1, 2)) heads.unshift(`default ${name} := ${this.constant(kind)}`);
    return this.done({ name, kind }, heads.join("\n\n"));
  }

  private member(kind: Kind): string {
    return this.chance(1, 4) ? `[${this.expr("any", 0)}, ${this.expr("any", 0)}]` : this.expr(kind, 1);
  }

  private general(name: string): string {
    const last = this.random.pick(KEYS);
    const middle = this.random.below(3);
    const heads = this.many(1, 3, () =>
      this.headed((body) => {
        const keys = Array.from({ length: 1 + middle }, (_, at) => (at === 0 || this.chance(1, 2) ? `[${this.key()}]` : ".a"));
        const end = this.chance(3, 4) ? last : this.random.pick(KEYS);
        const ref = `${name}${keys.join("")}.${end}`;
        // The same ref for a value and for a set would be refused.
        return end === KEYS[3]
          ? `${ref} contains ${this.expr("any", 1)} if ${body}`
          : `${ref} := ${this.expr("any", 1)} if ${body}`;
      }),
    );
    if (this.chance(1, 3)) {
      const chain = this.many(
        0,
        2,
        () => ` else := ${this.headed((body) => `${this.expr("number", 1)} if ${this.indexed(body)}`)}`,
      );
      const ref = `${name}.${this.random.pick(KEYS)}${middle > 0 ? ".a" : ""}.${KEYS[2]}`;
      heads.push(this.headed((body) => `${ref} := ${this.expr("number", 1)} if ${this.indexed(body)}${chain.join("")}`));
    }
    return this.done({ name, kind: "object" }, heads.join("\n\n"));
  }

  /** A body that begins with something a rule index looks at. */
  private indexed(body: string): string {
    if (this.chance(1, 3)) return body;
    const field = `${this.root()}.${this.random.pick(["n", "s", "v", "o.a", "ns[0]", "w"])}`;
    const test = this.random.pick([
      `${field} == ${scalar(this.random)}`,
      `${field} in [${scalar(this.random)}, ${scalar(this.random)}]`,
      `startswith(${field}, "a")`,
      `${scalar(this.random)} = ${field}`,
      `not ${field}`,
      `${field} in {${scalar(this.random)}, ${scalar(this.random)}, ${scalar(this.random)}}`,
      `glob.match("a*", [], ${field})`,
      `${field} = [${scalar(this.random)}, _]`,
      `x${this.fresh++} := ${field}`,
      `input.${this.random.pick(["os", "ns", "ss"])}[_] == ${scalar(this.random)}`,
      field,
    ]);
    return `{\n\t${test}\n${body.slice(2)}`;
  }

  /** Many definitions told apart by constants, as a rule index takes them. */
  private table(name: string): string {
    const kind = this.random.pick<Kind>(["number", "string", "any"]);
    const single = this.chance(1, 2) ? this.constant(kind) : undefined;
    const heads = this.many(3, 7, () =>
      this.headed((body) => `${name} := ${single ?? this.expr(kind, 0)} if ${this.indexed(this.indexed(body))}`),
    );
    for (const at of heads.keys()) if (this.chance(1, 4)) heads[at] += this.elses(kind);
    if (this.chance(1, 2)) heads.unshift(`default ${name} := ${this.constant(kind)}`);
    return this.done({ name, kind }, heads.join("\n\n"));
  }

  /** Definitions told apart by constants in their arguments. */
  private indexedFunction(name: string): string {
    const heads = this.many(2, 5, () =>
      this.scoped(() => {
        this.fresh = 0;
        const second = this.variable("any");
        const first = this.chance(2, 3) ? scalar(this.random) : this.pattern();
        const test = this.chance(1, 2) ? `\t${second} == ${scalar(this.random)}\n` : "";
        const body = `{\n${test}${this.body().slice(2)}`;
        return `${name}(${first}, ${second}) := ${this.value("any")} if ${body}`;
      }),
    );
    return this.done({ name, kind: "any", arity: 2 }, heads.join("\n\n"));
  }

  /** Values that are found more than once, and told each time. */
  private repeated(name: string): string {
    const arity = this.chance(1, 2) ? 1 : undefined;
    const value = this.chance(1, 3) ? this.document() : this.ref("any");
    const heads = this.many(1, 3, () =>
      this.scoped(() => {
        this.fresh = 0;
        const head = arity === undefined ? name : `${name}(${this.pattern()})`;
        const said = this.literal(1);
        const found = this.variable("any");
        const domain = this.random.pick(["[1, 1, 2]", '{"a", "b"}', this.root() + this.random.pick([".ns", ".ss", ".o"])]);
        const rest = this.chance(1, 3) ? this.literal(1) : "true";
        return `${head} := ${value} if ${braced([said, `some ${found} in ${domain}`, `print("${name}", ${found})`, rest])}`;
      }),
    );
    if (this.chance(1, 4)) heads[0] += ` else := ${value}`;
    return this.done({ name, kind: "any", ...(arity === undefined ? {} : { arity }) }, heads.join("\n\n"));
  }

  private function(plain: string): string {
    const name = this.chance(1, 6) ? `h.${plain}` : plain;
    const arity = 1 + this.random.below(3);
    const kind = this.random.pick<Kind>(["number", "string", "any", "set", "object"]);
    const head = (): string =>
      this.scoped(() => {
        this.fresh = 0;
        const args = Array.from({ length: arity }, () => this.pattern());
        const body = this.body();
        return `${name}(${args.join(", ")}) := ${this.value(kind)} if ${body}`;
      });
    const heads = [head() + (this.chance(1, 2) ? this.elsesOfNoArguments(kind) : "")];
    if (this.chance(1, 4)) heads.push(head());
    if (this.chance(1, 3))
      heads.unshift(`default ${name}(${Array.from({ length: arity }, () => "_").join(", ")}) := ${this.constant(kind)}`);
    return this.done({ name, kind, arity }, heads.join("\n\n"));
  }

  // The names of the arguments differ from head to head, so these use none.
  private elsesOfNoArguments(kind: Kind): string {
    const scope = this.variables;
    this.variables = [];
    const text = this.elses(kind);
    this.variables = scope;
    return text;
  }

  private pattern(): string {
    if (this.chance(4, 6)) return this.variable("any");
    return this.random.pick([
      () => scalar(this.random),
      () => `[${this.variable("any")}, ${this.variable("any")}]`,
      () => `{"a": ${this.variable("any")}}`,
      () => `[${this.variable("any")}, [${scalar(this.random)}, ${this.variable("any")}]]`,
      () => `{"a": ${scalar(this.random)}, "b": [${this.variable("any")}]}`,
      () => "_",
      () => "[]",
    ])();
  }
}
