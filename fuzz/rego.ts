// Fuzzes the Rego front end: reading, checking, explaining and formatting never throw; tokens, blanks and comments are the text; typing gives
// the reading that opening gives.
import { checkModules } from "#analysis/rego/check.ts";
import { faultsOf } from "#features/rego/faults/index.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { formatModule } from "#grammars/rego/format/module.ts";
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import { StatementMemory } from "#grammars/rego/statement-memory.ts";
import { mutate, noise } from "./mutate.ts";
import type { Random } from "./random.ts";
import { regoModules } from "./rego-seeds.ts";

/** One text to try. */
export function sample(random: Random): string {
  return random.below(8) === 0 ? noise(random) : mutate(random.pick(regoModules), random.pick(regoModules), random);
}

/** What is wrong with the answers to a text; undefined when nothing is. */
export function check(text: string): string | undefined {
  for (const version of ["v1", "v0"] as const) {
    const parsed = parseModule(text, { file: "fuzz.rego", version, allStatements: true });
    const explained = faultsOf(parsed);
    const checked = checkModules([parsed], { strict: true, annotations: true });
    const fault =
      printsBack(parsed) ?? strayNode(parsed.module, text.length) ?? strayFinding([...explained, ...checked.diagnostics], text);
    if (fault !== undefined) return `${fault} (${version})`;
    formatModule(parsed);
    const edited = otherReading(text, version);
    if (edited !== undefined) return `typing gives another reading than opening: ${JSON.stringify(edited)} (${version})`;
  }
  return undefined;
}

/** A row of edits of a text; the first version that reads otherwise with the memory of the one before. */
function otherReading(text: string, version: "v0" | "v1"): string | undefined {
  const memory = new StatementMemory();
  const third = Math.floor(text.length / 3);
  const edits = [text.slice(0, 2 * third) + text.slice(2 * third + 1), `${text.slice(0, third)}\n${text.slice(third)}`];
  return [text, ...edits, text].find((written) => readingOf(written, version, memory) !== readingOf(written, version));
}

function readingOf(text: string, version: "v0" | "v1", memory?: StatementMemory): string {
  const { module, diagnostics, tokens } = parseModule(text, { file: "fuzz.rego", version, allStatements: true, memory });
  return JSON.stringify([module, diagnostics, tokens.map(({ startOffset, image }) => [startOffset, image])]);
}

/** Tokens in order, and between them nothing but blanks and comments. */
function printsBack({ text, tokens, module }: ParsedModule): string | undefined {
  const parts: { readonly start: number; readonly end: number }[] = [
    ...tokens.map(({ startOffset, image }) => ({ start: startOffset, end: startOffset + image.length })),
    ...module.comments,
  ];
  parts.sort((a, b) => a.start - b.start || a.end - b.end);
  let at = 0;
  let printed = "";
  for (const { start, end } of parts) {
    if (start < at) return `a token at ${start} begins before the end of the one before`;
    printed += blanks(text.slice(at, start)) + text.slice(start, end);
    at = end;
  }
  return printed + blanks(text.slice(at)) === text ? undefined : "the tokens do not print the text back";
}

/** Only what may stand between tokens. */
function blanks(gap: string): string {
  return gap.replace(/[^\s\uFEFF]/g, "");
}

function strayNode(node: unknown, length: number): string | undefined {
  const open: unknown[] = [node];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== "object" || next === null) continue;
    const { start, end, kind } = next as { start?: number; end?: number; kind?: string };
    if (start !== undefined && end !== undefined && !(start >= 0 && start <= end && end <= length))
      return `a ${kind ?? "range"} lies outside the text: ${start} to ${end}`;
    open.push(...Object.values(next));
  }
  return undefined;
}

function strayFinding(findings: readonly Diagnostic[], text: string): string | undefined {
  const stray = findings.find(({ range }) => !(range.start >= 0 && range.start <= range.end && range.end <= text.length));
  return stray === undefined ? undefined : `a finding lies outside the text: ${stray.message}`;
}
