// What is wrong in samples, their expectations and every other HOCON file.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { oncePer } from "#grammars/once-per.ts";
import type { Steps } from "#grammars/text/steps.ts";
import type { ProjectConfig } from "./config.ts";
import { readDocument } from "./documents.ts";
import type { Expectations } from "./expected.ts";
import { type HoconValue, parsedHocon } from "./hocon.ts";
import { basename, resolve } from "./paths.ts";
import type { Sample } from "./samples.ts";
import type { SourceFile } from "./source-file.ts";

/** What of a project is looked at. */
interface Sampled {
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly largeDocuments: readonly SourceFile[];
  readonly settings: { readonly profile?: string | undefined };
  readonly config: Pick<ProjectConfig, "inputs" | "profiles">;
  readonly configFolder: string;
  readonly root: string;
}

interface SampleValues {
  readonly samples: readonly Sample[];
  resolveHocon(file: SourceFile, profile?: string): HoconValue;
  expectationsOf(sample: Sample): Expectations;
  readonly strayExpectations: readonly Diagnostic[];
}

/** With a pause after each file. `composed`: samples are more than their own text. */
export function* sampleDiagnosticsOf(project: Sampled, inputs: SampleValues, composed: boolean): Steps<readonly Diagnostic[]> {
  const { profile } = project.settings;
  const read = inputs.samples.filter(({ file }) => !project.largeDocuments.includes(file));
  const samples = new Set(read.map((sample) => sample.file));
  const leaning = filesThatLean(project);
  const found: Diagnostic[] = [];
  for (const file of project.files.values()) {
    if (file.kind !== "hocon" || basename(file.path) === "rw.conf") continue;
    if (samples.has(file)) found.push(...inputs.resolveHocon(file, profile).diagnostics);
    else if (file.version === undefined || leaning(file)) found.push(...parsedHocon(file).diagnostics);
    else found.push(...inputs.resolveHocon(file, profile).diagnostics.filter((one) => !isLeftToClassPath(file, one)));
    yield;
  }
  for (const sample of read) {
    if (sample.file.kind !== "hocon") {
      const own = readDocument(sample.file);
      found.push(...own.diagnostics);
      if (own.json !== undefined && composed) found.push(...inputs.resolveHocon(sample.file, profile).diagnostics);
    }
    if (sample.expected !== undefined && sample.expected.kind !== "hocon")
      found.push(...readDocument(sample.expected).diagnostics);
    found.push(...inputs.expectationsOf(sample).diagnostics);
    yield;
  }
  found.push(...inputs.strayExpectations);
  return found;
}

/**
 * Tells the files that others complete: their text alone is judged, since they may leave substitutions to those. What an author has open and
 * nothing completes stands for itself, as a sample does.
 */
function filesThatLean({ files, largeDocuments, config, configFolder, root }: Sampled): (file: SourceFile) => boolean {
  const { inputs, profiles } = config;
  const layers = new Set(profiles.flatMap(({ overlays }) => overlays).map((path) => resolve(root, path)));
  if (inputs.base !== undefined) layers.add(resolve(configFolder, inputs.base));
  return (file) =>
    layers.has(file.path) ||
    largeDocuments.includes(file) ||
    [...files.values()].some((other) => other !== file && other.kind === "hocon" && namesIncluded(other).has(stemOf(file.path)));
}

/** What include statements name, without folders and endings. */
const namesIncluded = oncePer((file: SourceFile): ReadonlySet<string> => {
  const statements = file.text.matchAll(/\binclude\s*(?:required\s*\(\s*)?(?:(?:file|classpath|url)\s*\(\s*)?"([^"\n]+)"/gu);
  return new Set(Array.from(statements, ([, name]) => stemOf(name!)));
});

const stemOf = (path: string): string => basename(path).replace(/\.(?:conf|hocon|json|properties)$/u, "");

/** `application.conf` and `reference.conf` are merged with those of the libraries, which are not here. */
function isLeftToClassPath(file: SourceFile, { code }: Diagnostic): boolean {
  return code === "hocon_unresolved" && /^(?:application|reference)$/u.test(stemOf(file.path));
}
