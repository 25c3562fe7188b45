// Changed decisions as rows of a list: who may do something no longer, who may from now on, and what has another value.
import * as vscode from "vscode";
import type { ChangedDecision } from "#protocol/publishing.ts";

export const separator = (label: string): vscode.QuickPickItem => ({ label, kind: vscode.QuickPickItemKind.Separator });

/** The changed decisions in their groups. */
export function changedRows(changes: readonly ChangedDecision[]): readonly vscode.QuickPickItem[] {
  return groups().flatMap(([group, title]) => {
    const rows = changes.filter((change) => change.group === group).flatMap(changeRows);
    return rows.length === 0 ? [] : [separator(title), ...rows];
  });
}

/** Who may do something no longer, or from now on, stands before what has another value. */
const groups = (): readonly (readonly [ChangedDecision["group"], string])[] => [
  ["noLongerTrue", vscode.l10n.t("No longer true")],
  ["true", vscode.l10n.t("Become true")],
  ["error", vscode.l10n.t("Become errors")],
  ["undefined", vscode.l10n.t("Become undefined")],
  ["other", vscode.l10n.t("Other values")],
];

const groupIcons: Record<ChangedDecision["group"], string> = {
  noLongerTrue: "diff-removed",
  true: "diff-added",
  error: "error",
  undefined: "circle-slash",
  other: "diff",
};

/** Letters of a value that are shown; the rest is left to `rw diff`. */
const shownOfValue = 200;

/** A changed decision, and below it, in words, who is in it no longer and who is in it now. */
function changeRows({ samples, entrypoint, group, before, after, members }: ChangedDecision): readonly vscode.QuickPickItem[] {
  const iconPath = new vscode.ThemeIcon(groupIcons[group]);
  const [sample = ""] = samples;
  const who = samples.length === 1 ? sample : vscode.l10n.t("{0} inputs", samples.length);
  const label = `${who} · ${entrypoint}`;
  const said =
    members === undefined
      ? [`${shortened(before)} → ${shortened(after)}`]
      : [
          ...(members.lost.length === 0 ? [] : [vscode.l10n.t("loses {0}", listed(members.lost))]),
          ...(members.gained.length === 0 ? [] : [vscode.l10n.t("gains {0}", listed(members.gained))]),
          ...(members.changed.length === 0 ? [] : [vscode.l10n.t("changes {0}", listed(members.changed))]),
        ];
  const line = said.join(" · ");
  const isShort = label.length + line.length <= room;
  const below = [
    ...(isShort ? [] : said),
    ...(samples.length === 1 ? [] : [vscode.l10n.t("inputs: {0}", listed(samples))]),
  ].flatMap(wrapped);
  return [{ label, iconPath, description: isShort ? line : "", alwaysShow: true }, ...below.map(furtherRow)];
}

/** The first of them, and how many more there are. */
export function listed(names: readonly string[]): string {
  const first = names.slice(0, 10).map(shortened).join(", ");
  return names.length <= 10 ? first : vscode.l10n.t("{0} and {1} more", first, names.length - 10);
}

function shortened(value: string): string {
  return value.length <= shownOfValue ? value : `${value.slice(0, shownOfValue)}…`;
}

/** How many decisions change, each input counted. */
export function countOf(changes: readonly ChangedDecision[]): string {
  const count = changes.reduce((sum, { samples }) => sum + samples.length, 0);
  return count === 1 ? vscode.l10n.t("1 decision changes") : vscode.l10n.t("{0} decisions change", count);
}

/** Letters that a row has room for; what is longer would be cut. */
const room = 78;

/** A text in pieces that rows have room for. */
export function wrapped(text: string): readonly string[] {
  if (text.length <= room) return [text];
  const space = text.lastIndexOf(" ", room);
  const end = space > 0 ? space : room;
  return [text.slice(0, end), ...wrapped(text.slice(end).trimStart())];
}

export function furtherRow(text: string): vscode.QuickPickItem {
  return { label: text, iconPath: new vscode.ThemeIcon("blank"), alwaysShow: true };
}
