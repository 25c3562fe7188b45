// Rules of one path must fit each other, the paths around them, base documents and packages.
import type { Term } from "#grammars/rego/ast.ts";
import { type Compilation, fail, type ModuleUnit, placeText, type RuleUnit } from "../compilation.ts";
import { everythingBelow, type RuleTreeNode, rulePath } from "../rule-tree.ts";
import { compareTermLists } from "../tree/compare.ts";
import { keyOf } from "../tree/keys.ts";
import { refTerm } from "../tree/make.ts";
import { printRef } from "../tree/print.ts";
import { headParts, isGroundRef } from "../tree/refs.ts";
import { renamed } from "../tree/written.ts";

export function checkRuleConflicts(compilation: Compilation): void {
  compilation.tree.depthFirst((node) => {
    checkNode(compilation, node);
    return false;
  });
  checkDataConflicts(compilation);
  checkPackageConflicts(compilation);
}

function textOf(compilation: Compilation, parts: readonly Term[]): string {
  return printRef(renamed(compilation.names, refTerm(parts, { start: 0, end: 0 })).parts);
}

function checkNode(compilation: Compilation, node: RuleTreeNode): void {
  const { rules } = node;
  const first = rules[0];
  if (first === undefined) return;
  const paths = rules.map((unit) => rulePath(unit).parts);
  const name = textOf(compilation, paths.at(-1)!);
  const ground = paths.map(isGroundRef);
  let inside: readonly RuleUnit[] = [];
  if (node.children.size > 0) {
    if (ground.includes(true)) inside = below(node, () => true);
    else if (ground.includes(false)) inside = below(node, ({ head }) => (head.args?.length ?? 0) > 0);
  }
  const wrong = (unit: { readonly module: ModuleUnit }, range: { start: number; end: number }, message: string): void =>
    fail(compilation, {
      module: unit.module,
      range,
      code: "rego_type_error",
      message,
      related: rules
        .filter(({ source, module }) => module !== unit.module || source.start !== range.start)
        .map(({ module, source }) => ({ file: module.file, range: source.head, message: "also defined here" })),
    });
  if (inside.length > 0) {
    const list = inside
      .map((unit) => `\n  rule ${textOf(compilation, rulePath(unit).parts)} at ${placeText(unit.module, unit.source)}`)
      .join("");
    wrong(first, first.source, `rule ${name} conflicts with:${list}`);
    return;
  }
  const multi = rules.map(({ head }) => head.contains);
  const kinds = new Set(multi).size;
  const arities = new Set(rules.map(({ head }) => head.args?.length ?? 0)).size;
  const complete = rules.filter((_, i) => !multi[i] && ground[i]).length;
  const partial = rules.length - complete;
  const sets = rules.some((_, i) => multi[i] && ground[i]);
  const objects = rules.some((_, i) => multi[i] && !ground[i]);
  if (kinds > 1 || arities > 1 || (complete > 0 && partial > 0) || (sets && objects)) {
    wrong(first, first.source, `conflicting rules ${name} found`);
    return;
  }
  const defaults = rules.filter(({ source }) => source.default);
  const leading = defaults[0];
  if (defaults.length > 1 && leading !== undefined) {
    const places = defaults.map((unit) => placeText(unit.module, unit.source)).join(", ");
    wrong(leading, leading.module.source.package ?? leading.source, `multiple default rules ${name} found at ${places}`);
  }
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
    const first = node.rules[0];
    if (first !== undefined && exists(here)) {
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

function checkPackageConflicts(compilation: Compilation): void {
  const modules = new Map<string, ModuleUnit[]>();
  for (const module of compilation.modules) {
    const key = module.package.map(keyOf).join("\n");
    const same = modules.get(key);
    if (same === undefined) modules.set(key, [module]);
    else same.push(module);
  }
  for (const module of compilation.modules) {
    for (const unit of module.rules) {
      const path = rulePath(unit).parts;
      if (!isGroundRef(headParts(unit.head))) continue;
      for (const other of modules.get(path.slice(1).map(keyOf).join("\n")) ?? []) {
        if (other === module) continue;
        const name = `package ${printRef([{ kind: "var", name: other.package[0]!.value, start: 0, end: 0 }, ...other.package.slice(1)])}`;
        fail(compilation, {
          module,
          range: module.source.package ?? unit.source,
          code: "rego_type_error",
          message: `${name} conflicts with rule ${printRef(headParts(unit.head))} defined at ${placeText(module, unit.source)}`,
          related: [{ file: other.file, range: other.source.package ?? { start: 0, end: 0 }, message: "the package" }],
        });
      }
    }
  }
}
