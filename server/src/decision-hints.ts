// Decisions at the end of the first line of each rule, for clients that do not paint them themselves.
import type { InlayHint, Range } from "vscode-languageserver";
import { liveQuestions } from "#features/live.ts";
import type { LiveParams, LiveRule } from "#protocol/messages.ts";
import type { Spot } from "./session.ts";

/** Where the rules stand now, with what they decided last; those that were decided without an input tell too little to be shown everywhere. */
export function decisionHints(
  { project, file, lines }: Omit<Spot, "offset">,
  range: Range,
  live: LiveParams | undefined,
): readonly InlayHint[] {
  if (live === undefined) return [];
  const decided = new Map(live.rules.map((rule) => [rule.path, rule]));
  return liveQuestions(project, file).flatMap(({ path, range: head }): readonly InlayHint[] => {
    const rule = decided.get(path);
    const end = file.text.indexOf("\n", head.start);
    const position = lines.positionAt(end < 0 ? file.text.length : file.text[end - 1] === "\r" ? end - 1 : end);
    if (rule === undefined || (rule.pinned ?? live.sample) === undefined) return [];
    if (position.line < range.start.line || range.end.line < position.line) return [];
    return [{ position, label: labelOf(rule, live.stale), paddingLeft: true, tooltip: tooltipOf(rule, live) }];
  });
}

function labelOf({ text, expected }: LiveRule, stale: boolean): string {
  const wrong = expected === undefined || expected.matches ? "" : `  ✗ expected ${expected.text}`;
  return `=> ${text}${wrong}${stale ? "  (stale)" : ""}`;
}

function tooltipOf({ path, full, pinned }: LiveRule, { sample, problem, stale }: LiveParams): string {
  const input = pinned?.name ?? sample;
  const why = stale && problem !== undefined ? `\nstale: ${problem}` : "";
  return `${path} ${input === undefined ? "without an input" : `for ${input}`}\n${full}${why}`;
}
