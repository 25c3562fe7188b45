// The findings of the compiler as they are told: each for its reader, and one for one cause.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { firstIndex } from "#grammars/first-index.ts";
import type { Range, Rule } from "#grammars/rego/ast.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import type { Token } from "#grammars/rego/tokens.ts";
import type { Project } from "#workspace/project.ts";
import { compileFindings } from "../doubtful.ts";
import { explainCompile } from "./compile.ts";
import { rangeOf, rowOf } from "./fault.ts";
import { withoutFollowers } from "./followers.ts";
import { placeOf } from "./place-of.ts";

/** What the compiler says of a project. */
export function toldByCompiler(project: Project): readonly Diagnostic[] {
  const found = withoutNextStatement(project, compileFindings(project));
  const unknown = new Set(found.flatMap(({ message }) => /^var (\w+) is unsafe$/u.exec(message)?.[1] ?? []));
  const isTold = amongFirst(found);
  const told = found.filter(isTold).map((one) => explainCompile(project, one, unknown));
  return [...withoutFollowers(project, told), ...found.filter((one) => !isTold(one))];
}

/** Findings of one file that are worth their explanation: fewer are told. */
const mostExplained = 300;

/** True for the first findings of each file. */
function amongFirst(found: readonly Diagnostic[]): (one: Diagnostic) => boolean {
  const last = new Map<string, number>();
  for (const [file, all] of Map.groupBy(found, (one) => one.file)) {
    if (all.length <= mostExplained) continue;
    const starts = all.map(({ range }) => range.start).sort((a, b) => a - b);
    last.set(file, starts[mostExplained]!);
  }
  return ({ file, range }) => range.start <= (last.get(file) ?? Number.POSITIVE_INFINITY);
}

/** A head without its value takes the next statement as one: of all that is wrong there, that is what there is to say. */
function withoutNextStatement(project: Project, found: readonly Diagnostic[]): readonly Diagnostic[] {
  const told = new Set<Rule>();
  const heads = new Map<Rule, ReturnType<typeof openHead>>();
  return found.flatMap((one) => {
    const place = placeOf(project, one);
    if (place !== undefined && !heads.has(place.rule)) heads.set(place.rule, openHead(place.parsed, place.rule));
    const open = place === undefined ? undefined : heads.get(place.rule);
    if (place === undefined || open === undefined) return [one];
    if (told.has(place.rule)) return [];
    told.add(place.rule);
    const { operator, value } = open;
    const what = operator.image === "if" ? "a condition" : "a value";
    const row = rowOf(place.parsed.text, value.startOffset);
    const message = `${what} is missing after \`${operator.image}\`: what stands in line ${row} is read as it`;
    const { details: _, related: __, fixes: ___, ...rest } = one;
    return [{ ...rest, range: rangeOf(operator), message, explanation: `OPA: ${one.message}` }];
  });
}

/** The operator of a head, or in its value, with the token in the first column of another line that is read as its value. */
function openHead({ text, tokens }: ParsedModule, { start, end }: Range): { operator: Token; value: Token } | undefined {
  let depth = 0;
  for (let at = firstIndex(tokens.length, (index) => tokens[index]!.startOffset <= start); at < tokens.length; at++) {
    const value = tokens[at]!;
    const operator = tokens[at - 1];
    if (value.startOffset > end) return undefined;
    if (/^[([{]$/u.test(operator?.image ?? "")) depth += 1;
    else if (/^[)\]}]$/u.test(operator?.image ?? "")) depth -= 1;
    if (depth > 0 || !value.newlineBefore || operator === undefined || text[value.startOffset - 1] !== "\n") continue;
    if (/^(?::=|[=!<>]?=|[-+*/%<>]|in|contains|if)$/u.test(operator.image)) return { operator, value };
  }
  return undefined;
}
