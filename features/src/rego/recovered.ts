// The module of a text for readers who want what is meant: broken statements stand in it as they read once mended, at their places in the text.
import { oncePer } from "#grammars/once-per.ts";
import type { Import, Module, Range, Rule } from "#grammars/rego/ast.ts";
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import { closersOf, lineEnd } from "./faults/fault.ts";
import { type MendedStatement, mendedStatements } from "./faults/index.ts";
import { rangeAt } from "./range-at.ts";

/** The module of a text; where statements are broken, with what can be told of them. Every range lies in the text, what was filled in is empty. */
export function recoveredModule(parsed: ParsedModule): Module {
  return parsed.diagnostics.length === 0 ? parsed.module : recovered(parsed);
}

const recovered = oncePer((parsed: ParsedModule): Module => {
  const { module } = parsed;
  const mended = mendedStatements(parsed);
  const ranges = mended.map(({ range }) => range);
  const faults = new Map<Range | undefined, Range>();
  for (const { range } of parsed.diagnostics) {
    const statement = rangeAt(ranges, range.start);
    if (!faults.has(statement)) faults.set(statement, range);
  }
  const broken = mended.map((one) => (one.sound || one.unread ? one : readable(parsed, one, faults.get(one.range))));
  const isSound = ({ start }: Range): boolean => rangeAt(ranges, start) === undefined;
  const inOrder = <T extends Range>(sound: readonly T[], mended: readonly T[]): readonly T[] =>
    [...sound.filter(isSound), ...mended].sort((a, b) => a.start - b.start);
  const imports = broken.flatMap((one) => inFile<Import>(one.module.imports, one));
  const rules = broken.flatMap((one) => inFile<Rule>(one.module.rules, one));
  return { ...module, imports: inOrder(module.imports, imports), rules: inOrder(module.rules, rules) };
});

function inFile<T extends Range>(nodes: readonly T[], { header, back }: MendedStatement): readonly T[] {
  return nodes.filter((node) => node.start >= header.length).map((node) => moved(node, back));
}

/** A node with every offset in it as the file counts; a name that was filled in is a wildcard. */
function moved<T>(node: T, back: (offset: number) => number): T {
  if (Array.isArray(node)) return node.map((item: unknown) => moved(item, back)) as T;
  if (typeof node !== "object" || node === null) return node;
  const fields = Object.entries(node).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === "number" && (name === "start" || name === "end") ? back(value) : moved(value, back),
  ]);
  const copy = Object.fromEntries(fields) as T & { kind?: string; name?: string; start?: number; end?: number };
  return copy.kind === "var" && copy.start === copy.end ? { ...copy, name: "$filled" } : copy;
}

/** Statements longer than this show their head alone. */
const longest = 20_000;

/** A statement that no single repair mends: as it reads with its brackets closed, cut at the line of its first fault, or its head alone. */
function readable({ text, file, version }: ParsedModule, broken: MendedStatement, fault: Range | undefined): MendedStatement {
  const { range, header } = broken;
  const statement = text.slice(range.start, range.end).trimEnd();
  const at = fault === undefined ? statement.length : fault.start - range.start;
  const untilFault = statement.slice(0, lineEnd(text, range.start + at) - range.start);
  const before = statement.slice(0, Math.max(statement.lastIndexOf("\n", at - 1), 0)).trimEnd();
  const head = /^(?:default\s+)?[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?:\([^()\n]*\))?/u.exec(statement)?.[0];
  const tries = [statement, untilFault, before]
    .filter((cut) => cut !== "" && cut.length <= longest)
    .flatMap((cut) => {
      const closers = closersOf(cut);
      return [`${cut}${closers}`, `${cut} x_${closers}`].map((tried) => ({ kept: cut.length, tried }));
    });
  if (head !== undefined) tries.push({ kept: head.length, tried: `${head} := true` });
  for (const { kept, tried } of tries) {
    const { module, diagnostics: left } = parseModule(`${header}${tried}`, { file, version, allStatements: true });
    if (left.length > 0) continue;
    const back = (offset: number): number => range.start + Math.min(offset - header.length, kept);
    const rules = module.rules.map((rule) => (rule === module.rules.at(-1) ? { ...rule, end: header.length + kept } : rule));
    return { ...broken, module: { ...module, rules }, back };
  }
  return broken;
}
