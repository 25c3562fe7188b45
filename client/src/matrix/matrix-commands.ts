// The commands of the decision matrix; those of one cell or row are in the menu of its tree.
import * as vscode from "vscode";
import type { MatrixActions } from "./matrix-actions.ts";
import type { MatrixPanel } from "./matrix-panel.ts";
import type { MatrixState } from "./matrix-state.ts";
import type { MatrixEntry } from "./matrix-tree.ts";

type Register = (id: string, run: (...args: never[]) => unknown) => void;

export interface MatrixParts {
  readonly state: MatrixState;
  readonly panel: MatrixPanel;
  readonly actions: MatrixActions;
}

export function registerMatrixCommands(command: Register, { state, panel, actions }: MatrixParts): void {
  const withRow = (run: (entry: Exclude<MatrixEntry, { readonly kind: "group" }>) => unknown) => (entry: MatrixEntry) =>
    entry.kind === "group" ? undefined : run(entry);
  const withCell = (run: (cell: Extract<MatrixEntry, { readonly kind: "cell" }>) => unknown) => (entry: MatrixEntry) =>
    entry.kind === "cell" ? run(entry) : undefined;
  command("rw.matrix.open", (uri: unknown, query: unknown, row: unknown) => {
    if (typeof uri === "string") state.about(vscode.Uri.parse(uri));
    panel.open(typeof query === "string" ? query : undefined, typeof row === "string" ? row : undefined);
  });
  command("rw.matrix.run", () => state.run("all"));
  command("rw.matrix.accept", () => {
    if (actions.failed.length === 0) throw new Error(vscode.l10n.t("no decision of the matrix is other than expected"));
    return actions.accept(actions.failed);
  });
  command("rw.matrix.copyMarkdown", () => actions.copy("markdown"));
  command("rw.matrix.copyCsv", () => actions.copy("csv"));
  command(
    "rw.matrix.openInput",
    withRow(({ row }) => actions.openInput(row)),
  );
  command(
    "rw.matrix.value",
    withCell((cell) => actions.value(cell)),
  );
  command(
    "rw.matrix.why",
    withCell((cell) => actions.why(cell)),
  );
  command(
    "rw.matrix.acceptCell",
    withCell((cell) => actions.accept([cell])),
  );
  command(
    "rw.matrix.createTest",
    withCell((cell) => actions.createTest(cell)),
  );
}
