// Large files have a server of their own each, in a thread of its own: whatever is asked about them, nobody else waits.
import type { ClientCapabilities, DidChangeTextDocumentParams, TextDocumentItem } from "vscode-languageserver";
import type { Project } from "#workspace/project.ts";
import type { Workspace } from "#workspace/workspace.ts";
import type { Lane, LaneEvents } from "./lane.ts";
import type { Ports } from "./ports.ts";
import { type Connection, codes, type Delegate, type Id } from "./rpc/connection.ts";
import type { UriBook } from "./uris.ts";

/** The answer to our own `initialize`, which the client never asked for. */
export const laneGreeting = "rw-lane";

/** What lanes need of the session that they are part of. */
interface Home {
  readonly connection: Connection;
  readonly ports: Ports;
  readonly workspace: Workspace;
  readonly uris: UriBook;
  readonly capabilities: ClientCapabilities;
  readonly ownClient: boolean;
  readonly errorPages: string | undefined;
  settingsOf(path: string): object;
}

interface OpenLane {
  readonly lane: Lane;
  /** Requests without an answer yet. */
  readonly waiting: Set<Id>;
  /** The settings it has, as text. */
  settings: string;
  /** Why it is no longer there. */
  reason: string | undefined;
}

export class Lanes implements Delegate {
  readonly #session: Home;
  readonly #lanes = new Map<string, OpenLane>();

  constructor(session: Home) {
    this.#session = session;
  }

  /** True for a document that a lane answers for. */
  has(path: string): boolean {
    return this.#lanes.has(path);
  }

  /** A document was opened or changed: from now on a lane answers for it when it is large. */
  opened(path: string, project: Project, document: TextDocumentItem): void {
    const start = this.#session.ports.startLane;
    if (start === undefined || this.has(path) || !needsLane(project, path)) return;
    const waiting = new Set<Id>();
    const events: LaneEvents = {
      frame: (passed, answers) => {
        if (answers === laneGreeting) return;
        if (answers !== undefined) waiting.delete(answers);
        this.#session.connection.pass(passed);
      },
      lost: (reason) => this.#lost(path, reason),
    };
    const lane = start(events, document.text.length);
    const { capabilities, ownClient, errorPages } = this.#session;
    const settings = this.#settings(path, project);
    this.#lanes.set(path, { lane, waiting, settings: JSON.stringify(settings), reason: undefined });
    lane.send({
      id: laneGreeting,
      method: "initialize",
      params: {
        processId: null,
        rootUri: null,
        capabilities: quiet(capabilities),
        initializationOptions: { ...settings, errorPages, ...(ownClient ? { client: "vscode" } : {}) },
      },
    });
    lane.send({ method: "initialized", params: {} });
    lane.send({ method: "textDocument/didOpen", params: { textDocument: document } });
  }

  changed(path: string, params: DidChangeTextDocumentParams): void {
    this.#lanes.get(path)?.lane.send({ method: "textDocument/didChange", params });
  }

  closed(path: string): void {
    const open = this.#lanes.get(path);
    this.#lanes.delete(path);
    open?.lane.stop();
  }

  /** Tells the lanes the settings that hold now, where they are other ones. */
  settle(): void {
    for (const [path, open] of this.#lanes) {
      const rw = this.#settings(path, this.#session.workspace.projectOf(path));
      const settings = JSON.stringify(rw);
      if (settings === open.settings) continue;
      open.settings = settings;
      open.lane.send({ method: "workspace/didChangeConfiguration", params: { settings: { rw } } });
    }
  }

  takes(id: Id, method: string, params: unknown): boolean {
    const uri = documentOf(params);
    const open = uri === undefined ? undefined : this.#lanes.get(this.#session.uris.path(uri));
    if (open === undefined) return false;
    if (open.reason !== undefined) this.#session.connection.fail(id, codes.requestFailed, open.reason);
    else {
      open.waiting.add(id);
      open.lane.send({ id, method, params });
    }
    return true;
  }

  cancel(id: Id): void {
    for (const { lane, waiting } of this.#lanes.values()) {
      if (waiting.has(id)) lane.send({ method: "$/cancelRequest", params: { id } });
    }
  }

  /** What holds for the file, with the dialect that its project gives it. */
  #settings(path: string, project: Project): object {
    const file = project.files.get(path);
    const version = file === undefined ? {} : { regoVersion: project.versionOf(file) };
    return { ...this.#session.settingsOf(path), ...version, live: { mode: "off", timeout: 1 } };
  }

  #lost(path: string, reason: string): void {
    const open = this.#lanes.get(path);
    if (open === undefined) return;
    const { connection, ports } = this.#session;
    open.reason = `${path.slice(path.lastIndexOf("/") + 1)} is too large: ${reason}`;
    ports.log(open.reason);
    connection.notify("window/showMessage", { type: 2, message: open.reason });
    for (const id of open.waiting) connection.fail(id, codes.requestFailed, open.reason);
    open.waiting.clear();
  }
}

function needsLane({ largePolicies, largeDocuments }: Project, path: string): boolean {
  return [...largePolicies, ...largeDocuments.filter(({ kind }) => kind === "hocon")].some((file) => file.path === path);
}

/** The client's abilities without those that make a server ask it something. */
function quiet(capabilities: ClientCapabilities): ClientCapabilities {
  const { workspace = {}, window = {}, ...rest } = capabilities;
  const { configuration: _, didChangeConfiguration: __, didChangeWatchedFiles: ___, ...asked } = workspace;
  return { ...rest, workspace: asked, window: { ...window, workDoneProgress: false } };
}

/** The document that a request is about, wherever its parameters name it. */
function documentOf(params: unknown): string | undefined {
  const { textDocument, item, data } = (params ?? {}) as { textDocument?: Named; item?: Named; data?: Named };
  return [textDocument, item, data].map((one) => one?.uri).find((uri) => typeof uri === "string");
}

interface Named {
  readonly uri?: string;
}
