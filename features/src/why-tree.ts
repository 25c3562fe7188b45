// Why a rule is what it is, as a tree: its clauses with the expressions that held and those that did not, and the rules that these asked.

import type { Checked } from "#analysis/rego/checked.ts";
import { branchesOf } from "#compiler/plan/rule-index.ts";
import type { ExplainedEvent } from "#evaluation/explanation.ts";
import type { Explained } from "#evaluation/explanation-text.ts";
import { failureAt } from "#evaluation/failure-text.ts";
import type { Expr, Range, Rule } from "#grammars/rego/ast.ts";
import { isRootName } from "#grammars/rego/nodes.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { relative } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { type Declared, namesOf } from "./rego/project-names.ts";
import type { Member } from "./why-member.ts";

export type WhyMark = "held" | "failed" | "unreached";

export interface WhyNode {
  readonly kind: "rule" | "clause" | "default" | "else" | "expression" | "key" | "nearest" | "again";
  /** Rules have none: what they are is told by their clauses. */
  readonly mark?: WhyMark;
  /** As it is written; of a clause its place. */
  readonly label: string;
  /** The values that were seen, or what else is to be known. */
  readonly detail: string;
  readonly place?: { readonly file: string; readonly range: Range };
  /** The first expression of its clause that did not hold. */
  readonly isFirstFailure?: true;
  readonly children: readonly WhyNode[];
}

/** Rules within rules are told so deep. */
const deepest = 5;

/** What became of one compiled expression: how often it was asked and failed, and its place in its body. */
interface Part {
  readonly range: Range;
  readonly index: number;
  asked: number;
  failed: number;
  lastFailed: ExplainedEvent | undefined;
  /** When it held last, with the variables that it gave values. */
  lastHeld: ExplainedEvent | undefined;
}

/** A value, by what is written for it. */
interface Seen {
  readonly title: string;
  readonly value: string;
}

/** The clauses that an evaluation entered: file and offset. */
export function enteredRules(explained: Explained, events: readonly ExplainedEvent[]): ReadonlySet<string> {
  const entered = events.flatMap((event) => {
    const { op, node } = event;
    return op === "Enter" && node.kind === "rule" ? [keyOf(explained.fileOf(event), node.rule)] : [];
  });
  return new Set(entered);
}

const keyOf = (file: string, { start }: Range): string => `${file}:${start}`;

export class WhyTree {
  readonly #project: Project;
  readonly #checked: Checked;
  readonly #explained: Explained;
  /** The clauses that are tried when the rule index may leave some out. */
  readonly #indexed: ReadonlySet<string>;
  /** By file. */
  readonly #parts = new Map<string, Part[]>();
  /** Of each query the expressions that it has tried, by their places in its body. */
  readonly #tried = new Map<number, { part: Part; event: ExplainedEvent }[]>();
  readonly #inner = new Set<number>();
  /** How often. */
  readonly #entered = new Map<string, number>();
  /** The clauses that held, with what they first held for. */
  readonly #held = new Map<string, ExplainedEvent>();

  constructor(
    project: Project,
    checked: Checked,
    explained: Explained,
    events: readonly ExplainedEvent[],
    indexed: ReadonlySet<string>,
  ) {
    this.#project = project;
    this.#checked = checked;
    this.#explained = explained;
    this.#indexed = indexed;
    for (const event of events) this.#note(event);
  }

  #note(event: ExplainedEvent): void {
    const { op, node, query } = event;
    const file = this.#explained.fileOf(event);
    if (node.kind === "rule") {
      const key = keyOf(file, node.rule);
      if (op === "Enter") this.#entered.set(key, (this.#entered.get(key) ?? 0) + 1);
      if (op === "Exit" && !this.#held.has(key)) this.#held.set(key, event);
    }
    if (op === "Exit" && node.kind !== "expr") this.#goneOn(event, Number.POSITIVE_INFINITY);
    // What stands within an expression, below `not` or in a comprehension, is told with it.
    if (op === "Enter" && node.kind === "body") this.#inner.add(query);
    if (node.kind !== "expr" || (op !== "Eval" && op !== "Fail") || this.#inner.has(query)) return;
    const part = this.#partAt(event, file, node.index);
    if (op === "Fail") {
      part.failed += 1;
      part.lastFailed = event;
      return;
    }
    part.asked += 1;
    this.#goneOn(event, node.index);
    const tried = this.#tried.get(query) ?? [];
    this.#tried.set(query, tried);
    tried[node.index] = { part, event };
  }

  #partAt(event: ExplainedEvent, file: string, index: number): Part {
    const range = this.#explained.rangeOf(event);
    const parts = this.#parts.get(file) ?? [];
    this.#parts.set(file, parts);
    const known = parts.find((one) => one.range.start === range.start && one.range.end === range.end && one.index === index);
    if (known !== undefined) return known;
    const part: Part = { range, index, asked: 0, failed: 0, lastFailed: undefined, lastHeld: undefined };
    parts.push(part);
    return part;
  }

  /** A query has come to a place in its body: what it tried last before that has held. */
  #goneOn({ query, locals, known, cache }: ExplainedEvent, index: number): void {
    const before = this.#tried.get(query)?.findLast((one, at) => one !== undefined && at < index);
    if (before !== undefined) before.part.lastHeld = { ...before.event, locals, known, cache };
  }

  /** Of a rule, or of each rule of a package. */
  of(path: string, value: string, member?: Member): readonly WhyNode[] {
    const names = namesOf(this.#project);
    if (names.rule(path).length > 0) return [this.#rule(path, [], value, member)];
    return [...names.rulesUnder(path)].flatMap(([own, clauses]) =>
      clauses[0]!.rule.head.args === undefined ? [this.#rule(own, [], "")] : [],
    );
  }

  /** A rule with its clauses; of those told already the name alone. */
  #rule(path: string, above: readonly string[], detail: string, member?: Member): WhyNode {
    const clauses = namesOf(this.#project).rule(path);
    const [first] = clauses;
    const label = path.replace(/^data\./u, "");
    const place = first === undefined ? {} : { place: { file: first.file.path, range: first.rule.head } };
    if (above.includes(path) || above.length >= deepest) return { kind: "again", label, detail, ...place, children: [] };
    const holds = clauses.some(
      ({ rule, file }) => !rule.default && branchesOf(rule).some((branch) => this.#held.has(keyOf(file.path, branch))),
    );
    const children = clauses.flatMap((clause) => this.#clause(clause, [...above, path], holds, member));
    return { kind: "rule", label, detail, ...place, children };
  }

  #clause({ rule, file }: Declared, above: readonly string[], holds: boolean, member: Member | undefined): readonly WhyNode[] {
    const { row } = new LineIndex(file.text).rowCol(rule.start);
    const label = `${relative(this.#project.root, file.path)}:${row}`;
    const place = { file: file.path, range: rule.head };
    if (rule.default) return [{ kind: "default", mark: holds ? "unreached" : "held", label, detail: "", place, children: [] }];
    return branchesOf(rule).map((branch) => {
      const key = keyOf(file.path, branch);
      const mark = this.#held.has(key)
        ? "held"
        : this.#entered.has(key) || this.#isAsked(file.path, branch)
          ? "failed"
          : "unreached";
      const isLeftOut = mark === "failed" && this.#entered.has(key) && !this.#indexed.has(key);
      return {
        kind: branch === rule ? "clause" : "else",
        mark,
        label,
        detail: isLeftOut ? "left out by the rule index" : "",
        place: { file: file.path, range: branch.head.start < branch.head.end ? branch.head : branch },
        children: this.#body(branch, file, above, mark, member),
      };
    });
  }

  #isAsked(file: string, { body = [] }: Rule): boolean {
    return body.some((expr) => this.#partsOf(file, expr).length > 0);
  }

  #partsOf(file: string, { start, end }: Range): readonly Part[] {
    return (this.#parts.get(file) ?? []).filter(({ range }) => start <= range.start && range.end <= end);
  }

  #body(branch: Rule, file: SourceFile, above: readonly string[], mark: WhyMark, member: Member | undefined): readonly WhyNode[] {
    const places = (branch.body ?? []).map((expr) => writtenRange(expr, branch));
    const key = member?.keyOf(branch);
    const last = key && lastOf(this.#partsOf(file.path, key));
    // A variable of the body is the member from the start: its row would say nothing.
    if (key !== undefined && last !== undefined && (key.kind !== "var" || last.failed > 0)) {
      // Where it was asked: a constant before anything else, what is computed as soon as that can be.
      const behind = places.findIndex((place) => (this.#partsOf(file.path, place)[0]?.index ?? last.index + 1) > last.index);
      places.splice(behind < 0 ? places.length : behind, 0, { start: key.start, end: key.end });
    }
    const failed = mark !== "failed" ? undefined : places.find((place) => markOf(this.#lastPart(file, place)) === "failed");
    const witness = this.#held.get(keyOf(file.path, branch)) ?? (failed && this.#lastPart(file, failed)?.lastFailed);
    return places.flatMap((place) => {
      const isKey = place.start === key?.start && place.end === key.end;
      const row = isKey ? this.#key(place, file, member) : this.#expression(place, file, above, witness);
      if (place !== failed) return [row];
      const nearest = isKey ? undefined : this.#nearest(branch, file, place);
      return [{ ...row, isFirstFailure: true }, ...(nearest === undefined ? [] : [nearest])];
    });
  }

  /** `witness`: the try that is told, with the values of its variables. */
  #expression(written: Range, file: SourceFile, above: readonly string[], witness: ExplainedEvent | undefined): WhyNode {
    const last = this.#lastPart(file, written);
    const label = file.text.slice(written.start, written.end);
    const mark = markOf(last);
    const place = { file: file.path, range: written };
    if (last === undefined) return { kind: "expression", mark, label, detail: "", place, children: [] };
    const behind = this.#rulesIn(written, file);
    const event = mark === "held" ? last.lastHeld : last.lastFailed;
    const values = this.#valuesAt(event && { ...event, locals: witness?.locals ?? event.locals });
    const isInside = ({ title }: Seen): boolean => label.includes(title) && !values.some((other) => isPartOf(title, other.title));
    if (mark === "held") {
      // What is written need not be told.
      const told = values.filter(
        (one) => isInside(one) && one.value !== "undefined" && one.value !== "true" && !label.includes(one.value),
      );
      return { kind: "expression", mark, label, detail: named(told, label), place, children: [] };
    }
    // What a rule is, is told below it.
    const told = values.filter((one) => {
      const isBelow = behind.has(one.title) || isRootName(one.title);
      return isInside(one) && (one.value !== "undefined" || !isBelow);
    });
    const detail = told.length === 0 && behind.size === 0 ? "undefined" : named(told, label);
    const children = [...behind].map(([title, path]) => {
      const value = values.find((one) => one.title === title)?.value ?? "undefined";
      return this.#rule(path, above, value === "undefined" ? "" : value);
    });
    return { kind: "expression", mark, label, detail, place, children };
  }

  /** The head as a condition: what it gives must be the member that is asked about. */
  #key(range: Range, file: SourceFile, member: Member | undefined): WhyNode {
    const last = this.#lastPart(file, range);
    const mark = markOf(last);
    const times = last === undefined || last.asked < 2 ? "" : ` in ${last.asked} tries`;
    const detail = mark === "failed" ? `is not ${member?.text ?? ""}${times}` : "";
    const label = file.text.slice(range.start, range.end);
    return { kind: "key", mark, label, detail, place: { file: file.path, range }, children: [] };
  }

  #lastPart(file: SourceFile, written: Range): Part | undefined {
    return lastOf(this.#partsOf(file.path, written));
  }

  #valuesAt(event: ExplainedEvent | undefined): readonly Seen[] {
    return (event && failureAt(this.#checked, this.#explained, event)?.values) ?? [];
  }

  /** Where a body was tried for several elements: what the one was that came as far as the first failure, and how many did. */
  #nearest(branch: Rule, file: SourceFile, failed: Range): WhyNode | undefined {
    const last = this.#lastPart(file, failed);
    const event = last?.lastFailed;
    if (last === undefined || event === undefined) return undefined;
    const entered = this.#entered.get(keyOf(file.path, branch)) ?? 1;
    const tries = Math.max(...this.#partsOf(file.path, branch).map(({ asked }) => asked));
    if (tries <= entered) return undefined;
    const args = new Set((branch.head.args ?? []).flatMap((arg) => (arg.kind === "var" ? [arg.name] : [])));
    const seen = [...event.locals].flatMap(([name, value]) => {
      const title = this.#explained.writtenNameOf(event, name) ?? name;
      return /^(?:__local|_|\$)/u.test(title) || args.has(title) ? [] : [{ title, value }];
    });
    if (seen.length === 0) return undefined;
    const detail = last.asked < tries ? `${last.asked} of ${tries} tries came so far` : `${tries} tries came so far`;
    return { kind: "nearest", label: named(seen, ""), detail, children: [] };
  }

  /** The rules of the project that an expression names, by what is written. */
  #rulesIn({ start, end }: Range, file: SourceFile): ReadonlyMap<string, string> {
    const names = namesOf(this.#project);
    const found = new Map<string, string>();
    for (const { range, meaning } of names.names(file).occurrences) {
      if (meaning.kind !== "place" || !meaning.last || range.start < start || range.end > end) continue;
      const path = names.ruleBehind(meaning.path);
      const isOwn = path !== undefined && names.rule(path).some((one) => this.#project.files.has(one.file.path));
      if (isOwn && ![...found.values()].includes(path)) found.set(file.text.slice(range.start, range.end), path);
    }
    return found;
  }
}

function lastOf(parts: readonly Part[]): Part | undefined {
  return parts.toSorted((a, b) => a.index - b.index).at(-1);
}

function markOf(last: Part | undefined): WhyMark {
  return last === undefined ? "unreached" : last.asked > last.failed ? "held" : "failed";
}

/** Without the head, where that is a part of it. */
function writtenRange(expr: Expr, { head }: Rule): Range {
  return expr.start < head.end ? { start: expr.body.start, end: expr.end } : { start: expr.start, end: expr.end };
}

/** True for `x` and `x.name`. */
function isPartOf(title: string, whole: string): boolean {
  return whole.startsWith(`${title}.`) || whole.startsWith(`${title}[`);
}

function named(values: readonly Seen[], text: string): string {
  return values.map(({ title, value }) => (title === text ? value : `${title} is ${value}`)).join(", ");
}
