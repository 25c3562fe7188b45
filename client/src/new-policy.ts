// New policy: asks the package and the kind, then writes policy, test, sample and expected decision; nothing when a name is taken.
import * as vscode from "vscode";

interface Kind extends vscode.QuickPickItem {
  readonly files: (name: string, folder: string) => Readonly<Record<string, string>>;
}

const policyText = (name: string) =>
  `# METADATA\n# title: ${name}\npackage ${name}\n\n# METADATA\n# description: May the user do this?\n# entrypoint: true\ndefault allow := false\n\nallow if input.user == "admin"\n`;

const testText = (name: string) => {
  const last = name.split(".").at(-1)!;
  return `package ${name}_test\n\nimport data.${name}\n\ntest_admin_is_allowed if {\n\t${last}.allow with input as {"user": "admin"}\n}\n\ntest_others_are_denied if {\n\tnot ${last}.allow with input as {"user": "guest"}\n}\n`;
};

const kinds: readonly Kind[] = [
  {
    label: "Decision",
    description: "a policy with a test, a sample input and its expected decision",
    files: (name) => {
      const last = name.split(".").at(-1)!;
      const path = name.replaceAll(".", "/");
      return {
        [`${path}/${last}.rego`]: policyText(name),
        [`${path}/${last}_test.rego`]: testText(name),
        [`inputs/${last}-admin.conf`]: "# An administrator asks.\nuser = admin\n",
        [`inputs/${last}-admin.expected.json`]: `{\n  "$schema": "rw://expected-1",\n  "decisions": {\n    "data.${name}.allow": { "value": true }\n  }\n}\n`,
      };
    },
  },
  {
    label: "Library",
    description: "functions for other policies",
    files: (name) => {
      const path = name.replaceAll(".", "/");
      const last = name.split(".").at(-1)!;
      return { [`${path}/${last}.rego`]: `package ${name}\n\nis_admin(user) if user == "admin"\n` };
    },
  },
  {
    label: "Test",
    description: "a test module for an existing package",
    files: (name) => {
      const path = name.replaceAll(".", "/");
      return { [`${path}/${name.split(".").at(-1)!}_test.rego`]: testText(name) };
    },
  },
  {
    label: "Sample input",
    description: "a HOCON file in inputs/",
    files: (name) => ({ [`inputs/${name.replaceAll(".", "-")}.conf`]: "# What is asked.\nuser = admin\n" }),
  },
];

/** Runs the dialogue in `folder`, or in the first workspace folder. */
export async function newPolicy(folder: vscode.Uri | undefined): Promise<void> {
  const base = folder ?? vscode.workspace.workspaceFolders?.[0]?.uri;
  if (base === undefined) {
    void vscode.window.showWarningMessage("Open a folder first: new policies are written there.");
    return;
  }
  const kind = await vscode.window.showQuickPick(kinds, { placeHolder: "What is it?" });
  if (kind === undefined) return;
  const name = await vscode.window.showInputBox({
    prompt: "Package, as authz.orders",
    value: "authz",
    validateInput: (text) =>
      /^[a-z_]\w*(\.[a-z_]\w*)*$/iu.test(text) ? undefined : "Names with dots between: letters, digits and _",
  });
  if (name === undefined) return;
  const files = Object.entries(kind.files(name, base.path)).map(
    ([path, text]) => [vscode.Uri.joinPath(base, path), text] as const,
  );
  const edit = new vscode.WorkspaceEdit();
  for (const [uri, text] of files) {
    if (await exists(uri)) {
      void vscode.window.showErrorMessage(`${vscode.workspace.asRelativePath(uri)} exists already: nothing was written.`);
      return;
    }
    edit.createFile(uri, { contents: new TextEncoder().encode(text) });
  }
  if (!(await vscode.workspace.applyEdit(edit))) {
    void vscode.window.showErrorMessage("The files could not be written: nothing was changed.");
    return;
  }
  await vscode.window.showTextDocument(files[0]![0]);
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
