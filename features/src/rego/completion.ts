// Completion: what may stand at the cursor, from the narrowest source that knows it.
import type { Builtin } from "#analysis/rego/builtins/builtin.ts";
import type { Import, Range, Term } from "#grammars/rego/ast.ts";
import { futureKeywords } from "#grammars/rego/keywords.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import type { Token } from "#grammars/rego/tokens.ts";
import { basename, dirname, relative } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import { packageOf } from "#workspace/scope.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import type { Completion, CompletionItem } from "../completion-item.ts";
import { dataKeys, inputKeys, type ShapeKey } from "../input-shape.ts";
import { propertiesAt } from "../json-schema.ts";
import { callableBuiltins, isBuiltin, markdownOf, signatureOf } from "./builtin-docs.ts";
import { commonBuiltins } from "./common-builtins.ts";
import { fitting, isWithin, mostItems, nearest, unseen } from "./completion-match.ts";
import { below, type DeclaredSchema, schemasAt } from "./declared-schemas.ts";
import { headsOf } from "./hover.ts";
import { importEdit } from "./import-edit.ts";
import { keywordDoc } from "./keyword-docs.ts";
import { localAt, originOf, pathOfName } from "./local-origins.ts";
import { callUses, memberUses, memberUsesAround } from "./member-uses.ts";
import { metadataItems } from "./metadata-completion.ts";
import { nearness } from "./nearness.ts";
import { type Declared, namesOf, type ProjectNames } from "./project-names.ts";
import { type Around, filler, readAround, statementBefore } from "./read-around.ts";
import { recoveredModule } from "./recovered.ts";
import { comparedReference, valueItems } from "./value-completion.ts";

export interface CompletionOptions {
  readonly autoImport: boolean;
}

interface Context {
  readonly project: Project;
  readonly file: SourceFile;
  readonly names: ProjectNames;
  readonly offset: number;
  /** The text of the line up to the cursor. */
  readonly line: string;
  /** The start of a word that is being typed. */
  readonly word: string;
  /** The module and its names with the place of typing mended away. */
  readonly around: Around;
  readonly options: CompletionOptions;
}

const none: Completion = { range: { start: 0, end: 0 }, items: [] };

/** What may be typed at an offset. */
export function completionAt(project: Project, file: SourceFile, offset: number, options: CompletionOptions): Completion {
  const parsed = project.parsed(file);
  const lineStart = file.text.lastIndexOf("\n", offset - 1) + 1;
  const line = file.text.slice(lineStart, offset);
  const word = /[A-Za-z_]\w*$/u.exec(line)?.[0] ?? "";
  const range = { start: offset - word.length, end: offset };
  const comment = parsed.module.comments.find((found) => found.start < offset && offset <= found.end);
  if (comment !== undefined)
    return { range, items: metadataItems(file.text, offset, line, [...(project.schemas?.files.keys() ?? [])]) };
  const string = stringAt(parsed, offset);
  const names = namesOf(project);
  const around = readAround(names, file, parsed, offset);
  const context: Context = { project, file, names, offset, line, word, around, options };
  if (string !== undefined) return isKey(file.text, string) ? keyItems(context, string) : comparedText(context, string);
  const near = nearness(parsed, offset);
  const ordered = itemsOf(context).map((item) => ({ ...item, order: near.get(item.label) ?? item.order ?? unseen }));
  const items = nearest(fitting(ordered, word));
  return { range, items, incomplete: items.length === mostItems || (word.length < lettersForRules && options.autoImport) };
}

function itemsOf(context: Context): readonly CompletionItem[] {
  const { line, word } = context;
  const before = line.slice(0, line.length - word.length);
  // Behind a number or a closed bracket or string nothing can be typed but signs.
  if (/[\w)\]"`]$/u.test(before)) return [];
  if (/^\s*package\s+[\w.]*$/u.test(line)) return packageNames(context);
  if (/^\s*import\s+[\w.]*$/u.test(line)) return importItems(context);
  const member = /((?:[A-Za-z_]\w*)(?:\.[A-Za-z_]\w*|\["[^"\]]*"\]|\[[\w$]*\])*)\.$/u.exec(before);
  if (member !== null) return memberItems(context, member[1]!);
  if (/\d\.$/u.test(before)) return [];
  if (/^default\s+$/u.test(before)) return defaultItems(context);
  if (before === "") return statementItems(context);
  if (/\bwith\s+$/u.test(before)) return withItems(context);
  if (/\bwith\s+[\w.[\]"]+\s+$/u.test(before)) return [keyword("as", 0, "as ")];
  if (/^\w[\w.]*\s+contains\s[^{]*[\w)\]}"`]\s+$/u.test(before) && !/\bif\b/u.test(before)) return [keyword("if", 0, "if ")];
  if (/^\w[\w.]*(?:\([^)]*\))?(?:\[[^\]]*\])?\s+$/u.test(before) && !/^(?:default|package|import)\s/u.test(before))
    return headItems();
  if (/^\s*import\s+[\w.]+\s+$/u.test(before)) return [keyword("as", 0, "as ")];
  if (/\b(?:some|every)\s+(?:\w+\s*,\s*)*$/u.test(before) || /^\s*import\b.*\bas\s+$/u.test(before)) return [];
  if (/^\s*\}\s*$/u.test(before) && lineIndent(before) === 0) return [keyword("else", 0, "else := ${1:value} if {\n\t$0\n}")];
  return expressionItems(context, before);
}

const lineIndent = (line: string): number => /^\s*/u.exec(line)![0].length;

function stringAt(parsed: ParsedModule, offset: number): Token | undefined {
  return parsed.tokens.find((token) => {
    const { name } = token.tokenType;
    if (name !== "StringLiteral" && name !== "RawString" && name !== "TemplateText") return false;
    const end = token.startOffset + token.image.length;
    const closed = name !== "TemplateText" && isClosed(token);
    return token.startOffset < offset && (closed ? offset < end : offset <= end);
  });
}

const isClosed = ({ image }: Token): boolean => image.length > 1 && image.endsWith(image[0]!);

const beforeKey = /((?:[A-Za-z_]\w*)(?:\.[A-Za-z_]\w*|\["[^"\]]*"\]|\[[\w$]*\])*)\[$/u;

/** True for the string of `input["…`. */
function isKey(text: string, string: Token): boolean {
  return string.tokenType.name === "StringLiteral" && beforeKey.test(lineBefore(text, string.startOffset));
}

const lineBefore = (text: string, offset: number): string => text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);

/** The keys that may stand in the quotes of `input["…"]`. */
function keyItems(context: Context, string: Token): Completion {
  const { file, offset } = context;
  const start = string.startOffset + 1;
  const range = { start, end: isClosed(string) ? start + string.image.length - 2 : offset };
  const path = pathOfWritten(context, beforeKey.exec(lineBefore(file.text, string.startOffset))![1]!);
  const items = path === undefined ? [] : keysBelow(context, path);
  const quoted = items.map((item) => ({ ...item, insert: JSON.stringify(item.label).slice(1, -1) }));
  return { range, items: fitting(quoted, file.text.slice(start, offset)) };
}

/** The path of a reference as written; `*` stands for keys that variables choose. */
function pathOfWritten({ around, offset }: Context, written: string): readonly string[] | undefined {
  const [head, ...rest] = written
    .replaceAll(/\["([^"\]]*)"\]/gu, ".$1")
    .replaceAll(/\[[^\]]*\]/gu, ".*")
    .split(".");
  const start = pathOfName(head!, offset, around.parsed.module, around.names);
  return start === undefined ? undefined : [...start, ...rest];
}

/** Keys of values below a path: of a rule's object, of samples, of data files, of other places in the code. */
function keysBelow(context: Context, path: readonly string[]): readonly CompletionItem[] {
  const { names, project } = context;
  const items: CompletionItem[] = [];
  for (const key of keysOfRule(names, path))
    items.push({ label: key, kind: "property", detail: "key of the rule's value", rank: 0 });
  items.push(...schemaItems(context, path));
  if (path[0] === "input")
    for (const key of inputKeys(project, path.slice(1))) items.push(shapeItem(key, project.samples.length));
  if (path[0] === "data") for (const key of dataKeys(project, path.slice(1))) items.push(shapeItem(key, undefined));
  for (const used of usedBelow(context, path)) items.push({ label: used, kind: "property", detail: "used elsewhere", rank: 3 });
  const seen = new Set<string>();
  return items.filter(({ label }) => !seen.has(label) && seen.add(label));
}

/** The texts that may stand in the quotes of a string that a path is compared with. */
function comparedText(context: Context, string: Token): Completion {
  const { project, file, offset } = context;
  const reference = comparedReference(lineBefore(file.text, string.startOffset));
  const path = reference === undefined ? undefined : pathOfWritten(context, reference);
  if (path === undefined || string.tokenType.name !== "StringLiteral") return none;
  const start = string.startOffset + 1;
  const range = { start, end: isClosed(string) ? start + string.image.length - 2 : offset };
  const texts = valueItems(project, schemasOf(context), path).filter(({ label }) => label.startsWith('"'));
  const items = texts.map((item) => ({ ...item, label: item.label.slice(1, -1) }));
  return { range, items: fitting(items, file.text.slice(start, offset)) };
}

const schemasOf = ({ project, file, offset }: Context): readonly DeclaredSchema[] =>
  schemasAt(project, recoveredModule(project.parsed(file)), file.text, offset);

/** The properties that the schemas of METADATA and settings give a path. */
function schemaItems(context: Context, path: readonly string[]): readonly CompletionItem[] {
  if (path[0] !== "input" && path[0] !== "data") return [];
  return schemasOf(context).flatMap((declared) => {
    const rest = below(declared, path);
    return (rest === undefined ? [] : propertiesAt(declared.schema, rest)).map(({ name, type, description }) => ({
      label: name,
      kind: "property" as const,
      detail: `${type}, by the schema`,
      ...(description === "" ? {} : { documentation: description }),
      rank: 0,
    }));
  });
}

const keyword = (label: string, rank: number, insert?: string): CompletionItem => ({
  label,
  kind: "keyword",
  detail: "keyword",
  rank,
  ...(keywordDoc(label) === undefined ? {} : { documentation: keywordDoc(label)! }),
  ...(insert === undefined ? {} : { insert, snippet: insert.includes("$") }),
});

function packageNames({ file, project, names }: Context): readonly CompletionItem[] {
  const folder = relative(
    project.dataRoots.filter((root) => file.path.startsWith(root)).sort((a, b) => b.length - a.length)[0] ?? "/",
    dirname(file.path),
  );
  const parts = folder.split("/").filter((part) => /^\w+$/u.test(part));
  const stem = basename(file.path).replace(/(?:_test)?\.rego$/u, "");
  const suggested = (parts.length > 0 ? parts.join(".") : stem) + (file.path.endsWith("_test.rego") ? "_test" : "");
  const items: CompletionItem[] = [
    { label: suggested, kind: "module", detail: "suggested package name based on directory structure", rank: 0 },
  ];
  for (const path of names.packages) {
    const label = path.slice("data.".length);
    const typedHere = names.filesOfPackage(path).every((other) => other === file || project.library.includes(other));
    if (label !== suggested && !typedHere) items.push({ label, kind: "module", detail: "package", rank: 1 });
  }
  return items;
}

function importItems({ names, line, project, file, offset, around }: Context): readonly CompletionItem[] {
  const typed = /[\w.]*$/u.exec(line)![0];
  const prefix = typed.includes(".") ? typed.slice(0, typed.lastIndexOf(".") + 1) : "";
  const own = `${around.names.package.join(".")}.`;
  const packages = new Set(names.packages);
  const rankOf = (path: string): number => {
    if (path.startsWith("data.rms.")) return 3;
    if (`${path}.`.startsWith(own)) return 2;
    return packages.has(path) ? 0 : 1;
  };
  const all = ["input", "rego.v1", ...futureKeywords.map((name) => `future.keywords.${name}`), ...names.packages];
  all.push(...names.rules.keys());
  all.push(...importedElsewhere(project, file, offset));
  if (prefix.startsWith("input.")) {
    const path = prefix.split(".").slice(1, -1);
    all.push(...inputKeys(project, path).map(({ name }) => `${prefix}${name}`));
  }
  return [...new Set(all)]
    .filter((path) => path.startsWith(prefix))
    .map((path) => ({
      label: path.slice(prefix.length),
      kind: "module" as const,
      detail: `import ${path}`,
      rank: rankOf(path),
    }));
}

/** Paths that other imports name, though nothing in the project is there. */
function importedElsewhere(project: Project, file: SourceFile, offset: number): readonly string[] {
  return project.policies.flatMap((policy) => {
    const { module, text } = project.parsed(policy);
    return module.imports
      .filter(({ start, end }) => policy !== file || offset < start || end < offset)
      .map(({ path }) => text.slice(path.start, path.end))
      .filter((path) => path.startsWith("data."));
  });
}

function memberItems(context: Context, written: string): readonly CompletionItem[] {
  const { around } = context;
  const items = new Map<string, CompletionItem>();
  const put = (item: CompletionItem) => {
    if (!items.has(item.label)) items.set(item.label, item);
  };
  for (const row of callableBuiltins()) {
    if (!row.name.startsWith(`${written}.`) || isOld(row, around)) continue;
    const label = row.name.slice(written.length + 1);
    put({ label, kind: "builtin", detail: "built-in function", documentation: markdownOf(row), rank: 2 });
  }
  const path = pathOfWritten(context, written);
  if (path !== undefined) for (const item of membersOfPath(context, path)) put(item);
  for (const label of keysOfLocal(context, written))
    put({ label, kind: "property", detail: "key of the variable's value", rank: 0 });
  for (const item of writtenBehind(context, written)) put(item);
  return [...items.values()].filter((item) => /^[A-Za-z_]\w*$/u.test(item.label) || item.kind === "module");
}

/** Keys of a variable whose value is written as an object. */
function keysOfLocal({ around, offset }: Context, written: string): readonly string[] {
  const [head = "", ...rest] = written.split(".");
  const local = localAt(head, offset, around.names);
  const value = local === undefined ? undefined : originOf(around.parsed.module, around.names, local).value;
  return keysOfObject(value, rest);
}

/** The keys of an object as written, below some of its own keys. */
function keysOfObject(term: Term | undefined, path: readonly string[]): readonly string[] {
  let value = term;
  for (const part of path) {
    if (value?.kind !== "object") return [];
    value = value.entries.find(({ key }) => key.kind === "string" && key.value === part)?.value;
  }
  return value?.kind === "object" ? value.entries.flatMap(({ key }) => (key.kind === "string" ? [key.value] : [])) : [];
}

/** Keys that this file and others write behind the same name, whatever its value is. */
function writtenBehind({ project, file, offset }: Context, written: string): readonly CompletionItem[] {
  const name = /(\w+)(?:\[[^\]]*\])*$/u.exec(written)?.[1] ?? "";
  const here = memberUsesAround(project.parsed(file), offset).get(name) ?? [];
  const elsewhere = project.policies.flatMap((other) =>
    other === file ? [] : [...(memberUses(project.parsed(other)).get(name) ?? [])],
  );
  const item = (label: string, rank: number): CompletionItem => ({ label, kind: "property", detail: "used elsewhere", rank });
  return [...[...here].map((label) => item(label, 4)), ...elsewhere.map((label) => item(label, 5))];
}

function membersOfPath(context: Context, path: readonly string[]): readonly CompletionItem[] {
  const { names, project } = context;
  const items: CompletionItem[] = [];
  const put = (item: CompletionItem) => items.push(item);
  const prefix = `${path.join(".")}.`;
  const own = `${context.around.names.package.join(".")}.`;
  for (const [rule, clauses] of names.rulesUnder(path.join("."))) {
    const label = rule.slice(prefix.length);
    // Names that begin with `_` are the package's own.
    const rank = label.startsWith("_") && prefix !== own ? 4 : 0;
    if (!label.includes(".")) put(ruleItem(label, rule, clauses, rank));
    else if (!isInPackageBelow(names, rule, prefix)) put(frontItem(label, rank));
  }
  for (const packageName of names.packages) {
    if (!packageName.startsWith(prefix)) continue;
    const isLibrary = names.filesOfPackage(packageName).every((one) => project.library.includes(one));
    put({ label: packageName.slice(prefix.length).split(".")[0]!, kind: "module", detail: "package", rank: isLibrary ? 3 : 1 });
  }
  for (const item of keysBelow(context, path)) put(item);
  return items;
}

/** `users` of the rules `users.ann` and `users.bob`. */
function frontItem(label: string, rank: number): CompletionItem {
  return { label: label.split(".")[0]!, kind: "property", detail: "front of rules", rank };
}

/** True for a rule of a package that lies deeper than the prefix, as `data.p.`. */
function isInPackageBelow(names: ProjectNames, rule: string, prefix: string): boolean {
  return [...names.packages].some((one) => one.startsWith(prefix) && rule.startsWith(`${one}.`));
}

function ruleItem(label: string, path: string, clauses: readonly Declared[], rank: number): CompletionItem {
  const kind = clauses[0]!.rule.head.args === undefined ? "variable" : "function";
  return { label, kind, detail: headsOf(clauses)[0]!, rank, rule: path };
}

/** Keys of a rule whose value is written as an object. */
function keysOfRule(names: ProjectNames, path: readonly string[]): readonly string[] {
  const behind = names.ruleBehind(path);
  if (behind === undefined) return [];
  return keysOfObject(names.rule(behind)[0]?.rule.head.value, path.slice(behind.split(".").length));
}

/** True for what Rego v1 took away. */
function isOld(row: Builtin, { parsed }: Around): boolean {
  return row.deprecated === true && parsed.module.version !== "v0";
}

function shapeItem(key: ShapeKey, samples: number | undefined): CompletionItem {
  const where = samples === undefined ? "data" : `in ${key.count} of ${samples} samples`;
  return {
    label: key.name,
    kind: "property",
    detail: `${key.type}, ${where}`,
    documentation: `Example: \`${key.example}\``,
    rank: 0,
  };
}

/** Names that other places of the project write behind the same path. */
function usedBelow({ project, names, offset, file, around }: Context, path: readonly string[]): readonly string[] {
  const found = new Set<string>();
  if (path[0] !== "input" && path[0] !== "data") return [];
  for (const policy of project.policies) {
    // The file's own text may be torn at the cursor: what was mended reads further.
    const { occurrences } = policy === file ? around.names : names.names(policy);
    for (const { meaning, range } of occurrences) {
      if (meaning.kind !== "place" || meaning.path.length !== path.length + 1) continue;
      if (policy === file && range.start <= offset && offset <= range.end) continue;
      if (path.every((part, at) => meaning.path[at] === part)) found.add(meaning.path.at(-1)!);
    }
  }
  return [...found];
}

function defaultItems({ names, file, offset }: Context): readonly CompletionItem[] {
  const own = names.names(file);
  const isHere = ({ rule }: { rule: Range & { head: Range } }) => rule.start <= offset && offset <= rule.head.end;
  const having = new Set(own.rules.filter((found) => found.rule.default && !isHere(found)).map((found) => found.path.join(".")));
  const labels = new Set(own.rules.filter((rule) => !having.has(rule.path.join("."))).map((rule) => rule.path.at(-1)!));
  // The unfinished `default` takes the rule below it for its own: the words at the start of lines know better.
  for (const [, word] of file.text.matchAll(/^([A-Za-z_]\w*)(?=\s|\[)/gmu)) {
    if (!/^(?:default|package|import)$/u.test(word!) && !having.has([...own.package, word].join("."))) labels.add(word!);
  }
  return [...labels].map((label) => ({
    label,
    kind: "variable",
    detail: "rule without a default",
    insert: `${label} := \${1:false}`,
    snippet: true,
    rank: 0,
  }));
}

function statementItems({ names, file, around, offset }: Context): readonly CompletionItem[] {
  const own = around.names;
  const items: CompletionItem[] = [];
  const { module } = names.project.parsed(file);
  if (module.package === undefined) items.push(keyword("package", 0, "package "));
  items.push(keyword("import", 1, "import "), keyword("default", 1, "default "));
  if (own.rules.some(({ rule }) => rule.end <= offset)) items.push(keyword("else", 3, "else := "));
  const seen = new Set<string>();
  for (const { path, rule } of own.rules) {
    const label = path.at(-1)!;
    if (seen.has(label)) continue;
    seen.add(label);
    items.push({ label, kind: rule.head.args === undefined ? "variable" : "function", detail: "rule of this package", rank: 0 });
  }
  for (const label of ["allow", "deny", "authorized"]) {
    if (!seen.has(label)) items.push({ label, kind: "variable", detail: "common rule name", rank: 2 });
  }
  return items;
}

function headItems(): readonly CompletionItem[] {
  return [
    keyword("if", 0, "if "),
    keyword("contains", 1, "contains "),
    { label: ":=", kind: "keyword", detail: "value of the rule", insert: ":= ", rank: 2 },
  ];
}

function withItems(context: Context): readonly CompletionItem[] {
  const items: CompletionItem[] = [
    { label: "input", kind: "constant", detail: "input document", insert: "input as ", rank: 0 },
    { label: "data", kind: "constant", detail: "data document", rank: 0 },
  ];
  for (const row of callableBuiltins())
    items.push({
      label: row.name,
      kind: "builtin",
      detail: "built-in function",
      insert: `${row.name} as `,
      rank: 2,
      order: orderOf(row.name),
    });
  for (const item of ownRules(context)) items.push(item);
  for (const item of context.around.names.imports) {
    items.push({ label: item.alias, kind: "module", detail: `import ${item.path.join(".")}`, rank: 1 });
  }
  return items;
}

/** The rules of the package. */
function ownRules({ names, around }: Context): readonly CompletionItem[] {
  const own = around.names.package.join(".");
  const prefix = `${own}.`;
  return [...names.rulesUnder(own)].flatMap(([path, clauses]) => {
    const label = path.slice(prefix.length);
    if (!label.includes(".")) return [ruleItem(label, path, clauses, 1)];
    return isInPackageBelow(names, path, prefix) ? [] : [frontItem(label, 1)];
  });
}

/** The name of the rule that the cursor is in the body or value of: no rule may refer to itself. Fronts of dotted rules are no rules. */
function ruleBeingWritten({ file, offset }: Context): string | undefined {
  return /^(?:default\s+)?([A-Za-z_]\w*)(?!\w|\.)/u.exec(statementBefore(file.text.slice(0, offset)))?.[1];
}

/** What stands between a variable and the cursor while its own value is written. */
const ownValue = /^[^\n;=]*:=[^\n;|]*$/u;

function expressionItems(context: Context, before: string): readonly CompletionItem[] {
  const { names, offset, options, around } = context;
  const own = around.names;
  const reference = comparedReference(before);
  const path = reference === undefined ? undefined : pathOfWritten(context, reference);
  const items: CompletionItem[] = [];
  const taken = new Set<string>();
  const put = (item: CompletionItem) => {
    if (taken.has(item.label)) return;
    taken.add(item.label);
    items.push(item);
  };
  for (const item of path === undefined ? [] : valueItems(names.project, schemasOf(context), path)) put(item);
  for (const local of own.locals) {
    if (local.scope.start > offset || offset > local.scope.end + 1 || local.declaration.end === offset) continue;
    if (context.file.text.slice(local.declaration.end, offset).match(ownValue) && local.role === "assign") continue;
    if (local.name === filler || (local.name === context.word && local.role === "output")) continue;
    put({ label: local.name, kind: "variable", detail: local.role === "argument" ? "argument" : "local variable", rank: 0 });
  }
  const itself = ruleBeingWritten(context);
  for (const item of ownRules(context)) if (item.label !== itself) put(item);
  for (const item of own.imports) put({ label: item.alias, kind: "module", detail: `import ${item.path.join(".")}`, rank: 1 });
  put({ label: "input", kind: "constant", detail: "input document", rank: 1 });
  put({ label: "data", kind: "constant", detail: "data document", rank: 1 });
  const startsExpression = /(?:^|\bif|[{;])\s*$/u.test(before) || /^\s+$/u.test(before);
  for (const word of startsExpression ? ["not", "some", "every"] : []) put(keyword(word, 2, `${word} `));
  // On a line of its own below the expression that it belongs to.
  if (/^\s+$/u.test(before)) put(keyword("with", 3, "with "));
  for (const word of ["true", "false", "null"])
    put({ ...keyword(word, 3), detail: word === "null" ? "null" : "boolean value", kind: "constant" });
  if (/[\w)\]}"]\s+$/u.test(before) && !/\b(?:if|in|not|some|every|with|as|else|import|contains)\s+$/u.test(before))
    for (const word of ["in", "with", "as", "if", "else", "contains"]) put(keyword(word, 2, `${word} `));
  if (startsExpression) for (const item of snippets) put(item);
  for (const row of callableBuiltins()) {
    if (isOld(row, around)) continue;
    put({
      label: row.name,
      kind: "builtin",
      detail: "built-in function",
      documentation: `\`${signatureOf(row)}\`\n\n${row.description}`,
      rank: row.deprecated === true || row.infix !== undefined ? 6 : 4,
      order: orderOf(row.name),
      ...(row.deprecated === true ? { deprecated: true } : {}),
    });
  }
  if (options.autoImport) for (const item of importable(context)) put(item);
  for (const item of hostFunctions(context)) put(item);
  return items;
}

/** Functions that policies call and nothing in the project declares: those of the program that runs them. */
function hostFunctions({ names, around, word }: Context): readonly CompletionItem[] {
  if (word === "") return [];
  const known = new Set([
    "data",
    "input",
    ...around.names.imports.map(({ alias }) => alias),
    ...around.names.locals.map(({ name }) => name),
  ]);
  const own = around.names.package.join(".");
  const found = new Set<string>();
  for (const parsed of names.project.modules) {
    const theirs = packageOf(parsed);
    const imported = new Set(parsed.module.imports.map(importedName));
    for (const label of callUses(parsed)) {
      const [head = label] = label.split(".");
      if (!label.startsWith(word) || head === word || known.has(head) || imported.has(head) || isBuiltin(label)) continue;
      if (names.rule(`${theirs}.${head}`).length === 0 && names.rule(`${own}.${head}`).length === 0) found.add(label);
    }
  }
  return [...found].map((label) => ({ label, kind: "function", detail: "called elsewhere", rank: 6 }));
}

/** What an import is called in its module. */
function importedName({ alias, path }: Import): string | undefined {
  if (alias !== undefined) return alias.name;
  const last = path.kind === "ref" ? path.parts.at(-1) : path;
  return last?.kind === "string" ? last.value : undefined;
}

/** Built-ins that the text does not use come in the order of how common they are. */
function orderOf(name: string): number | undefined {
  const place = commonBuiltins.get(name);
  return place === undefined ? undefined : unseen - commonBuiltins.size + place;
}

const snippets: readonly CompletionItem[] = [
  { label: "some x in c", insert: "some ${1:x} in ${2:collection}" },
  { label: "some k, v in c", insert: "some ${1:k}, ${2:v} in ${3:collection}" },
  { label: "every x in c {}", insert: "every ${1:x} in ${2:collection} {\n\t$0\n}" },
  { label: "every k, v in c {}", insert: "every ${1:k}, ${2:v} in ${3:collection} {\n\t$0\n}" },
].map((item) => ({
  ...item,
  kind: "snippet" as const,
  detail: "snippet",
  snippet: true,
  rank: 5,
  // Typing on past the keyword is no longer a wish for the snippet: `some x in ` would keep it on the screen.
  filter: item.label.split(" ")[0]!,
}));

/** Letters from which rules of packages that are not imported are offered. */
const lettersForRules = 2;

/** Packages that are not imported yet, and their rules once some letters stand there; taking one adds the import. */
function importable({ names, file, around, word }: Context): readonly CompletionItem[] {
  const own = around.names;
  const held = new Set(own.imports.map((item) => item.path.join(".")));
  const { module } = names.project.parsed(file);
  const items: CompletionItem[] = [];
  /** Packages whose rules are offered, by their path. */
  const offered = new Map<string, CompletionItem>();
  for (const path of names.packages) {
    if (held.has(path) || path === own.package.join(".") || path.endsWith("_test")) continue;
    const edit = importEdit(module, file.text, path);
    if (edit === undefined) return [];
    const label = path.slice(path.lastIndexOf(".") + 1);
    const item: CompletionItem = { label, kind: "module", detail: `import ${path}`, rank: 5, edits: [edit] };
    items.push(item);
    if (!own.imports.some(({ alias }) => alias === label)) offered.set(path, item);
  }
  if (word.length < lettersForRules) return items;
  const wanted = word.toLowerCase();
  for (const [rule, clauses] of names.rules) {
    const dot = rule.lastIndexOf(".");
    const of = offered.get(rule.slice(0, dot));
    const label = `${of?.label}.${rule.slice(dot + 1)}`;
    if (of === undefined || rule[dot + 1] === "_" || clauses[0]!.rule.default || !isWithin(wanted, label.toLowerCase())) continue;
    const kind = clauses[0]!.rule.head.args === undefined ? "variable" : "function";
    items.push({ ...of, label, kind, rule });
  }
  return items;
}
