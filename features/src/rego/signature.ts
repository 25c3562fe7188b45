// Signature help: built-ins and functions of the project, every clause of a function as one signature.

import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { documentationAbove } from "./annotations.ts";
import { argumentTexts } from "./builtin-arguments.ts";
import { findBuiltin, parametersOf, parameterText, signatureOf } from "./builtin-docs.ts";
import { callAt } from "./calls.ts";
import { documentationMarkdown } from "./hover.ts";
import { pathOfName } from "./names.ts";
import { namesOf } from "./project-names.ts";

export interface Signature {
  readonly label: string;
  readonly documentation: string;
  /** Texts that stand in the label, in order. */
  readonly parameters: readonly string[];
  /** What is said of each parameter; undefined where nothing is. */
  readonly about: readonly (string | undefined)[];
}

export interface SignatureHelp {
  readonly signatures: readonly Signature[];
  readonly activeSignature: number;
  readonly activeParameter: number;
}

/** The signatures of the call around an offset. */
export function signatureAt(project: Project, file: SourceFile, offset: number): SignatureHelp | undefined {
  const call = callAt(project.parsed(file), offset);
  if (call === undefined) return undefined;
  const names = namesOf(project);
  const path = pathOfName(names.names(file), call.name).join(".");
  const clauses = names.rule(path).filter(({ rule }) => rule.head.args !== undefined);
  if (clauses.length > 0) {
    const seen = new Set<string>();
    const signatures: Signature[] = [];
    for (const { rule, file: declared } of clauses) {
      const parameters = (rule.head.args ?? []).map((arg) => declared.text.slice(arg.start, arg.end));
      const label = `${call.name}(${parameters.join(", ")})`;
      if (seen.has(label)) continue;
      seen.add(label);
      const docs = documentationAbove(project.parsed(declared).module, declared.text, rule);
      signatures.push({
        label,
        parameters,
        about: parameters.map((name) => aboutArgument(docs?.description ?? "", name)),
        documentation: docs === undefined ? path : documentationMarkdown(docs),
      });
    }
    const isOther = ([at, literal]: readonly [number, string], { parameters }: Signature): boolean =>
      isLiteral(parameters[at] ?? "") && parameters[at] !== literal;
    const longEnough = ({ parameters }: Signature): boolean => parameters.length > call.argument;
    const meant = signatures.findIndex((one) => longEnough(one) && ![...call.literals].some((given) => isOther(given, one)));
    const fitting = meant < 0 ? signatures.findIndex(longEnough) : meant;
    return { signatures, activeSignature: Math.max(0, fitting), activeParameter: call.argument };
  }
  const row = findBuiltin(call.name);
  if (row === undefined) return undefined;
  const parameters = parametersOf(row).map(parameterText);
  const last = row.variadic === undefined ? call.argument : Math.min(call.argument, parameters.length - 1);
  const texts = argumentTexts(row.name);
  const about = parameters.map((_, at) => texts[at]);
  return {
    signatures: [{ label: signatureOf(row), documentation: row.description, parameters, about }],
    activeSignature: 0,
    activeParameter: last,
  };
}

/** A pattern that only one value has. */
const isLiteral = (pattern: string): boolean => /^(?:"[^"]*"|-?\d[\w.+-]*|true|false|null)$/u.test(pattern);

/** What a description says of an argument, in a list of them: `- user: who asks`, also with the name in backquotes. */
function aboutArgument(description: string, name: string): string | undefined {
  for (const line of description.split("\n")) {
    const [, named, text] = /^\s*[-*]\s+`?(\w+)`?\s*(?::|-|\u2013|\u2014)\s+(\S.*)$/u.exec(line) ?? [];
    if (named === name) return text;
  }
  return undefined;
}
