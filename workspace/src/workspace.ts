// Folders → files → projects. Buffers of an editor lie over the disk; each change makes new project objects, so a request that holds one sees no edit half-way.
import { keepTree } from "./hocon.ts";
import type { Host } from "./host.ts";
import { basename, dirname, isBelow } from "./paths.ts";
import { Project, type ProjectSettings } from "./project.ts";
import { bufferFile, diskFile, type FileKind, kindOf, type SourceFile } from "./source-file.ts";

/** Files that a project reads; everything else is not even opened. */
export function isProjectFile(path: string): boolean {
  return kindOf(path) !== "other" || basename(path) === ".manifest" || path.endsWith(".properties");
}

export class Workspace {
  readonly #host: Host;
  readonly #disk = new Map<string, SourceFile>();
  readonly #buffers = new Map<string, SourceFile>();
  readonly #projects = new Map<string, Project>();
  /** Roots whose projects were given up since they were last looked at. */
  readonly #outdated = new Set<string>();
  #folders: readonly string[] = [];
  #roots: readonly string[] = [];
  #settings: ProjectSettings;

  constructor(host: Host, settings: ProjectSettings = {}) {
    this.#host = host;
    this.#settings = settings;
  }

  get folders(): readonly string[] {
    return this.#folders;
  }

  /** Reads every folder; files of folders that went are forgotten. */
  async setFolders(folders: readonly string[]): Promise<void> {
    const added = folders.filter((folder) => !this.#folders.includes(folder));
    this.#folders = [...folders];
    for (const path of [...this.#disk.keys()]) if (!this.#isInside(path)) this.#disk.delete(path);
    for (const folder of added) {
      const paths = (await this.#host.list(folder)).filter(isProjectFile);
      await Promise.all(paths.map((path) => this.#readDisk(path)));
    }
    this.#findRoots();
  }

  setSettings(settings: ProjectSettings): void {
    this.#settings = settings;
    this.#projects.clear();
  }

  /** The text of an editor, which wins over the disk until it is closed. */
  setBuffer(path: string, text: string, version: number, kind: FileKind = kindOf(path)): void {
    const before = this.file(path);
    const file = bufferFile(path, text, version, kind);
    if (before !== undefined) keepTree(before, file);
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
    return this.#buffers.get(path) ?? this.#disk.get(path);
  }

  /** Roots of all projects that hold files, the outermost first. */
  get roots(): readonly string[] {
    return this.#roots;
  }

  /** The root of the project that a file belongs to. */
  rootOf(path: string): string {
    let best: string | undefined;
    for (const root of this.#roots) if (isBelow(path, root) && root.length > (best?.length ?? -1)) best = root;
    // A single file without a folder, or an unsaved one, is a project of its own folder.
    return best ?? (path.startsWith("/") ? dirname(path) : path);
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
    const files = new Map<string, SourceFile>();
    for (const [path, file] of this.#disk) if (this.rootOf(path) === root) files.set(path, file);
    for (const [path, file] of this.#buffers) if (this.rootOf(path) === root) files.set(path, file);
    const made = new Project(root, files, this.#settings, this.#host.now, (path) => this.file(path));
    this.#projects.set(root, made);
    return made;
  }

  #isInside(path: string): boolean {
    return this.#folders.some((folder) => isBelow(path, folder));
  }

  async #readDisk(path: string): Promise<void> {
    const bytes = await this.#host.readFile(path);
    if (bytes === undefined) this.#disk.delete(path);
    else this.#disk.set(path, diskFile(path, bytes));
  }

  #changed(path: string): void {
    if (basename(path) === "rw.conf") this.#findRoots();
    const root = this.rootOf(path);
    const project = this.#projects.get(root);
    const file = this.file(path);
    if (project !== undefined) this.#projects.set(root, project.withFile(path, file));
    // A file may be included by samples of other projects.
    if (file?.kind !== "rego") {
      for (const [other, held] of this.#projects) {
        if (other === root || !held.reads(path)) continue;
        this.#projects.delete(other);
        this.#outdated.add(other);
      }
    }
  }

  #findRoots(): void {
    const roots = new Set(this.#folders);
    for (const path of [...this.#disk.keys(), ...this.#buffers.keys()]) {
      if (basename(path) === "rw.conf" && path.startsWith("/")) roots.add(dirname(path));
    }
    this.#roots = [...roots].sort();
    this.#projects.clear();
  }
}

/** Opens the one project at `root`, as the command line does. */
export async function openProject(host: Host, root: string, settings: ProjectSettings = {}): Promise<Project> {
  const workspace = new Workspace(host, settings);
  await workspace.setFolders([root]);
  return workspace.project(root);
}
