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

/** The tests that can be created for a policy, `askedOf` tells what `data.shop.allow` is asked with. */
export function createTests(
  project: Project,
  file: SourceFile,
  range: Range,
  askedOf: (rule: string) => Asked,
): readonly Action[] {
  const { module } = project.parsed(file);
  const names = namesOf(project);
  const own = names.packageOf(file);
  if (module.version === "v0" || file.path.endsWith("_test.rego") || own.length < 2 || !own.slice(1).every(isName)) return [];
  const path = file.path.replace(/(?:\.rego)?$/u, "_test.rego");
  const testPackage = `${own.join(".")}_test`;
  const known = names.filesOfPackage(testPackage).find((other) => project.files.has(other.path));
  // A file of that name that holds something else stays as it is.
  if (known === undefined && project.files.has(path)) return [];
  const tested = new Set(
    [testPackage, own.join(".")]
      .flatMap((name) => names.filesOfPackage(name))
      .flatMap((other) => names.rulesOf(other).map(({ path }) => path.at(-1) ?? "")),
  );
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
    const edits = known === undefined ? newFile(path, own, texts) : added(project, known, own, texts);
    if (edits === undefined) return;
    const show = { file: known?.path ?? path, ...placeAfter(known?.text ?? "", edits, `${testName(some[0]!, own)} if {\n\t`) };
    actions.push({ title, kind: "source.createTest", edits, preferred: false, show });
  };
  if (!hasTests && wanted.length > 0) create("Create a test for this policy", wanted);
  if (atCursor !== undefined && (hasTests || wanted.length !== 1 || wanted[0] !== atCursor))
    create(`Create a test for \`${atCursor.path.slice(own.length).join(".")}\``, [atCursor]);
  return actions;
}

const isName = (part: string): boolean => /^[A-Za-z_]\w*$/u.test(part) && !keywordsOf.v1.has(part);

const testName = ({ path }: RuleName, own: readonly string[]): string => `test_${path.slice(own.length).join("_")}`;

/** The rule as a test reads it through the import of its package. */
function testText(rule: RuleName, own: readonly string[], { name, json, decision }: Asked): string {
  const ref = [own.at(-1), ...rule.path.slice(own.length)].join(".");
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
