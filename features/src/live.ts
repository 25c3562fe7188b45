// What live evaluation asks for a policy, and how answers are shown.
import { headParts, isGroundRef } from "#analysis/rego/tree/refs.ts";
import type { Head, Range } from "#grammars/rego/ast.ts";
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
  /** True where each solution of a body adds a member: a set, or an object whose keys are not all written down. */
  readonly gathers: boolean;
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
    const range = { start: rule.start, end: rule.head.end };
    questions.set(key, { name, path: key, range, entrypoint: entrypoints.has(key), gathers: gathers(rule.head) });
  }
  return [...questions.values()].slice(0, most);
}

function gathers(head: Head): boolean {
  return head.key !== undefined || !isGroundRef(headParts(head));
}

const lineLength = 80;

/** A JSON value on one line, at most 80 characters; with `×3` behind one whose members were gathered. */
export function shortText(json: string, gathered = false): string {
  const value: unknown = parse(json);
  const text = value === undefined ? json.replaceAll(/\s+/gu, " ") : inline(value);
  const size = typeof value === "object" && value !== null ? Object.keys(value).length : 0;
  const times = gathered && size > 1 ? ` ×${size}` : "";
  if (text.length + times.length <= lineLength) return text + times;
  const mark = times === "" && Array.isArray(value) ? ` (${size})` : times;
  return `${text.slice(0, lineLength - 1 - mark.length)}…${mark}`;
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
