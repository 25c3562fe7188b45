// Tasks of type `rw`: check, test, build and publish with the command line that the extension brings along.
import * as vscode from "vscode";

const commands = ["check", "test", "build", "publish"] as const;

/** Registers the provider; `launcher` is the program with its first arguments. */
export function registerTasks(launcher: readonly string[]): vscode.Disposable {
  const task = (definition: vscode.TaskDefinition, scope: vscode.WorkspaceFolder | vscode.TaskScope): vscode.Task => {
    const command = String(definition["command"]);
    const further: unknown = definition["args"];
    const extra = Array.isArray(further) ? further.map(String) : ["."];
    const execution = new vscode.ProcessExecution(launcher[0]!, [...launcher.slice(1), command, ...extra], {
      env: { ELECTRON_RUN_AS_NODE: "1" },
    });
    const made = new vscode.Task(definition, scope, command, "rw", execution, ["$rw"]);
    if (command === "test") made.group = vscode.TaskGroup.Test;
    if (command === "build") made.group = vscode.TaskGroup.Build;
    return made;
  };
  return vscode.tasks.registerTaskProvider("rw", {
    provideTasks: () =>
      (vscode.workspace.workspaceFolders ?? []).flatMap((folder) =>
        commands.map((command) => task({ type: "rw", command }, folder)),
      ),
    resolveTask: (found) => task(found.definition, found.scope ?? vscode.TaskScope.Workspace),
  });
}
