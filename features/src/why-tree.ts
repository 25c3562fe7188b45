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
import { WhyCalls } from "./why-calls.ts";
import type { Member } from "./why-member.ts";
import { keyOf, type Part, WhyNotes } from "./why-notes.ts";

export type WhyMark = "held" | "failed" | "unreached";

/** What `detail` says, for who has words of their own. */
export type WhySays =
  /** What was seen; without a title it is that of the row itself. */
  | { readonly kind: "values"; readonly values: readonly { readonly title?: string; readonly value: string }[] }
  | { readonly kind: "undefined" }
  | { readonly kind: "leftOut" }
  /** What a clause gives is not that, in so many tries. */
  | { readonly kind: "isNot"; readonly member: string; readonly tries?: number }
  /** So many of all tries came so far. */
  | { readonly kind: "came"; readonly came: number; readonly tries: number };

export interface WhyNode {
  readonly kind: "rule" | "clause" | "default" | "else" | "expression" | "key" | "nearest" | "again";
  /** Rules have none: what they are is told by their clauses. */
  readonly mark?: WhyMark;
  /** As it is written; of a clause its place. */
  readonly label: string;
  /** The values that were seen, or what else is to be known. */
  readonly detail: string;
  readonly says?: WhySays;
  /** Of the nearest try, what it was. */
  readonly seen?: readonly { readonly title?: string; readonly value: string }[];
  readonly place?: { readonly file: string; readonly range: Range };
  /** The first expression of its clause that did not hold. */
  readonly isFirstFailure?: true;
  readonly children: readonly WhyNode[];
}

/** Rules within rules are told so deep. */
const deepest = 5;

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

export class WhyTree {
  readonly #project: Project;
  readonly #checked: Checked;
  readonly #explained: Explained;
  /** The clauses that are tried when the rule index may leave some out. */
  readonly #indexed: ReadonlySet<string>;
  /** What became of everything. */
  readonly #all: WhyNotes;
  readonly #calls: WhyCalls;

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
    this.#all = new WhyNotes(explained, events.entries());
    this.#calls = new WhyCalls(explained, events);
  }

  /** Of a rule, or of each rule of a package. */
  of(path: string, value: string, member?: Member): readonly WhyNode[] {
    const names = namesOf(this.#project);
    if (names.rule(path).length > 0) return [this.#rule(path, this.#all, [], value, member)];
    return [...names.rulesUnder(path)].flatMap(([own, clauses]) =>
      clauses[0]!.rule.head.args === undefined ? [this.#rule(own, this.#all, [], "")] : [],
    );
  }

  /** A rule with its clauses, as far as `notes` go; of those told already the name alone. */
  #rule(path: string, notes: WhyNotes, above: readonly string[], detail: string, member?: Member): WhyNode {
    const clauses = namesOf(this.#project).rule(path);
    const [first] = clauses;
    const label = path.replace(/^data\./u, "");
    const place = first === undefined ? {} : { place: { file: first.file.path, range: first.rule.head } };
    if (above.includes(path) || above.length >= deepest) return { kind: "again", label, detail, ...place, children: [] };
    const holds = clauses.some(
      ({ rule, file }) => !rule.default && branchesOf(rule).some((branch) => notes.held(keyOf(file.path, branch)) !== undefined),
    );
    const children = clauses.flatMap((clause) => this.#clause(clause, notes, [...above, path], holds, member));
    return { kind: "rule", label, detail, ...place, children };
  }

  #clause(
    { rule, file }: Declared,
    notes: WhyNotes,
    above: readonly string[],
    holds: boolean,
    member: Member | undefined,
  ): readonly WhyNode[] {
    const { row } = new LineIndex(file.text).rowCol(rule.start);
    const label = `${relative(this.#project.root, file.path)}:${row}`;
    const place = { file: file.path, range: rule.head };
    if (rule.default) return [{ kind: "default", mark: holds ? "unreached" : "held", label, detail: "", place, children: [] }];
    return branchesOf(rule).map((branch) => {
      const key = keyOf(file.path, branch);
      const isEntered = notes.entered(key) > 0;
      const isAsked = (branch.body ?? []).some((expr) => notes.partsOf(file.path, expr).length > 0);
      const mark = notes.held(key) !== undefined ? "held" : isEntered || isAsked ? "failed" : "unreached";
      const isLeftOut = mark === "failed" && isEntered && !this.#indexed.has(key);
      return {
        kind: branch === rule ? "clause" : "else",
        mark,
        label,
        detail: isLeftOut ? "left out by the rule index" : "",
        ...(isLeftOut ? { says: { kind: "leftOut" as const } } : {}),
        place: { file: file.path, range: branch.head.start < branch.head.end ? branch.head : branch },
        children: this.#body(branch, file, notes, above, mark, member),
      };
    });
  }

  #body(
    branch: Rule,
    file: SourceFile,
    notes: WhyNotes,
    above: readonly string[],
    mark: WhyMark,
    member: Member | undefined,
  ): readonly WhyNode[] {
    const lastPart = (place: Range): Part | undefined => lastOf(notes.partsOf(file.path, place));
    const places = (branch.body ?? []).map((expr) => writtenRange(expr, branch));
    const key = member?.keyOf(branch);
    const last = key && lastPart(key);
    // A variable of the body is the member from the start: its row would say nothing.
    if (key !== undefined && last !== undefined && (key.kind !== "var" || last.failed > 0)) {
      // Where it was asked: a constant before anything else, what is computed as soon as that can be.
      const behind = places.findIndex((place) => (notes.partsOf(file.path, place)[0]?.index ?? last.index + 1) > last.index);
      places.splice(behind < 0 ? places.length : behind, 0, { start: key.start, end: key.end });
    }
    const failed = mark !== "failed" ? undefined : places.find((place) => markOf(lastPart(place)) === "failed");
    const witness = notes.held(keyOf(file.path, branch)) ?? (failed && lastPart(failed)?.lastFailed);
    return places.flatMap((place) => {
      const isKey = place.start === key?.start && place.end === key.end;
      const row = isKey ? this.#key(place, file, lastPart(place), member) : this.#expression(place, file, notes, above, witness);
      if (place !== failed) return [row];
      const nearest = isKey ? undefined : this.#nearest(branch, file, notes, place);
      return [{ ...row, isFirstFailure: true }, ...(nearest === undefined ? [] : [nearest])];
    });
  }

  /** `witness`: the try that is told, with the values of its variables. */
  #expression(
    written: Range,
    file: SourceFile,
    notes: WhyNotes,
    above: readonly string[],
    witness: ExplainedEvent | undefined,
  ): WhyNode {
    const parts = notes.partsOf(file.path, written);
    const last = lastOf(parts);
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
      return { kind: "expression", mark, label, detail: named(told, label), ...saysOf(told, label), place, children: [] };
    }
    // What a rule is, is told below it.
    const told = values.filter((one) => {
      const isBelow = behind.has(one.title) || isRootName(one.title);
      return isInside(one) && !(isBelow && (one.value === "undefined" || one.value === "true"));
    });
    const isUndefined = told.length === 0 && behind.size === 0;
    const detail = isUndefined ? "undefined" : named(told, label);
    const says = isUndefined ? { says: { kind: "undefined" as const } } : saysOf(told, label);
    const children = [...behind].flatMap(([title, path]) => {
      const value = values.find((one) => one.title === title)?.value ?? "undefined";
      return this.#behind(path, parts, above, value === "undefined" ? "" : value);
    });
    return { kind: "expression", mark, label, detail, ...says, place, children };
  }

  /** The rule that an expression names; a function as it was called where the expression failed last. */
  #behind(path: string, parts: readonly Part[], above: readonly string[], detail: string): readonly WhyNode[] {
    const clauses = namesOf(this.#project).rule(path);
    const params = clauses[0]?.rule.head.args;
    if (params === undefined) return [this.#rule(path, this.#all, above, detail)];
    const branches = clauses.flatMap(({ rule, file }) => branchesOf(rule).map((branch) => keyOf(file.path, branch)));
    const calls = this.#calls.of(new Set(branches), parts);
    return calls.map((call) => {
      const told = this.#rule(path, call.notes, above, detail);
      return calls.length > 1 ? { ...told, label: `${told.label}(${call.args.join(", ")})` } : told;
    });
  }

  /** The head as a condition: what it gives must be the member that is asked about. */
  #key(range: Range, file: SourceFile, last: Part | undefined, member: Member | undefined): WhyNode {
    const mark = markOf(last);
    const tries = last === undefined || last.asked < 2 ? undefined : last.asked;
    const place = { file: file.path, range };
    const label = file.text.slice(range.start, range.end);
    if (mark !== "failed") return { kind: "key", mark, label, detail: "", place, children: [] };
    const text = member?.text ?? "";
    const detail = `is not ${text}${tries === undefined ? "" : ` in ${tries} tries`}`;
    const says: WhySays = { kind: "isNot", member: text, ...(tries === undefined ? {} : { tries }) };
    return { kind: "key", mark, label, detail, says, place, children: [] };
  }

  #valuesAt(event: ExplainedEvent | undefined): readonly Seen[] {
    return (event && failureAt(this.#checked, this.#explained, event, "written")?.values) ?? [];
  }

  /** Where a body was tried for several elements: what the one was that came as far as the first failure, and how many did. */
  #nearest(branch: Rule, file: SourceFile, notes: WhyNotes, failed: Range): WhyNode | undefined {
    const last = lastOf(notes.partsOf(file.path, failed));
    const event = last?.lastFailed;
    if (last === undefined || event === undefined) return undefined;
    const entered = Math.max(notes.entered(keyOf(file.path, branch)), 1);
    const tries = Math.max(...notes.partsOf(file.path, branch).map(({ asked }) => asked));
    if (tries <= entered) return undefined;
    const args = new Set((branch.head.args ?? []).flatMap((arg) => (arg.kind === "var" ? [arg.name] : [])));
    const seen = [...event.locals].flatMap(([name, value]) => {
      const title = this.#explained.writtenNameOf(event, name) ?? name;
      return /^(?:__local|_|\$)/u.test(title) || args.has(title) ? [] : [{ title, value }];
    });
    if (seen.length === 0) return undefined;
    const detail = last.asked < tries ? `${last.asked} of ${tries} tries came so far` : `${tries} tries came so far`;
    const says: WhySays = { kind: "came", came: Math.min(last.asked, tries), tries };
    return { kind: "nearest", label: named(seen, ""), detail, says, seen, children: [] };
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

function saysOf(values: readonly Seen[], text: string): { readonly says?: WhySays } {
  if (values.length === 0) return {};
  const shown = values.map(({ title, value }) => (title === text ? { value } : { title, value }));
  return { says: { kind: "values", values: shown } };
}

function named(values: readonly Seen[], text: string): string {
  return values.map(({ title, value }) => (title === text ? value : `${title} is ${value}`)).join(", ");
}
