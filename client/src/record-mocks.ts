// Records mocks: after a look at the hosts, what http.send asks is really asked, and the replies are written to the file of mocks.
import * as vscode from "vscode";
import type { ServerLink } from "./server-link.ts";
import { isTrusted } from "./trust.ts";

/** Requests that a question names. */
const mostNamed = 10;

export async function recordMocks(server: ServerLink, uri: vscode.Uri): Promise<void> {
  if (!isTrusted(vscode.l10n.t("Requests are sent in a trusted workspace only."))) return;
  const agreed: string[] = [];
  let recorded = 0;
  for (;;) {
    const result = await asked(server, uri, agreed);
    if (result === undefined) return;
    if ("problem" in result) throw new Error(result.problem);
    recorded += result.recorded;
    if (result.left.length > 0) void vscode.window.showWarningMessage(vscode.l10n.t("Not recorded: {0}", result.left.join("; ")));
    if (result.hosts.length === 0) {
      const done =
        recorded === 0
          ? vscode.l10n.t("No request of {0} needs a mock.", result.sample)
          : vscode.l10n.t("{0} replies are written to the mocks of http.send.", recorded);
      if (recorded > 0 || result.left.length === 0) void vscode.window.showInformationMessage(done);
      return;
    }
    const send = vscode.l10n.t("Send Them");
    const more = result.requests.length > mostNamed ? `\n… ${result.requests.length - mostNamed}` : "";
    const detail = `${result.requests.slice(0, mostNamed).join("\n")}${more}`;
    const question = vscode.l10n.t(
      "Send {0} requests of the policy for {1} to {2}? The replies are written to the mocks of this project.",
      result.requests.length,
      result.sample,
      result.hosts.join(", "),
    );
    if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, send)) !== send) return;
    agreed.push(...result.hosts);
  }
}

function asked(server: ServerLink, uri: vscode.Uri, hosts: readonly string[]) {
  const title = vscode.l10n.t("Recording mocks");
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (_, cancel) => {
    try {
      return await server.recordMocks({ uri: uri.toString(), hosts }, cancel);
    } catch (error) {
      if (cancel.isCancellationRequested) return undefined;
      throw error;
    }
  });
}
