// What one connection knows: its client, settings, open documents, projects, and the way between protocol positions and offsets.
import type { ClientCapabilities, Location, Position, Range } from "vscode-languageserver";
import type { Settings } from "#protocol/messages.ts";
import type { Host } from "#workspace/host.ts";
import type { Project } from "#workspace/project.ts";
import { libraryFiles, libraryFolder } from "#workspace/rms.ts";
import { ruleLibraryFiles } from "#workspace/rule-library.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { Workspace } from "#workspace/workspace.ts";
import { abilitiesOf, type ClientAbilities } from "./client-abilities.ts";
import { withClientFiles } from "./client-files.ts";
import { Gathering } from "./gathering.ts";
import { Lanes } from "./lanes.ts";
import { LargeFiles } from "./large-files.ts";
import type { Ports } from "./ports.ts";
import { type Encoding, Lines, type OffsetRange } from "./positions.ts";
import type { Connection } from "./rpc/connection.ts";
import { defaultSettings } from "./settings.ts";
import { Pace } from "./turns.ts";
import { UriBook } from "./uris.ts";

/** A place in a document that a request is about. */
export interface Spot {
  readonly project: Project;
  readonly file: SourceFile;
  readonly lines: Lines;
  readonly offset: number;
}

const lineCache = new WeakMap<SourceFile, Lines>();

export class Session {
  readonly connection: Connection;
  readonly ports: Ports;
  readonly pace: Pace;
  readonly uris = new UriBook();
  /** The files of all file systems: those that we see, and those that the client reads for us. */
  readonly host: Host;
  readonly workspace: Workspace;
  /** Open documents: path → language id. */
  readonly open = new Map<string, string>();
  /** What the client sent at `initialize`, and what it sent last; a setting that a later message lacks is the first one's again. */
  sentAtStart: Settings = defaultSettings;
  sent: Settings = defaultSettings;
  /** The settings that hold where a folder has none of its own. */
  settings: Settings = defaultSettings;
  /** Workspace folders that have settings of their own. */
  folderSettings: ReadonlyMap<string, Settings> = new Map();
  capabilities: ClientCapabilities = {};
  client: ClientAbilities = abilitiesOf({});
  encoding: Encoding = "utf-16";
  /** True when the client is our own extension, which shows decisions itself. */
  ownClient = false;
  errorPages: string | undefined;
  readonly gathering: Gathering;
  readonly large: LargeFiles;
  readonly lanes: Lanes;
  /** Done when the workspace folders, and all files that are known to have changed, were read. */
  loaded: Promise<void> = Promise.resolve();

  constructor(connection: Connection, ports: Ports) {
    this.connection = connection;
    this.ports = ports;
    this.host = withClientFiles(ports.host, { connection, uris: this.uris, log: (text) => ports.log(text) });
    this.pace = new Pace(ports, () => connection.hasWaiting);
    this.workspace = new Workspace(this.host);
    this.gathering = new Gathering(this.pace, this.workspace);
    this.large = new LargeFiles(this.pace);
    this.lanes = new Lanes(this);
    connection.delegate(this.lanes);
  }

  /** Reads from the disk, before whatever is asked for from now on is answered. */
  reading<T>(read: () => Promise<T>): Promise<T> {
    const done = this.loaded.then(read);
    this.loaded = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  /** Reads files and folders that changed on the disk; gives the paths whose projects may answer differently now. */
  reread(paths: readonly string[]): Promise<readonly string[]> {
    return this.reading(async () => {
      const changed: string[] = [];
      for (const path of paths) changed.push(...(await this.workspace.refreshBelow(path)));
      return changed;
    });
  }

  /** The settings that hold for a path: those of its workspace folder, where it has its own. */
  settingsOf(path: string): Settings {
    const folder = this.workspace.folderOf(path);
    return (folder === undefined ? undefined : this.folderSettings.get(folder)) ?? this.settings;
  }

  /** The projects of all folders, and of open documents that are in none, when all of their policies were read. */
  async projects(): Promise<readonly Project[]> {
    await this.loaded;
    const roots = new Set(this.workspace.roots);
    for (const path of this.open.keys()) roots.add(this.workspace.rootOf(path));
    const projects: Project[] = [];
    for (const root of roots) projects.push(await this.gathering.whole(root));
    return projects;
  }

  /** The project of a file, when all of its policies were read. */
  async projectOf(path: string): Promise<Project> {
    await this.loaded;
    return this.gathering.whole(this.workspace.rootOf(path));
  }

  lines(file: SourceFile): Lines {
    let lines = lineCache.get(file);
    if (lines === undefined) {
      lines = new Lines(file.text, this.encoding);
      lineCache.set(file, lines);
    }
    return lines;
  }

  file(uri: string): SourceFile | undefined {
    return this.workspace.file(this.uris.path(uri));
  }

  /**
   * The document a request is about, with its project; undefined for one nobody knows. `around` is enough where an answer needs no policies
   * but those that the document leads to: then nobody waits for the others.
   */
  async document(uri: string, policies: "all" | "around" = "all"): Promise<Omit<Spot, "offset"> | undefined> {
    await this.loaded;
    const path = this.uris.path(uri);
    if (this.workspace.file(path) === undefined) return undefined;
    const project = policies === "all" ? await this.projectOf(path) : await this.gathering.around(path);
    const file = this.workspace.file(path);
    if (file === undefined || project.largeDocuments.includes(file)) return undefined;
    await this.large.read(project, file);
    return { project, file, lines: this.lines(file) };
  }

  async spot(uri: string, position: Position, policies?: "all" | "around"): Promise<Spot | undefined> {
    const document = await this.document(uri, policies);
    return document === undefined ? undefined : { ...document, offset: document.lines.offsetAt(position) };
  }

  range(path: string, range: OffsetRange): Range {
    const file = this.workspace.file(path) ?? [...libraryFiles, ...ruleLibraryFiles].find((library) => library.path === path);
    if (file === undefined) return { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    return this.lines(file).rangeOf(range);
  }

  /** Locations that the client can open: the library of RMS has no file, only our own client shows its text. */
  locations(places: readonly { readonly file: string; readonly range: OffsetRange }[]): Location[] {
    const shown = this.ownClient ? places : places.filter(({ file }) => !file.startsWith(`${libraryFolder}/`));
    return shown.map((place) => this.location(place));
  }

  location(place: { readonly file: string; readonly range: OffsetRange }): Location {
    return { uri: this.uris.uri(place.file), range: this.range(place.file, place.range) };
  }
}
