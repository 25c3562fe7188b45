// What lint rules find in a project, as its linter configuration has them. A policy is looked at again when its text or the configuration changed.
import { builtinsByName } from "#analysis/rego/builtins/index.ts";
import type { Diagnostic, QuickFix, Severity } from "#grammars/diagnostic.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import { finish, type Steps } from "#grammars/text/steps.ts";
import { activeRules } from "#lint/active-rules.ts";
import { ignoredFiles } from "#lint/ignored-files.ts";
import {
  type ActiveRule,
  collectFacts,
  type LintFinding,
  lintDecisions,
  lintFile,
  lintProject,
  looksAtDecisions,
} from "#lint/lint.ts";
import { LintFile } from "#lint/lint-file.ts";
import { categories } from "#lint/rule.ts";
import { pageOf } from "#lint/rule-page.ts";
import { lintRules } from "#lint/rules.generated.ts";
import { type LintSetup, lintSetupOf } from "#workspace/lint-setup.ts";
import { basename, isBelow, nearestFolder, relative, resolve } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { capped } from "../diagnostics.ts";
import { perRoot } from "../per-root.ts";
import { type ActiveCustomRule, activeCustomRules, type CustomRule, rulesData } from "./custom-rules.ts";
import { type Decided, type DecisionQuestion, decisionQuestions, decisionsOf } from "./decisions.ts";
import { hasDocument } from "./known-documents.ts";

interface Linted {
  readonly file: LintFile;
  readonly found: readonly LintFinding[];
}

/** The rules of one configuration, and what they found in texts. */
class Linter {
  readonly setup: LintSetup;
  readonly active: readonly ActiveRule[];
  readonly #isIgnored: (relativePath: string) => boolean;
  readonly #known = new WeakMap<ParsedModule, Linted>();
  readonly #told = new WeakMap<LintFile, { readonly key: string; readonly told: readonly Diagnostic[] }>();
  /** The project as of now, whose documents rules ask for. */
  project: Project;

  constructor(setup: LintSetup, project: Project) {
    this.setup = setup;
    this.project = project;
    this.active = activeRules(lintRules, setup.config);
    this.#isIgnored = ignoredFiles(setup.config.ignoredFiles);
  }

  /** With a pause after each rule. Undefined for a policy that is left out, or has syntax errors. */
  *of(parsed: ParsedModule): Steps<Linted | undefined> {
    const { folder, opa } = this.setup;
    const relativePath = isBelow(parsed.file, folder) ? relative(folder, parsed.file) : parsed.file;
    if (parsed.diagnostics.length > 0 || this.#isIgnored(relativePath)) return undefined;
    const known = this.#known.get(parsed);
    if (known !== undefined) return known;
    const file = new LintFile(parsed, {
      relativePath,
      // An unsaved document lies nowhere.
      absolutePath: parsed.file.startsWith("/") ? parsed.file : undefined,
      ...opa,
      hasDocument: (path) => hasDocument(this.project, path),
    });
    const found: LintFinding[] = [];
    for (const rule of this.active) {
      found.push(...lintFile(file, [rule]));
      collectFacts(file, [rule]);
      yield;
    }
    // Until its text is another one nobody asks for its nodes again.
    file.release();
    const linted = { file, found };
    this.#known.set(parsed, linted);
    return linted;
  }

  /** The policies that are linted. */
  *files(policies: readonly SourceFile[]): Steps<readonly LintFile[]> {
    const found: LintFile[] = [];
    for (const policy of policies) {
      const linted = yield* this.of(this.project.parsed(policy));
      if (linted !== undefined) found.push(linted.file);
    }
    return found;
  }

  /** Findings as they are shown; those about the project at its configuration. */
  toldByFile(found: readonly LintFinding[], project: Project): ReadonlyMap<string, readonly Diagnostic[]> {
    const told = new Map<string, readonly Diagnostic[]>();
    for (const own of Map.groupBy(found, ({ file }) => file?.path).values())
      for (const [path, some] of Map.groupBy(this.told(own, project), ({ file }) => file))
        told.set(path, [...(told.get(path) ?? []), ...some]);
    return told;
  }

  /** Findings of one file as they are shown. */
  told(found: readonly LintFinding[], { settings, dataRoots }: Project): readonly Diagnostic[] {
    const { lintSeverity = {} } = settings;
    const diagnostics = found.flatMap((finding) => {
      const severity = lintSeverity[finding.rule] ?? lintSeverity[finding.category] ?? severities[finding.level];
      return severity === "off" ? [] : (diagnosticOf(finding, severity, this.setup, dataRoots) ?? []);
    });
    return capped(diagnostics.sort((a, b) => a.range.start - b.range.start));
  }

  /** `told` that gives the same list while neither its own findings nor those of rules about all files are others. */
  toldOnce(file: LintFile, own: readonly LintFinding[], others: readonly LintFinding[], project: Project): readonly Diagnostic[] {
    const key = JSON.stringify([project.settings.lintSeverity, others.map(({ rule, range, message }) => [rule, range, message])]);
    const before = this.#told.get(file);
    if (before?.key === key) return before.told;
    const told = this.told([...own, ...others], project);
    this.#told.set(file, { key, told });
    return told;
  }
}

const linters = perRoot((): { last: Linter | undefined } => ({ last: undefined }));

function linterOf(project: Project): Linter {
  const kept = linters(project);
  const setup = lintSetupOf(project);
  const { last } = kept;
  const { config, opa, folder } = setup;
  if (last?.setup.config === config && last.setup.opa.builtins === opa.builtins && last.setup.folder === folder) {
    last.project = project;
    return last;
  }
  kept.last = new Linter(setup, project);
  return kept.last;
}

/** The findings of a project by file, with pauses; a file whose findings are as they were keeps its list. */
export function* lintSteps(project: Project): Steps<ReadonlyMap<string, readonly Diagnostic[]>> {
  const linter = linterOf(project);
  const all: Linted[] = [];
  for (const policy of policiesOf(project)) {
    const linted = yield* linter.of(project.parsed(policy));
    if (linted !== undefined) all.push(linted);
  }
  const files = all.map(({ file }) => file);
  const together: LintFinding[] = [];
  for (const rule of linter.active) {
    together.push(...lintProject(files, [rule]));
    yield;
  }
  const ofProject = Map.groupBy(together, ({ file }) => file?.path);
  const told = new Map<string, readonly Diagnostic[]>();
  const atConfigs = [...linter.setup.diagnostics, ...linter.told(ofProject.get(undefined) ?? [], project)];
  for (const [path, found] of Map.groupBy(atConfigs, ({ file }) => file)) told.set(path, found);
  for (const { file, found } of all) {
    const others = ofProject.get(file.path) ?? none;
    const own = found.length + others.length === 0 ? none : linter.toldOnce(file, found, others, project);
    if (own.length > 0) told.set(file.path, own);
    yield;
  }
  return told;
}

const none: readonly never[] = [];

/** What is to be evaluated before `decisionSteps`; undefined where no rule about decisions is on. */
export function decisionQuestionsOf(project: Project, profile: string | undefined): readonly DecisionQuestion[] | undefined {
  const { active } = linterOf(project);
  return looksAtDecisions(active) ? decisionQuestions(project, active, profile) : undefined;
}

/** What rules about decisions find in a project, by file; `decided` where something was evaluated. */
export function* decisionSteps(
  project: Project,
  decided: Decided | undefined,
): Steps<ReadonlyMap<string, readonly Diagnostic[]>> {
  const linter = linterOf(project);
  const files = yield* linter.files(policiesOf(project));
  const decisions = decisionsOf(project, files, decided);
  const found: LintFinding[] = [];
  for (const rule of linter.active) {
    found.push(...lintDecisions(decisions, [rule]));
    yield;
  }
  for (const file of files) file.release();
  return linter.toldByFile(found, project);
}

/** What the rules of the project itself are asked about. */
export interface CustomLinting {
  readonly active: readonly ActiveCustomRule[];
  readonly files: readonly LintFile[];
  /** The base document of the rules. */
  readonly data: string;
  /** Findings by file, as they are shown. */
  told(findings: readonly LintFinding[]): ReadonlyMap<string, readonly Diagnostic[]>;
}

/** Undefined where none of these rules is on. */
export function* customLinting(project: Project, rules: readonly CustomRule[]): Steps<CustomLinting | undefined> {
  const linter = linterOf(project);
  const { config, value, opa } = linter.setup;
  const active = activeCustomRules(rules, config);
  if (active.length === 0) return undefined;
  const files = yield* linter.files(policiesOf(project));
  return {
    active,
    files,
    data: rulesData(value, active, (opa.builtins ?? builtinsByName()).keys()),
    told: (findings) => linter.toldByFile(findings, project),
  };
}

/** The findings in one policy, without those that depend on others. */
export function lintOf(project: Project, policy: SourceFile): readonly Diagnostic[] {
  if (!policiesOf(project).includes(policy)) return none;
  const linter = linterOf(project);
  return linter.told(finish(linter.of(project.parsed(policy)))?.found ?? none, project);
}

function policiesOf(project: Project): readonly SourceFile[] {
  return project.policies.filter(({ path }) => project.files.has(path));
}

/** Regal's own: errors of policies are errors, what a linter says is less. */
const severities: Readonly<Record<LintFinding["level"], Severity>> = { error: "warning", warning: "information" };

/** What is about the project stands at its configuration; without one there is no place for it. */
function diagnosticOf(
  finding: LintFinding,
  severity: Severity,
  setup: LintSetup,
  roots: readonly string[],
): Diagnostic | undefined {
  const { rule, category, message, file, range } = finding;
  const path = file?.path ?? (setup.file ?? setup.projectFile)?.path;
  if (path === undefined) return undefined;
  const isOurs = categories.some((one) => one === category);
  const page = isOurs ? pageOf({ category, name: rule }) : finding.page;
  return {
    file: path,
    range: range ?? { start: 0, end: 0 },
    severity,
    code: rule,
    message,
    source: `${category === "decision" ? "rw" : "regal"}/${category}`,
    ...(page === undefined ? {} : { page }),
    fixes: fixesOf(finding, roots),
  };
}

/** A fix of the text, or the place that the file belongs to below its root. */
function fixesOf({ file, fix, moveTo }: LintFinding, roots: readonly string[]): readonly QuickFix[] {
  if (fix !== undefined) return [{ ...fix, preferred: true }];
  if (file?.absolutePath === undefined || moveTo === undefined) return [];
  const { absolutePath } = file;
  const root = nearestFolder(absolutePath, roots);
  if (root === undefined) return [];
  const to = resolve(root, `${moveTo}/${basename(absolutePath)}`);
  return [{ title: "Move file so that directory structure mirrors package path", edits: [], moveTo: to }];
}
