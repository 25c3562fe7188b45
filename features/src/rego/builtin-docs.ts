// What the editor says about built-in functions, read from the one table of builtins.
import type { Builtin } from "#analysis/rego/builtins/builtin.ts";
import { builtin, builtins } from "#analysis/rego/builtins/index.ts";
import { argumentTexts } from "./builtin-arguments.ts";
import { exampleOf } from "./builtin-examples.ts";
import { sinceVersion } from "./builtin-since.ts";
import { typeText } from "./faults/type-words.ts";

/** True for the dotted name of a built-in function that can be written as a call. */
export function isBuiltin(name: string): boolean {
  const found = builtin(name);
  return found !== undefined && found.family !== "internal";
}

/** The built-in of that name. */
export function findBuiltin(name: string): Builtin | undefined {
  return isBuiltin(name) ? builtin(name) : undefined;
}

/** Built-ins that can be written as a call, sorted by name. */
export function callableBuiltins(): readonly Builtin[] {
  return builtins.filter((row) => row.family !== "internal" && (row.infix === undefined || /^[a-z]/u.test(row.name)));
}

/** The parameters of a built-in; one that takes any number of them has a last one for all that follow. */
export function parametersOf(row: Builtin): readonly { readonly name: string; readonly type: string }[] {
  const named = row.args.map((parameter, at) => ({ name: parameter.name ?? `arg${at + 1}`, type: typeText(parameter.type) }));
  return row.variadic === undefined ? named : [...named, { name: "values...", type: typeText(row.variadic) }];
}

/** `count(collection: …) := n: number`. */
export function signatureOf(row: Builtin): string {
  const args = parametersOf(row).map(parameterText).join(", ");
  const result =
    row.result === undefined
      ? ""
      : ` := ${row.result.name === undefined ? "" : `${row.result.name}: `}${typeText(row.result.type)}`;
  return `${row.name}(${args})${result}`;
}

/** `name: type` of a parameter. */
export const parameterText = ({ name, type }: { readonly name: string; readonly type: string }): string => `${name}: ${type}`;

/** Where the reader learns more: OPA's page of the family. */
export function pageOf(row: Builtin): string {
  return `https://www.openpolicyagent.org/docs/policy-reference/builtins/${row.family}#builtin-${row.family}-${row.name.replaceAll(".", "")}`;
}

/** Markdown: signature, description, arguments, result, what to know. */
export function markdownOf(row: Builtin): string {
  const lines = [`\`\`\`rego\n${signatureOf(row)}\n\`\`\``, "", row.description];
  const parameters = parametersOf(row);
  const about = argumentTexts(row.name);
  if (parameters.length > 0) lines.push("", "#### Arguments", "");
  for (const [at, { name, type }] of parameters.entries())
    lines.push(`- \`${name}\` (${type})${about[at] === undefined ? "" : `: ${about[at]}`}`);
  if (row.result !== undefined) lines.push("", `Returns \`${row.result.name ?? "result"}\` (${typeText(row.result.type)})`);
  const example = exampleOf(row.name);
  if (example !== undefined) {
    const result = example.result === undefined ? "" : `\n# => ${example.result}`;
    lines.push("", "#### Example", "", `\`\`\`rego\n${example.call}${result}\n\`\`\``);
  }
  const notes: string[] = [];
  const since = sinceVersion(row.name);
  if (since !== undefined) notes.push(`In OPA since ${since}.`);
  if (row.deprecated === true) notes.push("Deprecated: not available in Rego v1.");
  if (row.nondeterministic === true) notes.push("May give another result each time.");
  if (row.where === "host") notes.push("In Wasm, the host program supplies it.");
  if (notes.length > 0) lines.push("", notes.join(" "));
  return lines.join("\n");
}
