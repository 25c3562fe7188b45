// The words of the Why view, in the language of the editor: labels, what is told beside them, and the whole as text.
import * as vscode from "vscode";
import type { InputChange, WhyResult, WhyRow } from "#protocol/messages.ts";

/** What the server tells, and below it what would make it true. */
export type ShownWhy = Omit<WhyRow, "kind" | "children"> & {
  readonly kind: WhyRow["kind"] | "proposals" | "proposal";
  readonly changes?: readonly InputChange[];
  readonly children: readonly ShownWhy[];
};

/** The rule with its value, or whether a member is in it. */
export function headOf({ query, head, asked }: WhyResult): string {
  const { rule, value, member } = asked ?? { rule: head ?? query.replace(/^data\./u, "") };
  if (member !== undefined)
    return member.isIn
      ? vscode.l10n.t("{0} is in {1}", member.text, rule)
      : vscode.l10n.t("{0} is not in {1}", member.text, rule);
  return value === undefined ? rule : `${rule} = ${value}`;
}

export function labelOf({ kind, label, seen, changes = [] }: ShownWhy): string {
  const line = label.replaceAll(/\s*\n\s*/gu, " ");
  switch (kind) {
    case "default":
      return vscode.l10n.t("default, {0}", line);
    case "else":
      return vscode.l10n.t("else, {0}", line);
    case "key":
      return vscode.l10n.t("gives {0}", line);
    case "nearest":
      return vscode.l10n.t("nearest: {0}", seen === undefined ? line : valuesText(seen));
    case "proposals":
      return vscode.l10n.t("What would make it true");
    case "proposal":
      return changes.map(changeText).join("; ");
    case "rule":
    case "again":
    case "clause":
    case "expression":
      return line;
  }
}

function changeText({ kind, name, value, before }: InputChange): string {
  const text = JSON.stringify(value);
  switch (kind) {
    case "add":
      return vscode.l10n.t("{0} with {1} in it", name, text);
    case "remove":
      return vscode.l10n.t("without {0}", name);
    case "set":
      return before === undefined
        ? vscode.l10n.t("{0} is {1}", name, text)
        : vscode.l10n.t("{0} is {1}, not {2}", name, text, JSON.stringify(before));
  }
}

/** What is told beside a row. */
export function detailOf({ says, detail }: ShownWhy): string {
  switch (says?.kind) {
    case "values":
      return valuesText(says.values);
    case "undefined":
      return vscode.l10n.t("undefined");
    case "leftOut":
      return vscode.l10n.t("left out by the rule index");
    case "isNot":
      return says.tries === undefined
        ? vscode.l10n.t("is not {0}", says.member)
        : vscode.l10n.t("is not {0} in {1} tries", says.member, says.tries);
    case "came":
      return says.came < says.tries
        ? vscode.l10n.t("{0} of {1} tries came so far", says.came, says.tries)
        : vscode.l10n.t("{0} tries came so far", says.tries);
    case undefined:
      return detail;
  }
}

function valuesText(values: readonly { readonly title?: string; readonly value: string }[]): string {
  return values.map(({ title, value }) => (title === undefined ? value : vscode.l10n.t("{0} is {1}", title, value))).join(", ");
}

/** What became of a row. */
export function wordOf({ kind, mark }: ShownWhy): string {
  if (kind === "again") return vscode.l10n.t("told above");
  switch (mark) {
    case "held":
      return kind === "default" ? vscode.l10n.t("the default counts") : vscode.l10n.t("held");
    case "failed":
      return vscode.l10n.t("did not hold");
    case "unreached":
      return vscode.l10n.t("not reached");
    case undefined:
      return "";
  }
}

const marks = { held: "✓ ", failed: "✗ ", unreached: "○ " } as const;

/** Rows as lines. */
export function textOf(rows: readonly ShownWhy[], indent = ""): readonly string[] {
  return rows.flatMap((row) => {
    const mark = row.mark === undefined ? "" : marks[row.mark];
    const isRule = row.kind === "rule" || row.kind === "again";
    const detail = detailOf(row);
    const behind = detail === "" ? "" : isRule ? ` = ${detail}` : ` — ${detail}`;
    const own = `${indent}${mark}${labelOf(row)}${behind}${row.kind === "again" ? " …" : ""}`;
    return [own, ...textOf(row.children, `${indent}  `)];
  });
}
