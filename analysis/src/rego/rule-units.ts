// Modules and rules as units whose heads and bodies the stages of a check replace.

import type { Body, Head, Import, Module, RegoVersion, Rule, StringTerm, Term } from "#grammars/rego/ast.ts";
import type { LineIndex } from "#grammars/text/lines.ts";
import type { RuleRef } from "./rule-refs.ts";

/** One rule, or one `else` branch, of a module. `head` and `body` are what the stages so far made of `source`. */
export interface RuleUnit {
  readonly module: ModuleUnit;
  readonly source: Rule;
  head: Head;
  body: Body;
  readonly else: RuleUnit | undefined;
  /** Keys of the constant part of the rule's path, `data` first; set when the rule is filed in the rule tree. */
  place: readonly string[];
  /** What the rule refers to below `data`, in the order met; set before the rule graph is drawn. */
  refs: readonly RuleRef[];
  /** True when a body in it replaces something below `data` by `with`; set with `refs`. */
  replacesData: boolean;
  /** Of the kinds of nodes in head and body as they are written (see tree/features.ts) those that not every rule has; set when names are resolved. */
  written: number;
  /** The kinds of nodes in head and body; set with `refs`. */
  features: number;
  /** Names of imports and of rules of the package that are in it; set when names are resolved. */
  uses: ReadonlySet<string>;
  /** Head and body with names resolved, before anything is looked at in other rules; nodes may lie where the rule lay then. */
  resolved: Resolved | undefined;
  /** Stands for what was checked: copies of the rule for later versions of its module share it. */
  identity: object;
  /** True when head and body come from a check of an earlier version of the module, so that the stages pass over the rule. */
  settled: boolean;
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
  /** Places, `start:end`, of calls in holes of template strings: OPA reports what is wrong with them without a location. */
  readonly holeCalls: Set<string>;
  /** Found by name resolution, reported by a stage of their own. */
  readonly unusedImports: Import[];
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
  return withBranches(unit, []);
}

function withBranches(unit: RuleUnit, into: RuleUnit[]): RuleUnit[] {
  for (let branch: RuleUnit | undefined = unit; branch !== undefined; branch = branch.else) into.push(branch);
  return into;
}

/** Every rule and `else` branch of a module. */
export function rulesOf(module: ModuleUnit): readonly RuleUnit[] {
  const all: RuleUnit[] = [];
  for (const unit of module.rules) withBranches(unit, all);
  return all;
}

/** Those that the stages have to work on. */
export function openRules(module: ModuleUnit): readonly RuleUnit[] {
  const open: RuleUnit[] = [];
  for (const unit of module.rules) if (!unit.settled) withBranches(unit, open);
  return open;
}
