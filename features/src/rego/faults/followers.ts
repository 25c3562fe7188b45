// Findings that follow from others: nobody has to be told of them, since they go when the others are mended.
import { type Node, walkRule } from "#analysis/rego/tree/walk.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Range, Rule } from "#grammars/rego/ast.ts";
import type { Project } from "#workspace/project.ts";
import { namesOf } from "../project-names.ts";
import { placeOf } from "./place-of.ts";

/** What others can follow from in one file. */
interface Causes {
  readonly all: readonly Diagnostic[];
  readonly unknown: readonly Diagnostic[];
  /** Those that propose another name. */
  readonly misspelt: readonly Diagnostic[];
}

type Follows = (project: Project, one: Diagnostic, causes: Causes) => boolean;

/** The findings without those that follow from one of the same file. */
export function withoutFollowers(project: Project, found: readonly Diagnostic[]): readonly Diagnostic[] {
  if (found.length < 2) return found;
  const causes = new Map<string, Causes>();
  for (const [file, all] of Map.groupBy(found, (one) => one.file)) {
    const unknown = all.filter(({ message }) => unsafe.test(message));
    causes.set(file, { all, unknown, misspelt: unknown.filter(({ message }) => message.includes("did you mean")) });
  }
  return found.filter((one) => !kinds.some((follows) => follows(project, one, causes.get(one.file)!)));
}

const unsafe = /^var (\w+) is unsafe/u;

/** `x` of `some x in xs`, where something in `xs` is unknown. */
const ofUnknownCollection: Follows = (project, one, { unknown }) => {
  const name = unknown.length < 2 ? undefined : unsafe.exec(one.message)?.[1];
  const place = name === undefined ? undefined : placeOf(project, one);
  if (name === undefined || place === undefined) return false;
  const domains = domainsOf(place.rule, name);
  return domains.some((domain) => unknown.some((other) => other !== one && holds(domain, other.range)));
};

/** `x` that nothing uses, where an unknown name nearby is a misspelt `x`. */
const unusedForMisspelt: Follows = (project, one, { misspelt }) => {
  const name = misspelt.length === 0 ? undefined : /^(?:declared|assigned) var (\w+) unused/u.exec(one.message)?.[1];
  const rule = name === undefined ? undefined : placeOf(project, one)?.rule;
  if (rule === undefined) return false;
  return misspelt.some(({ message, range }) => holds(rule, range) && message.endsWith(`did you mean \`${name}\`?`));
};

/** A call with the wrong number of arguments, one of which is wrong itself. */
const aroundAnother: Follows = (_, one, { all }) =>
  one.message.endsWith(": arity mismatch") &&
  all.some(({ range }) => one.range.start < range.start && range.end <= one.range.end && range.end - range.start > 0);

/** A function that is there, and whose own rule is wrong. */
const ofWrongFunction: Follows = (project, one, { all }) => {
  const path = /^undefined function (data\.[\w.]+)/u.exec(one.message)?.[1];
  if (path === undefined) return false;
  const clauses = namesOf(project)
    .rule(path)
    .filter(({ rule }) => rule.head.args !== undefined);
  return clauses.some(({ file, rule }) => file.path === one.file && all.some(({ range }) => holds(rule, range)));
};

const kinds: readonly Follows[] = [ofUnknownCollection, unusedForMisspelt, aroundAnother, ofWrongFunction];

/** The collections that `some` takes a variable from in a rule. */
function domainsOf(rule: Rule, name: string): readonly Range[] {
  const domains: Range[] = [];
  const visit = (node: Node): boolean => {
    if (node.kind !== "some") return false;
    for (const symbol of node.symbols) {
      const domain = symbol.kind === "call" ? symbol.args.at(-1) : undefined;
      if (symbol.kind !== "call" || domain === undefined) continue;
      if (symbol.args.some((item) => item !== domain && item.kind === "var" && item.name === name)) domains.push(domain);
    }
    return false;
  };
  walkRule(rule, visit);
  return domains;
}

const holds = (outer: Range, inner: Range): boolean => outer.start <= inner.start && inner.end <= outer.end;
