// What a server did lately, for a report of something slow or wrong: no text, name or path of anybody's files is in it.

export interface HandledMessage {
  readonly kind: "request" | "notification";
  readonly method: string;
  /** Milliseconds since the server began, and how long it was worked on, pauses for other messages among them. */
  readonly at: number;
  readonly ms: number;
  /** Messages that had come by then and waited. */
  readonly waiting: number;
  /** `refused` was answered with an error that is the reader's business, `failed` is a fault of the server. */
  readonly outcome: "done" | "cancelled" | "refused" | "failed";
}

export interface RecordedProject {
  readonly policies: number;
  readonly hocon: number;
  readonly others: number;
  /** UTF-16 units of all files, and of the longest policy. */
  readonly characters: number;
  readonly longestPolicy: number;
  /** Files that were too large to be read at once. */
  readonly largeFiles: number;
}

export interface RecordingResult {
  readonly version: string;
  /** Node's version and the system, or the browser. */
  readonly platform?: string;
  /** Milliseconds since the server began. */
  readonly uptime: number;
  /** Bytes, where the platform tells them. */
  readonly memory?: number;
  readonly openFiles: number;
  readonly projects: readonly RecordedProject[];
  /** The last ones, in the order of their ends. */
  readonly messages: readonly HandledMessage[];
}
export const recording = "rw/recording";
