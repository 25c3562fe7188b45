// Findings about names, said for their reader: at the name, with the names that are nearly the same and what to do.
import type { Builtin } from "#analysis/rego/builtins/builtin.ts";
import type { Diagnostic, TextEdit } from "#grammars/diagnostic.ts";
import type { Range } from "#grammars/rego/ast.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { closestNames } from "../../edit-distance.ts";
import { nameFixes } from "../../name-fixes.ts";
import { callableBuiltins, findBuiltin, parametersOf } from "../builtin-docs.ts";
import { namesOf } from "../project-names.ts";
import { indentOf, insertion, lineEnd } from "./fault.ts";

/** The finding of the compiler, narrowed to the name it is about and with its near relations; undefined for others. */
export function explainName(project: Project, found: Diagnostic, unknown: ReadonlySet<string>): Diagnostic | undefined {
  const file = project.files.get(found.file);
  if (file === undefined) return undefined;
  const shadowed = shadowedFunction(project, file, found);
  if (shadowed !== undefined) return shadowed;
  const call = /^undefined function ([\w.]+)$/u.exec(found.message)?.[1];
  if (call !== undefined) return explainFunction(project, file, found, call);
  const variable = /^var (\w+) is unsafe$/u.exec(found.message)?.[1];
  return variable === undefined ? undefined : explainVariable(project, file, found, variable, unknown);
}

function explainFunction(project: Project, file: SourceFile, found: Diagnostic, name: string): Diagnostic {
  const written = file.text.slice(found.range.start, found.range.end);
  // The finding about a negated call begins at its `not`.
  const [, negation = "", callee] = /^(not\s+)?([\w.]+)/u.exec(written) ?? [];
  const start = found.range.start + negation.length;
  const range = callee === undefined ? found.range : { start, end: start + callee.length };
  const letters = nearestNames(project, file, callee ?? name, range, true);
  const near = letters.length > 0 ? letters : longerBuiltins(callee ?? name);
  const message = near.length === 0 ? found.message : `${found.message}: did you mean \`${near[0]}\`?`;
  return { ...found, range, message, fixes: [...(found.fixes ?? []), ...nameFixes(range, near)] };
}

/** The builtins whose names go on where a dotted one ends: `strings.any_prefix`. */
function longerBuiltins(name: string): readonly string[] {
  if (!name.includes(".")) return [];
  return callableBuiltins()
    .map((row) => row.name)
    .filter((other) => other.startsWith(`${name}_`) || other.startsWith(`${name}.`))
    .slice(0, 3);
}

/** Values of other languages. */
const foreignValues: Readonly<Record<string, { readonly message: string; readonly meant?: string }>> = {
  True: { message: "Rego writes `true`", meant: "true" },
  False: { message: "Rego writes `false`", meant: "false" },
  None: { message: "Rego writes `null`; what is missing is tested with `not`", meant: "null" },
  nil: { message: "Rego writes `null`; what is missing is tested with `not`", meant: "null" },
  undefined: { message: "there is no such value: what is missing is tested with `not`, as in `not input.x`" },
};

function explainVariable(
  project: Project,
  file: SourceFile,
  found: Diagnostic,
  name: string,
  unknown: ReadonlySet<string>,
): Diagnostic {
  const { text } = file;
  const used = found.related?.find(
    (place) => place.file === found.file && text.slice(place.range.start, place.range.end) === name,
  );
  const range = used !== undefined && sameLine(text, used.range, found.range) ? used.range : nameIn(text, found.range, name);
  const foreign = foreignValues[name];
  if (foreign !== undefined) {
    const fixes = foreign.meant === undefined ? [] : nameFixes(range, [foreign.meant]);
    return { ...found, range, message: `${found.message}: ${foreign.message}`, fixes };
  }
  if (/[{,]\s*$/u.test(text.slice(0, range.start)) && /^\s*:(?!=)/u.test(text.slice(range.end)))
    return {
      ...found,
      range,
      message: `${found.message}: a key that is text stands in quotes`,
      fixes: nameFixes(range, [`"${name}"`]),
    };
  const called = calledName(text, range, found);
  if (called !== undefined) return called;
  const near = nearestNames(project, file, name, range, false).filter((other) => !unknown.has(other));
  const fixes = nameFixes(range, near);
  // What `some` names here already gets no value from another declaration, nor from a rule.
  const isDeclared = namesOf(project)
    .names(file)
    .locals.some(
      (local) => local.name === name && local.role === "some" && local.scope.start <= range.start && range.end <= local.scope.end,
    );
  const declaration = isDeclared ? undefined : declarationOf(project, file, range, name);
  if (declaration !== undefined) fixes.push({ title: `Declare with \`some ${name} in …\``, edits: declaration });
  // What is looked into is no rule of one value.
  if (!isDeclared && !/^[.[]/u.test(text.slice(range.end)))
    fixes.push({ title: `Create rule \`${name}\``, edits: [newRule(project, file, range, name)] });
  const guess = near.length === 0 ? "" : `; did you mean \`${near[0]}\`?`;
  return {
    ...found,
    range,
    message: `${found.message}: nothing in this body gives it a value${guess}`,
    fixes: [...(found.fixes ?? []), ...fixes],
  };
}

const isFunction = (row: Builtin): string =>
  `\`${row.name}\` is a function, called as \`${row.name}(${parametersOf(row)
    .map(({ name }) => name)
    .join(", ")})\``;

/** A builtin that cannot be called, since its name stands alone in the same rule and is a variable there. */
function shadowedFunction(project: Project, file: SourceFile, found: Diagnostic): Diagnostic | undefined {
  const name = /^(?:called function (\w+) shadowed|undefined function (\w+))$/u.exec(found.message)?.slice(1).find(Boolean);
  const row = name === undefined ? undefined : findBuiltin(name);
  if (name === undefined || row === undefined) return undefined;
  const { start } = found.range;
  const rule = project.parsed(file).module.rules.find((one) => one.start <= start && start <= one.end);
  const word = namesOf(project)
    .names(file)
    .locals.find(
      (local) => local.name === name && local.role === "output" && rule !== undefined && isIn(local.declaration, rule),
    );
  if (word === undefined) return undefined;
  return { ...found, range: word.declaration, message: `${found.message}: ${isFunction(row)}` };
}

const isIn = (inner: Range, outer: Range): boolean => outer.start <= inner.start && inner.end <= outer.end;

/** The finding where the name is that of a function, or begins like one: `time.now_ns`. */
function calledName(text: string, { start }: Range, found: Diagnostic): Diagnostic | undefined {
  const name = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*/u.exec(text.slice(start))?.[0] ?? "";
  const range = { start, end: start + name.length };
  const row = findBuiltin(name);
  if (row !== undefined) return { ...found, range, message: `${found.message}: ${isFunction(row)}` };
  const family = name.slice(0, name.indexOf(".") + 1);
  const others = callableBuiltins().map((other) => other.name);
  if (family === "" || !others.some((other) => other.startsWith(family))) return undefined;
  const longer = others.filter((other) => other.startsWith(name));
  const near = longer.length > 0 ? longer.slice(0, 3) : closestNames(name, others);
  const guess = near.length === 0 ? "" : `; did you mean \`${near[0]}\`?`;
  const message = `${found.message}: no function is called \`${name}\`${guess}`;
  return { ...found, range, message, fixes: [...(found.fixes ?? []), ...nameFixes(range, near)] };
}

function sameLine(text: string, a: Range, b: Range): boolean {
  const [from, to] = a.start < b.start ? [a.start, b.start] : [b.start, a.start];
  return !text.slice(from, to).includes("\n");
}

/** The first place of a word in a range, when it is on the range's first line. */
function nameIn(text: string, range: Range, name: string): Range {
  const first = text.slice(range.start, Math.min(range.end, lineEnd(text, range.start)));
  const at = new RegExp(`(?<![\\w.])${name}(?!\\w)`, "u").exec(first)?.index;
  return at === undefined ? range : { start: range.start + at, end: range.start + at + name.length };
}

/** `some who in …` before the statement that uses the name; a body on the line of its head gets braces. */
function declarationOf(project: Project, file: SourceFile, range: Range, name: string): readonly TextEdit[] | undefined {
  const rule = project.parsed(file).module.rules.find((one) => one.start <= range.start && range.end <= one.end);
  const first = rule?.body?.[0];
  if (rule === undefined || first === undefined || range.start < first.start || range.start > rule.body!.at(-1)!.end)
    return undefined;
  const { text } = file;
  const lineStart = text.lastIndexOf("\n", range.start - 1) + 1;
  const declaration = `some ${name} in input`;
  if (lineStart > rule.start) return [insertion(lineStart, `${indentOf(text, range.start)}${declaration}\n`)];
  if (/\{\s*$/u.test(text.slice(rule.start, first.start))) return [insertion(first.start, `${declaration}; `)];
  return [insertion(first.start, `{\n\t${declaration}\n\t`), insertion(rule.body!.at(-1)!.end, "\n}")];
}

function newRule(project: Project, file: SourceFile, range: Range, name: string): TextEdit {
  const rule = project.parsed(file).module.rules.find((one) => one.start <= range.start && range.end <= one.end);
  const end = rule?.end ?? file.text.trimEnd().length;
  return { range: { start: end, end }, newText: `\n\n${name} := true` };
}

/** True for a name that is a whole condition, and gets no value by that. */
function isConditionAlone(text: string, { start, end }: Range): boolean {
  return (
    /(?:^|[\n;{])[ \t]*$/u.test(text.slice(Math.max(0, start - 200), start)) && /^[ \t]*(?:[\r\n;}]|$)/u.test(text.slice(end))
  );
}

/** Names in reach that differ by a letter or two, the closest first. */
export function nearestNames(
  project: Project,
  file: SourceFile,
  wanted: string,
  range: Range,
  calls: boolean,
): readonly string[] {
  const names = namesOf(project);
  const own = names.names(file);
  const candidates = new Set<string>();
  const added = new Map<string, Range>();
  if (calls)
    for (const row of callableBuiltins()) if (row.infix === undefined && row.deprecated !== true) candidates.add(row.name);
  const addRules = (path: string, written: string): void => {
    for (const [rule, clauses] of names.rulesUnder(path)) {
      if ((clauses[0]!.rule.head.args !== undefined) === calls) candidates.add(`${written}${rule.slice(path.length + 1)}`);
    }
  };
  addRules(own.package.join("."), "");
  for (const item of own.imports) addRules(item.path.join("."), `${item.alias}.`);
  for (const item of own.imports) candidates.add(item.alias);
  if (!calls) {
    for (const local of own.locals) {
      const isInReach = local.scope.start <= range.start && range.end <= local.scope.end && local.name !== wanted;
      if (!isInReach) continue;
      if (!candidates.has(local.name)) added.set(local.name, local.declaration);
      candidates.add(local.name);
    }
    candidates.add("input").add("data");
  }
  return closestNames(wanted, candidates).filter((name) => {
    const declaration = added.get(name);
    return declaration === undefined || !isConditionAlone(file.text, declaration);
  });
}
