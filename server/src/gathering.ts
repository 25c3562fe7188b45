// The policies of a project are read and checked bit by bit, in short turns: first those that a document leads to. Whoever needs all waits for the same reading.
import { morePolicies, policiesAround } from "#workspace/parts.ts";
import type { Project } from "#workspace/project.ts";
import type { Workspace } from "#workspace/workspace.ts";
import { inTurns, type Pace, turn } from "./turns.ts";

export class Gathering {
  readonly #pace: Pace;
  readonly #workspace: Workspace;
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
      const found = await inTurns(this.#pace, policiesAround(project, file), turn, isPresent);
      if (found !== undefined) return project.isGathered ? project : project.only(found.result);
    }
  }

  async #gather(root: string): Promise<void> {
    for (;;) {
      const project = this.#workspace.project(root);
      if (project.isGathered) return;
      const isPresent = (): boolean => this.#workspace.project(root) === project;
      const found = await inTurns(this.#pace, morePolicies(project), turn, isPresent);
      if (found !== undefined && isPresent() && !project.isGathered)
        await inTurns(this.#pace, project.only(found.result).checkedSteps(), turn, isPresent);
    }
  }
}
