// Commands about bundles that are there already: look into one, compare two, sign, verify the signature, open one as a folder.
import * as vscode from "vscode";
import type { ChangedDecision } from "#protocol/publishing.ts";
import { changedRows, countOf, separator } from "../changed-decisions.ts";
import { isSource } from "../file-systems.ts";
import type { ServerLink } from "../server-link.ts";
import { isTrusted } from "../trust.ts";
import { type BundleFiles, inBundle } from "./bundle-files.ts";
import type { BundleView } from "./bundle-view.ts";

export interface BundleParts {
  readonly server: ServerLink;
  readonly files: BundleFiles;
  readonly view: BundleView;
}

/** Commands by their ids; `undefined` for a bundle asks which one. */
export function bundleCommands(parts: BundleParts): Readonly<Record<string, (...args: never[]) => unknown>> {
  return {
    "rw.bundle.inspect": async (given: unknown) => {
      const archive = await archiveOf(given, undefined, vscode.l10n.t("Look into a bundle"));
      if (archive !== undefined) await parts.view.show(archive);
    },
    "rw.bundle.compare": (given: unknown, chosen: unknown) => compare(parts, given, chosen),
    "rw.bundle.verify": (given: unknown) => verify(parts, given),
    "rw.bundle.sign": (given: unknown) => sign(parts, given),
    "rw.bundle.openFolder": async (given: unknown) => {
      const archive = await archiveOf(given, parts.view.archive, vscode.l10n.t("Open a bundle as a folder"));
      if (archive === undefined) return;
      await parts.files.contentsOf(archive);
      const name = vscode.l10n.t("{0} (bundle)", nameOf(archive));
      const at = vscode.workspace.workspaceFolders?.length ?? 0;
      vscode.workspace.updateWorkspaceFolders(at, 0, { uri: inBundle(archive, ""), name });
    },
  };
}

/** The archive that a command was given, else the one that is shown, else one that is chosen. */
async function archiveOf(given: unknown, shown: vscode.Uri | undefined, title: string): Promise<vscode.Uri | undefined> {
  return given instanceof vscode.Uri ? given : (shown ?? pickArchive(title));
}

const mostListed = 100;

type ArchiveRow = vscode.QuickPickItem & { readonly uri?: vscode.Uri };

/** Archives of the workspace, and any other one. The box opens at once: looking for them may take a while. */
async function pickArchive(title: string, without?: vscode.Uri): Promise<vscode.Uri | undefined> {
  const picked = await vscode.window.showQuickPick<ArchiveRow>(archiveRows(without), {
    title,
    matchOnDescription: true,
    placeHolder: vscode.l10n.t("A bundle: a gzipped tar archive, as `opa build`, `rw build` and RMS make them"),
  });
  if (picked === undefined || picked.uri !== undefined) return picked?.uri;
  const filters = { [vscode.l10n.t("Bundles")]: ["gz", "tgz"], [vscode.l10n.t("All files")]: ["*"] };
  return (await vscode.window.showOpenDialog({ title, filters }))?.[0];
}

async function archiveRows(without: vscode.Uri | undefined): Promise<readonly ArchiveRow[]> {
  const found = await vscode.workspace.findFiles("**/*.tar.gz", "**/{node_modules,.git}/**", mostListed);
  const rows = found
    .filter((uri) => uri.toString() !== without?.toString())
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map((uri) => ({ label: nameOf(uri), description: vscode.workspace.asRelativePath(uri), uri }));
  const browse = { label: vscode.l10n.t("Browse…"), iconPath: new vscode.ThemeIcon("folder-opened"), alwaysShow: true };
  return [...rows, browse];
}

async function compare({ server, view }: BundleParts, given: unknown, chosen: unknown): Promise<void> {
  // The explorer gives the one that was clicked, and all that are selected.
  const selected = Array.isArray(chosen) ? chosen.filter((one) => one instanceof vscode.Uri) : [];
  const [first, second] = selected.length === 2 ? await byAge(selected) : [given, undefined];
  const before = await archiveOf(first, view.archive, vscode.l10n.t("Compare: the bundle as it was"));
  if (before === undefined) return;
  const after = second ?? (await pickArchive(vscode.l10n.t("Compare {0} with", nameOf(before)), before));
  if (after === undefined) return;
  const project = [vscode.window.activeTextEditor?.document.uri, vscode.workspace.workspaceFolders?.[0]?.uri].find(
    (uri) => uri !== undefined && isSource(uri),
  );
  const result = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t("Comparing bundles"), cancellable: true },
    (_, cancel) =>
      server.compareBundles(
        { before: before.toString(), after: after.toString(), ...(project === undefined ? {} : { project: project.toString() }) },
        cancel,
      ),
  );
  if ("problem" in result) throw new Error(result.problem);
  const { changes, decisions } = result;
  const title = `${nameOf(before)} ↔ ${nameOf(after)}`;
  if (changes.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t("{0}: both hold the same.", title));
    return;
  }
  const showFiles = () =>
    vscode.commands.executeCommand(
      "vscode.changes",
      title,
      changes.map(({ path, kind }) => [
        inBundle(after, path, true),
        kind === "added" ? undefined : inBundle(before, path, true),
        kind === "removed" ? undefined : inBundle(after, path, true),
      ]),
    );
  await showFiles();
  if (decisions === undefined) return;
  const said =
    "problem" in decisions ? vscode.l10n.t("decisions could not be compared: {0}", decisions.problem) : toldDiff(decisions);
  const show = vscode.l10n.t("Show Decisions");
  const hasRows = "diff" in decisions && decisions.diff.length > 0;
  const words = vscode.l10n.t("{0}: {1}", title, said);
  const answer = await vscode.window.showInformationMessage(words, ...(hasRows ? [show] : []));
  if (answer === show && "diff" in decisions)
    await vscode.window.showQuickPick([separator(countOf(decisions.diff)), ...changedRows(decisions.diff)], { title });
}

function toldDiff({ diff, decided }: { readonly diff: readonly ChangedDecision[]; readonly decided: number }): string {
  if (decided === 0) return vscode.l10n.t("there are no samples to decide");
  return diff.length === 0 ? vscode.l10n.t("no decision of {0} changes", decided) : countOf(diff);
}

/** The older one first. */
async function byAge(archives: readonly vscode.Uri[]): Promise<readonly vscode.Uri[]> {
  const aged = await Promise.all(archives.map(async (uri) => ({ uri, at: (await vscode.workspace.fs.stat(uri)).mtime })));
  return aged.sort((a, b) => a.at - b.at).map(({ uri }) => uri);
}

/** A key longer than this is none. */
const longestKey = 100_000;

async function verify({ server, view }: BundleParts, given: unknown): Promise<void> {
  const archive = await archiveOf(given, view.archive, vscode.l10n.t("Verify the signature of a bundle"));
  if (archive === undefined) return;
  const title = vscode.l10n.t("Public key or certificate (PEM) that {0} is verified with", nameOf(archive));
  const read = await readKey(title, vscode.l10n.t("Verify"));
  if (read === undefined) return;
  const { file, key } = read;
  const { problem } = await server.verifyBundle({ uri: archive.toString(), key });
  if (problem === undefined)
    void vscode.window.showInformationMessage(
      vscode.l10n.t("{0} is signed with the key of {1}, and all files are as they were signed.", nameOf(archive), nameOf(file)),
    );
  else void vscode.window.showWarningMessage(vscode.l10n.t("{0} is not verified: {1}", nameOf(archive), problem));
}

/** Signs a bundle into a new archive: the one that is there may be served already. */
async function sign({ server, view }: BundleParts, given: unknown): Promise<void> {
  if (!isTrusted(vscode.l10n.t("Signing needs a trusted workspace: who has the key vouches for the bundle."))) return;
  const archive = await archiveOf(given, view.archive, vscode.l10n.t("Sign a bundle"));
  if (archive === undefined) return;
  const title = vscode.l10n.t("Private key (PEM; RSA or ECDSA) that {0} is signed with", nameOf(archive));
  const read = await readKey(title, vscode.l10n.t("Sign"));
  if (read === undefined) return;
  const asked = { title: vscode.l10n.t("Sign {0}", nameOf(archive)), ignoreFocusOut: true };
  const keyId = await vscode.window.showInputBox({
    ...asked,
    prompt: vscode.l10n.t("The name of the key, as the sidecars have it (`keys` of their configuration)"),
    value: "default",
    validateInput: (text) => (text.trim() === "" ? vscode.l10n.t("A sidecar finds the key by its name") : undefined),
  });
  if (keyId === undefined) return;
  const scope = await vscode.window.showInputBox({
    ...asked,
    prompt: vscode.l10n.t("The scope that the sidecars want; empty for none"),
  });
  if (scope === undefined) return;
  const signed = await server.signBundle({ uri: archive.toString(), key: read.key, keyId: keyId.trim(), scope: scope.trim() });
  if ("problem" in signed) {
    void vscode.window.showWarningMessage(vscode.l10n.t("{0} is not signed: {1}", nameOf(archive), signed.problem));
    return;
  }
  const proposed = archive.with({ path: archive.path.replace(/(?:\.signed)?\.tar\.gz$|$/u, ".signed.tar.gz") });
  const target = await vscode.window.showSaveDialog({ defaultUri: proposed, title: vscode.l10n.t("The signed bundle") });
  if (target === undefined) return;
  await vscode.workspace.fs.writeFile(
    target,
    Uint8Array.from(atob(signed.base64), (char) => char.charCodeAt(0)),
  );
  await view.show(target);
}

/** A key that somebody chooses, and its text; undefined when none was chosen. */
async function readKey(
  title: string,
  openLabel: string,
): Promise<{ readonly file: vscode.Uri; readonly key: string } | undefined> {
  const [file] = (await vscode.window.showOpenDialog({ title, openLabel, filters: keyFilters() })) ?? [];
  if (file === undefined) return undefined;
  if ((await vscode.workspace.fs.stat(file)).size > longestKey)
    throw new Error(vscode.l10n.t("{0} is too long to be a key", nameOf(file)));
  return { file, key: new TextDecoder().decode(await vscode.workspace.fs.readFile(file)) };
}

const keyFilters = () => ({ [vscode.l10n.t("Keys")]: ["pem", "crt", "cer", "pub", "key"], [vscode.l10n.t("All files")]: ["*"] });

function nameOf(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf("/") + 1);
}
