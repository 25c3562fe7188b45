// The outside world of a server.
import type { Host } from "#workspace/host.ts";
import type { Evaluator } from "./evaluator.ts";
import type { StartLane } from "./lane.ts";

export interface Ports {
  readonly host: Host;
  readonly evaluator: Evaluator;
  /** Starts a server for one large file; left out where there are no threads. */
  readonly startLane?: StartLane;
  /** True where nobody waits for other files: documents of any size are read. */
  readonly anySize?: boolean;
  readonly fetch: typeof fetch;
  /** What the link of a finding's code looks like: `file:///…/errors.md#{code}`. A client may have a form of its own. */
  readonly errorPages?: string;
  /** The variables of the process, for samples whose settings ask for them. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs a job later; the returned function takes it back. */
  later(milliseconds: number, job: () => void): () => void;
  log(text: string): void;
  /** What runs the server (`Node 24.1.0, linux x64`), and the bytes of memory that it takes, where that is known. */
  runtime?(): { readonly platform: string; readonly memory?: number };
  /** Told again and again once somebody types in a project of which all policies were read. */
  typed?(): void;
  /** Ends the server when the process of that id, which started it, is gone. */
  endWith(processId: number): void;
}
