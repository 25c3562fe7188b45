// "Start a Local RMS": a process on this computer that the project is published to, its token in the secret store and its address in the settings where none is named.
import * as vscode from "vscode";
import { tokenKey } from "./names.ts";
import type { ServerLink } from "./server-link.ts";
import type { LocalRms } from "./surroundings.ts";
import { isTrusted } from "./trust.ts";

const ownAddress = "http://127.0.0.1:8182";
const loopback = /^(?:127\.0\.0\.1|localhost|\[::1\])$/u;

/** Gives true when it runs, and the project of the file leads to it. */
export async function startLocalRms(
  local: LocalRms,
  server: ServerLink,
  secrets: vscode.SecretStorage,
  uri: vscode.Uri,
): Promise<boolean> {
  if (!isTrusted(vscode.l10n.t("Starting RMS needs a trusted workspace: what it holds is published from there."))) return false;
  const named = (await server.rmsStatus({ uri: uri.toString(), token: undefined })).url;
  const address = new URL(named ?? ownAddress);
  if (address.protocol !== "http:" || !loopback.test(address.hostname)) {
    void vscode.window.showWarningMessage(
      vscode.l10n.t("This project is published to {0}, which is not this computer: nothing was started.", address.origin),
    );
    return false;
  }
  const key = tokenKey(named ?? ownAddress);
  const port = address.port === "" ? 80 : Number(address.port);
  const starting = local.start(address.hostname.replace(/^\[(.*)\]$/u, "$1"), port, await secrets.get(key));
  const started = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t("Starting RMS on {0}…", address.host) },
    () => starting,
  );
  if ("hindrance" in started) {
    const runs = vscode.l10n.t("RMS runs already. *Stop the Local RMS* ends it.");
    const taken = vscode.l10n.t(
      "{0} is taken, by the RMS of another window or another program: nothing was started. Use that one, or name another port in the project's address of RMS.",
      address.host,
    );
    void vscode.window.showInformationMessage(started.hindrance === "runs" ? runs : taken);
    return started.hindrance === "runs";
  }
  await secrets.store(key, started.token);
  const isNamed = named !== undefined || (await nameTarget(uri));
  const publish = vscode.l10n.t("Publish");
  const show = vscode.l10n.t("Open the Console");
  const text = vscode.l10n.t("RMS listens on {0} until this window is closed; you are signed in.", address.origin);
  void vscode.window.showInformationMessage(text, ...(isNamed ? [publish, show] : [])).then((answer) => {
    if (answer === publish) void vscode.commands.executeCommand("rw.publish", uri);
    if (answer === show) void vscode.commands.executeCommand("rw.rms.openConsole", uri);
  });
  return isNamed;
}

/** A project that names no RMS gets the settings for this one. */
async function nameTarget(uri: vscode.Uri): Promise<boolean> {
  const domain = await vscode.window.showInputBox({
    title: vscode.l10n.t("Publish as which domain?"),
    prompt: vscode.l10n.t(
      "A domain is one team's world: the first part of its packages. It goes into the settings of this workspace.",
    ),
    validateInput: (text) => (/^[a-z][a-z0-9-]{0,62}$/u.test(text) ? undefined : vscode.l10n.t("small letters, digits and `-`")),
    ignoreFocusOut: true,
  });
  if (domain === undefined) return false;
  const settings = vscode.workspace.getConfiguration("rw", uri);
  const values = { "rms.url": ownAddress, "rms.domain": domain, "rms.policy": "main", "rms.channel": "dev" };
  for (const [name, value] of Object.entries(values))
    if (!settings.get<string>(name)) await settings.update(name, value, vscode.ConfigurationTarget.Workspace);
  return true;
}
