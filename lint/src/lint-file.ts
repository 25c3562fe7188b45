// One parsed file as lint rules see it: its nodes by kind, what stands above each, its lines and comments.
import { type Annotations, readAnnotations } from "#analysis/rego/annotations.ts";
import { moduleUnit } from "#analysis/rego/begin.ts";
import type { Builtin } from "#analysis/rego/builtins/builtin.ts";
import { builtinsByName } from "#analysis/rego/builtins/index.ts";
import { release, releaseNames } from "#analysis/rego/releases.ts";
import { forEachChild, type Node } from "#analysis/rego/tree/walk.ts";
import { oncePer } from "#grammars/once-per.ts";
import type { Head, Module, Range, Rule, Term } from "#grammars/rego/ast.ts";
import { calledFunction } from "#grammars/rego/nodes.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import { printTerm } from "#grammars/rego/print-terms.ts";
import { LineIndex } from "#grammars/text/lines.ts";

export type NodeOf<Kind extends Node["kind"]> = Extract<Node, { kind: Kind }>;

/** What rules know of the files around one. */
export interface Surroundings {
  /** The path below the folder of the configuration, with slashes: what patterns of ignored files look at. */
  readonly relativePath: string;
  /** The whole path, with slashes; undefined for a text that has none, such as standard input. */
  readonly absolutePath: string | undefined;
  /** The builtins of the OPA that the project is for; all of them unless given. */
  readonly builtins?: ReadonlyMap<string, Builtin>;
  /** What else that OPA has, as capabilities name it: `rego_v1`, `rego_v1_import`, `keyword if`; those of the newest one unless given. */
  readonly features?: ReadonlySet<string>;
  /** True for the path of a document, without `data`, that is in no policy: base documents, libraries. */
  readonly hasDocument?: (path: readonly string[]) => boolean;
}

/** One time of linting a file. */
export interface Run {
  readonly file: LintFile;
}

const newestRelease = oncePer((names: readonly string[]) => release(names.at(-1)!)!);

export class LintFile {
  readonly parsed: ParsedModule;
  readonly relativePath: string;
  readonly absolutePath: string | undefined;
  readonly builtins: ReadonlyMap<string, Builtin>;
  readonly hasDocument: (path: readonly string[]) => boolean;
  readonly #surroundings: Surroundings;
  #run: Run = { file: this };
  #lines: LineIndex | undefined;
  #index: NodeIndex | undefined;
  #annotations: readonly Annotations[] | undefined;

  /** `parsed` must be free of syntax errors. */
  constructor(parsed: ParsedModule, surroundings: Surroundings) {
    this.parsed = parsed;
    this.relativePath = surroundings.relativePath;
    this.absolutePath = surroundings.absolutePath;
    this.builtins = surroundings.builtins ?? builtinsByName();
    this.hasDocument = surroundings.hasDocument ?? (() => false);
    this.#surroundings = surroundings;
  }

  /** The same file with another text. */
  withText(parsed: ParsedModule): LintFile {
    return new LintFile(parsed, this.#surroundings);
  }

  get path(): string {
    return this.parsed.file;
  }

  get text(): string {
    return this.parsed.text;
  }

  get module(): Module {
    return this.parsed.module;
  }

  get lines(): LineIndex {
    this.#lines ??= new LineIndex(this.text);
    return this.#lines;
  }

  /** True when the OPA that the project is for has a feature of the language. */
  hasFeature(name: string): boolean {
    return (this.#surroundings.features ?? newestRelease(releaseNames).features).has(name);
  }

  /** True for a file in Rego v0 that does not import the later language by `rego.v1`. */
  get isRegoV0(): boolean {
    return this.module.version === "v0" && !this.module.imports.some(({ path }) => printTerm(path) === "rego.v1");
  }

  /** True for a file in Rego v0, and for every file while the project is for an OPA before 1.0. */
  get mayBeRegoV0(): boolean {
    return this.isRegoV0 || !this.hasFeature("rego_v1");
  }

  /** The package's name without `data`: `authz.roles`; parts that are no names as written in OPA's JSON. */
  get packageName(): string {
    return this.packagePath.join(".");
  }

  /** Its parts. */
  get packagePath(): readonly string[] {
    return (this.module.package?.path ?? []).map(({ value }) => value);
  }

  /** What the METADATA blocks say, in their order. */
  get annotations(): readonly Annotations[] {
    this.#annotations ??= readAnnotations(moduleUnit(this.parsed)).all;
    return this.#annotations;
  }

  /** The rules and their `else` branches, in the order of the text. */
  get branches(): readonly Rule[] {
    return this.#indexed.branches;
  }

  /** The nodes of a kind, parents before what is in them. Nodes of heads (arguments, keys, values, brackets) are among them. */
  all<Kind extends Node["kind"]>(kind: Kind): readonly NodeOf<Kind>[] {
    return (this.#indexed.byKind.get(kind) ?? []) as readonly NodeOf<Kind>[];
  }

  /** The calls of a function: `count`, `regex.match`, `data.lib.f`; operators by their names in OPA: `equal`, `internal.member_2`. */
  calls(name: string): readonly NodeOf<"call">[] {
    return this.#indexed.calls.get(name) ?? [];
  }

  /** What stands right above a node; undefined for an expression of a rule's body and for a part of a head. */
  parent(node: Node): Node | undefined {
    return this.#indexed.parents.get(node);
  }

  /** True for a call that is an expression as a whole: `f(x)`, but not the `f(x)` in `y := f(x)`. */
  isStatement(call: NodeOf<"call">): boolean {
    const above = this.parent(call);
    return above?.kind === "expr" && above.body === call;
  }

  /** The rule or `else` branch that a node lies in. */
  branchOf(node: Node): Rule {
    let top = node;
    for (let above = this.parent(top); above !== undefined; above = this.parent(top)) top = above;
    return this.#indexed.owners.get(top)!;
  }

  /** The rule that a node lies in, whichever its branch. */
  ruleOf(node: Node): Rule {
    return this.topOf(this.branchOf(node));
  }

  /** The rule of a branch. */
  topOf(branch: Rule): Rule {
    return this.#indexed.tops.get(branch)!;
  }

  /** Stands for the time until the file is released: what is made of it is kept by this. */
  get run(): Run {
    return this.#run;
  }

  /** Gives up all that was made of the text; it is made anew when a rule asks. */
  release(): void {
    this.#run = { file: this };
    this.#index = undefined;
    this.#lines = undefined;
    this.#annotations = undefined;
  }

  textOf(range: Range): string {
    return this.text.slice(range.start, range.end);
  }

  get #indexed(): NodeIndex {
    this.#index ??= indexOf(this.module);
    return this.#index;
  }
}

interface NodeIndex {
  readonly byKind: ReadonlyMap<Node["kind"], readonly Node[]>;
  readonly calls: ReadonlyMap<string, readonly NodeOf<"call">[]>;
  readonly parents: ReadonlyMap<Node, Node>;
  /** The branches of what stands topmost in heads and bodies. */
  readonly owners: ReadonlyMap<Node, Rule>;
  readonly branches: readonly Rule[];
  /** The rule of each branch. */
  readonly tops: ReadonlyMap<Rule, Rule>;
}

/** One walk over the module, on a stack of its own: a row of operands may be longer than the other is deep. */
function indexOf(module: Module): NodeIndex {
  const byKind = new Map<Node["kind"], Node[]>();
  const calls = new Map<string, NodeOf<"call">[]>();
  const parents = new Map<Node, Node>();
  const owners = new Map<Node, Rule>();
  const branches: Rule[] = [];
  const tops = new Map<Rule, Rule>();
  const add = (top: Node, branch: Rule) => {
    owners.set(top, branch);
    const open: Node[] = [top];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      push(byKind, node.kind, node);
      const name = node.kind === "call" ? calledFunction(node) : undefined;
      if (name !== undefined) push(calls, name, node as NodeOf<"call">);
      const children: Node[] = [];
      const above = node;
      forEachChild(node, (child) => {
        parents.set(child, above);
        children.push(child);
      });
      for (const child of children.reverse()) open.push(child);
    }
  };
  for (const rule of module.rules) {
    for (let branch: Rule | undefined = rule; branch !== undefined; branch = branch.else) {
      branches.push(branch);
      tops.set(branch, rule);
      for (const top of ownHeadNodes(branch, rule)) add(top, branch);
      for (const expr of branch.body ?? []) add(expr, branch);
    }
  }
  return { byKind, calls, parents, owners, branches, tops };
}

/** What is written in the head of a branch: a further body repeats the head above it, `else` the name and the arguments. */
function ownHeadNodes({ head, chained }: Rule, rule: Rule): readonly Term[] {
  if (chained) return [];
  if (head !== rule.head) return head.value === undefined ? [] : [head.value];
  return headNodes(head);
}

function headNodes({ reference, args, key, value }: Head): readonly Term[] {
  return [reference, ...(args ?? []), key, value].filter((node) => node !== undefined);
}

function push<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
