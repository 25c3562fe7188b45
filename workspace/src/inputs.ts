// The inputs of one project at one moment: its samples, what HOCON, JSON and YAML files come to, and the decisions that are expected beside them.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { finish, type Steps } from "#grammars/text/steps.ts";
import type { ProjectConfig } from "./config.ts";
import { readDocument } from "./documents.ts";
import { type Expectations, readExpectations } from "./expected.ts";
import { type Elsewhere, type HoconValue, resolveFile } from "./hocon.ts";
import type { KeptValues } from "./kept-values.ts";
import { whyNotRead } from "./large-documents.ts";
import { resolve } from "./paths.ts";
import type { ProjectSettings } from "./project-settings.ts";
import { sampleDiagnosticsOf } from "./sample-diagnostics.ts";
import { findSamples, type Sample, strayExpectations } from "./samples.ts";
import type { Schemas } from "./schemas.ts";
import type { SourceFile } from "./source-file.ts";

export interface Resolved {
  readonly json: string | undefined;
  readonly problems: readonly string[];
  /** The same with their places; empty for a file that was not read. */
  readonly faults: readonly Diagnostic[];
}

/** What of a project its inputs are made from. */
interface Source {
  readonly root: string;
  readonly files: ReadonlyMap<string, SourceFile>;
  /** Documents that are in no answer; `files` is without them. */
  readonly largeDocuments: readonly SourceFile[];
  readonly settings: ProjectSettings;
  readonly config: ProjectConfig;
  readonly configFolder: string;
  readonly configuration: { readonly schemas: Schemas | undefined };
  readonly find: (path: string) => SourceFile | undefined;
  readonly elsewhere: Elsewhere;
  /** Computes a value once for this moment of the project. */
  once<T>(key: string, compute: () => T): T;
  onceInSteps<T>(key: string, steps: () => Steps<T>): Steps<T>;
}

export class Inputs {
  readonly #project: Source;
  readonly #kept: KeptValues;

  constructor(project: Source, kept: KeptValues) {
    this.#project = project;
    this.#kept = kept;
  }

  get samples(): readonly Sample[] {
    const { files, largeDocuments, configuration, settings, root, config } = this.#project;
    return this.#project.once("samples", () => {
      const globs = settings.inputGlobs ?? [];
      // A schema called `input.json` is no input.
      const schemas = new Set(configuration.schemas?.files.values());
      const candidates = [...files.values(), ...largeDocuments].filter((file) => !schemas.has(file));
      return findSamples(root, candidates, globs.length > 0 ? globs : config.inputGlobs);
    });
  }

  /** True for a file that is one of the samples. */
  isSample(file: SourceFile): boolean {
    return this.#project.once("sampleFiles", () => new Set(this.samples.map((sample) => sample.file))).has(file);
  }

  /** The value of a sample as JSON text; undefined when it cannot be resolved. */
  json(sample: Sample, profile?: string): string | undefined {
    return this.resolve(sample.file, profile).json;
  }

  /** The value of a HOCON, JSON or YAML file as JSON text, as far as it can be told, and what is wrong with it. */
  resolve(file: SourceFile, profile?: string): Resolved {
    if (this.#project.largeDocuments.includes(file)) return { json: undefined, problems: [whyNotRead(file)], faults: [] };
    if (file.unreadable !== undefined) return { json: undefined, problems: [file.unreadable], faults: [] };
    if (file.kind === "hocon" || (this.#composes(profile) && this.isSample(file) && readDocument(file).json !== undefined)) {
      const { json, diagnostics } = this.resolveHocon(file, profile);
      return withFaults(
        json,
        diagnostics.filter(({ severity }) => severity === "error"),
      );
    }
    const { json, diagnostics } = readDocument(file);
    return withFaults(json, diagnostics);
  }

  /** A HOCON file with a profile of `rw.conf`: its overlays, environment and properties; a sample also on the base document and converted. */
  resolveHocon(file: SourceFile, profileName?: string): HoconValue {
    const { config, settings, root, find: findFile, elsewhere } = this.#project;
    return this.#project.once(`hocon:${profileName ?? ""}:${file.path}`, () => {
      const isSample = this.isSample(file);
      const key = [root, profileName ?? "", file.path].join("\n");
      return this.#kept.read(key, [file, config, settings, isSample], findFile, (find) =>
        resolveFile(file, {
          root,
          classpath: config.inputs.classpath,
          find,
          isOutside: elsewhere.isOutside,
          profile: config.profiles.find((item) => item.name === profileName),
          environment: settings.environment,
          ...(isSample ? { base: this.#base(find), convert: config.inputs.convert } : {}),
        }),
      );
    });
  }

  /** The files that lie above and below every sample: the overlays of the profile, and the base document. */
  layers(profileName: string | undefined): readonly SourceFile[] {
    const { config, root, find } = this.#project;
    const profile = config.profiles.find(({ name }) => name === profileName);
    return [...(profile?.overlays ?? []).map((path) => find(resolve(root, path))), this.#base(find)].filter(
      (file) => file !== undefined,
    );
  }

  /** The expected decisions beside a sample. */
  expectationsOf(sample: Sample): Expectations {
    const { expected } = sample;
    if (expected === undefined) return { expectations: [], diagnostics: [] };
    return this.#project.once(`expectations:${expected.path}`, () => {
      const json = expected.kind === "hocon" ? this.resolve(expected).json : readDocument(expected).json;
      if (json === undefined) return { expectations: [], diagnostics: [] };
      const profiles = this.#project.config.profiles.map(({ name }) => name);
      return readExpectations(expected, JSON.parse(json), profiles);
    });
  }

  /** Files of expected decisions that belong to no sample. */
  get strayExpectations(): readonly Diagnostic[] {
    return this.#project.once("strayExpectations", () => strayExpectations(this.#project.files.values(), this.samples));
  }

  /** What is wrong in samples, their expectations and every other HOCON file. */
  get diagnostics(): readonly Diagnostic[] {
    return finish(this.diagnosticsSteps());
  }

  /** `diagnostics` with pauses. */
  diagnosticsSteps(): Steps<readonly Diagnostic[]> {
    const project = this.#project;
    return project.onceInSteps("sampleDiagnostics", () =>
      sampleDiagnosticsOf(project, this, this.#composes(project.settings.profile)),
    );
  }

  /** True when samples are more than their own text: merged onto a base document, overlaid or converted. */
  #composes(profile: string | undefined): boolean {
    const { inputs, profiles } = this.#project.config;
    const overlays = profiles.find((item) => item.name === profile)?.overlays ?? [];
    return inputs.base !== undefined || inputs.convert.size > 0 || overlays.length > 0;
  }

  /** The service's document that inputs are merged onto. */
  #base(find: (path: string) => SourceFile | undefined): SourceFile | undefined {
    const { config, configFolder } = this.#project;
    const { base } = config.inputs;
    return base === undefined ? undefined : find(resolve(configFolder, base));
  }
}

const withFaults = (json: string | undefined, faults: readonly Diagnostic[]): Resolved => ({
  json,
  problems: faults.map(({ message }) => message),
  faults,
});
