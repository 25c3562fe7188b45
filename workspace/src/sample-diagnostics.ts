// What is wrong in samples, their expectations and every other HOCON file.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Steps } from "#grammars/text/steps.ts";
import { readDocument } from "./documents.ts";
import type { Expectations } from "./expected.ts";
import { type HoconValue, parsedHocon } from "./hocon.ts";
import { basename } from "./paths.ts";
import type { Sample } from "./samples.ts";
import type { SourceFile } from "./source-file.ts";

/** What of a project is looked at. */
interface Sampled {
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly samples: readonly Sample[];
  readonly largeDocuments: readonly SourceFile[];
  readonly settings: { readonly profile?: string | undefined };
  resolveHocon(file: SourceFile, profile?: string): HoconValue;
  expectationsOf(sample: Sample): Expectations;
}

/** With a pause after each file. `composed`: samples are more than their own text. */
export function* sampleDiagnosticsOf(project: Sampled, composed: boolean): Steps<readonly Diagnostic[]> {
  const { profile } = project.settings;
  const read = project.samples.filter(({ file }) => !project.largeDocuments.includes(file));
  const samples = new Set(read.map((sample) => sample.file));
  const found: Diagnostic[] = [];
  for (const file of project.files.values()) {
    if (file.kind !== "hocon" || basename(file.path) === "rw.conf") continue;
    // Files that only others include may leave substitutions to them: their text alone is judged.
    const own = samples.has(file) ? project.resolveHocon(file, profile).diagnostics : parsedHocon(file).diagnostics;
    found.push(...own);
    yield;
  }
  for (const sample of read) {
    if (sample.file.kind !== "hocon") {
      const own = readDocument(sample.file);
      found.push(...own.diagnostics);
      if (own.json !== undefined && composed) found.push(...project.resolveHocon(sample.file, profile).diagnostics);
    }
    if (sample.expected !== undefined && sample.expected.kind !== "hocon")
      found.push(...readDocument(sample.expected).diagnostics);
    found.push(...project.expectationsOf(sample).diagnostics);
    yield;
  }
  return found;
}
