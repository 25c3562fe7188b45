// Where the extension runs, as far as its parts ask.
import type * as vscode from "vscode";
import type { BaseLanguageClient, LanguageClientOptions } from "vscode-languageclient";

/** With the token of its administrator; or why nothing was started: it runs already, or somebody else listens there. */
export type StartedRms = { readonly token: string } | { readonly hindrance: "runs" | "taken" };

/** An RMS that this window starts. */
export interface LocalRms extends vscode.Disposable {
  /** True from the moment that it is started. */
  readonly runs: boolean;
  /** `known` is the token that is kept for the address, and is its administrator's then. Rejects with what it says when it cannot listen. */
  start(host: string, port: number, known: string | undefined): Promise<StartedRms>;
  stop(): Promise<void>;
}

/** What the extension can use where it runs. */
export interface Surroundings {
  /** In a browser there are no processes, so that what needs the command line is not offered, and no disk that the server could read itself. */
  readonly inBrowser: boolean;
  client(options: LanguageClientOptions): BaseLanguageClient;
  /** Undefined where there are no processes. */
  localRms?(log: vscode.LogOutputChannel): LocalRms;
  /** What only this surrounding has. */
  registered(): readonly vscode.Disposable[];
}
