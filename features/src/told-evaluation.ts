// An evaluation told line by line, each with the place that it is about: its trace, and where its time went.

import type { ExplainedEvent } from "#evaluation/explanation.ts";
import { explanationRows, queryFile } from "#evaluation/explanation-text.ts";
import type { MarkTimes, PassedMark } from "#evaluation/mark-times.ts";
import { profileRows } from "#evaluation/profile.ts";
import { relative } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import type { Subject } from "./debug/subject.ts";

export interface ToldLine {
  readonly text: string;
  /** How many lines above stand around it. */
  readonly depth: number;
  /** Undefined in the query itself. */
  readonly path: string | undefined;
  /** From 1. */
  readonly row: number;
}

/** As `rw eval --explain full` prints it, with the path of each policy in its project. */
export function traceLines({ project, explained }: Subject, events: readonly ExplainedEvent[]): readonly ToldLine[] {
  const places = explained.placesOf(events);
  const rows = explanationRows(explained, events);
  const shown = rows.map(({ place }, at) => {
    const { file, row } = places[at]!;
    return file === queryFile ? place : `${relative(project.root, file)}:${row}`;
  });
  const width = shown.reduce((most, place) => Math.max(most, place.length), 0);
  return rows.map(({ text, depth }, at) => {
    const { file, row } = places[at]!;
    const line = `${shown[at]!.padEnd(width)}  ${"| ".repeat(depth)}${text}`;
    return { text: line, depth, path: file === queryFile ? undefined : file, row };
  });
}

/** The rows of a profile as a table, the longest first. */
export function profileLines(
  project: Project,
  { module, explained, query }: Subject,
  passed: readonly PassedMark[],
  times: readonly MarkTimes[],
): readonly ToldLine[] {
  const rows = profileRows(module, explained, passed, times, ["total_time_ns", "num_eval", "num_redo", "file", "line"], 0);
  const queryLines = query.split("\n");
  const cells = rows.map(({ total_time_ns: time, num_eval: evals, num_redo: redos, num_gen_expr: exprs, location }) => {
    const { file, row } = location;
    const text = file === queryFile ? queryLines[row - 1] : project.files.get(file)?.text.split("\n")[row - 1];
    const place = file === queryFile ? "query" : `${relative(project.root, file)}:${row}`;
    return [`${(time / 1e6).toFixed(3)} ms`, String(evals), String(redos), String(exprs), place, (text ?? "").trim()];
  });
  const head = ["time", "evals", "redos", "exprs", "place", "text"];
  const widths = head.map((title, at) => cells.reduce((most, row) => Math.max(most, row[at]!.length), title.length));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => (at < 4 ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!)))
      .join("  ")
      .trimEnd();
  return [
    { text: line(head), depth: 0, path: undefined, row: 0 },
    ...cells.map((row, at) => {
      const { file, row: number } = rows[at]!.location;
      return { text: line(row), depth: 0, path: file === queryFile ? undefined : file, row: number };
    }),
  ];
}
