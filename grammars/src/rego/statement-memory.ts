// What a reading leaves for the next version of its text: the statements that an edit does not touch are those of before, trees and all.
import type { Comment, RegoVersion } from "./ast.ts";
import { switchOn } from "./keyword-imports.ts";
import type { Language } from "./language.ts";
import { movedFacts, movedImport, movedPackage } from "./moved.ts";
import type { Place, Reader } from "./reader.ts";
import { parseStatement, type Statement } from "./statement.ts";

/** A statement in which nothing is wrong. */
export interface SoundStatement {
  readonly statement: Statement;
  /** Where it begins, and what comes behind it. */
  readonly from: Place;
  readonly next: Place;
  /** The comments in it and before what comes behind. */
  readonly comments: readonly Comment[];
  /** The keywords where it begins. */
  readonly words: string;
  /** The end of the farthest token that was looked at by then. */
  readonly reach: number;
  /** How deep the parser went by then. */
  readonly depth: number;
}

/** What the words of a text mean before its imports. */
export interface Dialect {
  readonly version: RegoVersion;
  readonly alsoV1: boolean;
  readonly templateStrings: boolean;
  readonly language: Language | undefined;
  readonly isBuiltin: (name: string) => boolean;
}

interface Reading {
  readonly text: string;
  readonly dialect: Dialect;
  /** The statements above which there are no faults. */
  readonly above: readonly SoundStatement[];
  readonly all: readonly SoundStatement[];
}

/** Statements between two pauses. */
export const perStep = 200;

/** A token shows its end by some characters behind it. */
const behindToken = 8;

/** Kept by whoever reads versions of one text, and handed to each reading. */
export class StatementMemory {
  #last: Reading | undefined;

  keep(reading: Reading): void {
    this.#last = reading;
  }

  /** The statements of the last version that read the same in this one: all of those above an edit, and what finds those below it. */
  of(text: string, dialect: Dialect): { readonly above: readonly SoundStatement[]; readonly below: StatementsBelow } | undefined {
    const last = this.#last;
    if (last === undefined || !sameDialect(last.dialect, dialect)) return undefined;
    const same = commonStart(last.text, text);
    const end = last.above.findIndex(({ reach }) => reach + behindToken > same);
    const above = end < 0 ? last.above : last.above.slice(0, end);
    return { above, below: new StatementsBelow(last, text) };
  }
}

/** The statements of the last version that lie in the end that both texts have. */
class StatementsBelow {
  readonly #by: number;
  readonly #length: number;
  /** By the number of characters from where they begin to the end of the text. */
  readonly #statements = new Map<number, SoundStatement>();

  constructor({ text: before, all }: Reading, text: string) {
    this.#by = text.length - before.length;
    this.#length = text.length;
    const same = commonEnd(before, text);
    for (const one of all) {
      const rest = before.length - one.from.start;
      if (rest <= same) this.#statements.set(rest, one);
    }
  }

  /** The statement that begins where the reader is, if it was read there under the same conditions. */
  at({ place, words }: Reader): SoundStatement | undefined {
    const known = this.#statements.get(this.#length - place.start);
    if (known === undefined || known.words !== words || !beginsAlike(known.from, place)) return undefined;
    return movedStatement(known, this.#by);
  }
}

/** Reads statements one after the other, those that the last version had too from memory, and notes them for the next one. */
export class StatementReader {
  readonly #below: StatementsBelow | undefined;
  readonly noted: SoundStatement[] = [];
  #reach: number;
  #depth: number;

  constructor(above: SoundStatement | undefined, below: StatementsBelow | undefined) {
    this.#below = below;
    this.#reach = above?.reach ?? 0;
    this.#depth = above?.depth ?? 0;
  }

  /** How deep the trees so far can be, in steps of the parser. */
  get depth(): number {
    return this.#depth;
  }

  /** The next statement, and what was noted of it when nothing is wrong in it. */
  read(r: Reader): { readonly statement: Statement | undefined; readonly noted: SoundStatement | undefined } {
    const { place: from, words } = r;
    const before = r.comments.length;
    const known = this.#below?.at(r);
    if (known === undefined) {
      const statement = parseStatement(r);
      this.#reach = Math.max(this.#reach, r.scanner.reach);
      this.#depth = Math.max(this.#depth, r.deepest);
      if (statement === undefined || r.place.faults.length > 0) return { statement, noted: undefined };
      return this.#note({ statement, from, next: r.place, comments: r.comments.slice(before), words, reach: 0, depth: 0 });
    }
    this.#reach = Math.max(this.#reach, known.reach);
    this.#depth = Math.max(this.#depth, known.depth);
    r.comments.push(...known.comments);
    if (known.statement.kind === "import") switchOn(r, known.statement.import);
    r.place = known.next;
    return this.#note(known);
  }

  #note(read: SoundStatement): { readonly statement: Statement; readonly noted: SoundStatement } {
    const noted = { ...read, reach: this.#reach, depth: this.#depth };
    this.noted.push(noted);
    return { statement: read.statement, noted };
  }
}

function sameDialect(a: Dialect, b: Dialect): boolean {
  return (
    a.version === b.version &&
    a.alsoV1 === b.alsoV1 &&
    a.templateStrings === b.templateStrings &&
    a.language === b.language &&
    a.isBuiltin === b.isBuiltin
  );
}

/** True when a statement is read the same at both places, once the text behind them is the same. */
function beginsAlike(a: Place, b: Place): boolean {
  const isClear = (place: Place): boolean => place.faults.length === 0 && place.hints.length === 0;
  return a.kind === b.kind && a.newline === b.newline && a.wildcards === b.wildcards && isClear(a) && isClear(b);
}

function movedStatement(read: SoundStatement, by: number): SoundStatement {
  if (by === 0) return read;
  const { statement, from, next, comments, reach } = read;
  return {
    ...read,
    statement: moved(statement, by),
    from: movedPlace(from, by),
    next: movedPlace(next, by),
    comments: comments.map((one) => ({ ...one, start: one.start + by, end: one.end + by })),
    reach: reach + by,
  };
}

function moved(statement: Statement, by: number): Statement {
  switch (statement.kind) {
    case "package":
      return { kind: "package", package: movedPackage(statement.package, by) };
    case "import":
      return { kind: "import", import: movedImport(statement.import, by) };
    case "rules":
      return { kind: "rules", rules: statement.rules.map((facts) => movedFacts(facts, by)) };
    case "body": {
      const { rule, start, end } = statement;
      return { ...statement, start: start + by, end: end + by, rule: typeof rule === "string" ? rule : movedFacts(rule, by) };
    }
  }
}

function movedPlace(place: Place, by: number): Place {
  return { ...place, start: place.start + by, end: place.end + by, lastEnd: place.lastEnd + by };
}

function commonStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return at;
}

function commonEnd(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let count = 0;
  while (count < most && a.charCodeAt(a.length - 1 - count) === b.charCodeAt(b.length - 1 - count)) count++;
  return count;
}
