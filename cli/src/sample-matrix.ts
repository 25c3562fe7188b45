// The decision matrix as text: each input of the samples a row, each rule a column; for terminals, Markdown and CSV.
import { type DecisionMatrix, decisionMatrix, type MatrixQuestion } from "#features/decision-matrix.ts";
import { sampleDecider } from "#publishing/sample-decisions.ts";
import { compareDecision, type Decision } from "#workspace/expected.ts";
import { relative } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";

export const matrixFormats = ["matrix", "markdown", "csv"] as const;
export type MatrixFormat = (typeof matrixFormats)[number];

export interface MatrixText {
  /** Of each row the name of the input, then a cell for each rule. */
  readonly rows: readonly (readonly string[])[];
  readonly columns: readonly string[];
  readonly decisions: number;
  /** How many decisions are not as expected, or cannot be made. */
  readonly wrong: number;
}

/** Decides the whole matrix; `only` is the path of the one sample that is wanted. */
export function decidedMatrix(
  project: Project,
  profile: string | undefined,
  lead: string,
  only: string | undefined,
): MatrixText | { readonly problem: string } {
  const matrix = decisionMatrix(project, profile);
  const decide = sampleDecider(project, matrix.columns, project.now);
  if ("problem" in decide) return decide;
  const counts = { decisions: 0, wrong: 0 };
  const cell = ({ json, profile: own }: DecisionMatrix["rows"][number], question: MatrixQuestion | undefined): string => {
    if (question === undefined || json === undefined) return "";
    const { decision } = decide({ query: question.query, json, profile: own });
    const { expectation } = question;
    const difference = expectation && compareDecision(expectation, decision);
    counts.decisions += 1;
    if (difference === undefined) return `${shown(decision)}${expectation === undefined ? "" : " ✓"}`;
    counts.wrong += 1;
    return `${shown(decision)} ✗`;
  };
  const rows = wantedRows(matrix, only).map((row) => {
    const { sample, profile: own, problem, cells } = row;
    const path = lead + relative(project.root, sample.file.path);
    const name = own === undefined ? path : `${path} (${own})`;
    if (problem === undefined) return [name, ...cells.map((one) => cell(row, one))];
    counts.wrong += 1;
    counts.decisions += 1;
    return [name, ...cells.map((_, at) => (at === 0 ? `✗ ${problem}` : ""))];
  });
  return { rows, columns: matrix.columns, ...counts };
}

const wantedRows = ({ rows }: DecisionMatrix, only: string | undefined): DecisionMatrix["rows"] =>
  only === undefined ? rows : rows.filter(({ sample }) => sample.file.path === only);

function shown(decision: Decision): string {
  if (decision.kind === "value") return JSON.stringify(decision.value);
  return decision.kind === "undefined" ? "undefined" : `error: ${decision.message.split("\n")[0]}`;
}

/** Letters of a cell that a terminal has room for. */
const room = 40;

/** The tables of several projects below each other: their rules are others. */
export function matrixText(tables: readonly MatrixText[], format: MatrixFormat): string {
  return tables.map(({ rows, columns }) => tableText([["input", ...columns], ...rows], format)).join("\n");
}

function tableText(rows: readonly (readonly string[])[], format: MatrixFormat): string {
  switch (format) {
    case "csv":
      return rows.map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
    case "markdown": {
      const [head = [], ...body] = rows.map((row) => `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`);
      return [head, `|${" --- |".repeat(rows[0]!.length)}\n`, ...body].join("");
    }
    case "matrix": {
      const short = rows.map((row) => row.map((cell, at) => (at > 0 && cell.length > room ? cut(cell) : cell)));
      const widths = short[0]!.map((_, at) => Math.max(...short.map((row) => row[at]!.length)));
      return short
        .map(
          (row) =>
            `${row
              .map((cell, at) => cell.padEnd(widths[at]!))
              .join("  ")
              .trimEnd()}\n`,
        )
        .join("");
    }
  }
}

const marks = [" ✓", " ✗"];

/** Shortened before its mark. */
function cut(cell: string): string {
  const mark = marks.find((one) => cell.endsWith(one)) ?? "";
  return `${cell.slice(0, room - 1 - mark.length)}…${mark}`;
}

/** As RFC 4180 writes it. */
const csvCell = (text: string): string => (/[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
