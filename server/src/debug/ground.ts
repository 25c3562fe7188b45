// What a debug session stands on: the projects of a server, with unsaved text, and how a client names their files.

import type { Mocks } from "#evaluation/mocks.ts";
import { basename, dirname, isBelow, resolve } from "#workspace/paths.ts";
import { pinnedSample } from "#workspace/pins.ts";
import { Project } from "#workspace/project.ts";
import { diskFile, type SourceFile } from "#workspace/source-file.ts";
import { isProjectFile } from "#workspace/workspace.ts";
import { type Inputs, resolvedSample } from "../inputs.ts";
import type { Session } from "../session.ts";
import type { Launch } from "./launch.ts";
import type { Source } from "./protocol.ts";

/** A path of the system as a workspace writes it: `/c:/policies` for `C:\policies`. */
export function slashed(path: string): string {
  return path.replace(/^([A-Za-z]):[\\/]/u, (_, drive: string) => `/${drive.toLowerCase()}:/`).replaceAll("\\", "/");
}

export class Ground {
  readonly session: Session;
  readonly #inputs: Inputs;

  constructor(session: Session, inputs: Inputs) {
    this.session = session;
    this.#inputs = inputs;
  }

  /** The path of a file as a client names it: a path of its system, or a URI. */
  pathOf(name: string): string {
    const { uris, workspace } = this.session;
    if (/^[a-z][\w+.-]+:/iu.test(name)) return uris.path(name);
    const path = slashed(name);
    // `${workspaceFolder}` says nothing of the file system that the folder is in.
    for (const folder of workspace.folders) {
      const fileSystem = uris.fileSystemOf(folder);
      if (fileSystem !== "" && isBelow(path, folder.slice(fileSystem.length))) return `${fileSystem}${path}`;
    }
    // What begins nowhere lies in the folder that is open.
    const [root] = workspace.roots;
    return root === undefined || name === "" ? path : resolve(root, path);
  }

  sourceOf(path: string): Source {
    const name = basename(path);
    const uri = this.session.uris.uri(path);
    if (!uri.startsWith("file:")) return { name, path: uri };
    return { name, path: /^\/[a-z]:\//u.test(path) ? path.slice(1).replaceAll("/", "\\") : path };
  }

  /** The project that a launch is about. */
  async project(launch: Launch): Promise<Project | { readonly problem: string }> {
    const pathsOf = (names: readonly string[]): readonly string[] =>
      names.map((name) => this.pathOf(name).replace(/(.)\/$/u, "$1"));
    const [bundles, data] = [pathsOf(launch.bundlePaths), pathsOf(launch.dataPaths)];
    const named = [...bundles, ...data];
    const { session } = this;
    await session.loaded;
    if (launch.file !== undefined && named.length === 0) {
      const path = this.pathOf(launch.file);
      if (session.workspace.file(path) !== undefined) return session.projectOf(path);
      if ((await this.#file(path)) === undefined) return { problem: `the policy ${launch.file} cannot be read` };
      return this.#projectOf([dirname(path)], []);
    }
    const { roots } = session.workspace;
    if (named.length === 0) return this.#projectWith(launch);
    // The folder of a project is asked with all that the project knows.
    const [only, ...others] = named;
    if (only !== undefined && others.length === 0 && data.length === 0 && roots.includes(only))
      return session.projectOf(`${only}/policy.rego`);
    return this.#projectOf(bundles, data);
  }

  /** The project of the launch's folder; where another one has what the query names, that one. */
  async #projectWith({ folder, query }: Launch): Promise<Project | { readonly problem: string }> {
    const projects = await this.session.projects();
    const home = folder === undefined ? projects[0]?.root : this.session.workspace.rootOf(`${this.pathOf(folder)}/policy.rego`);
    const first = projects.find(({ root }) => root === home) ?? projects[0];
    if (first === undefined) return { problem: "there is no folder to debug: name one in bundlePaths or dataPaths" };
    const path = /\bdata(?:\.\w+)+/u.exec(query ?? "")?.[0];
    if (path === undefined || holds(first, path)) return first;
    return projects.find((project) => holds(project, path)) ?? first;
  }

  /** A project of the files at some paths alone. Of data all JSON and YAML files are taken, of bundles those that bundles have. */
  async #projectOf(bundles: readonly string[], data: readonly string[]): Promise<Project | { readonly problem: string }> {
    const { session } = this;
    const files = new Map<string, SourceFile>();
    const dataFiles = new Set<string>();
    const roots: string[] = [];
    for (const path of [...bundles, ...data]) {
      const inside = (await session.host.list(path)).filter(isProjectFile);
      const isFolder = inside.length > 0;
      roots.push(isFolder ? path : dirname(path));
      for (const one of isFolder ? inside : [path]) {
        const file = await this.#file(one);
        if (file === undefined) continue;
        files.set(one, file);
        if (data.includes(path) && (file.kind === "json" || file.kind === "yaml")) dataFiles.add(one);
      }
    }
    if (files.size === 0) return { problem: `nothing can be read at ${[...bundles, ...data].join(", ")}` };
    const find = (path: string): SourceFile | undefined => session.workspace.file(path);
    const elsewhere = { find, isOutside: () => false, holds: () => true, userLinterConfig: () => undefined };
    const settings = { anySize: true, data: { files: dataFiles, roots } };
    return new Project(commonFolder(roots), files, settings, () => session.host.now(), elsewhere);
  }

  /** A file as the editor has it, else that of the disk. */
  async #file(path: string): Promise<SourceFile | undefined> {
    const known = this.session.workspace.file(path);
    if (known !== undefined) return known;
    const bytes = await this.session.host.readFile(path);
    return bytes === undefined ? undefined : diskFile(path, bytes);
  }

  /** What answers a launch in place of the world. */
  mocks(project: Project, { profile }: Launch): Mocks | undefined {
    return project.configuration.mocks(profile ?? this.#inputs.profileOf(project.root));
  }

  /** The input of a launch: what it names, else what the file's rules are asked with elsewhere. */
  async input(project: Project, launch: Launch): Promise<{ readonly json: string | undefined } | { readonly problem: string }> {
    if (launch.input !== undefined) return { json: launch.input };
    const profile = launch.profile ?? this.#inputs.profileOf(project.root);
    if (launch.inputPath === undefined) {
      if (launch.command === "test") return { json: undefined };
      const pinned = launch.query === undefined ? undefined : pinnedSample(project, launch.query);
      const path = launch.file === undefined ? `${project.root}/policy.rego` : this.pathOf(launch.file);
      const chosen = pinned === undefined ? this.#inputs.of(project, path) : resolvedSample(project, pinned, profile);
      return chosen.problem === undefined ? { json: chosen.json } : { problem: chosen.problem };
    }
    if (launch.inputPath.trim() === "") return { json: undefined };
    const path = this.pathOf(launch.inputPath);
    const file = await this.#file(path);
    if (file === undefined) return { problem: `the input ${launch.inputPath} cannot be read` };
    const { json, problems } = project.inputs.resolve(file, profile);
    return json === undefined ? { problem: `the input ${launch.inputPath}: ${problems[0] ?? "it has no value"}` } : { json };
  }
}

/** True where a project has the package that a path names or lies in. */
function holds(project: Project, path: string): boolean {
  return project.policies.some((file) => {
    const name = project.packageOf(file);
    return path === name || path.startsWith(`${name}.`) || name.startsWith(`${path}.`);
  });
}

/** The innermost folder that holds all of them. */
function commonFolder(folders: readonly string[]): string {
  let common = folders[0]!;
  while (common !== "/" && !folders.every((folder) => folder === common || isBelow(folder, common))) common = dirname(common);
  return common;
}
