// The cells of the decision matrix in words: for screen readers, tooltips, the tree and the line that sums up.
import * as vscode from "vscode";
import type { MatrixCell, MatrixResult } from "#protocol/messages.ts";

/** `storage.allow`. */
export const columnName = (column: string): string => column.replace(/^data\./u, "");

export const isFailed = (cell: MatrixCell | null): boolean => cell?.expected?.difference !== undefined;
export const isChanged = (cell: MatrixCell | null): boolean => cell?.published?.same === false;

/** `allow for ann.conf: false, true is expected, true is published`. */
export function cellWords(rule: string, input: string, { text, expected, published }: MatrixCell): string {
  const more = [
    ...(expected === undefined
      ? []
      : [expected.difference === undefined ? vscode.l10n.t("as expected") : vscode.l10n.t("{0} is expected", expected.text)]),
    ...(published === undefined
      ? []
      : [published.same ? vscode.l10n.t("as published") : vscode.l10n.t("{0} is published", published.text)]),
  ];
  return [vscode.l10n.t("{0} for {1}: {2}", rule, input, text), ...more].join(", ");
}

/** How the matrix stands, in a line. */
export function summary(result: MatrixResult): string {
  const { rows, columns, published } = result;
  const cells = rows.flatMap((row) => row.cells);
  const failed = cells.filter(isFailed).length;
  const expected = cells.filter((cell) => cell?.expected !== undefined).length;
  const changed = cells.filter(isChanged).length;
  const broken = rows.filter(({ problem }) => problem !== undefined).length;
  const inputs = rows.length === 1 ? vscode.l10n.t("1 input") : vscode.l10n.t("{0} inputs", rows.length);
  const rules = columns.length === 1 ? vscode.l10n.t("1 rule") : vscode.l10n.t("{0} rules", columns.length);
  return [
    `${inputs}, ${rules}`,
    ...(expected === 0
      ? [vscode.l10n.t("nothing is expected")]
      : [
          failed === 0
            ? vscode.l10n.t("{0} as expected", expected)
            : vscode.l10n.t("{0} of {1} not as expected", failed, expected),
        ]),
    ...(broken === 0
      ? []
      : [broken === 1 ? vscode.l10n.t("1 input cannot be resolved") : vscode.l10n.t("{0} inputs cannot be resolved", broken)]),
    ...(published === undefined
      ? []
      : [
          "problem" in published
            ? vscode.l10n.t("not compared with what is published: {0}", published.problem)
            : changed === 0
              ? vscode.l10n.t("all as {0} decides", published.name)
              : vscode.l10n.t("{0} other than {1} decides", changed, published.name),
        ]),
  ].join(" · ");
}

/** Why there is nothing to show. */
export function emptyWords({ rows, columns }: MatrixResult): string | undefined {
  if (rows.length === 0) return vscode.l10n.t("This project has no samples: put one into inputs/");
  if (columns.length === 0)
    return vscode.l10n.t(
      "This project has no entrypoints: name them in rw.conf, or call a rule allow, deny, violation or decision",
    );
  return undefined;
}
