// Behind a dot.
import type { CompletionItem } from "../../completion-item.ts";
import { callableBuiltins, markdownOf } from "../builtin-docs.ts";
import { localAt, originOf } from "../local-origins.ts";
import { isOld } from "./builtins.ts";
import { type Context, pathOfWritten } from "./context.ts";
import { membersToImport } from "./importable.ts";
import { frontItem, isInPackageBelow, ruleItem } from "./items.ts";
import { keysBelow, keysOfObject } from "./keys.ts";
import { memberUses, memberUsesAround } from "./member-uses.ts";

export function memberItems(context: Context, written: string): readonly CompletionItem[] {
  const { around } = context;
  const items = new Map<string, CompletionItem>();
  const put = (item: CompletionItem) => {
    if (!items.has(item.label)) items.set(item.label, item);
  };
  for (const row of callableBuiltins()) {
    if (!row.name.startsWith(`${written}.`) || isOld(row, around)) continue;
    const label = row.name.slice(written.length + 1);
    put({ label, kind: "builtin", detail: "built-in function", documentation: markdownOf(row), rank: 2 });
  }
  const path = pathOfWritten(context, written);
  if (path !== undefined) for (const item of membersOfPath(context, path)) put(item);
  else if (context.options.autoImport && isFree(context, written))
    for (const item of membersToImport(context, written)) put(item);
  for (const label of keysOfLocal(context, written))
    put({ label, kind: "property", detail: "key of the variable's value", rank: 0 });
  for (const item of writtenBehind(context, written)) put(item);
  return [...items.values()].filter((item) => /^[A-Za-z_]\w*$/u.test(item.label) || item.kind === "module");
}

/** True for a name that nothing declares: the text so far reads it as a variable. */
function isFree({ around, offset }: Context, written: string): boolean {
  const role = localAt(written, offset, around.names)?.role;
  return /^[A-Za-z_]\w*$/u.test(written) && (role === undefined || role === "output");
}

/** Keys of a variable whose value is written as an object. */
function keysOfLocal({ around, offset }: Context, written: string): readonly string[] {
  const [head = "", ...rest] = written.split(".");
  const local = localAt(head, offset, around.names);
  const value = local === undefined ? undefined : originOf(around.parsed.module, around.names, local).value;
  return keysOfObject(value, rest);
}

/** Keys that this file and others write behind the same name, whatever its value is. */
function writtenBehind({ project, file, offset }: Context, written: string): readonly CompletionItem[] {
  const name = /(\w+)(?:\[[^\]]*\])*$/u.exec(written)?.[1] ?? "";
  const here = memberUsesAround(project.parsed(file), offset).get(name) ?? [];
  const elsewhere = project.policies.flatMap((other) =>
    other === file ? [] : [...(memberUses(project.parsed(other)).get(name) ?? [])],
  );
  const item = (label: string, rank: number): CompletionItem => ({ label, kind: "property", detail: "used elsewhere", rank });
  return [...[...here].map((label) => item(label, 4)), ...elsewhere.map((label) => item(label, 5))];
}

function membersOfPath(context: Context, path: readonly string[]): readonly CompletionItem[] {
  const { names, project } = context;
  const items: CompletionItem[] = [];
  const put = (item: CompletionItem) => items.push(item);
  const prefix = `${path.join(".")}.`;
  const own = `${context.around.names.package.join(".")}.`;
  for (const [rule, clauses] of names.rulesUnder(path.join("."))) {
    const label = rule.slice(prefix.length);
    // Names that begin with `_` are the package's own.
    const rank = label.startsWith("_") && prefix !== own ? 4 : 0;
    if (!label.includes(".")) put(ruleItem(label, rule, clauses, rank));
    else if (!isInPackageBelow(names, rule, prefix)) put(frontItem(label, rank));
  }
  for (const packageName of names.packages) {
    if (!packageName.startsWith(prefix)) continue;
    const isLibrary = names.filesOfPackage(packageName).every((one) => project.library.includes(one));
    put({ label: packageName.slice(prefix.length).split(".")[0]!, kind: "module", detail: "package", rank: isLibrary ? 3 : 1 });
  }
  for (const item of keysBelow(context, path)) put(item);
  return items;
}
