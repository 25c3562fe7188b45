// What `rw.conf` and the settings say of one moment of a project: mocks, capabilities, schemas, and what is wrong with the files they name.
import type { Capabilities } from "#analysis/rego/capabilities.ts";
import type { Mocks } from "#evaluation/mocks.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { type NamedCapabilities, namedCapabilities } from "./capabilities-file.ts";
import { defaultConfig, type ProjectConfig } from "./config.ts";
import { type Configuration, configurationOf, missingRoots } from "./configuration.ts";
import type { Elsewhere } from "./hocon.ts";
import type { KeptValues } from "./kept-values.ts";
import { mockProblems, mocksOf } from "./mocks.ts";
import { resolve } from "./paths.ts";
import type { ProjectSettings } from "./project-settings.ts";
import { findSchemas, type Schemas } from "./schemas.ts";
import { schemaProblems, settingProblem } from "./setting-problems.ts";
import type { SourceFile } from "./source-file.ts";

/** The project that is configured. */
interface Source {
  readonly root: string;
  readonly settings: ProjectSettings;
  readonly elsewhere: Elsewhere;
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly policies: readonly SourceFile[];
  readonly find: (path: string) => SourceFile | undefined;
  /** Computes a value once for this moment of the project. */
  once<T>(key: string, compute: () => T): T;
}

/** The root around the project; the project itself where there is none. */
interface Around {
  readonly root: string;
  readonly files: ReadonlyMap<string, SourceFile>;
}

export class ProjectConfiguration {
  readonly #project: Source;
  readonly #beside: Around;
  readonly #values: KeptValues;

  constructor(project: Source, beside: Around, values: KeptValues) {
    this.#project = project;
    this.#beside = beside;
    this.#values = values;
  }

  /** The folder whose `rw.conf` holds here: the root's own, or that of the root around it. */
  get folder(): string {
    const { files, root } = this.#project;
    return files.has(resolve(root, "rw.conf")) ? root : this.#beside.root;
  }

  /** The path of `rw.conf`, whether the file is there or not. */
  get #path(): string {
    return resolve(this.folder, "rw.conf");
  }

  get config(): ProjectConfig {
    return this.#configuration.config;
  }

  /** What is wrong with the text of `rw.conf`. */
  get diagnostics(): readonly Diagnostic[] {
    return this.#configuration.diagnostics;
  }

  get #configuration(): Configuration {
    const { files, find, elsewhere } = this.#project;
    return this.#project.once("configuration", () => {
      const path = this.#path;
      const file = files.get(path) ?? this.#beside.files.get(path);
      if (file === undefined) return { config: defaultConfig, diagnostics: [] };
      return this.#values.read(path, [file], find, (tracked) =>
        configurationOf(file, { find: tracked, isOutside: elsewhere.isOutside }),
      );
    });
  }

  /** Roots that `rw.conf` names and that are not there. */
  get rootProblems(): readonly Diagnostic[] {
    const { find, elsewhere } = this.#project;
    return this.#project.once("rootProblems", () => {
      const file = find(this.#path);
      return file === undefined ? [] : missingRoots(file, this.config.roots, elsewhere.holds);
    });
  }

  /** What answers policies in place of the world, with a profile or without; undefined where `rw.conf` names nothing. */
  mocks(profile: string | undefined): Mocks | undefined {
    const { config, folder } = this;
    const { root, find } = this.#project;
    return this.#project.once(`mocks:${profile ?? ""}`, () =>
      this.#values.read(`mocks:${root}:${profile ?? ""}`, [config], find, (tracked) => mocksOf(config, folder, profile, tracked)),
    );
  }

  /** What is wrong with the files that mocks name. */
  get mockProblems(): readonly Diagnostic[] {
    const { config, folder } = this;
    const { root, find } = this.#project;
    return this.#project.once("mockProblems", () =>
      this.#values.read(`mockProblems:${root}`, [config], find, (tracked) => mockProblems(config, folder, tracked)),
    );
  }

  /** The builtins of the program that runs the policies, where a capabilities file names them. */
  get capabilities(): Capabilities | undefined {
    return this.#capabilitiesFile.capabilities;
  }

  /** Why the builtins of the host program are not known, said where the file is named. */
  get capabilityProblems(): readonly Diagnostic[] {
    const { problem } = this.#capabilitiesFile;
    const file = this.config.capabilities === undefined ? this.#firstPolicy : this.#path;
    return problem === undefined ? [] : [settingProblem(file, problem)];
  }

  get #capabilitiesFile(): NamedCapabilities {
    const { settings, find } = this.#project;
    return this.#project.once("capabilities", () => {
      const named = settings.capabilities || this.config.capabilities;
      return namedCapabilities(named, (path) => find(resolve(this.folder, path)));
    });
  }

  /** The schemas that METADATA blocks name. */
  get schemas(): Schemas | undefined {
    const { settings, files, find } = this.#project;
    return this.#project.once("schemas", () => {
      const named = settings.schema === "" ? undefined : settings.schema;
      return findSchemas(named, this.folder, [...files.values(), ...this.#beside.files.values()], find);
    });
  }

  /** What is wrong with the schemas that the settings name, or with the text of one. */
  get schemaProblems(): readonly Diagnostic[] {
    return schemaProblems(this.schemas, this.#firstPolicy);
  }

  /** Where a complaint about a setting of the host program is told, which has no file of its own. */
  get #firstPolicy(): string {
    return this.#project.policies[0]?.path ?? "";
  }
}
