// What a code means: its section of the bundled page of errors, or the page of a lint rule, as a document that needs no network. Codes lead to it, and a command lists them.
import * as vscode from "vscode";
import { codesIn, sectionAbout } from "#protocol/error-pages.ts";
import { errorScheme, productName } from "./names.ts";

export const explainCommand = "rw.explainError";

/** The form that the server gives to the links of codes: a command, which shows the section as it reads best. */
export const errorLinks = `command:${explainCommand}?${encodeURIComponent('["')}{code}${encodeURIComponent('"]')}`;

export class ErrorPages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #page: vscode.Uri;
  readonly #lintPages: vscode.Uri;
  readonly #registration: vscode.Disposable;

  constructor(extension: vscode.Uri) {
    this.#page = vscode.Uri.joinPath(extension, "docs", "errors.md");
    this.#lintPages = vscode.Uri.joinPath(extension, "docs", "lint");
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(errorScheme, this);
  }

  async #read(): Promise<string> {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(this.#page));
  }

  async provideTextDocumentContent({ path }: vscode.Uri): Promise<string> {
    const code = path.replace(/^\/|\.md$/gu, "");
    const page = await this.#read();
    return sectionAbout(page, code) ?? (await this.#lintPage(code)) ?? page;
  }

  /** The page of a lint rule; undefined for what is none. */
  async #lintPage(rule: string): Promise<string | undefined> {
    if (!/^[a-z][a-z0-9-]*$/u.test(rule)) return undefined;
    try {
      return new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.#lintPages, `${rule}.md`)));
    } catch {
      return undefined;
    }
  }

  /** Shows what a code means, beside the editor; asks for the code where none is given. */
  async show(given: unknown): Promise<void> {
    const code = typeof given === "string" ? given : await this.#ask();
    if (code === undefined) return;
    const uri = vscode.Uri.from({ scheme: errorScheme, path: `/${code}.md` });
    await vscode.commands.executeCommand("markdown.showPreviewToSide", uri);
  }

  /** The codes of the problems in the open file come first. */
  async #ask(): Promise<string | undefined> {
    const document = vscode.window.activeTextEditor?.document;
    const problems = document === undefined ? [] : vscode.languages.getDiagnostics(document.uri);
    const here = new Set(problems.map(({ code }) => (typeof code === "object" ? code.value : code)));
    const codes = codesIn(await this.#read());
    return await vscode.window.showQuickPick(
      [...codes.filter((code) => here.has(code)), ...codes.filter((code) => !here.has(code))],
      {
        title: productName,
        placeHolder: vscode.l10n.t("The code of a problem"),
      },
    );
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
