// What can be tested in a project: `test_` rules by package, and expected decisions by sample.
import { hasCases, isSkippedTest, isTestName, numberedTest } from "#evaluation/test-cases.ts";
import type { Range } from "#grammars/rego/ast.ts";
import type { Expectation } from "#workspace/expected.ts";
import { relative } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import type { Sample } from "#workspace/samples.ts";
import { namesOf } from "./rego/project-names.ts";

export interface RuleTest {
  readonly kind: "rule";
  readonly id: string;
  readonly name: string;
  /** `data.orders_test.test_limit`. */
  readonly path: string;
  readonly package: string;
  readonly file: string;
  readonly range: Range;
  /** `todo_test_…`: listed, not run. */
  readonly skipped: boolean;
  /** `test_x[case]`: each value of the key is a case of its own. */
  readonly hasCases: boolean;
}

export interface ExpectedTest {
  readonly kind: "expected";
  readonly id: string;
  readonly sample: Sample;
  readonly expectation: Expectation;
  readonly file: string;
  readonly range: Range;
}

export type ProjectTest = RuleTest | ExpectedTest;

/** Every test of a project, in the order of files. */
export function testsOf(project: Project): readonly ProjectTest[] {
  return project.once("tests", () => [...ruleTests(project), ...expectedTests(project)]);
}

function ruleTests(project: Project): readonly RuleTest[] {
  const names = namesOf(project);
  const tests: RuleTest[] = [];
  const counts = new Map<string, number>();
  for (const file of project.policies) {
    const home = names.packageOf(file);
    const packageName = home.slice(1).join(".");
    for (const { path, range, rule } of names.rulesOf(file)) {
      const own = path.slice(home.length);
      const at = own.findIndex(isTestName);
      const test = own[at];
      if (test === undefined) continue;
      const key = `${packageName}:${own.slice(0, at + 1).join(".")}`;
      const count = counts.get(key) ?? 0;
      counts.set(key, count + 1);
      const name = own.with(at, numberedTest(test, count)).join(".");
      tests.push({
        kind: "rule",
        id: `${file.path}?test#${packageName}:${name}`,
        name,
        path: [...home, name].join("."),
        package: packageName,
        file: file.path,
        range,
        skipped: isSkippedTest(test),
        hasCases: hasCases(rule),
      });
    }
  }
  return tests;
}

/** The packages that have several tests of one name. */
export function packagesWithRepeatedTests(project: Project): ReadonlySet<string> {
  const found = testsOf(project).flatMap((test) => (test.kind === "rule" && test.name.includes("#") ? [test.package] : []));
  return new Set(found);
}

function expectedTests(project: Project): readonly ExpectedTest[] {
  return project.inputs.samples.flatMap((sample) => {
    const { expected } = sample;
    if (expected === undefined) return [];
    return project.inputs.expectationsOf(sample).expectations.map((expectation) => ({
      kind: "expected" as const,
      id: `${expected.path}?expected#${expectation.query}${expectation.profile === undefined ? "" : `@${expectation.profile}`}`,
      sample,
      expectation,
      file: expected.path,
      range: expectation.range,
    }));
  });
}

/** What a test is evaluated with; undefined where its sample cannot be resolved. `profile` counts where the expectation has none. */
export function testQuestion(
  project: Project,
  test: ProjectTest,
  profile: string | undefined,
): { readonly path: string; readonly input: string | undefined; readonly profile: string | undefined } | undefined {
  if (test.kind === "rule") return { path: test.path, input: undefined, profile };
  const { sample, expectation } = test;
  const own = expectation.profile ?? profile;
  const input = project.inputs.json(sample, own);
  return input === undefined ? undefined : { path: expectation.query, input, profile: own };
}

export interface TestNode {
  readonly id: string;
  readonly label: string;
  readonly kind: "root" | "package" | "rule" | "expected";
  readonly file: string;
  readonly range: Range;
  readonly children: readonly TestNode[];
}

const nowhere: Range = { start: 0, end: 0 };

/** The tests as a tree: packages with their rules, samples with their queries. */
export function testTree(project: Project): readonly TestNode[] {
  const groups = new Map<string, { label: string; file: string; kind: TestNode["kind"]; children: TestNode[] }>();
  for (const test of testsOf(project)) {
    const isRule = test.kind === "rule";
    const id = isRule ? `${project.root}?package#${test.package}` : `${test.file}?expected`;
    const label = isRule ? test.package : relative(project.root, test.sample.file.path);
    const group = groups.get(id) ?? { label, file: test.file, kind: "package", children: [] };
    groups.set(id, group);
    const name = isRule ? test.name : test.expectation.query;
    group.children.push({ id: test.id, label: name, kind: test.kind, file: test.file, range: test.range, children: [] });
  }
  return [...groups].map(([id, group]) => ({ id, range: nowhere, ...group }));
}
