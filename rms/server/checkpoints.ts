// Moves what was committed from the store's log into its file on a thread of its own: after a large change that takes long, and nobody
// should wait for it.
import { startWorker } from "./start-worker.ts";

const heapMegabytes = 32;

export class Checkpoints {
  private readonly folder: string;
  private running: Promise<void> | undefined;
  private again = false;
  private closed = false;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Begins one, or another one behind the one that runs. */
  begin(): void {
    this.again = this.running !== undefined;
    if (this.again || this.closed) return;
    this.running = this.run().finally(() => {
      this.running = undefined;
      if (this.again) this.begin();
    });
  }

  private run(): Promise<void> {
    return new Promise((ended) => {
      const worker = startWorker("checkpoint-worker", { folder: this.folder }, heapMegabytes);
      // What fails now is done by a later one, or by a commit.
      worker.on("error", () => {});
      worker.once("exit", () => ended());
    });
  }

  /** Resolves when none runs; none begins any more. */
  async close(): Promise<void> {
    this.closed = true;
    await this.running;
  }
}
