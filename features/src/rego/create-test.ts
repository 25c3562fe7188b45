// A test for a policy that has none, or for the rule at the cursor: in a package of its own beside it, with the chosen input and what was decided for it.
import { formatPolicy } from "#analysis/rego/fmt.ts";
import type { TextEdit } from "#grammars/diagnostic.ts";
import type { Range } from "#grammars/rego/ast.ts";
import { keywordsOf } from "#grammars/rego/keywords.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import type { Action } from "../action.ts";
import type { LastDecision } from "../last-decision.ts";
import { importEdit } from "./import-edit.ts";
import type { RuleName } from "./names.ts";
import { namesOf } from "./project-names.ts";

/** What a rule is asked with in the editor, and what it decided for that. */
export interface Asked {
  /** The name of the sample, and its JSON. */
  readonly name: string | undefined;
  readonly json: string | undefined;
  readonly decision: LastDecision | undefined;
}

/** A longer input would hide the test. */
const longestInput = 200;

/** A test of a case has its whole input; one of more letters would be none that is read. */
const longestCase = 4000;

/** The tests that can be created for a policy, `askedOf` tells what `data.shop.allow` is asked with. */
export function createTests(
  project: Project,
  file: SourceFile,
  range: Range,
  askedOf: (rule: string) => Asked,
): readonly Action[] {
  const { module } = project.parsed(file);
  const names = namesOf(project);
  const place = placeOfTests(project, file);
  if (place === undefined) return [];
  const { own, known, tested } = place;
  const rules = new Map(
    names
      .rulesOf(file)
      .filter(({ rule, path }) => rule.head.args === undefined && path.slice(own.length).every(isName))
      .map((rule) => [testName(rule, own), rule] as const)
      .filter(([name]) => !name.startsWith("test_test_") && !name.startsWith("test_todo_test_") && !tested.has(name)),
  );
  const entrypoints = new Set(project.entrypoints.map((name) => `data.${name.replace(/^data\./u, "").replaceAll("/", ".")}`));
  const all = [...rules.values()];
  const named = all.filter((rule) => entrypoints.has(rule.path.join(".")));
  const wanted = named.length > 0 ? named : all;
  const hasTests = known !== undefined || [...tested].some((name) => /^(?:todo_)?test_/u.test(name));
  const clauses = module.rules.filter(({ start, end }) => start <= range.start && range.start <= end);
  const here = names.rulesOf(file).find(({ rule }) => clauses.includes(rule));
  const atCursor = here && rules.get(testName(here, own));
  const actions: Action[] = [];
  const create = (title: string, some: readonly RuleName[]): void => {
    const texts = some.map((rule) => testText(rule, own, askedOf(rule.path.join("."))));
    const action = written(project, place, texts, title, testName(some[0]!, own));
    if (action !== undefined) actions.push(action);
  };
  if (!hasTests && wanted.length > 0) create("Create a test for this policy", wanted);
  if (atCursor !== undefined && (hasTests || wanted.length !== 1 || wanted[0] !== atCursor))
    create(`Create a test for \`${atCursor.path.slice(own.length).join(".")}\``, [atCursor]);
  return actions;
}

/** Where the tests of a policy stand, or would stand. */
interface TestPlace {
  /** The package of the policy, from `data` on. */
  readonly own: readonly string[];
  readonly path: string;
  /** The file that has tests of this package. */
  readonly known: SourceFile | undefined;
  /** Names that rules of both packages have. */
  readonly tested: ReadonlySet<string>;
}

function placeOfTests(project: Project, file: SourceFile): TestPlace | undefined {
  const { module } = project.parsed(file);
  const names = namesOf(project);
  const own = names.packageOf(file);
  if (module.version === "v0" || file.path.endsWith("_test.rego") || own.length < 2 || !own.slice(1).every(isName))
    return undefined;
  const path = file.path.replace(/(?:\.rego)?$/u, "_test.rego");
  const testPackage = `${own.join(".")}_test`;
  const known = names.filesOfPackage(testPackage).find((other) => project.files.has(other.path));
  // A file of that name that holds something else stays as it is.
  if (known === undefined && project.files.has(path)) return undefined;
  const tested = new Set(
    [testPackage, own.join(".")]
      .flatMap((name) => names.filesOfPackage(name))
      .flatMap((other) => names.rulesOf(other).map(({ path }) => path.at(-1) ?? "")),
  );
  return { own, path, known, tested };
}

/** The texts in their file; the reader goes on in the test of that name. */
function written(
  project: Project,
  { own, path, known }: TestPlace,
  texts: readonly string[],
  title: string,
  name: string,
): Action | undefined {
  const edits = known === undefined ? newFile(path, own, texts) : added(project, known, own, texts);
  if (edits === undefined) return undefined;
  const show = { file: known?.path ?? path, ...placeAfter(known?.text ?? "", edits, `${name} if {\n\t`) };
  return { title, kind: "source.createTest", edits, preferred: false, show };
}

/** A decision for a sample, of which a test is to be made. */
export interface DecidedFor {
  /** The name of the sample. */
  readonly name: string;
  readonly json: string;
  readonly decision: LastDecision;
}

export interface DecisionTest {
  readonly action: Action;
  /** `data.orders_test.test_allow_clerk`. */
  readonly path: string;
}

/** Tests that say what a rule decides for a sample, the one that says most first; or why there can be none. */
export function testsOfDecision(
  project: Project,
  query: string,
  { name, json, decision }: DecidedFor,
): readonly DecisionTest[] | { readonly problem: string } {
  const found = project.policies.flatMap((file) => {
    const rules = namesOf(project).rulesOf(file);
    return rules
      .filter(({ path, rule }) => path.join(".") === query && rule.head.args === undefined)
      .map((rule) => ({ file, rule }));
  });
  const [first] = found;
  const place = first && placeOfTests(project, first.file);
  const short = query.replace(/^data\./u, "");
  if (first === undefined || place === undefined || !first.rule.path.slice(place.own.length).every(isName))
    return { problem: `no test can be created for ${short}: it needs a rule in a policy of Rego v1` };
  if (decision.kind === "error") return { problem: `no test can be created for ${short}: it ends with an error` };
  if (json.length > longestCase)
    return { problem: `no test can be created for ${name}: the input is too long to be written into one` };
  const title = `Create a test of \`${short}\` for ${name}`;
  const stem = name.slice(name.lastIndexOf("/") + 1).replace(/\.\w+(?= |$)/u, "");
  const wanted = `${testName(first.rule, place.own)}_${stem
    .toLowerCase()
    .replaceAll(/\W+/gu, "_")
    .replaceAll(/^_+|_+$/gu, "")}`;
  let test = wanted;
  for (let at = 2; place.tested.has(test); at++) test = `${wanted}_${at}`;
  const ref = refFrom(first.rule, place.own);
  return [...claims(ref, first.rule, decision)].flatMap((claimed) => {
    const text = `${test} if {\n\t${claimed} with input as ${json}\n}\n`;
    const action = written(project, place, [text], title, test);
    return action === undefined ? [] : [{ action, path: `${place.own.join(".")}_test.${test}` }];
  });
}

/** The decision itself where its JSON says all of it: of sets JSON says arrays. */
function* claims(ref: string, { rule }: RuleName, decision: LastDecision): Generator<string> {
  if (decision.kind === "value" && decision.text !== "true") {
    const json = JSON.stringify(JSON.parse(decision.text));
    const isSet = rule.head.key !== undefined && rule.head.value === undefined;
    if (isSet && json === "[]") yield `${ref} == set()`;
    else if (isSet) yield `${ref} == {${json.slice(1, -1)}}`;
    else yield `${ref} == ${json}`;
  }
  yield claim(ref, decision);
}

const isName = (part: string): boolean => /^[A-Za-z_]\w*$/u.test(part) && !keywordsOf.v1.has(part);

const testName = ({ path }: RuleName, own: readonly string[]): string => `test_${path.slice(own.length).join("_")}`;

/** The rule as a test reads it through the import of its package. */
const refFrom = ({ path }: RuleName, own: readonly string[]): string => [own.at(-1), ...path.slice(own.length)].join(".");

function testText(rule: RuleName, own: readonly string[], { name, json, decision }: Asked): string {
  const ref = refFrom(rule, own);
  const isShort = json !== undefined && json.length <= longestInput;
  const input = isShort ? json : "{}";
  // What was decided for another input says nothing about this one.
  const isKnown = decision !== undefined && isShort && decision.input === name;
  return `${testName(rule, own)} if {\n\t${isKnown ? claim(ref, decision) : ref} with input as ${input}\n}\n`;
}

function claim(ref: string, { kind, text }: LastDecision): string {
  if (kind === "undefined") return `not ${ref}`;
  if (kind === "error") return ref;
  const value: unknown = JSON.parse(text);
  if (typeof value === "object" && value !== null) return ref;
  return value === true ? ref : value === false ? `not ${ref}` : `${ref} == ${text}`;
}

function newFile(path: string, own: readonly string[], texts: readonly string[]): Action["edits"] | undefined {
  const text = `package ${own.slice(1).join(".")}_test\n\nimport ${own.join(".")}\n\n${texts.join("\n")}`;
  const formatted = formatPolicy(text, { file: path, from: "v1" });
  return "text" in formatted ? [{ file: path, range: { start: 0, end: 0 }, newText: formatted.text }] : undefined;
}

/** Where a text ends that edits bring. */
function placeAfter(
  text: string,
  edits: readonly TextEdit[],
  brought: string,
): { readonly line: number; readonly character: number } {
  let after = text;
  // Of edits at one place the first stands first.
  for (const { range, newText } of edits.toReversed().sort((a, b) => b.range.start - a.range.start))
    after = after.slice(0, range.start) + newText + after.slice(range.end);
  const lines = after.slice(0, after.lastIndexOf(brought) + brought.length).split("\n");
  return { line: lines.length - 1, character: lines.at(-1)!.length };
}

/** The tests below those that a file has, with the import that they need. */
function added(
  project: Project,
  known: SourceFile,
  own: readonly string[],
  texts: readonly string[],
): Action["edits"] | undefined {
  const { module, diagnostics } = project.parsed(known);
  if (diagnostics.length > 0 || module.version === "v0") return undefined;
  const { text } = known;
  const formatted = formatPolicy(`package x\n\n${texts.join("\n")}`, { file: known.path, from: "v1" });
  if (!("text" in formatted)) return undefined;
  const end = text.trimEnd().length;
  const rest = formatted.text.slice("package x\n\n".length).trimEnd();
  const addition: TextEdit = { range: { start: end, end }, newText: `\n\n${rest}` };
  const isImported = namesOf(project)
    .names(known)
    .imports.some(({ alias, path }) => alias === own.at(-1) && path.join(".") === own.join("."));
  const imported = isImported ? undefined : importEdit(module, text, own.join("."));
  return [...(imported === undefined ? [] : [imported]), addition].map((edit) => ({ file: known.path, ...edit }));
}
