// Code lenses: Evaluate above the package and every rule, Debug and Why? above rules, Try… above functions, Run test and Debug test above tests, how the samples do above entrypoints, Publish… above the package.
import type { Range } from "#grammars/rego/ast.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { testsOf } from "../tests.ts";
import { namesOf } from "./project-names.ts";

export interface Lens {
  readonly range: Range;
  readonly title: string;
  readonly action:
    | { readonly kind: "evaluate"; readonly query: string }
    /** A function, with the text of the arguments of its first clause. */
    | { readonly kind: "try"; readonly query: string; readonly parameters: readonly string[] }
    | { readonly kind: "test"; readonly id: string }
    | { readonly kind: "debug"; readonly query: string }
    | { readonly kind: "why"; readonly query: string }
    | { readonly kind: "debugTest"; readonly id: string }
    /** What the samples decide of the rule. */
    | { readonly kind: "samples"; readonly query: string }
    | { readonly kind: "publish" };
}

export interface LensOptions {
  readonly evaluate: boolean;
  readonly try: boolean;
  readonly test: boolean;
  /** With those of rules and those of tests. */
  readonly debug: boolean;
  readonly why: boolean;
  readonly samples: boolean;
  readonly publish: boolean;
}

/** The lenses of a policy; they come from the recovered tree, so they stay while the text is broken. */
export function lensesOf(
  project: Project,
  file: SourceFile,
  options: LensOptions,
  samplesOf: (path: string) => { readonly passed: number; readonly failed: number } | undefined,
): readonly Lens[] {
  // Large files are neither evaluated nor tested.
  if (project.largePolicies.includes(file)) return [];
  const { module } = project.parsed(file);
  const lenses: Lens[] = [];
  const names = namesOf(project).names(file);
  const packageName = names.package.join(".");
  if (module.package !== undefined && options.evaluate) {
    lenses.push({ range: module.package, title: "Evaluate", action: { kind: "evaluate", query: packageName } });
  }
  if (module.package !== undefined && options.publish)
    lenses.push({ range: module.package, title: "Publish…", action: { kind: "publish" } });
  if (options.test) {
    for (const test of testsOf(project)) {
      if (test.kind !== "rule" || test.file !== file.path || test.skipped) continue;
      const { range, id } = test;
      lenses.push({ range, title: "Run test", action: { kind: "test", id } });
      if (options.debug) lenses.push({ range, title: "Debug test", action: { kind: "debugTest", id } });
    }
  }
  const seen = new Set<string>();
  for (const { path, rule, range } of names.rules) {
    const query = path.join(".");
    if (seen.has(query) || /^(?:todo_)?test_/u.test(path.at(-1)!)) continue;
    seen.add(query);
    const { args } = rule.head;
    if (options.try && args !== undefined) {
      const parameters = args.map(({ start, end }) => file.text.slice(start, end));
      lenses.push({ range, title: "Try…", action: { kind: "try", query, parameters } });
    }
    if (options.evaluate && args === undefined) lenses.push({ range, title: "Evaluate", action: { kind: "evaluate", query } });
    if (options.debug && args === undefined) lenses.push({ range, title: "Debug", action: { kind: "debug", query } });
    if (options.why && args === undefined) lenses.push({ range, title: "Why?", action: { kind: "why", query } });
    const samples = options.samples ? samplesOf(query) : undefined;
    if (samples !== undefined) {
      const total = samples.passed + samples.failed;
      const marks = [[samples.passed, "✓"] as const, [samples.failed, "✗"] as const];
      const told = marks.flatMap(([count, mark]) => (count === 0 ? [] : [`${count} ${mark}`])).join(" ");
      lenses.push({
        range,
        title: `${total} ${total === 1 ? "sample" : "samples"}: ${told}`,
        action: { kind: "samples", query },
      });
    }
  }
  return lenses;
}
