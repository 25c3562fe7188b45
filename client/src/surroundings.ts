// Where the extension runs, as far as its parts ask.
import type * as vscode from "vscode";
import type { BaseLanguageClient, LanguageClientOptions } from "vscode-languageclient";

/** What the extension can use where it runs. */
export interface Surroundings {
  /** In a browser there are no processes, so that what needs the command line is not offered, and no disk that the server could read itself. */
  readonly inBrowser: boolean;
  client(options: LanguageClientOptions): BaseLanguageClient;
  /** What only this surrounding has. */
  registered(): readonly vscode.Disposable[];
}
