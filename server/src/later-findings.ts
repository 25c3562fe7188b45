// Findings that were made for texts which may change until they are made again: they move with what is written before them.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Range } from "#grammars/rego/ast.ts";
import type { SourceFile } from "#workspace/source-file.ts";

type FileAt = (path: string) => SourceFile | undefined;

export class LaterFindings {
  readonly #findings: readonly Diagnostic[];
  /** The texts that they were made for. */
  readonly #texts: ReadonlyMap<string, string | undefined>;

  constructor(findings: readonly Diagnostic[], fileAt: FileAt) {
    this.#findings = findings;
    this.#texts = new Map(findings.map(({ file }) => [file, fileAt(file)?.text]));
  }

  /** As they stand in the texts of now; those that an edit touched are gone. */
  now(fileAt: FileAt): readonly Diagnostic[] {
    const changes = new Map<string, Change | undefined>();
    return this.#findings.flatMap((finding) => {
      const { file } = finding;
      if (!changes.has(file)) changes.set(file, changeBetween(this.#texts.get(file), fileAt(file)?.text));
      const change = changes.get(file);
      if (change === undefined) return [finding];
      const range = moved(finding.range, change);
      return range === undefined ? [] : [{ ...finding, range }];
    });
  }
}

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
