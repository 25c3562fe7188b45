// Keys and names that the extension claims: nothing of the workbench's own is taken.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { suiteOf } from "./support.ts";

interface Binding {
  readonly key: string;
  readonly command: string;
  readonly when?: string;
}

export const keys = suiteOf("Keys", {
  "no key of ours is one that VS Code gives to editors": async () => {
    const own = vscode.extensions.getExtension("rulewright.rulewright")?.packageJSON as {
      readonly contributes: { readonly keybindings: readonly Binding[] };
    };
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse("vscode://defaultsettings/keybindings.json"));
    const text = document.getText().replaceAll(/^\s*\/\/.*$/gmu, "");
    const defaults = JSON.parse(text.slice(text.indexOf("["), text.lastIndexOf("]") + 1)) as readonly Binding[];
    assert.ok(defaults.length > 500);
    const foreign = defaults.filter(({ command }) => !command.startsWith("rw."));
    // The keys of the OPA extension are taken only when somebody asks for them.
    const always = own.contributes.keybindings.filter(({ when }) => when?.includes("config.rw.opaKeyBindings") !== true);
    const taken = always.flatMap(({ key }) => foreign.filter((other) => other.key === key));
    assert.deepEqual(
      taken.map(({ key, command }) => `${key} ${command}`),
      [],
    );
  },
  "every command of the manifest is there": async () => {
    const own = vscode.extensions.getExtension("rulewright.rulewright")?.packageJSON as {
      readonly contributes: { readonly commands: readonly Binding[] };
    };
    const known = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      own.contributes.commands.map(({ command }) => command).filter((command) => !known.has(command)),
      [],
    );
  },
});
