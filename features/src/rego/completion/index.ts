// Completion: what may stand at the cursor, from the narrowest source that knows it.
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import type { Completion, CompletionItem } from "../../completion-item.ts";
import { lineBefore } from "../../line-before.ts";
import { namesOf } from "../project-names.ts";
import type { CompletionOptions, Context } from "./context.ts";
import { constants, expressionItems } from "./expressions.ts";
import { importItems, packageNames } from "./headers.ts";
import { lettersForRules } from "./importable.ts";
import { type Inside, insideAt } from "./inside.ts";
import { keyword } from "./items.ts";
import { fitting, mostItems, nearest, unseen } from "./match.ts";
import { memberItems } from "./members.ts";
import { metadataItems } from "./metadata.ts";
import { nearness } from "./nearness.ts";
import { readAround } from "./read-around.ts";
import { assignment, defaultItems, headItems, statementItems, withItems } from "./statements.ts";
import { documentKeys, quotedNames, stringAt, textItems } from "./strings.ts";
import { byType } from "./type-fit.ts";

/** What may be typed at an offset. */
export function completionAt(project: Project, file: SourceFile, offset: number, options: CompletionOptions): Completion {
  const parsed = project.parsed(file);
  const line = lineBefore(file.text, offset);
  const word = /[A-Za-z_]\w*$/u.exec(line)?.[0] ?? "";
  const range = { start: offset - word.length, end: offset };
  const comment = parsed.module.comments.find((found) => found.start < offset && offset <= found.end);
  if (comment !== undefined)
    return { range, items: metadataItems(file.text, offset, line, [...(project.configuration.schemas?.files.keys() ?? [])]) };
  const string = stringAt(parsed, offset);
  const inside = insideAt(parsed, offset);
  if (string === undefined && isHalfAssignment(line, inside))
    return { range: { start: offset - 1, end: offset }, items: [assignment] };
  const names = namesOf(project);
  const around = readAround(names, file, parsed, offset);
  const context: Context = { project, file, names, offset, line, word, around, inside, options };
  if (string !== undefined) return textItems(context, string);
  const near = nearness(parsed, offset);
  const ordered = itemsOf(context).map((item) => ({ ...item, order: near.get(item.label) ?? item.order ?? unseen }));
  const items = nearest(fitting(ordered, word));
  return { range, items, incomplete: items.length === mostItems || (word.length < lettersForRules && options.autoImport) };
}

/** True behind a `:` that can only begin `:=`: of a head, of `else`, or in a body, where no key of an object stands. */
const isHalfAssignment = (line: string, { kind }: Inside): boolean =>
  kind !== "term" &&
  (/^(?:default\s+)?[A-Za-z_][\w.]*(?:\([^)]*\))?(?:\[[^\]]*\])?\s*:$/u.test(line) ||
    /\belse\s*:$|^\s+[A-Za-z_]\w*\s*:$/u.test(line));

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
  if (/^default\s+[\w.]+(?:\([^)]*\))?\s*:?=\s*$/u.test(before)) return constants;
  if (before === "") return statementItems(context);
  if (/\bwith\s+$/u.test(before)) return withItems(context);
  if (/\bwith\s+[\w.[\]"]+\s+$/u.test(before)) return [keyword("as", 0, "as ")];
  if (/^\w[\w.]*\s+contains\s[^{]*[\w)\]}"`]\s+$/u.test(before) && !/\bif\b/u.test(before)) return [keyword("if", 0, "if ")];
  if (/^\w[\w.]*(?:\([^)]*\))?(?:\[[^\]]*\])?\s+$/u.test(before) && !/^(?:default|package|import)\s/u.test(before))
    return headItems();
  if (/^\s*import\s+[\w.]+\s+$/u.test(before)) return [keyword("as", 0, "as ")];
  if (/\b(?:some|every)\s+(?:\w+\s*,\s*)*$/u.test(before) || /^\s*import\b.*\bas\s+$/u.test(before)) return [];
  if (/^\s*\}\s*$/u.test(before) && lineIndent(before) === 0) return [keyword("else", 0, "else := ${1:value} if {\n\t$0\n}")];
  const items = [...documentKeys(context), ...expressionItems(context, before)];
  return /[(,]\s*$/u.test(before) ? [...quotedNames(context), ...byType(context, items)] : items;
}

const lineIndent = (line: string): number => /^\s*/u.exec(line)![0].length;
