// What decisions read of the input: a path for each place, and `input` where the whole is handed on.
import { type Node, walkBody, walkHead } from "#analysis/rego/tree/walk.ts";
import type { Ref, Rule } from "#grammars/rego/ast.ts";
import { rulePath } from "#workspace/config.ts";
import type { Project } from "#workspace/project.ts";
import { dependenciesOf } from "../dependencies/dependencies.ts";
import { namesOf } from "../rego/project-names.ts";

/** By rule the paths that it reads, also through others: `input.user.name`; none for a package, which may read anything. */
export function inputReads(project: Project, paths: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const own = new Map<string, readonly string[]>();
  const names = namesOf(project);
  const readBy = (rule: string): readonly string[] => {
    const known = own.get(rule) ?? names.rule(rule).flatMap((declared) => writtenReads(declared.rule));
    own.set(rule, known);
    return known;
  };
  const { decisions } = dependenciesOf(project, paths.map(rulePath));
  return new Map(
    decisions.flatMap(({ place, input, rules }, at) => {
      const reads = [...input.map((use) => use.path), ...[...rules.keys()].flatMap(readBy)];
      return place === undefined ? [] : [[paths[at]!, [...new Set(reads)]] as const];
    }),
  );
}

/** As they are written, without imports: each reference up to its first part that is no string. */
function writtenReads(rule: Rule): readonly string[] {
  const reads: string[] = [];
  const seen = new Set<Node>();
  const note = (node: Node): undefined => {
    // What `with` replaces is not read.
    if (node.kind === "expr") for (const { target } of node.with) seen.add(target);
    if (node.kind === "ref") {
      const [head] = node.parts;
      if (head?.kind === "var" && head.name === "input" && !seen.has(node)) reads.push(pathOf(node));
      if (head !== undefined) seen.add(head);
    } else if (node.kind === "var" && node.name === "input" && !seen.has(node)) reads.push("input");
  };
  for (let branch: Rule | undefined = rule; branch !== undefined; branch = branch.else) {
    walkHead(branch.head, note);
    walkBody(branch.body ?? [], note);
  }
  return reads;
}

function pathOf({ parts }: Ref): string {
  const rest = parts.slice(1);
  const end = rest.findIndex(({ kind }) => kind !== "string");
  const names = rest.slice(0, end < 0 ? rest.length : end).map((part) => (part.kind === "string" ? part.value : ""));
  return ["input", ...names].join(".");
}
