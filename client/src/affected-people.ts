// Who gains and who loses by a publish, as rows of its panel, and as a document.
import * as vscode from "vscode";
import type { PublishImpact } from "#protocol/publishing.ts";
import { furtherRow, listed, separator, wrapped } from "./changed-decisions.ts";

/** People who have a row of their own; the document has more. */
const mostRows = 10;

type Group = keyof Pick<PublishImpact, "lost" | "gained" | "unclear">;

const icons: Readonly<Record<Group, string>> = { lost: "diff-removed", gained: "diff-added", unclear: "question" };

/** Who may do something no longer comes first. */
export function peopleRows(impact: PublishImpact): readonly vscode.QuickPickItem[] {
  const open = impact.open.length === 0 ? [] : wrapped(openText(impact.open)).map(warning);
  return [...open, ...groupRows("lost", impact), ...groupRows("gained", impact), ...groupRows("unclear", impact)];
}

/** The first line has the sign. */
function warning(label: string, at: number): vscode.QuickPickItem {
  return at === 0 ? { label, iconPath: new vscode.ThemeIcon("warning"), alwaysShow: true } : furtherRow(label);
}

function groupRows(group: Group, impact: PublishImpact): readonly vscode.QuickPickItem[] {
  const { people, subjects } = impact[group];
  if (people === 0) return [];
  const shown = subjects.slice(0, mostRows);
  const { said, counted } = words[group];
  const rows = shown.map(({ subject, roles, requests }) => ({
    label: subject,
    iconPath: new vscode.ThemeIcon(icons[group]),
    description: [said(listed(requests)), ...(roles.length === 0 ? [] : [roles.join(", ")])].join(" · "),
    alwaysShow: true,
  }));
  const rest = people === shown.length ? [] : [furtherRow(vscode.l10n.t("and {0} more", people - shown.length))];
  return [separator(counted(people)), ...rows, ...rest];
}

/** How many gain and lose, and what anybody may; empty where nobody does. */
export function countOfPeople({ gained, lost, unclear, open }: PublishImpact): string {
  return [
    ...(lost.people === 0 ? [] : [lostText(lost.people)]),
    ...(gained.people === 0 ? [] : [gainedText(gained.people)]),
    ...(unclear.people === 0 ? [] : [unclearText(unclear.people)]),
    ...(open.length === 0 ? [] : [openText(open)]),
  ].join(" · ");
}

const lostText = (people: number): string =>
  people === 1 ? vscode.l10n.t("1 person loses") : vscode.l10n.t("{0} people lose", people);

const gainedText = (people: number): string =>
  people === 1 ? vscode.l10n.t("1 person gains") : vscode.l10n.t("{0} people gain", people);

const unclearText = (people: number): string =>
  people === 1 ? vscode.l10n.t("1 person may gain or lose") : vscode.l10n.t("{0} people may gain or lose", people);

const words: Readonly<Record<Group, { said(what: string): string; counted(people: number): string }>> = {
  lost: { said: (what) => vscode.l10n.t("loses {0}", what), counted: lostText },
  gained: { said: (what) => vscode.l10n.t("gains {0}", what), counted: gainedText },
  unclear: { said: (what) => vscode.l10n.t("may gain or lose {0}", what), counted: unclearText },
};

const openText = (requests: readonly string[]): string => vscode.l10n.t("anybody may now: {0}", listed(requests));
