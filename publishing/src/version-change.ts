// What kind of change a version is for those who ask it, as semver has it: by entrypoints, rules, kinds of values and decisions of samples.
import type { Checked } from "#analysis/rego/checked.ts";
import type { RuleTreeNode } from "#analysis/rego/rule-tree.ts";
import type { Maybe, Type } from "#analysis/rego/types/type.ts";
import type { Term } from "#grammars/rego/ast.ts";

export type ChangeKind = "major" | "minor" | "patch";

export interface VersionChange {
  readonly kind: ChangeKind;
  /** Half a sentence for the author: `the rule orders.deny is new`. */
  readonly reason: string;
}

export interface VersionFacts {
  /** The policies of the newest version, and those that are published now. */
  readonly before: Checked;
  readonly after: Checked;
  /** What is asked from outside, before or now: `data.orders.allow`. */
  readonly entrypoints: readonly string[];
  /** In words, what is decided otherwise; undefined where nothing is known to be. */
  readonly decisions: string | undefined;
}

/** The greatest change that was found, and all reasons of that kind. */
export function versionChange({ before, after, entrypoints, decisions }: VersionFacts): VersionChange {
  const [old, now] = [rulePaths(before), rulePaths(after)];
  const served = [...new Set(entrypoints)].filter((path) => isThere(path, old));
  const gone = served.filter((path) => !isThere(path, now));
  const other = served.filter((path) => !gone.includes(path)).flatMap((path) => otherKind(path, before, after));
  if (gone.length + other.length > 0)
    return { kind: "major", reason: [...told(gone, "entrypoint", "gone"), ...other].join("; ") };
  const added = [...now].filter((path) => !old.has(path));
  const isEntrypoint = (path: string): boolean => entrypoints.includes(path);
  const [entries, rules] = [added.filter(isEntrypoint), added.filter((path) => !isEntrypoint(path))];
  const reasons = [...told(entries, "entrypoint", "new"), ...told(rules, "rule", "new"), ...(decisions ? [decisions] : [])];
  if (reasons.length > 0) return { kind: "minor", reason: reasons.join("; ") };
  return { kind: "patch", reason: "no entrypoint, no rule and no known decision is another" };
}

const shown = 3;

function told(paths: readonly string[], what: string, state: string): readonly string[] {
  if (paths.length === 0) return [];
  const names = paths.slice(0, shown).map((path) => path.replace(/^data\./u, ""));
  const more = paths.length > shown ? ` and ${paths.length - shown} more` : "";
  return [paths.length === 1 ? `the ${what} ${names[0]} is ${state}` : `the ${what}s ${names.join(", ")}${more} are ${state}`];
}

/** A path is there when a rule stands at it, above it (`a.b contains …`) or below it (a package). */
function isThere(path: string, rules: ReadonlySet<string>): boolean {
  return [...rules].some((rule) => rule === path || rule.startsWith(`${path}.`) || path.startsWith(`${rule}.`));
}

/** Where rules stand, those of tests apart: `data.orders.allow`. */
function rulePaths({ rules }: Checked): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: RuleTreeNode, path: readonly string[]): void => {
    const own = node.rules.filter(({ module }) => !isOfTests(module.package));
    if (own.length > 0) found.add(path.join("."));
    for (const child of node.children.values()) visit(child, child.key === undefined ? path : [...path, partText(child.key)]);
  };
  visit(rules.root, []);
  return found;
}

const isOfTests = (path: readonly Term[]): boolean => {
  const last = path.at(-1);
  return last?.kind === "string" && last.value.endsWith("_test");
};

function partText(key: Term): string {
  if (key.kind === "var") return key.name;
  return key.kind === "string" ? key.value : "*";
}

/** That an entrypoint may come to values that it never came to: who asks may not know what to do with them. */
function otherKind(path: string, before: Checked, after: Checked): readonly string[] {
  const [old, now] = [kindsAt(before, path), kindsAt(after, path)];
  if (old === undefined || now === undefined || [...now].every((kind) => old.has(kind))) return [];
  return [`${path.replace(/^data\./u, "")} is ${[...now].join(" or ")}, and was ${[...old].join(" or ")}`];
}

function kindsAt({ compilation }: Checked, path: string): ReadonlySet<string> | undefined {
  const at = { start: 0, end: 0 };
  const parts = path
    .split(".")
    .map((part, index): Term => (index === 0 ? { kind: "var", name: part, ...at } : { kind: "string", value: part, ...at }));
  return kindsOf(compilation.types?.typeOfRef(parts));
}

/** The kinds of values of a type; undefined where they are not known. */
function kindsOf(type: Maybe): ReadonlySet<Type["kind"]> | undefined {
  switch (type?.kind) {
    case undefined:
    case "function":
    case "recursive":
      return undefined;
    case "any": {
      const kinds = type.of.map(kindsOf);
      if (kinds.length === 0 || kinds.includes(undefined)) return undefined;
      return new Set(kinds.flatMap((one) => [...(one ?? [])]));
    }
    case "null":
    case "boolean":
    case "number":
    case "string":
    case "array":
    case "object":
    case "set":
      return new Set([type.kind]);
  }
}
