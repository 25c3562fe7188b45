// The schemas of our own files under the addresses that these files name: `rw://expected-1`. Without them the JSON of each would be complained about.
import * as vscode from "vscode";
import { schemaScheme } from "./names.ts";

export function provideSchemas(extension: vscode.Uri): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(schemaScheme, {
    provideTextDocumentContent: async ({ authority }) => {
      // The address comes from a file, and leads to nothing but a schema.
      if (!/^[\w-]+$/u.test(authority)) return undefined;
      const file = vscode.Uri.joinPath(extension, "assets", "schemas", `${authority}.json`);
      return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
    },
  });
}
