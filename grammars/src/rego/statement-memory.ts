// What a reading leaves for the next version of its text: the statements above an edit are those of before, trees and all.
import type { Comment, RegoVersion } from "./ast.ts";
import type { Language } from "./language.ts";
import type { Place } from "./reader.ts";
import type { Statement } from "./statements.ts";

/** A statement without faults above which there are none either. */
export interface SoundStatement {
  readonly statement: Statement;
  /** Where it begins, and what comes behind it. */
  readonly from: Place;
  readonly next: Place;
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
}

interface Reading {
  readonly text: string;
  readonly dialect: Dialect;
  readonly statements: readonly SoundStatement[];
  readonly comments: readonly Comment[];
}

/** A token shows its end by some characters behind it. */
const behindToken = 8;

/** Kept by whoever reads versions of one text, and handed to each reading. */
export class StatementMemory {
  #last: Reading | undefined;

  keep(reading: Reading): void {
    this.#last = reading;
  }

  /** The statements of the last version that read the same in this one, and the comments before what follows them. */
  of(text: string, dialect: Dialect): Pick<Reading, "statements" | "comments"> {
    const last = this.#last;
    if (last === undefined || !sameDialect(last.dialect, dialect)) return { statements: [], comments: [] };
    const same = commonStart(last.text, text);
    const end = last.statements.findIndex(({ reach }) => reach + behindToken > same);
    const statements = end < 0 ? last.statements : last.statements.slice(0, end);
    const until = statements.at(-1)?.next.start ?? 0;
    return { statements, comments: last.comments.filter(({ start }) => start < until) };
  }
}

function sameDialect(a: Dialect, b: Dialect): boolean {
  return a.version === b.version && a.alsoV1 === b.alsoV1 && a.templateStrings === b.templateStrings && a.language === b.language;
}

function commonStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return at;
}
