// Tasks of type `rw`: check, lint, test, build, publish and replay with the command line that the extension brings along.
import * as vscode from "vscode";
import { readSettings } from "./settings.ts";

const commands = ["check", "lint", "test", "build", "publish"] as const;

export type MakeTask = (definition: vscode.TaskDefinition, scope: vscode.WorkspaceFolder | vscode.TaskScope) => vscode.Task;

/** `program` runs `script`, which is the command line. */
export function tasksOf(program: string, script: string): MakeTask {
  return (definition, scope) => {
    const command = String(definition["command"]);
    const further: unknown = definition["args"];
    const folder = typeof scope === "object" ? scope.uri : undefined;
    const extra = Array.isArray(further) ? further.map(String) : defaultArguments(command, folder);
    const cwd = folder === undefined ? {} : { cwd: folder.fsPath };
    const options = { ...cwd, env: { ...readEnvironment(folder), ELECTRON_RUN_AS_NODE: "1" } };
    const execution = new vscode.ProcessExecution(program, [script, command, ...extra], options);
    const made = new vscode.Task(definition, scope, command, "rw", execution, [command === "lint" ? "$regal" : "$rw"]);
    made.detail = `rw ${[command, ...extra].join(" ")}`;
    if (command === "test") made.group = vscode.TaskGroup.Test;
    if (command === "build") made.group = vscode.TaskGroup.Build;
    return made;
  };
}

/** Registers the provider of the tasks. */
export function registerTasks(task: MakeTask): vscode.Disposable {
  return vscode.tasks.registerTaskProvider("rw", {
    provideTasks: () =>
      (vscode.workspace.workspaceFolders ?? []).flatMap((folder) =>
        // A program finds only what is on the disk.
        folder.uri.scheme === "file" ? commands.map((command) => task({ type: "rw", command }, folder)) : [],
      ),
    resolveTask: (found) => task(found.definition, found.scope ?? vscode.TaskScope.Workspace),
  });
}

/** The folder as the extension for OPA reads it: as a bundle, so that sample inputs in JSON are not taken for data. */
function defaultArguments(command: string, folder: vscode.Uri | undefined): readonly string[] {
  const opa = vscode.workspace.getConfiguration("opa", folder);
  const load = opa.get("bundleMode", true) ? ["-b", "."] : ["."];
  const dialect = readSettings(folder).regoVersion === "v0" ? ["--v0-compatible"] : [];
  const ignored = opa.get<readonly string[]>("bundleIgnorePaths", []).flatMap((path) => ["--ignore", path]);
  switch (command) {
    case "check":
      return [...(readSettings(folder).strict ? ["--strict"] : []), ...dialect, ...ignored, "."];
    case "test":
      return [...dialect, ...ignored, ...load];
    case "build":
      return [...dialect, ...ignored, "--ignore", "*_test.rego", ...load, "-o", "bundle.tar.gz"];
    default:
      return ["."];
  }
}

function readEnvironment(folder: vscode.Uri | undefined): Record<string, string> {
  const written = vscode.workspace.getConfiguration("opa", folder).get<Readonly<Record<string, unknown>>>("env", {});
  return Object.fromEntries(Object.entries(written).map(([name, value]) => [name, String(value)]));
}
