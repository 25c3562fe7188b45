// Comments in successive rows and the same column, as Regal groups them.
import type { Comment } from "#grammars/rego/ast.ts";
import type { LintFile } from "./lint-file.ts";
import { perRun } from "./per-run.ts";

export interface CommentBlock {
  /** From 1. */
  readonly col: number;
  readonly comments: readonly [Comment, ...Comment[]];
}

/** The blocks of a file. Comments in successive rows are one block for each column. */
export const commentBlocks = perRun((file: LintFile): readonly CommentBlock[] => {
  const blocks: { col: number; comments: [Comment, ...Comment[]] }[] = [];
  let open = new Map<number, (typeof blocks)[number]>();
  let lastRow = -1;
  for (const comment of file.module.comments) {
    const { row, col } = file.lines.rowCol(comment.start);
    if (row !== lastRow + 1) open = new Map();
    lastRow = row;
    const block = open.get(col);
    if (block !== undefined) block.comments.push(comment);
    else {
      const begun: (typeof blocks)[number] = { col, comments: [comment] };
      open.set(col, begun);
      blocks.push(begun);
    }
  }
  return blocks;
});
