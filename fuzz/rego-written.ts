// Projects written at random for the compiler's checks: few names, so that they clash, recur, shadow and are unsafe, in every place that a term can stand in.
import type { Random } from "./random.ts";
import { schemaFiles, writtenAnnotations } from "./rego-written-schemas.ts";

export interface WrittenProject {
  readonly files: Readonly<Record<string, string>>;
  readonly flags: readonly string[];
}

const packages = ["a", "a", "a", "a.b", "b", "a.p", 'a["x-y"]', "b.c.d"] as const;
const fields = ["b", "c", "d", "p", "q", "if", "x-y"] as const;
const builtinCalls = [
  ["count", 1],
  ["concat", 2],
  ["sum", 1],
  ["startswith", 2],
  ["object.get", 3],
  ["array.concat", 2],
  ["to_number", 1],
  ["sprintf", 2],
  ["json.filter", 2],
  ["walk", 1],
  ["time.now_ns", 0],
  ["http.send", 1],
  ["regex.match", 2],
  ["any", 1],
  ["re_match", 2],
  ["set_diff", 2],
  ["plus", 2],
  ["opa.runtime", 0],
  ["rego.metadata.rule", 0],
  ["rego.metadata.chain", 0],
  ["trace", 1],
  ["print", 1],
  ["print", 2],
  ["numbers.range", 2],
  ["io.jwt.decode", 1],
  ["net.cidr_contains", 2],
  ["internal.member_2", 2],
  ["assign", 2],
  ["eq", 2],
  ["missing", 1],
  ["json.missing", 1],
] as const;

/** A project of one to three modules with the flags of `check` that it is asked with. */
export function writtenProject(random: Random): WrittenProject {
  const flags: string[] = random.pick([
    [],
    [],
    ["--strict"],
    ["--v0-compatible"],
    ["--v0-v1"],
    ["--strict", "--v0-compatible"],
    ["--v0-v1", "--strict"],
  ]);
  const files: Record<string, string> = {};
  const schemas = random.below(3) === 0;
  const dialect = flags.includes("--v0-compatible") ? "v0" : flags.includes("--v0-v1") ? "both" : "v1";
  const count = 1 + random.below(3);
  for (let at = 0; at < count; at++) {
    files[`m${at}.rego`] = new ModuleWriter(random, dialect, schemas).text();
  }
  if (schemas) Object.assign(files, schemaFiles(random));
  return {
    files,
    flags: [
      ...flags,
      ...(schemas ? ["--schema", random.pick(["schemas", "schemas", "schemas", "schemas/one.json"])] : []),
      ...random.pick([[], ["-m", "0"], ["-m", "0"], ["-m", "2"]]),
    ],
  };
}

class ModuleWriter {
  private readonly random: Random;
  private readonly v0: boolean;
  private readonly templates: boolean;
  private readonly schemas: boolean;
  /** How often of a hundred a name is taken that nothing binds. */
  private readonly loose: number;
  /** In a few modules syntax may be wrong as well. */
  private readonly wild: boolean;
  private readonly rules = ["p", "q", "r", "s", "t"] as const;
  private readonly functions = ["f", "g"] as const;
  private imports: string[] = [];
  private readonly keywords: boolean;
  /** In half of the modules rules use each other: each one those that come after it, functions last. Then, which of them is being written. */
  private writing: number | undefined;

  constructor(random: Random, dialect: "v0" | "v1" | "both", schemas: boolean) {
    this.random = random;
    this.v0 = dialect !== "v1";
    this.templates = dialect === "v1" || random.below(20) === 0;
    this.keywords = dialect !== "v0" || random.below(5) < 3;
    this.schemas = schemas;
    this.loose = random.pick([0, 0, 1, 5, 25]);
    this.wild = random.below(6) === 0;
    this.writing = random.below(2) === 0 ? 0 : undefined;
  }

  text(): string {
    const package_ = this.random.pick(packages);
    const lines = this.chance(8) && this.schemas ? writtenAnnotations(this.random, "package") : [];
    lines.push(`package ${package_}`, "", ...this.importLines(), "");
    const own = this.rules.length + this.functions.length;
    const count = this.writing === undefined ? 1 + this.random.below(6) : own + this.random.below(3);
    for (let at = 0; at < count; at++) {
      if (this.writing !== undefined) this.writing = at < own ? at : this.random.below(own);
      if (this.schemas ? this.chance(50) : this.chance(4)) lines.push(...writtenAnnotations(this.random, "rule"));
      lines.push(this.rule(), "");
    }
    return `${lines.join("\n")}\n`;
  }

  private chance(ofHundred: number): boolean {
    return this.random.below(100) < ofHundred;
  }

  private pick<T>(items: readonly T[]): T {
    return this.random.pick(items);
  }

  private importLines(): string[] {
    const lines: string[] = [];
    if (this.v0) {
      if (this.keywords)
        lines.push(
          this.pick([
            "import rego.v1",
            "import future.keywords",
            "import future.keywords.if\nimport future.keywords.in\nimport future.keywords.contains\nimport future.keywords.every",
          ]),
        );
    } else if (this.chance(10))
      lines.push(
        this.pick([
          "import rego.v1",
          "import future.keywords.in",
          "import future.keywords",
          "import future.keywords.not",
          ...(this.wild ? ["import rego.v2", "import future.x", "import rego.v1 as y", "import future.keywords.in as z"] : []),
        ]),
      );
    while (this.chance(30)) {
      const path = this.pick([
        "input",
        "input.b",
        "data.a",
        "data.b",
        "data.a.b",
        "data.b.q",
        "data.a.p",
        'data.a["x-y"]',
        "data",
        "data.z",
        "input.if",
        "data.b.c.d",
        "data.b.f",
      ]);
      const alias = this.pick(["", "", " as m", " as n", " as p", " as x", " as f"]);
      lines.push(`import ${path}${alias}`);
      const name = alias === "" ? path.split(/[.[]/u).at(-1)!.replace(/["\]]/gu, "") : alias.slice(4);
      if (/^\w+$/u.test(name) && name !== "if" && (alias !== "" || path !== "data")) this.imports.push(name);
    }
    return lines;
  }

  private rule(): string {
    const scope: string[] = [];
    if (this.chance(this.writing === undefined ? 12 : 4)) return this.default();
    if (this.writing === undefined ? this.chance(28) : this.writing >= this.rules.length) return this.function();
    const body = (): string => this.body(scope, 2);
    if (this.v0 && !this.keywords) {
      const written = body();
      const name = this.name();
      return this.pick([
        () => `${name} { ${written} }`,
        () => `${name} = ${this.term(scope, 2)} { ${written} }`,
        () => `${name}[${this.term(scope, 1)}] { ${written} }`,
        () => `${name}[${this.term(scope, 1)}] = ${this.term(scope, 1)} { ${written} }`,
        () => `${name} := ${this.term(scope, 1)} { ${written} } else = ${this.term(scope, 1)} { ${this.body(scope, 1)} }`,
        () => `${name} = ${this.term([], 2)}`,
        () => `${name} { ${written} } { ${this.body(scope, 1)} }`,
      ])();
    }
    const written = body();
    const head = this.pick([
      () => this.name(),
      () => this.name(),
      () => `${this.name()} := ${this.term(scope, 2)}`,
      () => `${this.name()} = ${this.term(scope, 2)}`,
      () => `${this.name()} contains ${this.term(scope, 2)}`,
      () => `${this.ref(scope)} contains ${this.term(scope, 1)}`,
      () => `${this.name()}[${this.term(scope, 1)}] := ${this.term(scope, 1)}`,
      () => `${this.ref(scope)} := ${this.term(scope, 1)}`,
      () => this.ref(scope),
    ])();
    if (this.chance(8)) return head.includes("contains") || head.includes("=") ? head : `${head} := ${this.term([], 2)}`;
    const first = this.chance(30) ? `${head} if ${this.literal([...scope], 1)}` : `${head} if {\n\t${written}\n}`;
    const single = !head.includes("contains") && (this.wild || !head.includes("["));
    return !single || this.chance(70) ? first : `${first} ${this.otherwise()}`;
  }

  private otherwise(): string {
    const scope: string[] = [];
    const body = this.body(scope, 1);
    const value = this.chance(60) ? ` := ${this.term(scope, 1)}` : "";
    const rest = this.chance(25) ? ` ${this.otherwise()}` : "";
    return this.chance(25) && value !== "" ? `else${value}` : `else${value} if { ${body} }${rest}`;
  }

  private function(): string {
    const scope: string[] = [];
    const own = this.writing === undefined ? undefined : this.functions[this.writing - this.rules.length];
    const args = Array.from({ length: own === undefined ? this.pick([0, 1, 1, 1, 2, 2]) : 1 }, () => this.argument(scope));
    const name = own ?? this.pick([...this.functions, ...this.functions, "p", "a.f", "f.b"]);
    const head = `${name}(${args.join(", ")})`;
    const open = this.v0 && !this.keywords ? "" : "if ";
    const written = this.body(scope, 1);
    const value = this.chance(60) ? ` := ${this.term(scope, 1)}` : "";
    if (this.chance(20)) return `${head} :=${value === "" ? " 1" : value.slice(3)}`;
    return `${head}${value} ${open}{ ${written} }${this.chance(20) && open !== "" ? ` ${this.otherwise()}` : ""}`;
  }

  private argument(scope: string[]): string {
    const name = this.pick(["x", "y", "z", "_"]);
    const bind = (text: string): string => {
      if (name !== "_") scope.push(name);
      return text.replaceAll("$", name);
    };
    return this.chance(70)
      ? bind("$")
      : this.pick([
          () => bind("[$, 1]"),
          () => bind('{"b": $}'),
          () => "1",
          () => '"s"',
          () => "input",
          () => "data.a",
          () => "p",
          () => bind("[$, {$}]"),
          () => bind("[$ | true]"),
          () => "count(x)",
          () => "input.b",
          () => "f",
        ])();
  }

  private default(): string {
    const value = this.wild ? this.term([], 1) : this.constant();
    const args = this.pick(["_", "x", "x, y", "_, _", "x, _", ...(this.wild ? ["x, x", "1", "[x]", "", "input"] : [])]);
    const name = this.chance(25)
      ? `${this.pick(this.functions)}(${args})`
      : this.pick([this.name(), this.name(), "p.b", 'p["x-y"]', "q.b.c", ...(this.wild ? ["p[x]"] : [])]);
    return `default ${name} ${this.pick([":=", "="])} ${value}`;
  }

  private name(): string {
    if (this.writing !== undefined && this.chance(96)) return this.rules[this.writing] ?? "p";
    return this.chance(this.loose)
      ? this.pick(["input", "data", "x", "count", "f", ...(this.wild ? ["if", "in", "contains"] : [])])
      : this.pick(this.rules);
  }

  /** A reference as the head of a rule. */
  private ref(scope: readonly string[]): string {
    const count = 1 + this.random.below(3);
    return (
      ((this.writing === undefined ? undefined : this.rules[this.writing]) ?? this.pick(this.rules)) +
      Array.from({ length: count }, () =>
        this.pick([
          () => `.${this.pick(fields.slice(0, 6))}`,
          () => `.${this.pick(["b", "c"])}`,
          () => `["${this.pick(fields)}"]`,
          () => `[${this.local(scope)}]`,
          () => `[${this.local(scope)}]`,
          () => `[${this.term(scope, 0)}]`,
        ])(),
      ).join("")
    );
  }

  private local(scope: readonly string[]): string {
    return scope.length === 0 || this.chance(this.loose)
      ? this.chance(this.loose + 10)
        ? this.pick(["x", "y", "z", "k", "v", "_"])
        : this.constant()
      : this.pick(scope);
  }

  /** A body; the names that it binds join the scope. */
  private body(scope: string[], depth: number): string {
    const count = 1 + this.random.below(3);
    return Array.from({ length: count }, () => this.literal(scope, depth)).join(
      this.v0 && !this.keywords ? "; " : this.pick(["; ", "\n\t"]),
    );
  }

  private literal(scope: string[], depth: number): string {
    const inner = (): string[] => [...scope];
    const bound = (): string => {
      const free = ["x", "y", "z", "k", "v", "w", "u"].filter((one) => this.loose > 1 || !scope.includes(one));
      const name =
        this.chance(this.loose) || free.length === 0 ? this.pick(["input", "p", "count", "f", "m", "data"]) : this.pick(free);
      scope.push(name);
      return name;
    };
    const shapes: (() => string)[] = [
      () => this.term(scope, depth),
      () => this.term(scope, depth),
      () => `not ${this.pick([() => this.term(inner(), depth), () => this.comparison(inner(), depth)])()}`,
      () => this.comparison(scope, depth),
      () => this.comparison(scope, depth),
      () => {
        const value = this.term(scope, depth);
        return `${bound()} := ${value}`;
      },
      () => {
        const value = this.term(scope, depth);
        return `${bound()} = ${value}`;
      },
      () => {
        const value = this.term(scope, depth);
        return `[${bound()}, ${bound()}] ${this.pick([":=", "="])} ${value}`;
      },
      () => {
        const value = this.term(scope, depth);
        return `${this.pick(['{"b": $}', '[1, {"b": $}]', "[[$, _], _]"]).replace("$", bound())} ${this.pick([":=", "="])} ${value}`;
      },
      () => `${this.reference(scope, depth)}[${bound()}]`,
      () => `${this.reference(scope, depth)}[${bound()}] == ${this.term(scope, depth)}`,
      () => {
        const value = this.term(scope, depth);
        return `${this.pick(["f", "g", "walk", "count"])}(${value}, ${bound()})`;
      },
      () => `print(${this.term(inner(), depth)}${this.chance(40) ? `, ${this.comparison(inner(), 0)}` : ""})`,
      () => `some ${bound()}${this.chance(30) ? `, ${bound()}` : ""}`,
    ];
    if (!this.v0 || this.keywords)
      shapes.push(
        () => {
          const value = this.term(scope, depth);
          return `some ${this.chance(40) ? `${bound()}, ` : ""}${this.chance(75) ? bound() : this.pick(['{"b": $}', "[$, _]", '"s"', "[_, {$}]"]).replace("$", bound())} in ${value}`;
        },
        () => `${this.term(inner(), 0)} in ${this.term(inner(), depth)}`,
        () => this.every(scope, depth),
      );
    const written = this.pick(shapes)();
    return this.chance(14) && (this.wild || !/^(?:every |some (?!.* in ))/u.test(written))
      ? `${written}${this.withs(scope)}`
      : written;
  }

  private every(scope: readonly string[], depth: number): string {
    const own = [...scope];
    const domain = this.term(own, depth);
    const names = this.chance(40) ? ["k", "v"] : [this.pick(["x", "v", "p", "_", ...(this.wild ? ["input"] : [])])];
    const body = depth === 0 ? "true" : this.body([...own, ...names.filter((name) => name !== "_")], depth - 1);
    return `every ${names.join(", ")} in ${domain} { ${body} }`;
  }

  private withs(scope: readonly string[]): string {
    const target = this.pick([
      "input",
      "input.b",
      "input.b.c",
      "data.a.p",
      "data.b",
      "data.a.b.q",
      "data.z",
      "data",
      "count",
      "http.send",
      "f",
      "data.a.f",
      "time.now_ns",
      "p",
      "m",
      "x",
      "input[x]",
      "concat",
      'data.a["x-y"].r',
      "rego.metadata.rule",
      "print",
      "internal.print",
      "walk",
    ]);
    const value = this.pick([
      () => this.term([...scope], 1),
      () => this.term([...scope], 0),
      () => this.pick(["f", "g", "count", "data.a.f", "data.a.p", "missing", "data.a.missing", "concat", "mock"]),
    ])();
    return ` with ${target} as ${value}${this.chance(20) ? this.withs(scope) : ""}`;
  }

  private comparison(scope: string[], depth: number): string {
    return `${this.term(scope, depth)} ${this.pick(["==", "!=", "<", ">=", "=", "+", "-", "*", "/", "%", "|", "&"])} ${this.term(scope, depth)}`;
  }

  private reference(scope: readonly string[], depth: number): string {
    const later = this.writing === undefined ? [] : this.rules.slice(this.writing + 1);
    const head = this.pick([
      () => "input",
      ...(later.length === 0 ? [() => this.pick(this.rules)] : Array.from({ length: 4 }, () => () => this.pick(later))),
      () => this.pick(["data.a", "data.b", "data.a.b", "data.a.p", "data.b.c.d", 'data.a["x-y"]', "data.b.q", "data.z"]),
      () => (this.imports.length === 0 ? "input" : this.pick(this.imports)),
      () => (scope.length === 0 ? "input" : this.pick(scope)),
    ])();
    const count = this.random.below(3);
    return (
      head +
      Array.from({ length: count }, () =>
        this.pick([
          () => `.${this.pick(["b", "c", "d", "p", "q"])}`,
          () => `.${this.pick(["b", "c", "d", "p", "q"])}`,
          () => `["${this.pick(fields)}"]`,
          () => `[${depth > 0 ? this.term(scope, depth - 1) : this.local(scope)}]`,
          () => "[_]",
        ])(),
      ).join("")
    );
  }

  private constant(): string {
    return this.pick([
      "1",
      "2",
      '"s"',
      '"b"',
      "true",
      "null",
      "[]",
      "{}",
      "set()",
      "[1]",
      '{"b": 1}',
      "{1}",
      "1.5",
      '{"b": {"c": 1}}',
      "`raw`",
      "-1",
    ]);
  }

  private term(scope: readonly string[], depth: number): string {
    if (depth <= 0)
      return this.pick([
        () => this.constant(),
        () => this.local(scope),
        () => this.local(scope),
        () => this.reference(scope, 0),
      ])();
    const term = (): string => this.term(scope, depth - 1);
    return this.pick([
      () => this.constant(),
      () => this.local(scope),
      () => this.local(scope),
      () => this.reference(scope, depth),
      () => this.reference(scope, depth),
      () => `[${term()}, ${term()}]`,
      () => `{${term()}, ${term()}}`,
      () => `{"b": ${term()}}`,
      () => `{${term()}: ${term()}, "c": ${term()}}`,
      () => this.call(scope, depth),
      () => this.call(scope, depth),
      () => this.comprehension(scope, depth),
      () => (this.templates ? this.template(scope, depth) : term()),
      () => `(${this.comparison([...scope], depth - 1).replaceAll(" = ", " == ")})`,
      () =>
        this.v0 && !this.keywords
          ? term()
          : `${this.pick(["", "1, "])}${this.local(scope)} in ${term()}`.replace(/^(.*)$/u, "($1)"),
    ])();
  }

  private call(scope: readonly string[], depth: number): string {
    if (this.writing !== undefined && this.writing < this.rules.length && this.chance(60))
      return `${this.pick(this.functions)}(${this.term(scope, depth - 1)})`;
    const [name, arity] = this.pick([
      ...builtinCalls,
      ["f", 1],
      ["g", 1],
      ["f", 2],
      ["g", 2],
      ["data.a.f", 1],
      ["data.b.g", 2],
      ["p", 1],
      ["m", 1],
      ["x", 1],
      ["data.a.b.f", 1],
      ["a.f", 1],
      ["f.b", 1],
    ] as const);
    const given = this.chance(6) ? this.random.below(4) : arity;
    return `${name}(${Array.from({ length: given }, () => this.term(scope, depth - 1)).join(", ")})`;
  }

  private comprehension(scope: readonly string[], depth: number): string {
    const own = [...scope];
    const body = this.body(own, depth - 1);
    const term = (): string => this.term(own, depth - 1);
    return this.pick([
      () => `[${term()} | ${body}]`,
      () => `{${term()} | ${body}}`,
      () => `{${term()}: ${term()} | ${body}}`,
    ])().replaceAll("\n\t", "; ");
  }

  private template(scope: readonly string[], depth: number): string {
    const parts = Array.from(
      { length: 1 + this.random.below(2) },
      () =>
        `{${this.pick([() => this.term(scope, depth - 1), () => this.local(scope), () => this.comparison([...scope], 0).replace(" = ", " == ")])()}${this.chance(8) ? this.withs(scope) : ""}}`,
    );
    const quote = parts.some((part) => part.includes("`")) ? '"' : this.pick(['"', '"', "`"]);
    return `$${quote}t ${parts.join(" \\{ ")}${quote}`.replaceAll("\n", " ");
  }
}
