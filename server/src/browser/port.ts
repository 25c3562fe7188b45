// What a web worker and the one that started it see of each other.

export interface Port {
  postMessage(message: unknown): void;
  /** Who hears of messages from now on. */
  listen(listener: (message: unknown) => void): void;
}

/** A worker, seen from the one that started it. */
export interface StartedWorker extends Port {
  /** Hears of a worker that cannot be started, or breaks. */
  onBroken(listener: (reason: string) => void): void;
  terminate(): void;
}

/** Workers of the one program, by what they do. */
export type Role = "evaluation" | "lane";
export type StartWorker = (role: Role) => StartedWorker;
