// Random programs: rules of every kind that refer to the ones before them, over `input`, base documents and each other; some
// have a second package below the first, which is asked as a document.
import type { Random } from "../random.ts";
import { Literals } from "./literals.ts";
import type { Kind, Rule } from "./scope.ts";
import { document, KEYS, object, scalar } from "./values.ts";

export interface FuzzProgram {
  readonly package: string;
  /** The package's module, and those below it. */
  readonly texts: readonly string[];
  /** The base document at the package's path, as JSON. */
  readonly data: string;
  readonly input: string;
}

/** The program of a seed. Names, fields and kinds are drawn so that most programs pass OPA's checks and have defined results. */
export function program(random: Random, name: string): FuzzProgram {
  const text = new Writer(random, name).module();
  const below = random.below(3) === 0 ? [new Writer(random, `${name}.lib`).module()] : [];
  return {
    package: name,
    texts: [text, ...below],
    data: `{"cfg":${document(random)},"sub":${object(random, 2)},"lib":{"cfg":${document(random)},"base":${object(random, 2)}}}`,
    input: document(random),
  };
}

class Writer extends Literals {
  module(): string {
    const keywords = ["and", "or", "not"].map((word) => `import future.keywords.${word}`);
    const parts = [`package ${this.package}`, keywords.join("\n"), 'u(x) := object.get({"z": 1}, 0, x)'];
    const count = 3 + this.random.below(5);
    for (let at = 0; at < count; at++) parts.push(this.rule(`r${at}`));
    return `${parts.join("\n\n")}\n`;
  }

  // A rule of a random kind, known to later rules.
  private rule(name: string): string {
    this.fresh = 0;
    this.variables = [];
    switch (this.random.below(16)) {
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
        const other = this.random.pick(KEYS.filter((one) => one !== key));
        heads.push(this.headed((body) => `${name}.${other} contains ${this.expr("any", 1)} if ${body}`));
        return this.done({ name, kind: "object" }, heads.join("\n\n"));
      }
      case 11:
        return this.onBase();
      case 12:
        return this.nestedSets(name);
      default:
        return this.function(name);
    }
  }

  /** A rule in the middle of a base document. */
  private onBase(): string {
    const { fresh } = this;
    const name = `sub.e${this.rules.length}`;
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

  private done(rule: Rule, text: string): string {
    this.rules.push(rule);
    return text;
  }

  private headed(write: (body: string) => string): string {
    return this.scoped(() => {
      const body = this.body();
      return write(body);
    });
  }

  private headAndBody(kind: Kind): string {
    return this.headed((body) => `${this.expr(kind, 1)} if ${body}`);
  }

  private elses(kind: Kind): string {
    return this.many(1, 2, () => ` else := ${this.headAndBody(kind)}`).join("");
  }

  private complete(name: string): string {
    const kind = this.random.pick<Kind>(["number", "string", "any", "array"]);
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
    const field = `input.${this.random.pick(["n", "s", "v", "ns[0]"])}`;
    const test = this.random.pick([
      `${field} == ${scalar(this.random)}`,
      `${field} in [${scalar(this.random)}, ${scalar(this.random)}]`,
      `startswith(${field}, "a")`,
      field,
    ]);
    return `{\n\t${test}\n${body.slice(2)}`;
  }

  private function(name: string): string {
    const arity = 1 + this.random.below(2);
    const kind = this.random.pick<Kind>(["number", "string", "any"]);
    const head = (): string =>
      this.scoped(() => {
        this.fresh = 0;
        const args = Array.from({ length: arity }, () => this.pattern());
        const body = this.body();
        return `${name}(${args.join(", ")}) := ${this.expr(kind, 1)} if ${body}`;
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
    ])();
  }
}
