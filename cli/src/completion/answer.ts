// What the scripts of shells are told at each press of the tab key.
import type { Io } from "../io.ts";
import { type Commands, candidatesOf } from "./candidates.ts";
import { filesLine } from "./scripts.ts";

/**
 * `rw __complete -- word...`: the words behind the program's name, the last of them being typed. `--next` for `--` says that a new word begins:
 * some shells cannot hand on one that is empty.
 */
export async function answerCompletion([mark, ...words]: readonly string[], io: Io, commands: Commands): Promise<number> {
  const found = await candidatesOf(mark === "--next" || words.length === 0 ? [...words, ""] : words, commands);
  const lines = found === "files" ? [filesLine] : found.map(({ value, about }) => `${value}\t${shortened(about)}`);
  io.out(lines.map((line) => `${line}\n`).join(""));
  return 0;
}

/** A line of a list has room for little. */
function shortened(text: string): string {
  const [line = ""] = text.split("\n");
  return line.length <= 80 ? line : `${line.slice(0, 79).trimEnd()}…`;
}
