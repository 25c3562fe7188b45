// A function that is called and does not exist: written beside its caller, into the package that the call names, or as a new package.
import type { Diagnostic, TextEdit } from "#grammars/diagnostic.ts";
import { keywordsOf } from "#grammars/rego/keywords.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { callableBuiltins } from "./builtin-docs.ts";
import { namesOf } from "./project-names.ts";
import { type Node, walk } from "./tree.ts";

export interface Creation {
  readonly title: string;
  /** In a file of that path, which may have to be made; in the caller's file without one. */
  readonly edits: readonly (TextEdit & { readonly file?: string })[];
}

type Call = Node & { readonly args: readonly Node[] };

/** What would mend an undefined function; nothing where its name or its arguments do not tell enough. */
export function createFunction(project: Project, file: SourceFile, { message, range }: Diagnostic): Creation | undefined {
  const path = /^undefined function ([\w.]+)(?=:|$)/u.exec(message)?.[1];
  const { module } = project.parsed(file);
  const rule = module.rules.find((one) => one.start <= range.start && range.end <= one.end);
  const call = rule === undefined ? undefined : callAt(rule, range.start);
  if (path === undefined || rule === undefined || call === undefined || module.version === "v0") return undefined;
  if (callableBuiltins().some((row) => row.name.startsWith(`${path.split(".")[0] ?? ""}.`))) return undefined;
  const parts = path.split(".");
  const name = parts.at(-1) ?? path;
  const text = declaration(name, namesFor(file.text, call.args, name), isStatement(file.text, call));
  if (text === undefined) return undefined;
  const names = namesOf(project);
  const own = names.packageOf(file);
  const holder = parts.length === 1 ? own : parts.slice(0, -1);
  if (holder.join(".") === own.join(".")) {
    const range = { start: rule.end, end: rule.end };
    return { title: `Create function \`${name}\``, edits: [{ range, newText: `\n\n${text}` }] };
  }
  if (holder[0] !== "data" || holder.length < 2) return undefined;
  const home = names.filesOfPackage(holder.join(".")).find((other) => !other.path.endsWith("_test.rego"));
  if (home !== undefined) {
    const end = home.text.trimEnd().length;
    const edit = { file: home.path, range: { start: end, end }, newText: `\n\n${text}` };
    return { title: `Create function \`${name}\` in ${holder.join(".")}`, edits: [edit] };
  }
  const target = homeOf(project.root, file.path, own, holder);
  if (project.files.has(target)) return undefined;
  const newText = `package ${holder.slice(1).join(".")}\n\n${text}\n`;
  return {
    title: `Create package ${holder.join(".")} with \`${name}\``,
    edits: [{ file: target, range: { start: 0, end: 0 }, newText }],
  };
}

function callAt(rule: Node, start: number): Call | undefined {
  let found: Call | undefined;
  walk(rule, (node) => {
    // An operator of which the call is the left side starts there, too.
    if (node.kind === "call" && node.start === start) found = node;
  });
  return found;
}

/** Names for the arguments: what is handed over gives them, where it has one. */
function namesFor(text: string, args: readonly Node[], name: string): readonly string[] {
  const taken = new Set([name, "input", "data"]);
  return args.map(({ start, end }, index) => {
    const own = /^(?:\w+\.)*(\w+)$/u.exec(text.slice(start, end))?.[1] ?? "";
    const free = /^[a-z_]\w*$/iu.test(own) && own !== "_" && !taken.has(own) && !keywordsOf.v1.has(own) && !isBuiltin(own);
    const chosen = free ? own : `arg${index + 1}`;
    taken.add(chosen);
    return chosen;
  });
}

function isBuiltin(name: string): boolean {
  return callableBuiltins().some((row) => row.name === name);
}

/** True where the call stands alone as a condition. */
function isStatement(text: string, { start, end }: Call): boolean {
  return (
    /(?:\n|\bif|\{|;|\bnot)[ \t]*$/u.test(text.slice(0, start)) && /^[ \t]*(?:#[^\n]*)?(?:\r?\n|[;}]|$)/u.test(text.slice(end))
  );
}

/** A definition that holds for what it is given, uses each argument, and fits whatever the caller does with it. */
function declaration(name: string, args: readonly string[], isCondition: boolean): string | undefined {
  if (args.length === 0) return undefined;
  const [first = "", ...rest] = args;
  const head = isCondition ? `${name}(${args.join(", ")})` : `${name}(${args.join(", ")}) := ${first}`;
  const conditions = isCondition ? args : rest;
  if (conditions.length === 0) return head;
  return conditions.length === 1
    ? `${head} if ${conditions[0] ?? ""}`
    : `${head} if {\n${conditions.map((one) => `\t${one}\n`).join("")}}`;
}

/** Where a package's file belongs: as the caller's folders follow its package, else beside it; never outside the project. */
function homeOf(root: string, caller: string, own: readonly string[], wanted: readonly string[]): string {
  const folder = caller.slice(0, caller.lastIndexOf("/"));
  const ending = `/${own.slice(1).join("/")}`;
  const base = folder.endsWith(ending) ? folder.slice(0, folder.length - ending.length) : undefined;
  const last = `${wanted.at(-1) ?? ""}.rego`;
  return base !== undefined && `${base}/`.startsWith(`${root}/`)
    ? `${base}/${wanted.slice(1).join("/")}/${last}`
    : `${folder}/${last}`;
}
