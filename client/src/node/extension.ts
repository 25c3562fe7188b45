// The extension's entry on the desktop and on code-server: the language server is a process, and the command line runs tasks.
import * as vscode from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";
import { serverFlags } from "../../../bin/engine-flags.cjs";
import { end, start } from "../extension.ts";
import { productName } from "../names.ts";
import { registerReplay } from "../replay-log.ts";
import { registerTasks, tasksOf } from "../tasks.ts";
import { RmsProcess } from "./local-rms.ts";

export function activate(context: vscode.ExtensionContext): Promise<void> {
  const module = context.asAbsolutePath("dist/server.mjs");
  const program = { module, transport: TransportKind.stdio, args: ["--stdio"], options: { execArgv: serverFlags } };
  const task = tasksOf(process.execPath, context.asAbsolutePath("dist/rw.cjs"));
  return start(context, {
    inBrowser: false,
    client: (options) => new LanguageClient("rw", productName, program, options),
    localRms: (log) => {
      const data = vscode.Uri.joinPath(context.globalStorageUri, "rms").fsPath;
      return new RmsProcess(context.asAbsolutePath("dist/rms.mjs"), data, (line) => log.debug(`rms: ${line}`));
    },
    registered: () => [registerTasks(task), registerReplay(task)],
  });
}

export const deactivate = end;
