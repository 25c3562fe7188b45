// Large files are read in short turns, so that other requests are answered meanwhile; whoever needs one waits for the same reading.
import { faultsOf } from "#features/rego/faults/index.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { inTurns, type Pace } from "./turns.ts";

/** Milliseconds of one turn. */
const turn = 20;

export class LargeFiles {
  readonly #pace: Pace;
  readonly #running = new WeakMap<SourceFile, Promise<void>>();

  constructor(pace: Pace) {
    this.#pace = pace;
  }

  /** Done when the tree of the file is there; at once for a file that is not large, or was read before. */
  async read(project: Project, file: SourceFile): Promise<void> {
    if (project.isParsed(file) || !project.largePolicies.includes(file)) return;
    let running = this.#running.get(file);
    if (running === undefined) {
      running = this.#read(project, file);
      this.#running.set(file, running);
    }
    await running;
  }

  async #read(project: Project, file: SourceFile): Promise<void> {
    const done = await inTurns(this.#pace, project.parsedSteps(file), turn);
    if (done !== undefined) faultsOf(done.result);
  }
}
