// What a text stands for where roles are asked: a role, an action, a resource or who asks, told by what is handed to the library `rms.rbac`.
import { oncePer } from "#grammars/once-per.ts";
import type { Range, Ref, Term } from "#grammars/rego/ast.ts";
import type { Project } from "#workspace/project.ts";
import { asksForLibrary } from "#workspace/rms.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { stringAt } from "../rego/completion/strings.ts";
import { pathOfTerm } from "../rego/local-origins.ts";
import { namesOf } from "../rego/project-names.ts";
import { recoveredModule } from "../rego/recovered.ts";
import { walk } from "../rego/tree.ts";
import { argumentKindAt, argumentKindsOf, givesRoles, type UseKind } from "./argument-kinds.ts";
import { knownRoles } from "./known-roles.ts";

export interface RoleUse {
  readonly kind: UseKind;
  readonly text: string;
  readonly range: Range;
}

/** What the string at an offset of a policy stands for; what is called as a role is taken for it elsewhere, too. */
export function useInPolicy(project: Project, file: SourceFile, offset: number): RoleUse | undefined {
  const token = asksForLibrary(file.text) ? stringAt(project.parsed(file), offset) : undefined;
  if (token === undefined || token.tokenType.name !== "StringLiteral") return undefined;
  const { startOffset: start, image } = token;
  const range = { start, end: start + image.length };
  const text = image.slice(1, -1);
  const [, set = ""] = /^\s+in\s+([\w.]+)\(/u.exec(file.text.slice(range.end, range.end + 200)) ?? [];
  const isOfSet = set !== "" && givesRoles(namesOf(project).names(file), set);
  const kind = argumentKindAt(project, file, start) ?? (isOfSet ? "role" : undefined);
  if (kind !== undefined) return { kind, text, range };
  return knownRoles(project)?.roles.has(text) ? { kind: "role", text, range } : undefined;
}

/** What the values of the input stand for, by their paths below `input` with `*` for any key: what policies hand to the library. */
export const inputKinds = oncePer((project: Project): ReadonlyMap<string, UseKind> => {
  const found = new Map<string, UseKind>();
  for (const file of project.policies) {
    if (!asksForLibrary(file.text) || file.path.endsWith("_test.rego")) continue;
    const module = recoveredModule(project.parsed(file));
    const names = namesOf(project).names(file);
    const note = (term: Term | undefined, kind: UseKind | undefined): void => {
      const path = term === undefined ? undefined : pathOfTerm(term, module, names);
      if (kind !== undefined && path?.[0] === "input" && path.length > 1) found.set(path.slice(1).join("."), kind);
    };
    walk(module, (node) => {
      if (node.kind !== "call") return;
      const [left, right] = node.args;
      if (node.infix === "in" && right?.kind === "call" && givesRoles(names, written(right.operator))) note(left, "role");
      const kinds = argumentKindsOf(names, written(node.operator));
      for (const [at, argument] of node.args.entries()) note(argument, kinds[at]);
    });
  }
  return found;
});

const written = ({ parts }: Ref): string =>
  parts.map((part) => (part.kind === "var" ? part.name : part.kind === "string" ? part.value : "*")).join(".");

/** What a value of a sample stands for, by its path. */
export function inputKind(project: Project, path: readonly string[]): UseKind | undefined {
  const kinds = inputKinds(project);
  const anyItem = path.map((part) => (/^\d+$/u.test(part) ? "*" : part));
  return kinds.get(path.join(".")) ?? kinds.get(anyItem.join("."));
}
