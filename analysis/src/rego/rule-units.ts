// Modules and rules as units whose heads and bodies the stages of a check replace.

import type { Body, Head, Import, Module, RegoVersion, Rule, StringTerm, Term } from "#grammars/rego/ast.ts";
import { headOfFurtherBody, originOf } from "#grammars/rego/moved.ts";
import type { LineIndex } from "#grammars/text/lines.ts";
import type { RuleRef } from "./rule-refs.ts";
import { exprOf, refTerm, trueTerm } from "./tree/make.ts";

const none: ReadonlySet<string> = new Set();

/** One rule, or one `else` branch, of a module. `head` and `body` are what the stages so far made of `source`. */
export class RuleUnit {
  readonly module: ModuleUnit;
  readonly source: Rule;
  readonly else: RuleUnit | undefined;
  /** Keys of the constant part of the rule's path, `data` first; set when the rule is filed in the rule tree. */
  place: readonly string[] = [];
  /** What the rule refers to below `data`, in the order met; set before the rule graph is drawn. */
  refs: readonly RuleRef[] = [];
  /** True when a body in it replaces something below `data` by `with`; set with `refs`. */
  replacesData = false;
  /** Of the kinds of nodes in head and body as they are written (see tree/features.ts) those that not every rule has; set when names are resolved. */
  written = 0;
  /** The kinds of nodes in head and body; set with `refs`. */
  features = 0;
  /** Names of imports and of rules of the package that are in it; set when names are resolved. */
  uses: ReadonlySet<string> = none;
  /** Head and body with names resolved, before anything is looked at in other rules; nodes may lie where the rule lay then. */
  resolved: Resolved | undefined = undefined;
  /** Stands for what was checked: copies of the rule for later versions of its module share it. */
  identity: object = {};
  /** True when head and body come from a check of an earlier version of the module, so that the stages pass over the rule. */
  settled = false;
  /** The rule that an `else` branch belongs to, itself for others. */
  readonly #top: Rule;
  /** What `head` and `body` are of while no stage has set them: the source, or what was made of it for an earlier version. */
  #made: Rule | undefined;
  #head: Head | undefined;
  #body: Body | undefined;

  private constructor(module: ModuleUnit, source: Rule, top: Rule, branch: RuleUnit | undefined) {
    this.module = module;
    this.source = source;
    this.#top = top;
    this.else = branch;
  }

  /** The unit of a rule, with those of its branches. */
  static of(module: ModuleUnit, rule: Rule): RuleUnit {
    if (rule.else === undefined) return new RuleUnit(module, rule, rule, undefined);
    const written: Rule[] = [];
    for (let branch: Rule | undefined = rule.else; branch !== undefined; branch = branch.else) written.push(branch);
    let below: RuleUnit | undefined;
    for (const branch of written.reverse()) below = new RuleUnit(module, branch, rule, below);
    return new RuleUnit(module, rule, rule, below);
  }

  /** True for an `else` branch. */
  get isBranch(): boolean {
    return this.source !== this.#top;
  }

  get head(): Head {
    this.#head ??= this.#made?.head ?? filledHead(this.source, this.#top);
    return this.#head;
  }

  set head(head: Head) {
    this.#begin();
    this.#head = head;
  }

  /** The head for who does not ask where its nodes lie: they may lie where the rule lay before. */
  get form(): Head {
    return this.#head ?? (this.#made === undefined ? this.head : originOf(this.#made).rule.head);
  }

  get body(): Body {
    this.#body ??= this.#made?.body ?? filledBody(this.source);
    return this.#body;
  }

  set body(body: Body) {
    this.#begin();
    this.#body = body;
  }

  /** The rule and its branches as the stages left them. */
  get made(): Rule {
    if (this.else === undefined) return this.#madeWith(undefined);
    let below: Rule | undefined;
    for (const branch of withBranches(this, []).reverse()) below = branch.#madeWith(below);
    return below!;
  }

  #madeWith(otherwise: Rule | undefined): Rule {
    if (this.#made === undefined || this.#made.else !== otherwise) {
      const { kind, default: isDefault, chained, start, end, hasIf } = this.source;
      const { head, body } = this;
      const made: Rule = { kind, default: isDefault, head, body, else: otherwise, chained, start, end };
      this.#made = hasIf ? { ...made, hasIf } : made;
    }
    return this.#made;
  }

  /** What was made before is not what is made now. */
  #begin(): void {
    if (this.#made === undefined) return;
    this.#head = this.head;
    this.#body = this.body;
    this.#made = undefined;
  }

  /** Takes over what the stages made of the rule in an earlier version. */
  take(made: Rule): void {
    let unit: RuleUnit | undefined = this;
    for (let one: Rule | undefined = made; one !== undefined && unit !== undefined; one = one.else, unit = unit.else) {
      unit.#made = one;
      unit.#head = undefined;
      unit.#body = undefined;
    }
  }
}

/** A head with what OPA's parser fills in: the value `true`, an else's name and arguments. */
function filledHead(rule: Rule, top: Rule): Head {
  const head = writtenHead(rule);
  const { reference, args } = rule === top ? head : writtenHead(top);
  const contains = head.contains || (head.key !== undefined && head.value === undefined);
  return {
    ...head,
    reference: reference.kind === "ref" ? reference : refTerm([reference], reference),
    args,
    key: contains ? head.key : undefined,
    value: contains ? undefined : (head.value ?? trueTerm(head)),
    contains,
  };
}

function writtenHead(rule: Rule): Head {
  return rule.chained ? headOfFurtherBody(rule.head, rule) : rule.head;
}

function filledBody(rule: Rule): Body {
  return rule.body === undefined || rule.body.length === 0 ? [exprOf(trueTerm(rule), rule, { generated: true })] : rule.body;
}

export interface Resolved {
  readonly head: Head;
  readonly body: Body;
  /** Where the rule began. */
  readonly start: number;
}

export interface ModuleUnit {
  readonly file: string;
  readonly text: string;
  readonly version: RegoVersion;
  readonly source: Module;
  /** The package's path, without `data`. */
  readonly package: readonly StringTerm[];
  readonly imports: readonly Import[];
  rules: readonly RuleUnit[];
  readonly lines: LineIndex;
  readonly names: LocalNames;
  /** Places, `start:end`, that OPA's tree has no location for, such as calls in holes of template strings: what is wrong there is told without one. */
  readonly placeless: Set<string>;
  /** Hints of the parser that no fault has taken: the first of METADATA has them. */
  readonly hints: readonly string[];
  /** Found by name resolution, reported by a stage of their own. */
  readonly unusedImports: Import[];
  /** True when the type checker has come upon a call of a deprecated builtin in it. */
  typesDeprecated: boolean;
  /** Who shares a head (see shared-heads.ts) → the local that gave it its name. */
  readonly sharedHeads: Map<string, string>;
  /** Where refs begin that stand in copies and share no head. */
  readonly copiedHeads: Set<number>;
}

/** Makes names for the variables of one module that rewriting needs, and remembers what the author wrote. */
export class LocalNames {
  /** Generated name → the name in the source. */
  readonly written: Map<string, string> = new Map();
  /** Generated name → the term it stands for, to show in messages. */
  readonly subjects: Map<string, Term> = new Map();
  private readonly prefix: string;
  private readonly taken: ReadonlySet<string>;
  private next = 0;

  constructor(prefix: string, text: string) {
    this.prefix = prefix;
    this.taken = text.includes("__local") ? new Set([...text.matchAll(/__local\w*__/g)].map(([name]) => name)) : new Set();
  }

  /** One source of names for several modules. */
  static over(modules: readonly { readonly text: string }[]): LocalNames {
    return new LocalNames("__local", modules.map(({ text }) => text).join("\n"));
  }

  /** How many names were made. */
  get made(): number {
    return this.next;
  }

  /** A name that nothing else in the module has. */
  fresh(): string {
    for (;;) {
      const name = `${this.prefix}${this.next++}__`;
      if (!this.taken.has(name)) return name;
    }
  }
}

/** True for names that rewriting made. */
export function isGenerated(name: string): boolean {
  return name.startsWith("__local");
}

/** True for `_`, which the parser numbers `$0`, `$1`, … */
export function isWildcard(name: string): boolean {
  return name.startsWith("$");
}

/** The rule's `else` branches, itself first. */
export function branches(unit: RuleUnit): readonly RuleUnit[] {
  return unit.else === undefined ? [unit] : withBranches(unit, []);
}

function withBranches(unit: RuleUnit, into: RuleUnit[]): RuleUnit[] {
  for (let branch: RuleUnit | undefined = unit; branch !== undefined; branch = branch.else) into.push(branch);
  return into;
}

/** Every rule and `else` branch of a module. */
export function rulesOf(module: ModuleUnit): readonly RuleUnit[] {
  const all: RuleUnit[] = [];
  const { rules } = module;
  for (let i = 0; i < rules.length; i++) withBranches(rules[i]!, all);
  return all;
}

/** Those that the stages have to work on. */
export function openRules(module: ModuleUnit): readonly RuleUnit[] {
  const open: RuleUnit[] = [];
  const { rules } = module;
  for (let i = 0; i < rules.length; i++) if (!rules[i]!.settled) withBranches(rules[i]!, open);
  return open;
}
