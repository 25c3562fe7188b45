// Where the extension runs, as far as its parts ask.
import type * as vscode from "vscode";
import type { BaseLanguageClient, LanguageClientOptions } from "vscode-languageclient";

export interface StartedRms {
  /** Of its administrator, where a new one was made. */
  readonly token: string | undefined;
}

/** An RMS that this window starts. */
export interface LocalRms extends vscode.Disposable {
  readonly runs: boolean;
  /** Rejects with what it says when it cannot listen. */
  start(host: string, port: number, hasToken: boolean): Promise<StartedRms>;
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
