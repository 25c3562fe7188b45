// Findings that were made for texts which may change until they are made again: they move with what is written before them.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Range } from "#grammars/rego/ast.ts";
import type { SourceFile } from "#workspace/source-file.ts";

export class LaterFindings {
  readonly #byFile: ReadonlyMap<string, readonly Diagnostic[]>;
  /** The texts that they were made for. */
  readonly #texts: ReadonlyMap<string, string | undefined>;

  constructor(byFile: ReadonlyMap<string, readonly Diagnostic[]>, fileAt: (path: string) => SourceFile | undefined) {
    this.#byFile = byFile;
    this.#texts = new Map([...byFile.keys()].map((path) => [path, fileAt(path)?.text]));
  }

  get paths(): Iterable<string> {
    return this.#byFile.keys();
  }

  /** As they were found. */
  get all(): readonly Diagnostic[] {
    return [...this.#byFile.values()].flat();
  }

  /** Those of a file as they stand in its text of now, the same list while that stays; what an edit touched is gone. */
  at(path: string, file: SourceFile | undefined): readonly Diagnostic[] {
    const found = this.#byFile.get(path) ?? none;
    const change = changeBetween(this.#texts.get(path), file?.text);
    if (change === undefined) return found;
    return found.flatMap((finding) => {
      const range = moved(finding.range, change);
      return range === undefined ? [] : [{ ...finding, range }];
    });
  }
}

const none: readonly Diagnostic[] = [];

/** All edits together: the text from `start` to `end` is another now, and what is behind it lies `by` further. */
interface Change {
  readonly start: number;
  readonly end: number;
  readonly by: number;
}

function changeBetween(before: string | undefined, after: string | undefined): Change | undefined {
  if (before === undefined || after === undefined || before === after) return undefined;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let tail = 0;
  while (tail < shorter - start && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail))
    tail++;
  return { start, end: before.length - tail, by: after.length - before.length };
}

function moved(range: Range, { start, end, by }: Change): Range | undefined {
  if (range.end <= start) return range;
  return range.start >= end ? { start: range.start + by, end: range.end + by } : undefined;
}
