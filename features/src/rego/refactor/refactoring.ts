// What a refactoring is, and what all of them ask of a text: the body around a place, free names, the text of a term.
import { formatPolicy } from "#analysis/rego/fmt.ts";
import type { TextEdit } from "#grammars/diagnostic.ts";
import type {
  ArrayComprehension,
  Body,
  Expr,
  Module,
  ObjectComprehension,
  Range,
  Ref,
  Rule,
  SetComprehension,
  Term,
  Var,
} from "#grammars/rego/ast.ts";
import { keywordsOf } from "#grammars/rego/keywords.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { callableBuiltins } from "../builtin-docs.ts";
import { type Local, type Names, partsOf } from "../names.ts";
import { namesOf } from "../project-names.ts";
import { childrenOf, type Node, nodesAt, walk } from "../tree.ts";

export interface Refactoring {
  readonly title: string;
  readonly kind: "refactor.extract" | "refactor.inline" | "refactor.rewrite" | "refactor.move";
  /** In the file that was asked about, where they name no other. */
  readonly edits: readonly (TextEdit & { readonly file?: string })[];
  /** A name that the edits bring into the file, and which its author may want to change at once. */
  readonly name?: string;
  /** A rule that has another path afterwards. */
  readonly moved?: { readonly from: string; readonly to: string };
  /** When decisions may change although none of the samples and tests shows it. */
  readonly caution?: string | undefined;
}

/** A place in a text that has no syntax error. */
export interface Asked {
  readonly project: Project;
  readonly file: SourceFile;
  readonly text: string;
  readonly module: Module;
  readonly names: Names;
  readonly range: Range;
  /** The nodes around the start of the range, the module first. */
  readonly path: readonly Node[];
  /** The rule around the range. */
  readonly rule: Rule | undefined;
}

export function askedAt(project: Project, file: SourceFile, selected: Range): Asked | undefined {
  const { module, diagnostics } = project.parsed(file);
  if (diagnostics.length > 0 || module.package === undefined || module.version === "v0") return undefined;
  const { text } = file;
  const range = trimmed(text, selected);
  const rule = module.rules.find(({ start, end }) => start <= range.start && range.end <= end);
  return { project, file, text, module, names: namesOf(project).names(file), range, path: nodesAt(module, range.start), rule };
}

/** A selection without the blanks around it. */
function trimmed(text: string, { start, end }: Range): Range {
  const inside = text.slice(start, end);
  if (inside.trim() === "") return { start, end: start };
  return { start: start + inside.length - inside.trimStart().length, end: end - inside.length + inside.trimEnd().length };
}

export const holds = (outer: Range, inner: Range): boolean => outer.start <= inner.start && inner.end <= outer.end;

export const textOf = (text: string, { start, end }: Range): string => text.slice(start, end);

/** A term with its parentheses; an operator also with those of its operands, which its own range leaves out. */
export function spanOf(term: Term): Range {
  if (term.grouped !== undefined) return term.grouped;
  if (term.kind !== "call" || term.infix === undefined || term.args.length === 0) return { start: term.start, end: term.end };
  const [first, last] = [spanOf(term.args[0]!), spanOf(term.args.at(-1)!)];
  return { start: Math.min(term.start, first.start), end: Math.max(term.end, last.end) };
}

/** A body, its expression at a place, and what the body belongs to. */
export interface BodyPlace {
  readonly owner: Node;
  readonly body: Body;
  readonly at: number;
  readonly expr: Expr;
}

/** The bodies around a range, the outermost first. */
export function bodiesAround(rule: Rule, range: Range): readonly BodyPlace[] {
  const found: BodyPlace[] = [];
  walk(
    rule,
    (node) => {
      for (const body of bodiesOf(node)) {
        const at = body.findIndex((expr) => holds(expr, range));
        if (at >= 0) found.push({ owner: node, body, at, expr: body[at]! });
      }
    },
    range,
  );
  return found.sort((a, b) => a.expr.start - b.expr.start || b.expr.end - a.expr.end);
}

function bodiesOf(node: Node): readonly Body[] {
  switch (node.kind) {
    case "rule":
      return [node.body ?? []];
    case "every":
    case "notBody":
    case "arrayComprehension":
    case "setComprehension":
    case "objectComprehension":
      return [node.body];
    case "logical":
      return [node.left, node.right];
    default:
      return [];
  }
}

/** True where other expressions can stand beside one: not below `not`, `and` or `or` without braces. */
export function hasRoom({ owner, expr }: BodyPlace): boolean {
  if (owner.kind === "notBody") return owner.implicit !== true;
  if (owner.kind !== "logical") return true;
  const { left, implicitLeft, implicitRight } = owner;
  return (left.includes(expr) ? implicitLeft : implicitRight) !== true;
}

/** True where the body of a rule stands in braces. */
export function isBraced(text: string, { body = [], end }: Rule): boolean {
  const last = body.at(-1);
  return last !== undefined && /^(?:\s|;|#[^\n]*\n)*\}/u.test(text.slice(last.end, end));
}

export const lineIndent = (text: string, offset: number): string =>
  /^[ \t]*/u.exec(text.slice(text.lastIndexOf("\n", offset - 1) + 1))![0];

/** True where nothing but blanks stands before a place on its line. */
export const beginsLine = (text: string, offset: number): boolean =>
  /(?:^|\n)[ \t]*$/u.test(text.slice(Math.max(0, text.lastIndexOf("\n", offset - 1)), offset));

/** Writes an expression before another one of a body. */
export function before(text: string, expr: Expr, line: string): TextEdit {
  const { start } = expr;
  // A line that begins with a minus would go on with the one before it.
  const isAlone = beginsLine(text, start) && text[start] !== "-";
  const newText = isAlone ? `${line}\n${lineIndent(text, start)}` : `${line}; `;
  return { range: { start, end: start }, newText };
}

/** Writes an expression behind another one of a body. */
export function behind(text: string, expr: Expr, line: string): TextEdit {
  const { start, end } = expr;
  return { range: { start: end, end }, newText: beginsLine(text, start) ? `\n${lineIndent(text, start)}${line}` : `; ${line}` };
}

/** Expressions as a body in braces. */
export const braced = (lines: readonly string[]): string => `{\n\t${inLines(lines, "\t")}\n}`;

/** Expressions below each other; one that begins with a minus behind the one before, which it would go on with. */
export const inLines = (lines: readonly string[], indent: string): string =>
  lines.reduce((text, line) => `${text}${line.startsWith("-") ? "; " : `\n${indent}`}${line}`);

type Comprehension = ArrayComprehension | SetComprehension | ObjectComprehension;

const isComprehension = (node: Node): node is Comprehension =>
  node.kind === "arrayComprehension" || node.kind === "setComprehension" || node.kind === "objectComprehension";

/** The innermost comprehension whose members, not its body, hold a range. */
export function membersAround(rule: Rule, range: Range): Comprehension | undefined {
  let found: Comprehension | undefined;
  walk(
    rule,
    (node) => {
      if (isComprehension(node) && holds(node, range)) found = node.body[0]!.start > range.start ? node : undefined;
    },
    range,
  );
  return found;
}

/** Where a new rule goes: behind the clauses that stand together with one. */
export function behindClauses({ module, text }: Pick<Asked, "module" | "text">, rule: Rule): number {
  let at = module.rules.indexOf(rule);
  const name = nameOfRule(rule);
  while (at + 1 < module.rules.length && nameOfRule(module.rules[at + 1]!) === name) at += 1;
  const { end } = module.rules[at]!;
  const feed = text.indexOf("\n", end);
  return feed < 0 ? text.length : feed;
}

export function addedRule(asked: Asked, rule: Rule, added: string): TextEdit {
  const at = behindClauses(asked, rule);
  return { range: { start: at, end: at }, newText: `\n\n${laidOut(added)}` };
}

/** A rule as the formatter writes it. */
export function laidOut(rule: string): string {
  const lead = "package x\n\n";
  const formatted = formatPolicy(`${lead}${rule}\n`, { file: "x.rego", from: "v1" });
  if (!("text" in formatted) || !formatted.text.startsWith(lead)) return rule;
  const text = formatted.text.slice(lead.length).trimEnd();
  // As OPA does, the formatter leaves out parentheses that some terms need.
  return signsOf(text) === signsOf(rule) ? text : rule;
}

/** A text without what is layout alone. */
const signsOf = (text: string): string => text.replaceAll(/,?\s+|;|,(?=[\])}])/gu, "");

/** The name that a rule begins with. */
export function nameOfRule({ head }: Rule): string {
  const [first] = partsOf(head.reference);
  return first?.kind === "var" ? first.name : "";
}

/** True for a head that is one name: no parts behind it. */
export const isPlainHead = ({ head }: Rule): boolean => head.reference.kind === "var";

/** The names that functions begin with: `count`, and `strings` of `strings.any_prefix_match`. */
let firstNames: ReadonlySet<string> | undefined;

function builtinNames(): ReadonlySet<string> {
  firstNames ??= new Set(callableBuiltins().map(({ name }) => name.split(".", 1)[0]!));
  return firstNames;
}

/** The policies that may name a rule, `data.p.allow`: those of its package, and those whose texts have it behind its package or an alias of that. */
export function filesNaming({ project }: Pick<Asked, "project">, path: readonly string[]): readonly SourceFile[] {
  const known = namesOf(project);
  const own = path.slice(0, -1);
  const [name = "", front = ""] = [path.at(-1), own.at(-1)];
  const isOwn = (file: SourceFile): boolean => known.packageOf(file).join(".") === own.join(".");
  const isNamed = (text: string): boolean =>
    text.includes(`${front}.${name}`) ||
    (text.includes(`${front} as `) && text.includes(`.${name}`)) ||
    (text.includes(`"${name}"`) && text.includes(front));
  return project.policies.filter((file) => file.text.includes(name) && (isNamed(file.text) || isOwn(file)));
}

/** A name that nothing in the package, the imports or the rule has yet. */
export function freeName(asked: Asked, wanted: string): string {
  const { names, project, file } = asked;
  const known = namesOf(project);
  const own = known.packageOf(file);
  const taken = new Set<string>([
    "input",
    "data",
    ...names.imports.map(({ alias }) => alias),
    ...names.locals.map(({ name }) => name),
  ]);
  const isFree = (name: string): boolean =>
    !taken.has(name) &&
    !keywordsOf.v1.has(name) &&
    !names.ruleNames.has(name) &&
    known.rulesUnder([...own, name].join(".")).size === 0 &&
    known.rule([...own, name].join(".")).length === 0 &&
    known.filesOfPackage([...own, name].join(".")).length === 0 &&
    !builtinNames().has(name);
  const isWord = /^[A-Za-z_]\w*$/u.test(wanted);
  const base = !isWord ? "value" : builtinNames().has(wanted) || keywordsOf.v1.has(wanted) ? `${wanted}_value` : wanted;
  for (let count = 1; ; count++) {
    const name = count === 1 ? base : `${base}_${count}`;
    if (isFree(name)) return name;
  }
}

/** What a term would be called: the last name in it. */
export function wordFor(term: Term): string {
  switch (term.kind) {
    case "ref": {
      const last = term.parts.findLast((part) => part.kind === "string" && /^[A-Za-z_]\w*$/u.test(part.value));
      return last?.kind === "string" ? snake(last.value) : "value";
    }
    case "call": {
      const name = term.infix === undefined ? term.operator.parts.at(-1) : undefined;
      const text = name?.kind === "string" ? name.value : name?.kind === "var" ? name.name : "";
      return text === "" ? "value" : text === "sprintf" ? "message" : `${snake(text)}_value`;
    }
    case "templateString":
      return "message";
    case "array":
    case "set":
    case "arrayComprehension":
    case "setComprehension":
      return "items";
    default:
      return "value";
  }
}

const snake = (name: string): string => name.replaceAll(/([a-z0-9])([A-Z])/gu, "$1_$2").toLowerCase();

/** One of several: `user` of `users`. */
export function oneOf(name: string): string {
  if (/[^aeiou]ies$/u.test(name)) return `${name.slice(0, -3)}y`;
  if (/(?:ss|sh|ch|x|z)es$/u.test(name)) return name.slice(0, -2);
  return /[^s]s$/u.test(name) ? name.slice(0, -1) : "item";
}

/** The locals that a range uses and that are declared outside of it, in their order. */
export function usedFromOutside({ names }: Asked, range: Range): readonly Local[] {
  const found = new Map<Local, true>();
  for (const { meaning, range: at } of names.occurrences)
    if (meaning.kind === "local" && holds(range, at) && !holds(range, meaning.declaration)) found.set(meaning, true);
  return [...found.keys()];
}

/** The locals that a range declares for what stands outside of it, too. */
export function declaredFor({ names }: Asked, range: Range): readonly Local[] {
  return names.locals.filter((local) => holds(range, local.declaration) && !holds(range, local.scope));
}

/** Those of them that stand outside, too. */
export function sharedWith(asked: Asked, range: Range): readonly Local[] {
  const outside = asked.names.occurrences.filter((one) => !holds(range, one.range)).map(({ meaning }) => meaning);
  return declaredFor(asked, range).filter((local) => outside.includes(local));
}

/** True where a wildcard of the range belongs to the body around it: it goes through values there. */
export function hasOwnWildcard(node: Node): boolean {
  if (node.kind === "var") return (node as Var).name.startsWith("$");
  if (bodiesOf(node).length > 0) return false;
  return childrenOf(node).some(hasOwnWildcard);
}

/** True for what always has a value: constants, and collections of them and of locals that have theirs. */
export function isAlwaysDefined(term: Term, isLocal: (name: Var) => boolean): boolean {
  switch (term.kind) {
    case "null":
    case "boolean":
    case "number":
    case "string":
    case "arrayComprehension":
    case "setComprehension":
      return true;
    case "var":
      return isLocal(term);
    case "array":
    case "set":
      return term.items.every((item) => isAlwaysDefined(item, isLocal));
    case "object":
      return term.entries.every(({ key, value }) => isAlwaysDefined(key, isLocal) && isAlwaysDefined(value, isLocal));
    default:
      return false;
  }
}

/** True when a variable is a local of the rule. */
export const isLocalVar =
  ({ names }: Asked) =>
  (variable: Var): boolean =>
    names.occurrences.some(({ range, meaning }) => range.start === variable.start && meaning.kind === "local");

export const isConstant = (term: Term): boolean => isAlwaysDefined(term, () => false) && !term.kind.endsWith("Comprehension");

/** The dotted name of a reference without variables. */
export function dotted(reference: Ref | Var): string {
  return partsOf(reference)
    .map((part) => (part.kind === "var" ? part.name : part.kind === "string" ? part.value : "[]"))
    .join(".");
}
