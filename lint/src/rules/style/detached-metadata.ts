// A METADATA block with an empty line behind it. Blocks that follow one another are left alone.
import { commentBlocks } from "../../comment-blocks.ts";
import type { LintFile } from "../../lint-file.ts";
import { fileRule } from "../../rule.ts";

export const detachedMetadata = fileRule({
  name: "detached-metadata",
  category: "style",
  description: "Detached metadata annotation",
  *check(file) {
    const blocks = commentBlocks(file).map(({ comments }) => comments);
    for (const [at, block] of blocks.entries()) {
      if (!isMetadata(block[0].text)) continue;
      const below = file.lines.lineOf(block.at(-1)!.start) + 1;
      if (below >= file.lines.lineCount || file.lines.lineText(below).trim() !== "") continue;
      const next = blocks[at + 1]?.[0];
      if (next !== undefined && isMetadata(next.text) && isEmpty(file, below, file.lines.lineOf(next.start))) continue;
      yield { start: block[0].start, end: block.at(-1)!.end };
    }
  },
});

function isMetadata(comment: string): boolean {
  return /^\s*METADATA/u.test(comment);
}

/** True when no line from one to another, counted from 0, has any text. */
function isEmpty({ lines }: LintFile, from: number, to: number): boolean {
  for (let line = from; line < to; line++) if (lines.lineText(line) !== "") return false;
  return true;
}
