// Rows of a tree that the server tells as a whole: each knows the row above it, and leads to its place in a text.
import * as vscode from "vscode";
import type { Range } from "#protocol/messages.ts";

interface Told<Row> {
  readonly uri?: string;
  readonly range?: Range;
  readonly children: readonly Row[];
}

export interface ToldRow<Row> {
  readonly row: Row;
  readonly parent: ToldRow<Row> | undefined;
  readonly children: readonly ToldRow<Row>[];
}

/** Rows side by side, with all below them. */
export function toldRows<Row extends Told<Row>>(rows: readonly Row[], parent?: ToldRow<Row>): readonly ToldRow<Row>[] {
  return rows.map((row) => {
    const children: ToldRow<Row>[] = [];
    const made: ToldRow<Row> = { row, parent, children };
    children.push(...toldRows(row.children, made));
    return made;
  });
}

/** What choosing a row does; undefined for one that has no place. */
export function commandOf({ uri, range }: Pick<Told<never>, "uri" | "range">): vscode.Command | undefined {
  if (uri === undefined || range === undefined) return undefined;
  return { command: "rw.decision.reveal", title: vscode.l10n.t("Show"), arguments: [uri, range] };
}
