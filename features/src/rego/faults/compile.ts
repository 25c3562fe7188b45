// Findings of the compiler, said for their reader: at the name they are about, with what fits, where else to look, and what mends them.
import { builtin } from "#analysis/rego/builtins/index.ts";
import type { Diagnostic, QuickFix } from "#grammars/diagnostic.ts";
import type { Range } from "#grammars/rego/ast.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { closestNames } from "../../edit-distance.ts";
import { nameFixes } from "../../name-fixes.ts";
import { callableBuiltins } from "../builtin-docs.ts";
import { deprecatedBuiltin, successorOf } from "../deprecated-builtins.ts";
import { localAt } from "../local-origins.ts";
import { namesOf } from "../project-names.ts";
import { explainConflict } from "./conflicting-rules.ts";
import { lineEnd } from "./fault.ts";
import { explainName } from "./names.ts";
import { fitsKind, type TypeJson, typeWords } from "./type-words.ts";

type Explain = (project: Project, file: SourceFile, found: Diagnostic) => Diagnostic | undefined;

const nothing: ReadonlySet<string> = new Set();

/** The finding with all that can be said about it; its code and the start of its message stay. `unknown`: names that are no better. */
export function explainCompile(project: Project, found: Diagnostic, unknown = nothing): Diagnostic {
  const file = project.files.get(found.file);
  if (file === undefined) return found;
  const named = explainName(project, found, unknown) ?? explainConflict(project, found) ?? found;
  if (named !== found) return named;
  for (const explain of explanations) {
    const told = explain(project, file, found);
    if (told !== undefined) return told;
  }
  return found;
}

const unused: Explain = (_, file, found) => {
  const match = /^(?:unused argument|(?:assigned|declared) var) (\w+)(?: unused|\.)/u.exec(found.message);
  if (match === null) return undefined;
  const range =
    wordIn(file.text, found.range, match[1]!, found.message.startsWith("unused argument") ? "(" : "") ??
    nameOfEvery(file.text, found.range.start, match[1]!);
  if (range === undefined) return undefined;
  const isOwnOfClosure = found.message.startsWith("unused argument") && isNamedAgain(file.text, range.end, match[1]!);
  if (match[1] === "_" || isOwnOfClosure) return { ...found, range };
  const isOfSome = found.message.startsWith("declared") && someBefore(file.text, range.start) !== undefined;
  return {
    ...found,
    range,
    fixes: isOfSome ? withoutName(file.text, range) : [{ title: "Use `_`", edits: [{ range, newText: "_" }] }],
  };
};

/** True where an argument names a variable once more: it is one of its own in a comprehension then. */
function isNamedAgain(text: string, from: number, name: string): boolean {
  return new RegExp(`^[^)]*(?<!\\w)${name}(?!\\w)`, "u").test(text.slice(from, lineEnd(text, from)));
}

const everyHead = /^every\s+(\w+)(?:\s*,\s*(\w+))?\s+in\b/du;
/** Characters that the head of an `every` is looked for in. */
const longestHead = 200;

/** The name in the nearest `every k, v in` above an offset, where its body begins: the compiler's finding points at the body. */
function nameOfEvery(text: string, offset: number, name: string): Range | undefined {
  for (let at = text.lastIndexOf("every", offset); at >= 0; at = at === 0 ? -1 : text.lastIndexOf("every", at - 1)) {
    const head = everyHead.exec(text.slice(at, Math.min(offset, at + longestHead)));
    const place = head?.[2] === name ? head.indices![2] : head?.[1] === name ? head.indices![1] : undefined;
    if (place !== undefined && !/\w/u.test(text[at - 1] ?? " ")) return { start: at + place[0], end: at + place[1] };
  }
  return undefined;
}

/** `some a, ` before a name that it declares. */
const someBefore = (text: string, start: number): string | undefined =>
  /\bsome\s+(?:\w+\s*,\s*)*$/u.exec(text.slice(text.lastIndexOf("\n", start) + 1, start))?.[0];

/** Takes a name out of `some a, b`, and with the only one the statement, unless a body has no other. */
function withoutName(text: string, { start, end }: Range): readonly QuickFix[] {
  const fix = (from: number, to: number): readonly QuickFix[] => [
    { title: "Remove the declaration", edits: [{ range: { start: from, end: to }, newText: "" }] },
  ];
  const before = someBefore(text, start)!;
  const next = /^\s*,\s*/u.exec(text.slice(end));
  if (next !== null) return fix(start, end + next[0].length);
  const previous = /\s*,\s*$/u.exec(before);
  if (previous !== null) return fix(start - previous[0].length, end);
  const above = text.slice(0, start - before.length);
  const below = text.slice(end);
  if (/\bif\s*$/u.test(above) || (/[{|]\s*$/u.test(above) && !/^[ \t]*(?:#[^\n]*)?[\n;]\s*[^\s}\])]/u.test(below))) return [];
  const line = /(?:^|\n)([ \t]*)$/u.exec(above);
  const rest = /^[ \t]*(?:;[ \t]*|\r?\n)/u.exec(below)?.[0] ?? "";
  if (line !== null && rest.endsWith("\n")) return fix(above.length - line[1]!.length, end + rest.length);
  if (rest.includes(";")) return fix(above.length, end + rest.length);
  return fix(above.length - (/\s*;\s*$/u.exec(above)?.[0].length ?? 0), end);
}

const above: Explain = (project, file, found) => {
  const match = /^var (\w+) (assigned|declared|referenced) above$/u.exec(found.message);
  if (match === null) return undefined;
  const [, name, how] = match;
  const at = found.range.start;
  const names = namesOf(project).names(file);
  const local = localAt(name!, at, names);
  if (local === undefined) return undefined;
  const first = names.occurrences.find(
    ({ meaning, range }) => meaning.kind === "local" && meaning.declaration.start === local.declaration.start && range.start < at,
  );
  const range = wordIn(file.text, found.range, name!, "") ?? found.range;
  const after = /^\s*(:=)/u.exec(file.text.slice(range.end));
  const compare = after === null ? undefined : range.end + after[0].length - 2;
  const fixes =
    how === "assigned" && compare !== undefined
      ? [{ title: "Use `==`", edits: [{ range: { start: compare, end: compare + 2 }, newText: "==" }] }]
      : [];
  return {
    ...found,
    range,
    ...(first === undefined ? {} : { related: [{ file: file.path, range: first.range, message: `${how} here` }] }),
    ...(fixes.length === 0 ? {} : { fixes }),
  };
};

/** `count` takes one argument, and got three; OPA says so in further lines. */
const arityOfBuiltin: Explain = (_, __, found) => {
  const { have, want } = (found.details ?? {}) as { have?: readonly unknown[]; want?: { args?: readonly TypeJson[] } };
  const name = /^([\w.]+): arity mismatch$/u.exec(found.message)?.[1];
  if (name === undefined || have === undefined || want === undefined) return undefined;
  const names = (want.args ?? []).map((arg, at) => arg.name ?? `arg${at + 1}`);
  // What takes the result stands behind the arguments, without a type.
  const given = have.at(-1) === null ? have.length - 1 : have.length;
  const wanted = names.length === 1 ? "1 argument" : `${names.length === 0 ? "no" : names.length} arguments`;
  return { ...found, explanation: `\`${name}(${names.join(", ")})\` takes ${wanted}, ${given} given` };
};

/** `with ec.oci.blob as …`, where the program that runs the policies has a function of that name. */
const unknownTarget: Explain = (project, file, found) => {
  if (found.message !== "with keyword target must reference existing input, data, or a function") return undefined;
  const name = file.text.slice(found.range.start, found.range.end);
  if (localAt(name, found.range.start, namesOf(project).names(file)) !== undefined)
    return { ...found, explanation: `\`${name}\` is a variable: \`with\` replaces parts of input and data, and functions` };
  const near = closestNames(
    name,
    callableBuiltins().map((row) => row.name),
  );
  const own = `there is no function \`${name}\`: a capabilities file names those of the program that runs the policies`;
  if (near.length === 0) return { ...found, explanation: own };
  const explanation = `there is no function \`${name}\`: did you mean \`${near[0]}\`?`;
  return { ...found, explanation, fixes: nameFixes(found.range, near) };
};

const arity: Explain = (project, _, found) => {
  const path = /^function (data\.[\w.]+) has arity/u.exec(found.message)?.[1];
  const clauses = path === undefined ? [] : namesOf(project).rule(path);
  if (clauses.length === 0) return undefined;
  const related = clauses.map(({ file, range }) => ({ file: file.path, range, message: "declared here" }));
  return { ...found, related };
};

const invalidArguments: Explain = (_, __, found) => {
  const { have, want } = (found.details ?? {}) as {
    have?: readonly (TypeJson | null)[];
    want?: { args?: readonly TypeJson[] };
  };
  if (!/invalid argument\(s\)$/u.test(found.message) || have === undefined || want?.args === undefined) return undefined;
  const infix = builtin(found.message.slice(0, found.message.indexOf(":")))?.infix;
  const place = (at: number, name: string | undefined): string => {
    if (infix !== undefined) return `the ${at === 0 ? "left" : "right"} side of \`${infix}\``;
    return name === undefined ? `argument ${at + 1}` : `\`${name}\``;
  };
  const wrong = want.args.flatMap((wanted, at) => {
    const given = have[at];
    if (given === undefined || given === null || fitsKind(given, wanted)) return [];
    return [`${place(at, wanted.name)} is ${typeWords(given)}, wanted: ${typeWords(wanted)}`];
  });
  const all = have.slice(0, want.args.length).map((one) => typeWords(one));
  return { ...found, explanation: wrong.length > 0 ? wrong.join("; ") : `the arguments are ${all.join(", ")}` };
};

const matchError: Explain = (_, __, found) => {
  const { a, b } = (found.details ?? {}) as { a?: TypeJson; b?: TypeJson };
  if (found.message !== "match error" || a === undefined || b === undefined) return undefined;
  return { ...found, explanation: `the left side is ${typeWords(a)}, the right side ${typeWords(b)}: they are never equal` };
};

/** A scalar key as it is written; numbers keep their spelling, which only JSON can tell, and `null` is an object in OPA's trees. */
function keyText(key: unknown): string {
  if (typeof key === "string") return key;
  const text = JSON.stringify(key) ?? "";
  return text === "{}" ? "null" : text;
}

const undefinedRef: Explain = (_, file, found) => {
  const { ref, pos, oneOf } = (found.details ?? {}) as {
    ref?: readonly { value: unknown }[];
    pos?: number;
    /** Null where the type has no keys at all. */
    oneOf?: readonly unknown[] | null;
  };
  if (!found.message.startsWith("undefined ref:") || ref === undefined || pos === undefined || oneOf === undefined)
    return undefined;
  const name = keyText(ref[pos]?.value);
  const there = (oneOf ?? []).filter((key) => !Array.isArray(key)).map(keyText);
  const range = wordIn(file.text, found.range, name, ".") ?? wordIn(file.text, found.range, name, "[") ?? found.range;
  const near = closestNames(name, there);
  const guess = near.length > 0 ? `: did you mean \`${near[0]!}\`?` : "";
  const keys = there.slice(0, 8).join(", ") + (there.length > 8 ? ", …" : "");
  return {
    ...found,
    range,
    explanation:
      there.length === 0 ? `there is no \`${name}\`` : `there is no \`${name}\`${guess === "" ? `, only ${keys}` : guess}`,
    ...(range === found.range ? {} : { fixes: nameFixes(range, near) }),
  };
};

const deprecated: Explain = (_, file, found) => {
  const name = deprecatedBuiltin(found);
  if (name === undefined) return undefined;
  const range = wordIn(file.text, found.range, name, "");
  const newText = successorOf(name);
  if (range === undefined || newText === undefined) return range === undefined ? undefined : { ...found, range };
  return { ...found, range, fixes: nameFixes(range, [newText]) };
};

const duplicateImport: Explain = (_, file, found) => {
  if (!found.message.startsWith("import must not shadow")) return undefined;
  const first = found.related?.[0]?.range;
  const text = (range: Range) => file.text.slice(range.start, range.end);
  if (first === undefined || text(first) !== text(found.range)) return undefined;
  const rest = /^[ \t]*(?:\r?\n)?/u.exec(file.text.slice(found.range.end))![0].length;
  const range = { start: found.range.start, end: found.range.end + rest };
  return { ...found, fixes: [{ title: "Remove the import", edits: [{ range, newText: "" }], preferred: true }] };
};

/** OPA names files as it was given them; from the project's root they read better. */
const shortPaths: Explain = (project, _, found) => {
  const message = found.message.replaceAll(`${project.root}/`, "");
  return message === found.message ? undefined : { ...found, message };
};

const explanations: readonly Explain[] = [
  unused,
  above,
  unknownTarget,
  arityOfBuiltin,
  arity,
  invalidArguments,
  matchError,
  undefinedRef,
  deprecated,
  duplicateImport,
  shortPaths,
];

/** The first place of a word in a range, when it is on the range's first line; `after` must stand before it. */
function wordIn(text: string, range: Range, word: string, after: string): Range | undefined {
  const first = text.slice(range.start, Math.min(range.end, lineEnd(text, range.start)));
  const from = after === "" ? 0 : first.indexOf(after);
  if (from < 0) return undefined;
  const escaped = word.replaceAll(/[.*+?^${}()|[\]\\]/gu, "\\$&");
  const found = new RegExp(`(?<!\\w)${escaped}(?!\\w)`, "u").exec(first.slice(from));
  if (found === null) return undefined;
  const start = range.start + from + found.index;
  return { start, end: start + word.length };
}
