// Two texts line by line: what goes, what comes, and nothing of what stays.
import type { TextEdit } from "../diagnostic.ts";

/** The edits that turn one text into the other: whole lines, the unchanged ones left alone. Keeps the line ends of the old text. */
export function lineEdits(before: string, after: string, crlf = before.includes("\r\n")): readonly TextEdit[] {
  const wanted = crlf ? after.replaceAll(/\r?\n/gu, "\r\n") : after;
  if (wanted === before) return [];
  const old = before.split(/(?<=\n)/u);
  const fresh = wanted.split(/(?<=\n)/u);
  let start = 0;
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start += 1;
  let end = 0;
  const most = Math.min(old.length, fresh.length) - start;
  while (end < most && old[old.length - 1 - end] === fresh[fresh.length - 1 - end]) end += 1;
  const edits: TextEdit[] = [];
  const offsets = [0];
  for (const line of old) offsets.push(offsets.at(-1)! + line.length);
  const middle = matchLines(old.slice(start, old.length - end), fresh.slice(start, fresh.length - end));
  for (const { from, to, lines } of middle) {
    edits.push({ range: { start: offsets[start + from]!, end: offsets[start + to]! }, newText: lines.join("") });
  }
  return edits;
}

const most = 2000;

/** A longest common subsequence of lines, as the pieces between; one piece where the texts are too long for that. */
function matchLines(
  old: readonly string[],
  fresh: readonly string[],
): readonly { from: number; to: number; lines: readonly string[] }[] {
  if (old.length * fresh.length > most * most) return [{ from: 0, to: old.length, lines: fresh }];
  const table = Array.from({ length: old.length + 1 }, () => new Uint32Array(fresh.length + 1));
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = fresh.length - 1; j >= 0; j--) {
      table[i]![j] = old[i] === fresh[j] ? table[i + 1]![j + 1]! + 1 : Math.max(table[i + 1]![j]!, table[i]![j + 1]!);
    }
  }
  const pieces: { from: number; to: number; lines: string[] }[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < fresh.length) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      i += 1;
      j += 1;
      continue;
    }
    const last = pieces.at(-1);
    const piece = last !== undefined && last.to === i ? last : { from: i, to: i, lines: [] as string[] };
    if (piece !== last) pieces.push(piece);
    const deletes = i < old.length && (j >= fresh.length || table[i + 1]![j]! >= table[i]![j + 1]!);
    if (deletes) {
      i += 1;
      piece.to = i;
    } else {
      piece.lines.push(fresh[j]!);
      j += 1;
    }
  }
  return pieces;
}
