// The findings of the compiler as they are told: each for its reader, and one for one cause.
import { type Node, walkRule } from "#analysis/rego/tree/walk.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Range } from "#grammars/rego/ast.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import type { Token } from "#grammars/rego/tokens.ts";
import type { Project } from "#workspace/project.ts";
import { compileFindings } from "../doubtful.ts";
import { explainCompile } from "./compile.ts";
import { rangeOf, rowOf } from "./fault.ts";

/** What the compiler says of a project, or of one of its files. */
export function toldByCompiler(project: Project, path?: string): readonly Diagnostic[] {
  const found = compileFindings(project).filter(({ file }) => path === undefined || file === path);
  return withoutFollowers(
    project,
    withoutNextStatement(project, found).map((one) => explainCompile(project, one)),
  );
}

/** A head without its value takes the next statement as one: of all that is wrong there, that is what there is to say. */
function withoutNextStatement(project: Project, found: readonly Diagnostic[]): readonly Diagnostic[] {
  const told = new Set<Range>();
  return found.flatMap((one) => {
    const parsed = parsedOf(project, one);
    const rule = parsed?.module.rules.find(({ start, end }) => start <= one.range.start && one.range.start <= end);
    const lone = parsed === undefined || rule === undefined ? undefined : openHead(parsed, rule);
    if (parsed === undefined || lone === undefined) return [one];
    if (told.has(rule!)) return [];
    told.add(rule!);
    const { operator, value } = lone;
    const message = `a value is missing after \`${operator.image}\`: what stands in line ${rowOf(parsed.text, value.startOffset)} is read as it`;
    const { details: _, related: __, fixes: ___, ...rest } = one;
    return [{ ...rest, range: rangeOf(operator), message, explanation: `OPA: ${one.message}` }];
  });
}

/** The operator of a head with the token in the first column of another line that is read as its value. */
function openHead({ text, tokens }: ParsedModule, { start, end }: Range): { operator: Token; value: Token } | undefined {
  let operator: Token | undefined;
  for (const token of tokens) {
    if (token.startOffset > end) return undefined;
    const isOpen = operator !== undefined && /^(?::=|=|contains)$/u.test(operator.image) && operator.startOffset > start;
    if (token.newlineBefore && isOpen && text[token.startOffset - 1] === "\n") return { operator: operator!, value: token };
    operator = token;
  }
  return undefined;
}

const unsafe = /^var (\w+) is unsafe/u;

/** Without the variables of `some x in xs` that are unsafe because something in `xs` is, which is told itself. */
function withoutFollowers(project: Project, found: readonly Diagnostic[]): readonly Diagnostic[] {
  const unknown = found.filter(({ message }) => unsafe.test(message));
  if (unknown.length < 2) return found;
  return found.filter((one) => {
    const name = unsafe.exec(one.message)?.[1];
    const parsed = name === undefined ? undefined : parsedOf(project, one);
    if (name === undefined || parsed === undefined) return true;
    const domains = domainsOf(parsed, name, one.range);
    return !unknown.some(
      (other) => other !== one && other.file === one.file && domains.some((domain) => holds(domain, other.range)),
    );
  });
}

/** The collections that `some` takes a variable from in the rule around a place. */
function domainsOf({ module }: ParsedModule, name: string, at: Range): readonly Range[] {
  const domains: Range[] = [];
  const visit = (node: Node): boolean => {
    if (node.kind === "some")
      for (const symbol of node.symbols) {
        const domain = symbol.kind === "call" ? symbol.args.at(-1) : undefined;
        if (symbol.kind !== "call" || domain === undefined) continue;
        const isDeclared = symbol.args.some((item) => item !== domain && item.kind === "var" && item.name === name);
        if (isDeclared) domains.push(domain);
      }
    return false;
  };
  const rule = module.rules.find((one) => holds(one, at));
  if (rule !== undefined) walkRule(rule, visit);
  return domains;
}

const holds = (outer: Range, inner: Range): boolean => outer.start <= inner.start && inner.end <= outer.end;

function parsedOf(project: Project, found: Diagnostic): ParsedModule | undefined {
  const file = project.files.get(found.file);
  return file?.kind === "rego" ? project.parsed(file) : undefined;
}
