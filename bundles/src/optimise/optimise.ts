// Policies that decide the entrypoints as others do, in less time: what is known before any input is written in its place.
import type { Checked } from "#analysis/rego/checked.ts";
import { rulePath } from "#analysis/rego/rule-tree.ts";
import type { ModuleUnit, RuleUnit } from "#analysis/rego/rule-units.ts";
import { packageKey, resolvedRules } from "#analysis/rego/stages/01-resolve-refs.ts";
import { dataRef } from "#compiler/plan/plan.ts";
import type { Ref, RegoVersion } from "#grammars/rego/ast.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import { KnownRules } from "./known-rules.ts";
import { groupsOf, headText, packageOf, type RuleGroup } from "./rule-groups.ts";
import { dialectOf, type Surroundings, simplifiedRules } from "./simplified.ts";

export interface OptimiseRequest {
  /** `a/b/allow`. */
  readonly entrypoints: readonly string[];
  /** Paths whose base documents nobody but the bundle changes; `""` for all. */
  readonly roots: readonly string[];
  /** Values of terms as Rego text, none for those that have none or that fail; `imports` are those of the dialect that they are written in. */
  readonly evaluate: (terms: readonly string[], imports: readonly string[]) => ReadonlyMap<string, string>;
  /** Rules that are to stay as they are. */
  readonly kept: ReadonlySet<RuleUnit>;
}

/** A rule of an optimised file. */
export interface WrittenRules {
  readonly group: RuleGroup;
  readonly texts: readonly string[];
}

/** The optimised rules of one package that an entrypoint leads to. */
export interface OptimisedFile {
  readonly package: ModuleUnit["package"];
  readonly version: RegoVersion;
  readonly rules: readonly WrittenRules[];
}

export interface Optimised {
  readonly files: readonly OptimisedFile[];
  /** The entrypoints that are undefined whatever the input is. */
  readonly undecided: readonly string[];
}

/** A value that is longer than the rules it comes from and than this stays a calculation. */
const longestValue = 8 * 1024;

/** Nothing is lost where optimisation stops halfway: rules that are not written anew stay as they are. */
export function optimise(checked: Checked, request: OptimiseRequest): Optimised {
  const resolved = resolvedUnits(checked);
  const known = new KnownRules(checked, resolved, request.roots);
  const groups = groupsOf(checked, resolved);
  const dialects = new Map<string, Dialect>();
  const around: Surroundings = {
    known,
    valueOf: (term, module) => {
      const imports = module === undefined ? [] : dialectOf(module);
      const key = imports.join("\n");
      const dialect = dialects.get(key) ?? { imports, asked: new Set(), values: new Map() };
      dialects.set(key, dialect);
      if (!dialect.values.has(term)) dialect.asked.add(term);
      return dialect.values.get(term);
    },
    ruleNames: ({ module }) => checked.compilation.ruleNames.get(packageKey(module.package)) ?? [],
  };
  // What is to be evaluated is found by going through all of it with the values that are known so far.
  for (;;) {
    const found = new Course(checked, { resolved, groups, around, kept: request.kept }).follow(request.entrypoints);
    const open = [...dialects.values()].filter(({ asked }) => asked.size > 0);
    if (open.length === 0) return found;
    for (const { imports, asked, values } of open) {
      const given = request.evaluate([...asked], imports);
      for (const term of asked) values.set(term, given.get(term));
      asked.clear();
    }
  }
}

/** Terms that are read alike. */
interface Dialect {
  readonly imports: readonly string[];
  readonly asked: Set<string>;
  /** Undefined for those that have none. */
  readonly values: Map<string, string | undefined>;
}

function resolvedUnits({ compilation }: Checked): ReadonlyMap<RuleUnit, RuleUnit> {
  const resolved = new Map<RuleUnit, RuleUnit>();
  for (const module of compilation.modules) {
    const units = resolvedRules(compilation, module);
    for (const [at, unit] of module.rules.entries()) resolved.set(unit, units[at]!);
  }
  return resolved;
}

interface Parts {
  readonly resolved: ReadonlyMap<RuleUnit, RuleUnit>;
  readonly groups: ReadonlyMap<RuleUnit, RuleGroup>;
  readonly around: Surroundings;
  readonly kept: ReadonlySet<RuleUnit>;
}

interface Written {
  readonly texts: readonly string[];
  readonly isChanged: boolean;
  readonly refs: readonly Ref[];
}

/** One way through everything that the entrypoints lead to. */
class Course {
  readonly #checked: Checked;
  readonly #parts: Parts;
  readonly #done = new Set<RuleUnit>();
  readonly #files: OptimisedFile[] = [];
  readonly #undecided: string[] = [];

  constructor(checked: Checked, parts: Parts) {
    this.#checked = checked;
    this.#parts = parts;
  }

  follow(entrypoints: readonly string[]): Optimised {
    for (const entrypoint of entrypoints) this.#begin(entrypoint);
    return { files: this.#files, undecided: this.#undecided };
  }

  #begin(entrypoint: string): void {
    const { rules } = this.#checked;
    const path = dataRef(entrypoint.split("/"));
    const own = new Set(rules.rulesAt(path.parts));
    const byPackage = new Map<string, Omit<OptimisedFile, "rules"> & { rules: WrittenRules[] }>();
    const open = [...rules.rulesFor(path.parts)];
    for (let unit = open.pop(); unit !== undefined; unit = open.pop()) {
      if (this.#done.has(unit)) continue;
      const group = this.#groupOf(unit);
      if (group === undefined) {
        this.#done.add(unit);
        open.push(...(this.#checked.graph?.dependencies(unit) ?? []));
        continue;
      }
      for (const one of group.units) this.#done.add(one);
      const written = this.#write(group);
      // A set or an object is there without any rule that holds: then it stays as it is.
      if (own.has(unit) && written.texts.length === 0 && isComplete(group)) this.#undecided.push(entrypoint);
      for (const { parts } of written.refs) open.push(...rules.rulesFor(parts));
      if (written.texts.length === 0 || !(written.isChanged || own.has(unit))) continue;
      const name = packageOf(group);
      const { version } = unit.module;
      // Policies of older dialects have files of their own.
      const key = `${version} ${packageKey(name)}`;
      const file = byPackage.get(key) ?? { package: name, version, rules: [] };
      byPackage.set(key, file);
      file.rules.push({ group, texts: written.texts });
    }
    this.#files.push(...byPackage.values());
  }

  #groupOf(unit: RuleUnit): RuleGroup | undefined {
    const group = this.#parts.groups.get(unit);
    return group?.units.some((one) => this.#parts.kept.has(one)) ? undefined : group;
  }

  #write(group: RuleGroup): Written {
    const { around, resolved } = this.#parts;
    const { units } = group;
    if (!group.isFunction && units.every((unit) => around.known.isKnown(unit))) {
      const value = around.valueOf(printRef(group.path));
      const length = units.reduce((sum, { source }) => sum + source.end - source.start, 0);
      if (value !== undefined && value.length <= Math.max(length, longestValue))
        return { texts: [`${headText(group)} := ${value}`], isChanged: true, refs: [] };
    }
    const rules = simplifiedRules(
      units.map((unit) => resolved.get(unit)!),
      around,
    );
    const held = rules.filter((rule) => rule.text !== undefined);
    return {
      texts: held.map(({ text }) => text!),
      isChanged: rules.some(({ isChanged }) => isChanged),
      refs: held.flatMap(({ refs }) => refs),
    };
  }
}

/** True for rules that give one value: without any of them there is none. */
function isComplete({ units, isFunction, path }: RuleGroup): boolean {
  return !isFunction && units.every((unit) => !unit.form.contains && rulePath(unit).parts.length === path.length);
}
