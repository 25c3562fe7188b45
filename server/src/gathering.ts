// The policies of a project are read and checked bit by bit, in short turns: first those that a document leads to. Whoever needs all waits for the same reading.
import type { Steps } from "#grammars/text/steps.ts";
import { morePolicies, policiesAround } from "#workspace/parts.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import type { Workspace } from "#workspace/workspace.ts";
import { inTurns, type Pace, turn } from "./turns.ts";

/** Characters of policies that are checked apart for those who ask, and again with all others. */
const mostApart = 200_000;

export class Gathering {
  readonly #pace: Pace;
  readonly #workspace: Workspace;
  /** Paths of each root that were asked about, the last one first. */
  readonly #lately = new Map<string, readonly string[]>();
  readonly #running = new Map<string, Promise<void>>();

  constructor(pace: Pace, workspace: Workspace) {
    this.#pace = pace;
    this.#workspace = workspace;
  }

  /** The project at a root as of then, when all of its policies were read. */
  async whole(root: string): Promise<Project> {
    for (;;) {
      const project = this.#workspace.project(root);
      if (project.isGathered) return project;
      let running = this.#running.get(root);
      if (running === undefined) {
        running = this.#gather(root).finally(() => this.#running.delete(root));
        this.#running.set(root, running);
      }
      await running;
      // Many may have waited: messages are read between what two of them do now.
      await this.#pace.next();
    }
  }

  /** The project of a file as far as the file leads to: what can be asked about it there has the same answer as in the whole project. */
  async around(path: string): Promise<Project> {
    for (;;) {
      const project = this.#workspace.projectOf(path);
      const file = project.files.get(path);
      // What is no policy has answers of its own; a policy that is too large has a reading of its own.
      if (project.isGathered || file === undefined || !project.policies.includes(file)) return project;
      const isPresent = (): boolean => this.#workspace.project(project.root) === project;
      const found = await inTurns(this.#pace, this.#part(project, file), turn, isPresent);
      if (found !== undefined) return project.isGathered ? project : found.result;
    }
  }

  /** What a file leads to, checked apart from the others together with what was asked about lately; with all that was read when it is much. */
  *#part(project: Project, file: SourceFile): Steps<Project> {
    const found = new Set(yield* around(project, file));
    let size = sizeOf(found);
    if (size > mostApart) return project.once(`only:${file.path}`, () => project.only(found));
    const lately = [file.path];
    for (const path of this.#lately.get(project.root) ?? []) {
      const other = project.policies.find((one) => one.path === path);
      if (other === undefined || other === file) continue;
      const more = [...(yield* around(project, other))].filter((one) => !found.has(one));
      size += sizeOf(more);
      if (size > mostApart) break;
      lately.push(path);
      for (const one of more) found.add(one);
    }
    this.#lately.set(project.root, lately);
    const names = [...found].map(({ path }) => path).sort();
    return project.once(`apart:${names.join("\n")}`, () => project.apart(found));
  }

  async #gather(root: string): Promise<void> {
    for (;;) {
      const project = this.#workspace.project(root);
      if (project.isGathered) return;
      const isPresent = (): boolean => this.#workspace.project(root) === project;
      const found = await inTurns(this.#pace, morePolicies(project), turn, isPresent, "last");
      if (found !== undefined && isPresent() && !project.isGathered)
        await inTurns(this.#pace, project.only(found.result).checkedSteps(), turn, isPresent, "last");
    }
  }
}

function around(project: Project, file: SourceFile): Steps<ReadonlySet<SourceFile>> {
  return project.onceInSteps(`around:${file.path}`, () => policiesAround(project, file));
}

function sizeOf(files: Iterable<SourceFile>): number {
  let size = 0;
  for (const { text } of files) size += text.length;
  return size;
}
