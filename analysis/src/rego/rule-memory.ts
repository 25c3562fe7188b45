// The rules of a module as a check left them: a later version of the module takes over those that are written as before and mean the same.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Rule } from "#grammars/rego/ast.ts";
import { movedBody, movedHead, movedRule } from "#grammars/rego/moved.ts";
import { branches, type LocalNames, type ModuleUnit, type RuleUnit } from "./rule-units.ts";
import { declaresRoot } from "./shared-heads.ts";
import { featuresOfBody, featuresOfHead, TEMPLATE } from "./tree/features.ts";

export class RuleMemory {
  /** Names that later versions of the module go on from. */
  readonly names: LocalNames;
  /** The number of the check that the memory is from. */
  readonly check: number;
  readonly #context: string;
  readonly #ruleNames: ReadonlySet<string>;
  readonly #units = new Map<string, RuleUnit>();

  /** Remembers the rules in which nothing was found. */
  constructor(module: ModuleUnit, ruleNames: ReadonlySet<string>, found: readonly Diagnostic[], check: number) {
    this.names = module.names;
    this.check = check;
    this.#context = contextOf(module);
    this.#ruleNames = ruleNames;
    const wrong = found.map(({ range }) => range).sort((a, b) => a.start - b.start);
    let next = 0;
    for (const unit of module.rules) {
      const { start, end } = extentOf(unit.source);
      while (next < wrong.length && wrong[next]!.end < start) next++;
      const first = wrong[next];
      if (unit.source.chained || (first !== undefined && first.start <= end)) continue;
      const text = module.text.slice(start, end);
      // What is wrong in holes of template strings is told by their places.
      if (!/\$["`]/u.test(text) || !hasTemplate(unit.source)) this.#units.set(text, unit);
    }
  }

  /** The memory as far as it serves a text: after very many edits, its names are used up. */
  static fitting(memory: RuleMemory | undefined, text: string): RuleMemory | undefined {
    return memory === undefined || text.includes("__local") || memory.names.made > text.length + 10_000 ? undefined : memory;
  }

  /** Settles the rules of a new version that are known. */
  settle(module: ModuleUnit, ruleNames: ReadonlySet<string>): void {
    if (contextOf(module) !== this.#context) return;
    const changed = differenceOf(this.#ruleNames, ruleNames);
    const mentions = changed.length === 0 ? undefined : new RegExp(`\\b(?:${changed.join("|")})\\b`, "u");
    const taken = new Map<RuleUnit, RuleUnit>();
    for (const unit of module.rules) {
      if (unit.source.chained) continue;
      const { start, end } = extentOf(unit.source);
      const text = module.text.slice(start, end);
      const known = this.#units.get(text);
      if (known !== undefined && !taken.has(known) && mentions?.test(text) !== true) taken.set(known, unit);
      // What it does to a name it does to the same name in all rules.
      else if (declaresRoot(unit)) return;
    }
    for (const [known, unit] of taken) takeOver(unit, known);
  }
}

/** What all rules of a module are read with. */
function contextOf({ text, version, source }: ModuleUnit): string {
  const parts = [...(source.package === undefined ? [] : [source.package]), ...source.imports];
  return [version, ...parts.map(({ start, end }) => text.slice(start, end))].join("\n");
}

function hasTemplate(rule: Rule): boolean {
  for (let branch: Rule | undefined = rule; branch !== undefined; branch = branch.else)
    if (((featuresOfHead(branch.head) | featuresOfBody(branch.body ?? [])) & TEMPLATE) !== 0) return true;
  return false;
}

/** The rule with its `else` branches. */
function extentOf(rule: Rule): { readonly start: number; readonly end: number } {
  let last = rule;
  while (last.else !== undefined) last = last.else;
  return { start: rule.start, end: Math.max(rule.end, last.end) };
}

function differenceOf(a: ReadonlySet<string>, b: ReadonlySet<string>): readonly string[] {
  if (a === b) return [];
  const isName = (name: string): boolean => /^\w+$/u.test(name);
  return [...[...a].filter((name) => !b.has(name)), ...[...b].filter((name) => !a.has(name))].filter(isName);
}

/** Gives a rule and its branches what the same rule had. */
function takeOver(unit: RuleUnit, known: RuleUnit): void {
  unit.take(movedRule(known.made, unit.source.start - known.source.start));
  const from = [...branches(known)];
  for (const branch of branches(unit)) {
    const same = from.shift();
    if (same === undefined) return;
    branch.refs = same.refs;
    branch.replacesData = same.replacesData;
    branch.written = same.written;
    branch.features = same.features;
    branch.uses = same.uses;
    branch.resolved = same.resolved;
    branch.identity = same.identity;
    branch.settled = true;
  }
}

/** Takes a rule back to where its names are resolved: something that it reads changed. */
export function unsettle(unit: RuleUnit): void {
  for (const branch of branches(unit)) {
    branch.settled = false;
    branch.identity = {};
    if (branch.resolved === undefined) continue;
    const by = branch.source.start - branch.resolved.start;
    branch.head = movedHead(branch.resolved.head, by);
    branch.body = movedBody(branch.resolved.body, by);
    branch.resolved = { head: branch.head, body: branch.body, start: branch.source.start };
  }
}
