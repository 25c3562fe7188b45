// What one rule uses by itself: other rules, paths of `input` and documents of `data`, each where it is first written.
import { type Node, walkBody, walkHead } from "#analysis/rego/tree/walk.ts";
import type { Range, Ref, Rule, Term } from "#grammars/rego/ast.ts";
import type { Project } from "#workspace/project.ts";
import { namesOf } from "../rego/project-names.ts";

export interface Use {
  readonly kind: "rule" | "input" | "data";
  /** `data.orders.allow`, `input.user`. */
  readonly path: string;
  /** One of several that a reference with a variable can lead to. */
  readonly isDynamic: boolean;
  readonly file: string;
  readonly range: Range;
}

/** The uses of a rule's clauses, each path once: known ones before those that a variable decides. */
export function usesOf(project: Project, rulePath: string): readonly Use[] {
  const names = namesOf(project);
  const found = new Map<string, Use>();
  const add = (use: Use): void => {
    const key = `${use.kind} ${use.path}`;
    const before = found.get(key);
    if (before === undefined || (before.isDynamic && !use.isDynamic)) found.set(key, use);
  };
  for (const { file, rule, range: own } of names.rule(rulePath)) {
    const { replaced, tails } = refsIn(rule);
    for (const { meaning, range, write } of names.names(file).occurrences) {
      if (meaning.kind !== "place" || !meaning.last || write || range.start === own.start || !holds(rule, range)) continue;
      if (replaced.some((target) => holds(target, range))) continue;
      const tail = tails.get(range.start) ?? [];
      // A name of an import that goes on is told with what it goes on to.
      if (tail[0]?.kind === "string") continue;
      const path = meaning.path.join(".");
      const place = { file: file.path, range };
      if (meaning.path[0] === "input") add({ kind: "input", path, isDynamic: false, ...place });
      if (meaning.path[0] !== "data") continue;
      const behind = names.ruleBehind(meaning.path);
      const fits = (one: string): boolean => goesOn(one.split(".").slice(meaning.path.length), tail);
      const candidates = behind === undefined ? [...names.rulesUnder(path).keys()].filter(fits) : [behind];
      const isDynamic = behind === undefined && tail.length > 0;
      for (const one of candidates) add({ kind: "rule", path: one, isDynamic, ...place });
      if (candidates.length === 0) add({ kind: "data", path, isDynamic: false, ...place });
    }
  }
  return [...found.values()];
}

interface RefsOfRule {
  /** What `with` gives another value is not read from outside. */
  readonly replaced: readonly Range[];
  /** Behind the part of a reference that begins at an offset. */
  readonly tails: ReadonlyMap<number, readonly Term[]>;
}

function refsIn(rule: Rule): RefsOfRule {
  const replaced: Range[] = [];
  const tails = new Map<number, readonly Term[]>();
  const noteRef = ({ parts }: Ref): void => {
    for (const [at, part] of parts.entries()) {
      tails.set(part.start, parts.slice(at + 1));
      // The name in `["name"]` begins behind its quote.
      if (part.kind === "string") tails.set(part.start + 1, parts.slice(at + 1));
    }
  };
  const note = (node: Node): undefined => {
    if (node.kind === "expr") replaced.push(...node.with.map(({ target }) => target));
    if (node.kind === "ref") noteRef(node);
    if (node.kind === "call" && node.operator.kind === "ref") noteRef(node.operator);
    return undefined;
  };
  for (let branch: Rule | undefined = rule; branch !== undefined; branch = branch.else) {
    walkHead(branch.head, note);
    walkBody(branch.body ?? [], note);
  }
  return { replaced, tails };
}

/** True for a rule that the rest of a reference can lead to. */
function goesOn(names: readonly string[], tail: readonly Term[]): boolean {
  return names.every((name, at) => {
    const part = tail[at];
    return part?.kind !== "string" || part.value === name;
  });
}

function holds(outer: Range, inner: Range): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
