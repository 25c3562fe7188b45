// The files of an optimised bundle: rules that were written anew below `/optimized`, and what is left of the others.
import type { Checked } from "#analysis/rego/checked.ts";
import type { ModuleUnit, RuleUnit } from "#analysis/rego/rule-units.ts";
import type { Range, RegoVersion, Rule } from "#grammars/rego/ast.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import { withEdits } from "#grammars/text/edits.ts";
import type { Optimised, OptimisedFile } from "./optimise.ts";
import { readsMetadata } from "./rule-groups.ts";
import { dialectOf } from "./simplified.ts";

export interface BundledFile {
  readonly file: string;
  readonly text: string;
  readonly version: RegoVersion;
  /** Where rules stand that were written anew, in order; undefined for a file of the author's. */
  readonly places: readonly { readonly units: readonly RuleUnit[]; readonly end: number }[] | undefined;
}

/** All policies, in no order. `taken` are names of other files. */
export function optimisedFiles(checked: Checked, { files }: Optimised): readonly BundledFile[] {
  const { modules } = checked.compilation;
  const moved = new Set(files.flatMap(({ rules }) => rules.flatMap(({ group }) => group.units)));
  const left = modules.flatMap((module) => leftOf(module, moved, checked) ?? []);
  const names = new Set(left.map(({ file }) => file.replace(/^\/+/u, "")));
  const written = files.map((file): BundledFile => {
    const path = ["optimized", ...file.package.map(({ value }) => value)].join("/");
    let name = `${path}.rego`;
    for (let count = 1; names.has(name); count++) name = `${path}.${count}.rego`;
    names.add(name);
    return { file: name, ...writtenText(file) };
  });
  return [...left, ...written];
}

function writtenText({ package: path, version, rules }: OptimisedFile): Omit<BundledFile, "file"> {
  const units = rules.flatMap(({ group }) => group.units);
  const [name, ...below] = path;
  const header = printRef([{ kind: "var", name: name!.value, start: 0, end: 0 }, ...below]);
  const imports = new Set(units.flatMap(({ module }) => dialectOf(module)));
  let text = [`package ${header}`, ...imports].join("\n\n");
  const places = rules.map(({ group, texts }) => {
    text += `\n\n${texts.join("\n\n")}`;
    return { units: group.units, end: text.length };
  });
  return { text: `${text}\n`, version, places };
}

/** A module without the rules that were moved; undefined when nothing is left. */
function leftOf(module: ModuleUnit, moved: ReadonlySet<RuleUnit>, checked: Checked): BundledFile | undefined {
  const { file, text, version, source } = module;
  const gone = new Set<Rule>(module.rules.filter((unit) => moved.has(unit)).map((unit) => unit.source));
  const whole = { file, text, version, places: undefined };
  if (gone.size === 0) return whole;
  if (gone.size === source.rules.length && !describesOthers(module, checked)) return undefined;
  const statements: readonly Range[] = [
    ...(source.package === undefined ? [] : [source.package]),
    ...source.imports,
    ...source.rules,
  ];
  const ends = statements.map(({ end }) => end);
  const edits = [...gone].map((rule) => {
    const before = Math.max(0, ...ends.filter((end) => end <= rule.start));
    // What is said above a rule goes with it, and what stands behind it in its row.
    const row = text.indexOf("\n", before);
    const start = row < 0 || row > rule.start ? rule.start : row;
    const rest = /^[ \t]*#[^\n]*/u.exec(text.slice(rule.end, endOfRow(text, rule.end)))?.[0].length ?? 0;
    return { range: { start, end: rule.end + rest }, newText: "" };
  });
  return { ...whole, text: withEdits(text, edits) };
}

function endOfRow(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}

/** Whether METADATA of its package is read by rules, of whatever file. */
function describesOthers(module: ModuleUnit, { compilation }: Checked): boolean {
  return module.text.includes("METADATA") && compilation.modules.some(({ rules }) => rules.some((unit) => readsMetadata(unit)));
}
