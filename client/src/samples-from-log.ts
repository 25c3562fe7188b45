// "Make Sample Inputs of a Decision Log": its decisions in a list that can be filtered, those that are decided otherwise now first; the chosen ones become files.
import * as vscode from "vscode";
import type { LoggedEvent } from "#protocol/decision-log.ts";
import { askForLog } from "./replay-log.ts";
import type { ServerLink } from "./server-link.ts";
import { isTrusted } from "./trust.ts";

const icons: Record<LoggedEvent["kind"], string> = { changed: "diff", unclear: "question", same: "check" };

export async function samplesFromLog(server: ServerLink, project: vscode.Uri, given: vscode.Uri | undefined): Promise<void> {
  if (!isTrusted(vscode.l10n.t("Reading a decision log needs a trusted workspace: its decisions are made again."))) return;
  const log = given ?? (await askForLog(vscode.l10n.t("Show Decisions")));
  if (log === undefined) return;
  const about = { uri: project.toString(), log: log.toString() };
  const found = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: vscode.l10n.t("Deciding again") },
    () => server.decisionLog(about),
  );
  if ("problem" in found) throw new Error(found.problem);
  const { events, all } = found;
  const name = log.path.slice(log.path.lastIndexOf("/") + 1);
  const picked = await vscode.window.showQuickPick(events.map(rowOf), {
    canPickMany: true,
    matchOnDescription: true,
    matchOnDetail: true,
    title: vscode.l10n.t("{0}: {1} of {2} decisions are otherwise now", name, count(events, "changed"), all),
    placeHolder:
      events.length < all
        ? vscode.l10n.t("The last {0}: tick what shall be samples", events.length)
        : vscode.l10n.t("Tick what shall be samples, with what was decided as expected"),
  });
  if (picked === undefined || picked.length === 0) return;
  const masks = await vscode.window.showInputBox({
    title: vscode.l10n.t("What of the input is nobody's business?"),
    prompt: vscode.l10n.t("Places that are written as ***, as /input/user/email, with blanks between; empty for none"),
    ignoreFocusOut: true,
  });
  if (masks === undefined) return;
  const wanted = masks.split(/[\s,]+/u).filter((mask) => mask !== "");
  const result = await server.logSamples({ ...about, ids: picked.map(({ id }) => id), masks: wanted });
  if ("problem" in result) throw new Error(result.problem);
  const edit = new vscode.WorkspaceEdit();
  for (const { uri, text } of result.files)
    edit.createFile(vscode.Uri.parse(uri), { contents: new TextEncoder().encode(text), ignoreIfExists: true });
  if (!(await vscode.workspace.applyEdit(edit)))
    throw new Error(vscode.l10n.t("the files could not be written: nothing was changed"));
  const [first] = result.files;
  if (first !== undefined) await vscode.window.showTextDocument(vscode.Uri.parse(first.uri));
}

function rowOf({ id, time, path, input, logged, now, kind }: LoggedEvent): vscode.QuickPickItem & { readonly id: string } {
  const changed = kind === "same" ? logged : `${logged} → ${now}`;
  const unclear = kind === "unclear" ? [vscode.l10n.t("unclear: the log does not hold all of it")] : [];
  return {
    id,
    label: `${path} ${changed}`,
    iconPath: new vscode.ThemeIcon(icons[kind]),
    description: [time, ...unclear].join(" · "),
    detail: input,
  };
}

function count(events: readonly LoggedEvent[], kind: LoggedEvent["kind"]): number {
  return events.filter((event) => event.kind === kind).length;
}
