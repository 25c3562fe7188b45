// The language server as the editor runs it: how it is started, which settings it hears of, and what happens when it ends.
import * as vscode from "vscode";
import {
  type BaseLanguageClient,
  CloseAction,
  type CloseHandlerResult,
  ErrorAction,
  type LanguageClientOptions,
} from "vscode-languageclient";
import { errorLinks } from "./error-pages.ts";
import { fileSystemsOfClient, readFilesFor, sourceSchemes } from "./file-systems.ts";
import type { Problems } from "./problems.ts";
import { readSettings } from "./settings.ts";
import type { Surroundings } from "./surroundings.ts";

/** Files whose changes on the disk the server wants to hear of. */
const watchedFiles = "**/*.{rego,conf,hocon,json,yaml,yml,manifest,properties}";
const maxCrashes = 5;
/** Crashes further apart than this are separate accidents, not a server that cannot run. */
const crashWindow = 3 * 60_000;

export class LanguageServer {
  readonly client: BaseLanguageClient;
  readonly #crashes: number[] = [];

  constructor(around: Surroundings, log: vscode.LogOutputChannel, problems: Problems) {
    const fileSystems = fileSystemsOfClient(around.inBrowser);
    this.client = around.client(this.#options(log, problems, fileSystems));
    if (fileSystems.length > 0) readFilesFor(this.client);
  }

  async stop(): Promise<void> {
    if (this.client.needsStop()) await this.client.stop();
  }

  async restart(): Promise<void> {
    this.#crashes.length = 0;
    await this.stop();
    await this.client.start();
  }

  /** What the server wants to hear while it runs: one that starts later asks for itself. */
  tell(method: string, params: object): void {
    if (this.client.isRunning()) void this.client.sendNotification(method, params);
  }

  tellSettings(): void {
    this.tell("workspace/didChangeConfiguration", { settings: { rw: readSettings() } });
  }

  #options(log: vscode.LogOutputChannel, problems: Problems, fileSystems: readonly string[]): LanguageClientOptions {
    return {
      documentSelector: ["rego", "hocon", "json", "yaml"].flatMap((language) =>
        sourceSchemes().map((scheme) => ({ language, scheme })),
      ),
      outputChannel: log,
      // A server started again wants the settings of now, not those of the activation.
      initializationOptions: () => ({ rw: readSettings(), client: "vscode", errorPages: errorLinks, fileSystems }),
      synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher(watchedFiles) },
      middleware: {
        handleDiagnostics: (uri, found, next) => problems.handle(uri, found, next),
        workspace: {
          // The server asks with the folder that it wants the settings of.
          configuration: ({ items }) =>
            items.map(({ section, scopeUri }) =>
              section === "rw" ? readSettings(scopeUri === undefined ? undefined : vscode.Uri.parse(scopeUri)) : null,
            ),
          didChangeConfiguration: async () => this.tellSettings(),
        },
      },
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue }),
        closed: () => this.#ended(),
      },
    };
  }

  #ended(): CloseHandlerResult {
    const now = Date.now();
    while (this.#crashes[0] !== undefined && now - this.#crashes[0] > crashWindow) this.#crashes.shift();
    this.#crashes.push(now);
    if (this.#crashes.length <= maxCrashes)
      return {
        action: CloseAction.Restart,
        message: vscode.l10n.t("The language server ended and was started again."),
      };
    return {
      action: CloseAction.DoNotRestart,
      message: vscode.l10n.t(
        "The language server ended six times within three minutes. Run “Rulewright: Show the Log” for the reason, then “Rulewright: Restart the Language Server”.",
      ),
    };
  }
}
