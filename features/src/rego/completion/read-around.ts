// A module as it reads with the cursor mended away: what is being typed there is rarely a statement yet.
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { closersOf } from "../faults/fault.ts";
import type { Names } from "../names.ts";
import type { ProjectNames } from "../project-names.ts";

export interface Around {
  readonly parsed: ParsedModule;
  readonly names: Names;
}

/** Stands where a name is being typed. */
export const filler = "x_";

/** Longer texts are mended in one way only, so that typing stays quick. */
const long = 100_000;

/** The file's own tree and names when it reads without a fault; else those of the text that reads best with the place of typing filled in. */
export function readAround(names: ProjectNames, source: SourceFile, parsed: ParsedModule, offset: number): Around {
  const { text, file, version } = parsed;
  if (parsed.diagnostics.length === 0) return { parsed, names: names.names(source) };
  const before = text.slice(0, offset);
  const after = text.slice(offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  const feed = after.indexOf("\n");
  const rest = feed < 0 ? "" : after.slice(feed);
  const name = /[\w)\]}"`]$/u.test(before) ? "" : filler;
  const closers = closersOf(before.slice(lineStart));
  const filled = [
    `${before}${name}${after}`,
    `${before}${name}${closers}${after}`,
    `${before}${name}${closers}${rest}`,
    `${before.slice(0, lineStart)}${" ".repeat(offset - lineStart)}${rest}`,
    `${before}${name}${closersOf(statementBefore(before))}\n`,
  ];
  let best = parsed;
  for (const candidate of text.length > long ? filled.slice(0, 1) : filled) {
    const read = parseModule(candidate, { file, version, allStatements: true });
    if (read.diagnostics.length < best.diagnostics.length) best = read;
    if (best.diagnostics.length === 0) break;
  }
  return { parsed: best, names: names.namesOfText(best) };
}

/** The text from the last line that starts in the first column. */
export function statementBefore(before: string): string {
  const starts = [...before.matchAll(/^[A-Za-z_]/gmu)];
  return before.slice(starts.at(-1)?.index ?? 0);
}
