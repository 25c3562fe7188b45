// initialize, initialized, folders, settings and watched files.
import type {
  DidChangeWatchedFilesParams,
  DidChangeWorkspaceFoldersParams,
  InitializeParams,
  InitializeResult,
} from "vscode-languageserver";
import { initializeResult } from "../capabilities.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Session } from "../session.ts";
import { readSettings } from "../settings.ts";
import { pathOf } from "../uris.ts";
import { version } from "../version.ts";

export function registerLifecycle(session: Session, scheduler: Scheduler): void {
  const { connection, workspace } = session;

  connection.onRequest("initialize", (given: InitializeParams | undefined): InitializeResult => {
    const params: Partial<InitializeParams> = given ?? {};
    session.capabilities = params.capabilities ?? {};
    const options = (params.initializationOptions ?? {}) as { client?: unknown };
    session.ownClient = options.client === "vscode";
    session.settings = readSettings(params.initializationOptions);
    const encodings = session.capabilities.general?.positionEncodings ?? [];
    session.encoding = encodings.includes("utf-8") ? "utf-8" : "utf-16";
    workspace.setSettings(projectSettings(session));
    const root = params.rootUri ?? (params.rootPath ? `file://${params.rootPath}` : undefined);
    const folders = params.workspaceFolders?.map((folder) => folder.uri) ?? (root ? [root] : []);
    session.loaded = load(session, folders.map(folderPath));
    return initializeResult(session.encoding, version, session.ownClient);
  });

  connection.onNotification("initialized", async () => {
    if (session.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true && !session.ownClient) {
      const watchers = [{ globPattern: "**/*.{rego,conf,hocon,json,yaml,yml,manifest,properties}" }];
      const registrations = [{ id: "rw-files", method: "workspace/didChangeWatchedFiles", registerOptions: { watchers } }];
      connection.request("client/registerCapability", { registrations }).catch(() => undefined);
    }
    await session.loaded;
    scheduler.everything();
  });

  connection.onNotification("workspace/didChangeWorkspaceFolders", async ({ event }: DidChangeWorkspaceFoldersParams) => {
    const removed = new Set(event.removed.map((folder) => folderPath(folder.uri)));
    const folders = workspace.folders.filter((folder) => !removed.has(folder));
    session.loaded = load(session, [...folders, ...event.added.map((folder) => folderPath(folder.uri))]);
    await session.loaded;
    scheduler.foldersChanged();
  });

  connection.onNotification("workspace/didChangeConfiguration", ({ settings }: { settings: unknown }) => {
    const sent = (settings ?? {}) as Record<string, unknown>;
    if (sent["rw"] === undefined) return;
    session.settings = readSettings(sent, session.settings);
    workspace.setSettings(projectSettings(session));
    scheduler.everything();
  });

  connection.onNotification("workspace/didChangeWatchedFiles", async ({ changes }: DidChangeWatchedFilesParams) => {
    await session.loaded;
    const changed: string[] = [];
    for (const { uri } of changes) {
      const path = pathOf(uri);
      if (await workspace.refresh(path)) changed.push(path);
    }
    if (changed.length > 0) scheduler.changed(changed);
  });
}

function folderPath(uri: string): string {
  const path = pathOf(uri);
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

async function load(session: Session, folders: readonly string[]): Promise<void> {
  try {
    await session.workspace.setFolders(folders);
  } catch (error) {
    session.ports.log(`reading the workspace failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function projectSettings(session: Session): Parameters<Session["workspace"]["setSettings"]>[0] {
  const { entrypoints, inputGlobs, profile, strict, regoVersion, hoconEnv, trusted } = session.settings;
  const variables = Object.entries(hoconEnv === "real" && trusted ? session.ports.environment : {});
  const environment = Object.fromEntries(variables.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  return { entrypoints, inputGlobs, profile, strict, regoVersion: regoVersion === "auto" ? undefined : regoVersion, environment };
}
