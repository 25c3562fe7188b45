// initialize, initialized, folders, settings and watched files.
import type {
  DidChangeWatchedFilesParams,
  DidChangeWorkspaceFoldersParams,
  InitializeParams,
  InitializeResult,
} from "vscode-languageserver";
import type { Settings } from "#protocol/messages.ts";
import { initializeResult, watchedFiles } from "../capabilities.ts";
import { abilitiesOf, declaredCapabilities } from "../client-abilities.ts";
import { refresh } from "../refresh.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Session } from "../session.ts";
import { readSettings } from "../settings.ts";
import { uriOf } from "../uris.ts";
import { version } from "../version.ts";

export function registerLifecycle(session: Session, scheduler: Scheduler): void {
  const { connection, workspace } = session;
  const { promise: greeted, resolve: greet } = Promise.withResolvers<void>();
  const folderPath = (uri: string): string => {
    const path = session.uris.pathOf(uri);
    return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
  };

  connection.onRequest("initialize", (given: InitializeParams | undefined): InitializeResult => {
    const params: Partial<InitializeParams> = given ?? {};
    if (typeof params.processId === "number") session.ports.endWith(params.processId);
    session.capabilities = declaredCapabilities(params.capabilities);
    session.client = abilitiesOf(session.capabilities);
    const options = (params.initializationOptions ?? {}) as { client?: unknown; errorPages?: unknown; fileSystems?: unknown };
    session.errorPages = typeof options.errorPages === "string" ? options.errorPages : session.ports.errorPages;
    session.ownClient = options.client === "vscode";
    const { fileSystems } = options;
    if (Array.isArray(fileSystems)) session.uris.fileSystems = new Set(fileSystems.filter((one) => typeof one === "string"));
    session.sentAtStart = readSettings(params.initializationOptions);
    session.sent = session.sentAtStart;
    session.settings = session.sent;
    const encodings = session.capabilities.general?.positionEncodings ?? [];
    session.encoding = encodings.includes("utf-8") ? "utf-8" : "utf-16";
    applySettings(session);
    const root =
      params.rootUri ?? (params.rootPath ? uriOf(params.rootPath.replaceAll("\\", "/").replace(/^(?!\/)/u, "/")) : undefined);
    const listed = params.workspaceFolders?.map((folder) => folder.uri) ?? [];
    // Some clients send an empty list beside the root that they mean.
    const folders = listed.length > 0 || !root ? listed : [root];
    const paths = folders.map(folderPath);
    // Nothing may be asked of a client that waits for the answer to this.
    session.loaded = paths.some((path) => session.uris.isOfClient(path))
      ? greeted.then(() => load(session, paths))
      : load(session, paths);
    const pushOnly = session.ownClient || showsBoth(params.clientInfo?.name, session.client.pulls);
    return initializeResult(session, version, pushOnly);
  });

  connection.onNotification("initialized", async () => {
    greet();
    if (!session.ownClient) {
      const registrations = registrationsOf(session);
      if (registrations.length > 0) connection.request("client/registerCapability", { registrations }).catch(() => undefined);
    }
    // A client may take its time with the answer, or give none: nothing waits for it.
    void pullSettings(session).then((changed) => changed && scheduler.everything());
    await withProgress(session, "Reading policies", session.loaded);
    scheduler.everything();
  });

  connection.onNotification("workspace/didChangeWorkspaceFolders", async ({ event }: DidChangeWorkspaceFoldersParams) => {
    const removed = new Set(event.removed.map((folder) => folderPath(folder.uri)));
    const folders = workspace.folders.filter((folder) => !removed.has(folder));
    session.loaded = load(session, [...folders, ...event.added.map((folder) => folderPath(folder.uri))]);
    await session.loaded;
    scheduler.foldersChanged();
    if (event.added.length > 0 && (await pullSettings(session))) scheduler.everything();
  });

  connection.onNotification("workspace/didChangeConfiguration", async ({ settings }: { settings: unknown }) => {
    const sent = (settings ?? {}) as Record<string, unknown>;
    const hasSent = sent["rw"] !== undefined || sent["opa"] !== undefined;
    if (hasSent) {
      session.sent = readSettings({ rw: {}, ...sent }, session.sentAtStart);
      session.settings = session.sent;
    }
    // Folders have values of their own, which only an answer to a question can hold.
    const hasPulled = await pullSettings(session);
    if (!hasSent && !hasPulled) return;
    applySettings(session);
    scheduler.everything();
    // Hints and lenses are switched by settings.
    refresh(session, "inlayHint");
    refresh(session, "codeLens");
  });

  connection.onNotification("workspace/didChangeWatchedFiles", async ({ changes }: DidChangeWatchedFilesParams) => {
    const changed = await session.reread(changes.map(({ uri }) => session.uris.pathOf(uri)));
    if (changed.length === 0) return;
    scheduler.changed(changed);
    // The names of an open policy may be packages and functions now, or no more.
    refresh(session, "semanticTokens");
  });
}

/** Shows that something goes on, in clients that show progress, when it is not done at once. */
async function withProgress(session: Session, title: string, work: Promise<void>): Promise<void> {
  const { connection, client } = session;
  const done = await Promise.race([
    work.then(() => true),
    new Promise<boolean>((ok) => session.ports.later(visible, () => ok(false))),
  ]);
  if (done || !client.progress) return work;
  const token = `rw-progress-${nextProgress++}`;
  const shown = await connection.request("window/workDoneProgress/create", { token }).then(
    () => true,
    () => false,
  );
  if (!shown) return work;
  connection.notify("$/progress", { token, value: { kind: "begin", title } });
  await work;
  connection.notify("$/progress", { token, value: { kind: "end" } });
}

let nextProgress = 1;
/** Milliseconds until something is worth showing. */
const visible = 300;

/** Editors that list what they pull beside what is pushed: they would show each problem twice. */
const showingBoth = /^(?:Neovim|helix|Zed)$/iu;

function showsBoth(name: string | undefined, pulls: boolean): boolean {
  return pulls && name !== undefined && showingBoth.test(name);
}

/** What the client wants to be asked for: to hear of files on the disk, and of settings. */
function registrationsOf({ client, capabilities }: Session): readonly object[] {
  const found: object[] = [];
  if (client.watchesFiles) {
    const watchers = [{ globPattern: watchedFiles }];
    found.push({ id: "rw-files", method: "workspace/didChangeWatchedFiles", registerOptions: { watchers } });
  }
  if (capabilities.workspace?.didChangeConfiguration?.dynamicRegistration === true)
    found.push({ id: "rw-settings", method: "workspace/didChangeConfiguration", registerOptions: { section: settingSections } });
  return found;
}

const settingSections = ["rw", "opa"];

/**
 * Asks the client for its settings, those of each folder too; gives true when something is another than before. What it sent by itself
 * stays where it has none.
 */
async function pullSettings(session: Session): Promise<boolean> {
  if (!session.client.configuration) return false;
  const folders = [...session.workspace.folders];
  const scopes = [undefined, ...folders.map((folder) => session.uris.uri(folder))];
  const items = scopes.flatMap((scopeUri) =>
    settingSections.map((section) => (scopeUri === undefined ? { section } : { scopeUri, section })),
  );
  const answer: unknown = await session.connection.request("workspace/configuration", { items }).catch(() => undefined);
  if (!Array.isArray(answer)) return false;
  const given = (scope: number, before: Settings): Settings | undefined => {
    const [rw, opa] = answer.slice(scope * settingSections.length, (scope + 1) * settingSections.length) as readonly unknown[];
    return (rw ?? opa ?? undefined) === undefined ? undefined : readSettings({ rw: rw ?? {}, opa }, before);
  };
  const before = JSON.stringify([session.settings, ...session.folderSettings]);
  session.settings = given(0, session.sent) ?? session.sent;
  const own = folders.map((folder, at) => [folder, given(at + 1, session.settings)] as const);
  session.folderSettings = new Map(own.flatMap(([folder, settings]) => (settings === undefined ? [] : [[folder, settings]])));
  if (JSON.stringify([session.settings, ...session.folderSettings]) === before) return false;
  applySettings(session);
  return true;
}

async function load(session: Session, folders: readonly string[]): Promise<void> {
  try {
    await session.workspace.setFolders(folders);
  } catch (error) {
    session.ports.log(`reading the workspace failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function applySettings(session: Session): void {
  const byFolder = [...session.folderSettings].map(([folder, settings]) => [folder, projectSettings(session, settings)] as const);
  session.workspace.setSettings(projectSettings(session, session.settings), new Map(byFolder));
}

function projectSettings(session: Session, settings: Settings): Parameters<Session["workspace"]["setSettings"]>[0] {
  const { entrypoints, inputGlobs, profile, strict, regoVersion, roots, capabilities, schemas, schema, hoconEnv, trusted, lint } =
    settings;
  const variables = Object.entries(hoconEnv === "real" && trusted ? session.ports.environment : {});
  const environment = Object.fromEntries(variables.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  const version = regoVersion === "auto" ? undefined : regoVersion;
  const { anySize } = session.ports;
  return {
    entrypoints,
    inputGlobs,
    profile,
    strict,
    lintSeverity: lint.severity,
    regoVersion: version,
    roots,
    capabilities,
    schemas,
    schema,
    environment,
    ...(anySize === undefined ? {} : { anySize }),
  };
}
