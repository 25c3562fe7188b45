// Everything that is wrong in a project, per file: syntax, compile and type errors, data, samples, expected decisions.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import { finish, type Steps } from "#grammars/text/steps.ts";
import { parsedHocon } from "#workspace/hocon.ts";
import { whyNotRead } from "#workspace/large-documents.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { unreadableFiles } from "#workspace/stopping-faults.ts";
import { unknownConfigKeys } from "./config-keys.ts";
import { unknownDecisions } from "./decision-mentions.ts";
import { withoutEchoes } from "./hocon/echoes.ts";
import { hoconHints } from "./hocon/hints.ts";
import { unsetVariables } from "./hocon/unset-variables.ts";
import { perRoot } from "./per-root.ts";
import { faultsOf } from "./rego/faults/index.ts";
import { toldByCompiler } from "./rego/faults/told.ts";
import { unificationHints } from "./rego/faults/unification.ts";
import { inputHints } from "./rego/input-hints.ts";
import { sampleDrift } from "./schema/sample-drift.ts";
import { Telling } from "./telling.ts";

export interface ProjectDiagnostics {
  /** The files that have findings, in the order of their paths. */
  readonly byFile: ReadonlyMap<string, readonly Diagnostic[]>;
  readonly syntaxMs: number;
  readonly compileMs: number;
}

const perFile = 100;

/** What is wrong with the text of one policy or HOCON document alone. */
export function syntaxOf(project: Project, path: string): readonly Diagnostic[] {
  const file = project.files.get(path);
  if (file?.kind === "rego") return shown(file, faultsOf(project.parsed(file)));
  return file?.kind === "hocon" ? shown(file, parsedHocon(file).diagnostics) : [];
}

/** What is wrong with one policy as far as policies can tell: findings of data, samples and configuration are not among it. */
export function policyFindings(project: Project, file: SourceFile): readonly Diagnostic[] {
  return shown(file, [
    ...textFindings(project.parsed(file)),
    ...toldByCompiler(project).filter((found) => found.file === file.path),
  ]);
}

function textFindings(parsed: ParsedModule): readonly Diagnostic[] {
  return parsed.diagnostics.length > 0 ? faultsOf(parsed) : unificationHints(parsed);
}

const textsOf = perRoot(
  () =>
    new Telling((parsed: ParsedModule) => {
      const found = textFindings(parsed);
      return found.length > 0 ? found : undefined;
    }),
);

const known = new WeakMap<Project, { readonly found: ProjectDiagnostics; readonly read: number }>();

/** The findings of all phases that need no evaluation. A project is looked at once, and again when one of its large files was read. */
export function diagnosticsOf(project: Project, clock: () => number): ProjectDiagnostics {
  return finish(diagnosticsSteps(project, clock));
}

/** `diagnosticsOf` with pauses between documents. */
export function* diagnosticsSteps(project: Project, clock: () => number): Steps<ProjectDiagnostics> {
  const read = project.largePolicies.filter((file) => project.isParsed(file)).length;
  const before = known.get(project);
  if (before?.read === read) return before.found;
  const found = yield* look(project, clock);
  known.set(project, { found, read });
  return found;
}

function* look(project: Project, clock: () => number): Steps<ProjectDiagnostics> {
  const told = new Map<string, Diagnostic[]>();
  const add = (found: readonly Diagnostic[]) => {
    for (const diagnostic of found) {
      const before = told.get(diagnostic.file);
      if (before !== undefined) before.push(diagnostic);
      else if (project.files.has(diagnostic.file)) told.set(diagnostic.file, [diagnostic]);
    }
  };
  const start = clock();
  add(unreadableFiles(project));
  for (const found of yield* textsOf(project).of(project.modules)) add(found);
  for (const file of project.largePolicies) {
    const message = `${Math.round(file.text.length / 1_000_000)} MB: only the text of this file is checked, types and references are not`;
    add([{ file: file.path, range: { start: 0, end: 0 }, severity: "information", code: "rw_large_file", message }]);
    if (project.isParsed(file)) add(faultsOf(project.parsed(file)));
  }
  for (const file of project.largeDocuments) {
    const range = { start: 0, end: 0 };
    told.set(file.path, [{ file: file.path, range, severity: "information", code: "rw_large_file", message: whyNotRead(file) }]);
  }
  const parsed = clock();
  yield* project.checkedSteps();
  add(toldByCompiler(project));
  const compiled = clock();
  add(project.configuration.diagnostics);
  add(project.configuration.rootProblems);
  add(project.data.diagnostics);
  add(project.dataConflicts);
  add(project.configuration.capabilityProblems);
  add(project.configuration.mockProblems);
  add(project.configuration.schemaProblems);
  add(yield* project.inputs.diagnosticsSteps());
  add(yield* sampleDrift(project));
  add(unknownDecisions(project));
  add(yield* inputHints(project));
  for (const file of project.hoconDocuments) {
    add(hoconHints(file));
    add(unknownConfigKeys(file));
    add(unsetVariables(project, file));
    yield;
  }
  const paths = [...told.keys()].sort();
  const byFile = new Map(paths.map((path) => [path, shown(project.files.get(path), told.get(path) ?? [])]));
  return { byFile, syntaxMs: parsed - start, compileMs: compiled - parsed };
}

/** The findings of a file as they are told: in order, without echoes, and not too many. */
function shown(file: SourceFile | undefined, found: readonly Diagnostic[]): Diagnostic[] {
  const sorted = withoutRepeats(found.toSorted((a, b) => a.range.start - b.range.start || a.range.end - b.range.end));
  return capped(file?.kind === "hocon" ? [...withoutEchoes(sorted, file.text)] : sorted);
}

/** A file that several samples include is judged with each of them. */
function withoutRepeats(sorted: Diagnostic[]): Diagnostic[] {
  if (sorted.length < 2) return sorted;
  const told = new Set<string>();
  return sorted.filter(({ range, code, message }) => {
    const key = `${range.start}-${range.end} ${code} ${message}`;
    return !told.has(key) && told.add(key);
  });
}

/** Of very many in one file the first ones, and how many there are besides. */
export function capped(found: Diagnostic[]): Diagnostic[] {
  if (found.length <= perFile) return found;
  const last = found[perFile]!;
  const more = { ...last, severity: "information" as const, code: "rw_more", message: `${found.length - perFile} more` };
  return [...found.slice(0, perFile), more];
}
