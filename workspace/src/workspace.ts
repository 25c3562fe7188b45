// Folders → files → projects. Buffers of an editor lie over the disk; each change makes new project objects, so a request that holds one sees no edit half-way.
import { type Elsewhere, keepTree } from "./hocon.ts";
import type { Host } from "./host.ts";
import { folderOfLinterConfig, isLinterConfig, linterConfigsIn, rulesFolderOf, userLinterConfig } from "./linter-config.ts";
import { packageName } from "./package-name.ts";
import { basename, dirname, isBelow, resolve } from "./paths.ts";
import { Project } from "./project.ts";
import type { ProjectSettings } from "./project-settings.ts";
import { bufferFile, diskFile, type FileKind, kindOf, type SourceFile } from "./source-file.ts";
import { remembersStatements } from "./statement-memories.ts";

/** Folders that say something about all files below them. */
const rootFiles = new Set(["rw.conf", ".manifest"]);

/** Files that a project reads; everything else is not even opened. */
export function isProjectFile(path: string): boolean {
  return kindOf(path) !== "other" || basename(path) === ".manifest" || path.endsWith(".properties");
}

export class Workspace {
  readonly #host: Host;
  readonly #disk = new Map<string, SourceFile>();
  readonly #buffers = new Map<string, SourceFile>();
  /** Configurations of lint rules that hold for the folders and lie above them, and the user's own. */
  readonly #above = new Map<string, SourceFile>();
  readonly #projects = new Map<string, Project>();
  /** Roots whose projects were given up since they were last looked at. */
  readonly #outdated = new Set<string>();
  #folders: readonly string[] = [];
  #roots: readonly string[] = [];
  #rootSet: ReadonlySet<string> = new Set();
  #byRoot: Map<string, Map<string, SourceFile>> | undefined;
  /** Roots that also see what lies in their enclosing root beside all other roots: a library. */
  readonly #enclosing = new Map<string, string>();
  /** Folders whose policies make sense only alone, as their project found out. */
  readonly #alone = new Map<string, readonly string[]>();
  #settings: ProjectSettings;
  #settingsByFolder: ReadonlyMap<string, ProjectSettings> = new Map();

  constructor(host: Host, settings: ProjectSettings = {}) {
    this.#host = host;
    this.#settings = settings;
  }

  readonly #reach: Elsewhere = {
    find: (path) => this.file(path),
    isOutside: (path) => path.startsWith("/") && !this.#isInside(path),
    holds: (folder) => [...this.#disk.keys(), ...this.#buffers.keys()].some((path) => path !== folder && isBelow(path, folder)),
    userLinterConfig: () => (this.#userConfig === undefined ? undefined : this.file(this.#userConfig)),
  };

  get folders(): readonly string[] {
    return this.#folders;
  }

  /** Reads every folder; files of folders that went are forgotten. */
  async setFolders(folders: readonly string[]): Promise<void> {
    const added = folders.filter((folder) => !this.#folders.includes(folder));
    this.#folders = [...folders];
    for (const path of [...this.#disk.keys()]) if (!this.#isInside(path)) this.#disk.delete(path);
    for (const root of [...this.#alone.keys()]) if (!this.#isInside(root)) this.#alone.delete(root);
    for (const folder of added) {
      const paths = (await this.#host.list(folder)).filter(isProjectFile);
      await Promise.all(paths.map((path) => this.#readDisk(path)));
    }
    if (added.length > 0) await this.#readAbove();
    this.#findRoots();
  }

  /** Settings of all projects, and those of the folders that have their own. */
  setSettings(settings: ProjectSettings, byFolder: ReadonlyMap<string, ProjectSettings> = new Map()): void {
    this.#settings = settings;
    this.#settingsByFolder = byFolder;
    this.#findRoots();
  }

  /** The workspace folder that holds a path, the innermost one. */
  folderOf(path: string): string | undefined {
    const holding = this.#folders.filter((folder) => isBelow(path, folder));
    return holding.reduce<string | undefined>((best, one) => (one.length > (best?.length ?? -1) ? one : best), undefined);
  }

  #settingsOf(path: string): ProjectSettings {
    const folder = this.folderOf(path);
    return (folder === undefined ? undefined : this.#settingsByFolder.get(folder)) ?? this.#settings;
  }

  /** From now on each of these folders of a root is a root of its own. */
  separate(root: string, folders: readonly string[]): void {
    this.#alone.set(root, [...(this.#alone.get(root) ?? []), ...folders]);
    this.#findRoots();
  }

  /** The text of an editor, which wins over the disk until it is closed. */
  setBuffer(path: string, text: string, version: number, kind: FileKind = kindOf(path)): void {
    const before = this.file(path);
    const file = bufferFile(path, text, version, kind);
    if (before !== undefined) keepTree(before, file);
    if (kind === "rego") remembersStatements(before, file);
    this.#buffers.set(path, file);
    this.#changed(path);
  }

  closeBuffer(path: string): void {
    if (this.#buffers.delete(path)) this.#changed(path);
  }

  hasBuffer(path: string): boolean {
    return this.#buffers.has(path);
  }

  /** Reads a file of the disk again: it was made, changed or removed. Gives true when its project may answer differently now. */
  async refresh(path: string): Promise<boolean> {
    if (isLinterConfig(path) && !this.#isInside(path)) return this.#refreshAbove(path);
    if (!this.#isInside(path) || !isProjectFile(path)) return false;
    const before = this.#disk.get(path);
    await this.#readDisk(path);
    if (before !== undefined && before.text === this.#disk.get(path)?.text) return false;
    this.#changed(path);
    return !this.#buffers.has(path);
  }

  /** Reads a file again, or all that a folder holds and held. Gives the paths whose projects may answer differently now. */
  async refreshBelow(path: string): Promise<readonly string[]> {
    if (isProjectFile(path)) return (await this.refresh(path)) ? [path] : [];
    const folder = this.#folders.find((one) => isBelow(path, one));
    if (folder === undefined) return [];
    const paths = new Set([...this.#disk.keys(), ...(await this.#host.list(folder))].filter((one) => isBelow(one, path)));
    const changed: string[] = [];
    for (const one of paths) if (await this.refresh(one)) changed.push(one);
    return changed;
  }

  file(path: string): SourceFile | undefined {
    return this.#buffers.get(path) ?? this.#disk.get(path) ?? this.#above.get(path);
  }

  /** Roots of all projects that hold files, the outermost first. */
  get roots(): readonly string[] {
    return this.#roots;
  }

  /** The root of the project that a file belongs to. */
  rootOf(path: string): string {
    if (!path.startsWith("/")) return path;
    for (let folder = path; ; folder = dirname(folder)) {
      if (this.#rootSet.has(folder)) return folder;
      // A single file without a folder, or an unsaved one, is a project of its own folder.
      if (folder === "/") return dirname(path);
    }
  }

  /** The roots whose samples include a file that changed in another project; each is told once. */
  takeOutdated(): readonly string[] {
    const roots = [...this.#outdated];
    this.#outdated.clear();
    return roots;
  }

  /** The project of a file, as of now. */
  projectOf(path: string): Project {
    return this.project(this.rootOf(path));
  }

  /** The project at a root, as of now. */
  project(root: string): Project {
    const known = this.#projects.get(root);
    if (known !== undefined) return known;
    const files = this.#filesOf(root) ?? new Map<string, SourceFile>();
    const enclosing = this.#enclosing.get(root);
    const beside = enclosing === undefined ? undefined : { root: enclosing, files: this.#filesOf(enclosing) ?? new Map() };
    const sibling = [...this.#projects].find(([other]) => enclosing !== undefined && this.#enclosing.get(other) === enclosing);
    const made = new Project(root, files, this.#settingsOf(root), this.#host.now, this.#reach, {
      beside,
      before: sibling?.[1],
    });
    this.#projects.set(root, made);
    return made;
  }

  /** The files of a root; all roots are sorted out at once. */
  #filesOf(root: string): Map<string, SourceFile> | undefined {
    if (this.#byRoot === undefined) {
      this.#byRoot = new Map();
      for (const [path, file] of [...this.#disk, ...this.#buffers]) {
        const owner = this.rootOf(path);
        const files = this.#byRoot.get(owner);
        if (files === undefined) this.#byRoot.set(owner, new Map([[path, file]]));
        else files.set(path, file);
      }
    }
    return this.#byRoot.get(root);
  }

  #isInside(path: string): boolean {
    return this.#folders.some((folder) => isBelow(path, folder));
  }

  get #userConfig(): string | undefined {
    const { home } = this.#host;
    return home === undefined ? undefined : resolve(home, userLinterConfig);
  }

  /** Looks for configurations of lint rules up to the topmost folder. */
  async #readAbove(): Promise<void> {
    const paths = new Set(this.#userConfig === undefined ? [] : [this.#userConfig]);
    for (const folder of this.#folders.filter((one) => one.startsWith("/")))
      for (let above = folder; above !== "/"; ) {
        above = dirname(above);
        for (const path of linterConfigsIn(above)) if (!this.#isInside(path)) paths.add(path);
      }
    this.#above.clear();
    await Promise.all([...paths].map((path) => this.#readOneAbove(path)));
  }

  async #readOneAbove(path: string): Promise<void> {
    const bytes = await this.#host.readFile(path);
    if (bytes === undefined) this.#above.delete(path);
    else this.#above.set(path, diskFile(path, bytes));
  }

  async #refreshAbove(path: string): Promise<boolean> {
    const isAbove = path === this.#userConfig || this.#folders.some((folder) => isBelow(folder, folderOfLinterConfig(path)));
    const before = this.#above.get(path)?.text;
    if (isAbove) await this.#readOneAbove(path);
    if (before === this.#above.get(path)?.text) return false;
    this.#changed(path);
    return true;
  }

  async #readDisk(path: string): Promise<void> {
    const bytes = await this.#host.readFile(path);
    if (bytes === undefined) this.#disk.delete(path);
    else this.#disk.set(path, diskFile(path, bytes));
  }

  #changed(path: string): void {
    const file = this.file(path);
    this.#byRoot = undefined;
    if (rootFiles.has(basename(path)) || isLinterConfig(path)) this.#findRoots();
    const root = this.rootOf(path);
    const project = this.#projects.get(root);
    if (project !== undefined) this.#projects.set(root, project.withFile(path, file));
    for (const [other, held] of this.#projects) {
      // A library of several roots, or a file that samples of other projects include.
      const isLibrary = this.#enclosing.get(other) === root;
      if (other === root || !(isLibrary || (file?.kind !== "rego" && held.reads(path)))) continue;
      if (isLibrary) this.#projects.set(other, held.withFileBeside(path, file));
      else this.#projects.delete(other);
      this.#outdated.add(other);
    }
  }

  #findRoots(): void {
    const paths = [...new Set([...this.#disk.keys(), ...this.#buffers.keys()])].filter((path) => path.startsWith("/"));
    const roots = new Set(this.#folders);
    for (const path of paths) if (basename(path) === "rw.conf") roots.add(dirname(path));
    for (const path of paths) {
      const rules = rulesFolderOf(path);
      if (rules !== undefined && this.#isInside(rules)) roots.add(rules);
    }
    const outer = new Set(roots);
    this.#enclosing.clear();
    const isRoot = (folder: string): boolean => outer.has(folder);
    const enclose = (folder: string): void => {
      if (roots.has(folder)) return;
      const enclosing = nearest(dirname(folder), isRoot);
      if (enclosing === undefined || !paths.some((path) => isBelow(path, folder))) return;
      roots.add(folder);
      this.#enclosing.set(folder, enclosing);
    };
    for (const folder of this.#folders) for (const root of this.#settingsOf(folder).roots ?? []) enclose(resolve(folder, root));
    for (const folder of this.#clashingBundles(paths)) {
      enclose(folder);
      // A bundle is loaded without what lies around it.
      this.#enclosing.delete(folder);
    }
    for (const folders of this.#alone.values()) folders.forEach(enclose);
    this.#rootSet = roots;
    this.#roots = [...roots].sort();
    this.#byRoot = undefined;
    this.#projects.clear();
  }

  /** Folders with a manifest that define packages of one name: they are bundles of their own, never loaded together. */
  #clashingBundles(paths: readonly string[]): readonly string[] {
    const bundles = paths.filter((path) => basename(path) === ".manifest").map(dirname);
    if (bundles.length < 2) return [];
    const known = new Set(bundles);
    const holders = new Map<string, Set<string>>();
    for (const path of paths) {
      const file = this.file(path);
      const name = file?.kind === "rego" ? packageName(file.text) : undefined;
      const bundle = name === undefined ? undefined : nearest(dirname(path), (folder) => known.has(folder));
      if (name === undefined || bundle === undefined) continue;
      const holding = holders.get(name);
      if (holding === undefined) holders.set(name, new Set([bundle]));
      else holding.add(bundle);
    }
    return [...new Set([...holders.values()].flatMap((holding) => (holding.size > 1 ? [...holding] : [])))].sort();
  }
}

/** The folder, or the nearest one above it, that fits. */
function nearest(from: string, fits: (folder: string) => boolean): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    if (fits(folder)) return folder;
    if (folder === "/") return undefined;
  }
}

/** Opens the one project at `root`, as the command line does. */
export async function openProject(host: Host, root: string, settings: ProjectSettings = {}): Promise<Project> {
  const workspace = new Workspace(host, { ...settings, anySize: true });
  await workspace.setFolders([root]);
  return workspace.project(root);
}
