// What live evaluation asks for a policy, and how answers are shown.
import type { Range } from "#grammars/rego/ast.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { namesOf } from "./rego/project-names.ts";

export interface LiveQuestion {
  readonly name: string;
  /** `data.storage.allow`. */
  readonly path: string;
  /** The head of the first clause. */
  readonly range: Range;
  readonly entrypoint: boolean;
}

/** More rules than this in one file are not evaluated while typing. */
const most = 60;

/** The rules of a policy whose values are shown: no functions, no tests. */
export function liveQuestions(project: Project, file: SourceFile): readonly LiveQuestion[] {
  const names = namesOf(project);
  const home = names.packageOf(file).length;
  const entrypoints = new Set(project.entrypoints);
  const questions = new Map<string, LiveQuestion>();
  for (const { path, rule } of names.rulesOf(file)) {
    const key = path.join(".");
    const name = path.slice(home).join(".");
    if (questions.has(key) || rule.head.args !== undefined || /^(?:todo_)?test_/u.test(name)) continue;
    questions.set(key, { name, path: key, range: { start: rule.start, end: rule.head.end }, entrypoint: entrypoints.has(key) });
  }
  return [...questions.values()].slice(0, most);
}

const lineLength = 80;

/** A JSON value on one line, at most 80 characters. */
export function shortText(json: string): string {
  const value: unknown = parse(json);
  const text = value === undefined ? json.replaceAll(/\s+/gu, " ") : inline(value);
  if (text.length <= lineLength) return text;
  const size = Array.isArray(value) ? ` (${value.length})` : "";
  return `${text.slice(0, lineLength - 1 - size.length)}…${size}`;
}

/** A JSON value over several lines. */
export function fullText(json: string): string {
  const value = parse(json);
  // Digits that JavaScript would change are shown as they came.
  if (value === undefined || /\d{16}/u.test(json)) return json;
  return JSON.stringify(value, null, 2);
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, child]) => `${JSON.stringify(key)}: ${inline(child)}`);
    return `{${entries.join(", ")}}`;
  }
  return JSON.stringify(value);
}

/** `data.a.b` → `a/b`, as entrypoints are named. */
export function entrypointName(path: string): string {
  return path.replace(/^data\.?/u, "").replaceAll(".", "/");
}
