// Rules of one path must fit each other, the paths around them, base documents and packages.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Term } from "#grammars/rego/ast.ts";
import { compareTermLists } from "#grammars/rego/compare-terms.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import { keyOf } from "#grammars/rego/term-key.ts";
import { type Compilation, fail, placeText } from "../compilation.ts";
import { everythingBelow, type RuleTreeNode, rulePath } from "../rule-tree.ts";
import type { ModuleUnit, RuleUnit } from "../rule-units.ts";
import { refTerm } from "../tree/make.ts";
import { headParts, isGroundRef } from "../tree/refs.ts";
import { renamed } from "../tree/written.ts";

/** What each node of the rule tree was found to have, by its key. */
export type NodeConflicts = ReadonlyMap<string, Conflicts>;

interface Conflicts {
  readonly ofRules: readonly Diagnostic[];
  /** Rules of one value that stand where the package of another module lies. */
  readonly withPackages: readonly { readonly unit: RuleUnit; readonly other: ModuleUnit }[];
}

/** Where rules and packages came, went or changed since the conflicts `before`. */
export interface Touched {
  readonly before: NodeConflicts;
  readonly places: readonly (readonly string[])[];
  readonly packages: readonly (readonly string[])[];
}

/** Checks all rules, or those that stand at, above or below touched places and at touched packages: elsewhere what was found before holds. */
export function checkRuleConflicts(compilation: Compilation, touched: Touched | undefined): NodeConflicts {
  const found = new Map(touched?.before);
  const check = (node: RuleTreeNode, key: string): void => {
    if (node.rules.length === 0) return;
    const ofRules = checkNode(compilation, node);
    const withPackages = node.packages.size === 0 ? [] : packagesAt(node);
    if (ofRules.length + withPackages.length > 0) found.set(key, { ofRules, withPackages });
    else found.delete(key);
  };
  const checkBelow = (node: RuleTreeNode, key: string): void => {
    check(node, key);
    if (node.children.size === 0) return;
    for (const step of [...node.children.keys()].sort()) checkBelow(node.children.get(step)!, `${key}\n${step}`);
  };
  if (touched === undefined) checkBelow(compilation.tree.root, "");
  else {
    const { places, before } = touched;
    const keys = new Set(places.map((place) => `\n${place.join("\n")}\n`));
    const isTouched = (key: string): boolean => [...keys].some((one) => one.startsWith(key) || key.startsWith(one));
    for (const key of before.keys()) if (isTouched(`${key}\n`)) found.delete(key);
    const checked = new Set<string>();
    for (const place of places) {
      let node: RuleTreeNode | undefined = compilation.tree.root;
      let key = "";
      for (const step of place) {
        node = node.children.get(step);
        if (node === undefined) break;
        key += `\n${step}`;
        if (checked.has(key)) continue;
        checked.add(key);
        check(node, key);
      }
      if (node !== undefined) for (const [step, child] of node.children) checkBelow(child, `${key}\n${step}`);
    }
    for (const place of touched.packages) {
      const node = compilation.tree.at(place);
      if (node !== undefined) check(node, `\n${place.join("\n")}`);
    }
  }
  for (const { ofRules } of found.values()) compilation.diagnostics.push(...ofRules);
  if (found.size > 0) compilation.stopped = true;
  checkDataConflicts(compilation);
  tellPackages(
    compilation,
    [...found.values()].flatMap(({ withPackages }) => withPackages),
  );
  return found;
}

function textOf(unit: RuleUnit): string {
  return printRef(renamed(unit.module.names, refTerm(rulePath(unit).parts, { start: 0, end: 0 })).parts);
}

/** The rules of a package before those that packages below it have at the same place. */
function outermostFirst(rules: readonly RuleUnit[]): readonly RuleUnit[] {
  return rules.length < 2 ? rules : [...rules].sort((a, b) => a.module.package.length - b.module.package.length);
}

function checkNode(compilation: Compilation, node: RuleTreeNode): readonly Diagnostic[] {
  const rules = outermostFirst(node.rules);
  const first = rules[0];
  if (first === undefined || (rules.length === 1 && node.children.size === 0)) return [];
  const own: Compilation = { ...compilation, diagnostics: [] };
  const name = (): string => textOf(rules.at(-1)!);
  const ground = rules.map((unit) => isGroundRef(headParts(unit.form)));
  let inside: readonly RuleUnit[] = [];
  if (node.children.size > 0) {
    if (ground.includes(true)) inside = below(node, () => true);
    else if (ground.includes(false)) inside = below(node, ({ form }) => (form.args?.length ?? 0) > 0);
  }
  const wrong = (unit: { readonly module: ModuleUnit }, range: { start: number; end: number }, message: string): void =>
    fail(own, {
      module: unit.module,
      range,
      code: "rego_type_error",
      message,
      related: rules
        .filter(({ source, module }) => module !== unit.module || source.start !== range.start)
        .map(({ module, source }) => ({ file: module.file, range: source.head, message: "also defined here" })),
    });
  if (inside.length > 0) {
    const list = inside.map((unit) => `\n  rule ${textOf(unit)} at ${placeText(unit.module, unit.source)}`).join("");
    wrong(first, first.source, `rule ${name()} conflicts with:${list}`);
    return own.diagnostics;
  }
  const multi = rules.map(({ form }) => form.contains);
  const kinds = new Set(multi).size;
  const arities = new Set(rules.map(({ form }) => form.args?.length ?? 0)).size;
  const complete = rules.filter((_, i) => !multi[i] && ground[i]).length;
  const partial = rules.length - complete;
  const sets = rules.some((_, i) => multi[i] && ground[i]);
  const objects = rules.some((_, i) => multi[i] && !ground[i]);
  if (kinds > 1 || arities > 1 || (complete > 0 && partial > 0) || (sets && objects)) {
    wrong(first, first.source, `conflicting rules ${name()} found`);
    return own.diagnostics;
  }
  const defaults = rules.filter(({ source }) => source.default);
  const leading = defaults[0];
  if (defaults.length > 1 && leading !== undefined) {
    const places = defaults.map((unit) => placeText(unit.module, unit.source)).join(", ");
    wrong(leading, leading.module.source.package ?? leading.source, `multiple default rules ${name()} found at ${places}`);
  }
  return own.diagnostics;
}

/** The rules below a node, none of them below another one of the list. */
function below(node: RuleTreeNode, fits: (unit: RuleUnit) => boolean): readonly RuleUnit[] {
  let kept: { unit: RuleUnit; path: readonly Term[] }[] = [];
  const isPrefix = (prefix: readonly Term[], path: readonly Term[]): boolean =>
    prefix.length <= path.length && prefix.every((part, i) => keyOf(part) === keyOf(path[i]!));
  for (const child of node.children.values()) {
    for (const unit of everythingBelow(child)) {
      if (!fits(unit)) continue;
      const path = rulePath(unit).parts;
      if (kept.some((one) => isPrefix(one.path, path))) continue;
      kept = [{ unit, path }, ...kept.filter((one) => !isPrefix(path, one.path))];
    }
  }
  return kept.sort((a, b) => compareTermLists(a.path, b.path)).map(({ unit }) => unit);
}

function checkDataConflicts(compilation: Compilation): void {
  const exists = compilation.hasData;
  if (exists === undefined) return;
  const visit = (node: RuleTreeNode, path: readonly string[]): void => {
    if (node.key?.kind !== "string") return;
    const here = [...path, node.key.value];
    // Below a path without data there is none.
    if (!exists(here)) return;
    const first = outermostFirst(node.rules)[0];
    if (first !== undefined) {
      fail(compilation, {
        module: first.module,
        range: first.source,
        code: "rego_compile_error",
        message: `conflicting rule for data path ${here.join("/")} found`,
      });
      return;
    }
    for (const child of node.children.values()) visit(child, here);
  };
  for (const data of compilation.tree.root.children.values()) for (const child of data.children.values()) visit(child, []);
}

/** A package must not lie where another module has a rule. */
function packagesAt(node: RuleTreeNode): Conflicts["withPackages"] {
  const ground = node.rules.filter(({ form }) => isGroundRef(headParts(form)));
  return ground.flatMap((unit) => [...node.packages].flatMap((other) => (other === unit.module ? [] : [{ unit, other }])));
}

function tellPackages(compilation: Compilation, conflicts: Conflicts["withPackages"]): void {
  const found = conflicts.toSorted(
    (a, b) =>
      compareFiles(a.unit.module, b.unit.module) || a.unit.source.start - b.unit.source.start || compareFiles(a.other, b.other),
  );
  for (const { unit, other } of found) {
    const { module } = unit;
    const name = `package ${printRef([{ kind: "var", name: other.package[0]!.value, start: 0, end: 0 }, ...other.package.slice(1)])}`;
    fail(compilation, {
      module,
      range: module.source.package ?? unit.source,
      code: "rego_type_error",
      message: `${name} conflicts with rule ${printRef(headParts(unit.form))} defined at ${placeText(module, unit.source)}`,
      related: [{ file: other.file, range: other.source.package ?? { start: 0, end: 0 }, message: "the package" }],
    });
  }
}

function compareFiles(a: ModuleUnit, b: ModuleUnit): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : 0;
}
