// Tasks of type `rw`: check, test, build and publish with the command line that the extension brings along.
import * as vscode from "vscode";

const commands = ["check", "test", "build", "publish"] as const;

/** Registers the provider; `program` runs `script`, which is the command line. */
export function registerTasks(program: string, script: string): vscode.Disposable {
  const task = (definition: vscode.TaskDefinition, scope: vscode.WorkspaceFolder | vscode.TaskScope): vscode.Task => {
    const command = String(definition["command"]);
    const further: unknown = definition["args"];
    const extra = Array.isArray(further) ? further.map(String) : ["."];
    const folder = typeof scope === "object" ? { cwd: scope.uri.fsPath } : {};
    const options = { ...folder, env: { ELECTRON_RUN_AS_NODE: "1" } };
    const execution = new vscode.ProcessExecution(program, [script, command, ...extra], options);
    const made = new vscode.Task(definition, scope, command, "rw", execution, ["$rw"]);
    made.detail = `rw ${[command, ...extra].join(" ")}`;
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
