// What a code means: its section of the bundled page of errors, as a document that needs no network.
import * as vscode from "vscode";
import { sectionAbout } from "#protocol/error-pages.ts";
import { errorScheme } from "./names.ts";

/** The form that the server gives to the links of codes. */
export const errorLinks = `${errorScheme}:/{code}.md`;

export class ErrorPages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #page: vscode.Uri;
  readonly #registration: vscode.Disposable;

  constructor(extension: vscode.Uri) {
    this.#page = vscode.Uri.joinPath(extension, "docs", "errors.md");
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(errorScheme, this);
  }

  async provideTextDocumentContent({ path }: vscode.Uri): Promise<string> {
    const page = new TextDecoder().decode(await vscode.workspace.fs.readFile(this.#page));
    return sectionAbout(page, path.replace(/^\/|\.md$/gu, "")) ?? page;
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
