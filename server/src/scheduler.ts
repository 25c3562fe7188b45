// When to look again: an edit is answered at once while that is quick, and after a pause when the last run was slow. Nothing is queued twice.
import type { Diagnostic as LspDiagnostic, PublishDiagnosticsParams } from "vscode-languageserver";
import { diagnosticsOf, diagnosticsSteps, type ProjectDiagnostics, policyFindings, syntaxOf } from "#features/diagnostics.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Steps } from "#grammars/text/steps.ts";
import { linkAbout } from "#protocol/error-pages.ts";
import { relative } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { convertDiagnostic } from "./convert-diagnostic.ts";
import { LaterFindings } from "./later-findings.ts";
import type { Session } from "./session.ts";
import { inTurns, oneTurn, turn } from "./turns.ts";

/** A run that took longer than this makes the next edits wait. */
const quick = 50;
const pause = 60;
/** After a run that took longer than this, it is news that a text is whole again. */
const brief = 3;
/** Large files are read when the keys rest that long. */
const rest = 1500;

/** Who finds something when checking is done: evaluations of samples and expected decisions, lint rules. */
export type FindsLater = "decisions" | "complaints" | "mocks" | "lint" | "evaluatedRules";

/** Called with every root whose project was looked at again. */
export type AfterCheck = (root: string, found: ProjectDiagnostics) => void;

/** Called with what lint rules found in a project, and how long they took. */
export type AfterLint = (root: string, findings: readonly Diagnostic[], ms: number) => void;

/** Called with an open policy that is sound, and the project as far as it leads to, while others wait to be read. */
export type AfterFirstCheck = (project: Project, path: string) => void;

export class Scheduler {
  readonly #session: Session;
  /** Paths whose projects wait to be looked at. */
  readonly #dirty = new Set<string>();
  readonly #published = new Map<string, string>();
  /** What the last findings of each path were made of, while nothing else was published for it. */
  readonly #shown = new Map<
    string,
    { readonly file: SourceFile | undefined; readonly parts: readonly (readonly Diagnostic[])[] }
  >();
  readonly #listeners: AfterCheck[] = [];
  readonly #firstListeners: AfterFirstCheck[] = [];
  readonly #lintListeners: AfterLint[] = [];
  readonly #editListeners: ((root: string) => void)[] = [];
  /** What is found later than by checking, by root and by who finds it, until it is looked for again. */
  readonly #later = new Map<string, Map<FindsLater, LaterFindings>>();
  readonly #lastFound = new Map<string, ProjectDiagnostics>();
  readonly #brokenText = new Set<string>();
  /** Roots that are looked at when all of their policies were read. */
  readonly #gathered = new Set<string>();
  /** What takes back the later look at large files, by root. */
  readonly #cancelLarge = new Map<string, () => void>();
  #cancel: (() => void) | undefined;
  #isTyped = false;
  #lastRun = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  onChecked(listener: AfterCheck): void {
    this.#listeners.push(listener);
  }

  onFirstChecked(listener: AfterFirstCheck): void {
    this.#firstListeners.push(listener);
  }

  onLinted(listener: AfterLint): void {
    this.#lintListeners.push(listener);
  }

  /** Calls with each root of which something changed, before its project is looked at again. */
  onEdited(listener: (root: string) => void): void {
    this.#editListeners.push(listener);
  }

  /** Files changed: their projects are looked at again. */
  changed(paths: readonly string[]): void {
    for (const path of paths) this.#dirty.add(path);
    for (const root of new Set(paths.map((path) => this.#session.workspace.rootOf(path))))
      for (const listener of this.#editListeners) listener(root);
    this.#plan();
  }

  /** A document was closed; its findings stay only if the file is part of a project. */
  closed(path: string): void {
    if (this.#session.workspace.file(path) === undefined) this.#publish(path, undefined, []);
  }

  /** Adds what was found later to the findings of a project, in place of what the same source found before. */
  addFindings(source: FindsLater, root: string, findings: ReadonlyMap<string, readonly Diagnostic[]>): void {
    const bySource = this.#later.get(root) ?? new Map<FindsLater, LaterFindings>();
    if (findings.size === 0 && !bySource.has(source)) return;
    if (findings.size === 0) bySource.delete(source);
    else bySource.set(source, new LaterFindings(findings, (path) => this.#session.workspace.file(path)));
    this.#later.set(root, bySource);
    const found = this.#lastFound.get(root);
    if (found !== undefined) this.#publishAll(root, found);
  }

  /** Adds what lint rules found: those about policies, or those about decisions, which are heard later. */
  linted(
    root: string,
    findings: ReadonlyMap<string, readonly Diagnostic[]>,
    ms: number,
    source: "lint" | "evaluatedRules" = "lint",
  ): void {
    this.addFindings(source, root, findings);
    const bySource = this.#later.get(root);
    const all = (["lint", "evaluatedRules"] as const).flatMap((one) => bySource?.get(one)?.all ?? []);
    for (const listener of this.#lintListeners) listener(root, all, ms);
  }

  /** What a source found in a file, where it stands now. */
  foundLater(source: FindsLater, root: string, path: string): readonly Diagnostic[] {
    return this.#later.get(root)?.get(source)?.at(path, this.#session.workspace.file(path)) ?? [];
  }

  /** Takes back what was said about files that are in no project any more. */
  foldersChanged(): void {
    for (const path of [...this.#published.keys()]) this.closed(path);
    for (const root of [...this.#lastFound.keys()]) {
      if (!this.#session.workspace.roots.includes(root)) this.#lastFound.delete(root);
    }
    this.everything();
  }

  everything(): void {
    const { workspace, open } = this.#session;
    for (const root of workspace.roots) this.#dirty.add(root);
    for (const path of open.keys()) this.#dirty.add(path);
    this.#plan();
  }

  #plan(): void {
    this.#cancel?.();
    this.#cancel = this.#session.ports.later(this.#lastRun > quick ? pause : 0, () => {
      this.#cancel = undefined;
      // Keys that are here already come first.
      if (this.#session.connection.isWaiting("textDocument/didChange")) this.#plan();
      else void this.#run();
    });
  }

  /** Says at once what an edit did to the text of its own file; the project is looked at in a turn of its own. */
  syntaxFirst(path: string): void {
    const { workspace, connection } = this.#session;
    this.#isTyped = true;
    if (connection.isWaiting("textDocument/didChange")) return;
    const project = workspace.projectOf(path);
    if (project.largePolicies.some((file) => file.path === path)) return;
    // A policy with faults has no other findings; those of a document come together unless that takes long.
    if (this.#lastRun <= quick && workspace.file(path)?.kind !== "rego") return;
    const syntax = syntaxOf(project, path);
    const wasBroken = this.#brokenText.has(path);
    if (syntax.length > 0) this.#brokenText.add(path);
    else this.#brokenText.delete(path);
    if (syntax.length === 0 && (!wasBroken || this.#lastRun <= brief)) return;
    this.#publish(
      path,
      workspace.file(path)?.version,
      syntax.map((diagnostic) => convertDiagnostic(this.#session, diagnostic)),
    );
  }

  async #run(): Promise<void> {
    await this.#session.loaded;
    const { ports, workspace } = this.#session;
    const start = ports.now();
    for (const root of workspace.takeOutdated()) this.#dirty.add(root);
    const roots = new Set([...this.#dirty].map((path) => workspace.rootOf(path)));
    this.#dirty.clear();
    for (const root of roots) {
      try {
        const rest = this.#look(root);
        // Waiting costs a turn, which a small project does not need.
        if (rest !== undefined) await rest;
      } catch (error) {
        this.#failed(root, error);
      }
    }
    this.#session.lanes.settle();
    this.#lastRun = ports.now() - start;
  }

  /** Looks at a project; what takes more than a turn goes on until it is not the present one any more. */
  #look(root: string): Promise<void> | undefined {
    const { pace, workspace } = this.#session;
    if (!workspace.project(root).isGathered) return this.#lookAround(root);
    const project = workspace.project(root);
    const steps = this.#steps(project);
    const done = oneTurn(pace, steps, turn);
    if (done !== undefined) {
      if (done.result !== undefined) this.#looked(project, done.result);
      return undefined;
    }
    const isPresent = (): boolean => workspace.project(root) === project;
    return inTurns(pace, steps, turn, isPresent).then((later) => {
      if (later?.result !== undefined) this.#looked(project, later.result);
    });
  }

  /** The findings of a project; undefined when its folders are checked one by one from now on. */
  *#steps(project: Project): Steps<ProjectDiagnostics | undefined> {
    yield* project.checkedSteps();
    if (this.separates(project.root)) return undefined;
    return yield* diagnosticsSteps(project, () => this.#session.ports.now());
  }

  /** Tells what open policies have with those that they lead to, and looks at the project when all were read. */
  async #lookAround(root: string): Promise<void> {
    const { pace, workspace, open, gathering } = this.#session;
    for (const path of open.keys()) {
      if (workspace.rootOf(path) !== root || workspace.file(path)?.kind !== "rego") continue;
      const project = await gathering.around(path);
      if (workspace.project(root).isGathered) break;
      const file = project.policies.find((one) => one.path === path);
      // Folders that contradict each other are checked one by one, as soon as all are known.
      if (file === undefined || file.unreadable !== undefined) continue;
      const isPresent = (): boolean => workspace.file(path) === file;
      if ((await inTurns(pace, project.checkedSteps(), turn, isPresent)) === undefined || project.aloneFolders.length > 0)
        continue;
      const found = policyFindings(project, file);
      this.#publish(
        path,
        file.version,
        found.map((one) => convertDiagnostic(this.#session, one)),
      );
      if (found.some(({ severity }) => severity === "error")) continue;
      for (const listener of this.#firstListeners) listener(project, path);
    }
    if (this.#gathered.has(root)) return;
    const look = (): void => {
      this.#gathered.delete(root);
      this.#dirty.add(root);
      this.#plan();
    };
    this.#gathered.add(root);
    gathering.whole(root).then(look, (error: unknown) => {
      this.#gathered.delete(root);
      this.#failed(root, error);
    });
  }

  #looked(project: Project, found: ProjectDiagnostics): void {
    const { root } = project;
    if (this.#isTyped) this.#session.ports.typed?.();
    this.#lastFound.set(root, found);
    this.#publishAll(root, found);
    this.#readLarge(project);
    for (const listener of this.#listeners) listener(root, found);
  }

  /** Checks folders that contradict each other one by one from now on, and says so once; true when there were such folders. */
  separates(root: string): boolean {
    const { workspace, connection } = this.#session;
    const { aloneFolders } = workspace.project(root);
    if (aloneFolders.length === 0) return false;
    workspace.separate(root, aloneFolders);
    const names = aloneFolders.map((folder) => relative(root, folder));
    const shown = names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
    connection.notify("window/showMessage", {
      type: 3,
      message: `${names.length} folders define the same rules in different ways, so each is checked on its own, with the policies beside them: ${shown}. The setting \`rw.roots\` keeps it so.`,
    });
    this.everything();
    return true;
  }

  /** Reads the text of open large files when the keys rest, and tells what it found. */
  #readLarge(project: Project): void {
    const { ports, open, lanes } = this.#session;
    const waiting = project.largePolicies.filter(
      (file) => open.has(file.path) && !lanes.has(file.path) && !project.isParsed(file),
    );
    if (waiting.length === 0) return;
    this.#cancelLarge.get(project.root)?.();
    const reading = ports.later(rest, () => {
      this.#cancelLarge.delete(project.root);
      void this.#tellLarge(project, waiting);
    });
    this.#cancelLarge.set(project.root, reading);
  }

  async #tellLarge(project: Project, files: readonly SourceFile[]): Promise<void> {
    const { ports, workspace, large } = this.#session;
    const isOld = (): boolean => workspace.project(project.root) !== project;
    for (const file of files) if (!isOld()) await large.read(project, file);
    if (isOld()) return;
    const found = diagnosticsOf(project, () => ports.now());
    this.#lastFound.set(project.root, found);
    this.#publishAll(project.root, found);
  }

  #publishAll(root: string, found: ProjectDiagnostics): void {
    const { workspace, open } = this.#session;
    const { files } = workspace.project(root);
    const later = [...(this.#later.get(root)?.values() ?? [])];
    // An open document hears of each of its versions.
    const told = new Set(found.byFile.keys());
    for (const path of [...later.flatMap(({ paths }) => [...paths]), ...open.keys()]) if (files.has(path)) told.add(path);
    for (const path of told) {
      const file = workspace.file(path);
      const parts = [found.byFile.get(path), ...later.map((source) => source.at(path, file))].filter(
        (part) => part !== undefined,
      );
      // Most files have what they had; to write all that for a client takes longer than to see it.
      const before = this.#shown.get(path);
      if (before?.file === file && before?.parts.length === parts.length && parts.every((part, at) => part === before.parts[at]))
        continue;
      const converted = parts.flat().map((diagnostic) => convertDiagnostic(this.#session, diagnostic));
      this.#publish(path, file?.version, converted);
      if (!this.#session.lanes.has(path)) this.#shown.set(path, { file, parts });
    }
    for (const path of [...this.#published.keys()])
      if (workspace.rootOf(path) === root && !told.has(path)) this.#publish(path, undefined, []);
  }

  /** Sends what a file has, unless the client knows it: a new version of an open document is always answered. */
  #publish(path: string, version: number | undefined, diagnostics: readonly LspDiagnostic[]): void {
    this.#shown.delete(path);
    if (this.#session.lanes.has(path)) {
      this.#published.delete(path);
      return;
    }
    const before = this.#published.get(path);
    if (before === undefined && diagnostics.length === 0 && version === undefined) return;
    const key = JSON.stringify([version ?? null, diagnostics]);
    if (before === key) return;
    if (diagnostics.length === 0 && version === undefined) this.#published.delete(path);
    else this.#published.set(path, key);
    const params: PublishDiagnosticsParams = {
      uri: this.#session.uris.uri(path),
      ...(version === undefined ? {} : { version }),
      diagnostics: [...diagnostics],
    };
    this.#session.connection.notify("textDocument/publishDiagnostics", params);
  }

  /** A failure of ours: said once at each open file, while older findings stay elsewhere. */
  #failed(root: string, error: unknown): void {
    const { workspace, open, ports, errorPages } = this.#session;
    const link = linkAbout("rw-internal", errorPages);
    ports.log(`checking ${root} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    for (const path of open.keys()) {
      if (workspace.rootOf(path) !== root) continue;
      this.#publish(path, workspace.file(path)?.version, [
        {
          range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
          severity: 3,
          source: "rw-internal",
          code: "rw-internal",
          ...(link === undefined ? {} : { codeDescription: { href: link } }),
          message: `Rulewright failed on this project: ${error instanceof Error ? error.message : String(error)}. The log has the details.`,
        },
      ]);
    }
  }
}
