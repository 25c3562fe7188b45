// The file systems that policies lie in: the disk, and virtual ones, which only the editor can read; there it reads for the language server.
import * as vscode from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import * as messages from "#protocol/messages.ts";

/** Known also while no folder of theirs is open: repositories on vscode.dev and github.dev. */
const known = ["vscode-vfs"];

/** Schemes whose documents are policies and inputs: those of the disk, of the folders, and of texts that have no file yet. */
export function sourceSchemes(): readonly string[] {
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme);
  return [...new Set(["file", "untitled", ...known, ...folders])];
}

export const isSource = ({ scheme }: vscode.Uri): boolean => sourceSchemes().includes(scheme);

/** Schemes of the files that the server cannot read itself. */
export function fileSystemsOfClient(inBrowser: boolean): readonly string[] {
  return sourceSchemes().filter((scheme) => scheme !== "untitled" && (scheme !== "file" || inBrowser));
}

/** How a file is named to the debugger and on a command line: its path, or its address where the disk does not have it. */
export function nameOfFile(uri: vscode.Uri): string {
  return uri.scheme === "file" ? uri.fsPath : uri.toString();
}

/** Answers the server's questions about files. */
export function readFilesFor(client: BaseLanguageClient): void {
  client.onRequest(messages.readFile, async ({ uri, longest }: messages.ReadFileParams): Promise<messages.ReadFileResult> => {
    try {
      const file = vscode.Uri.parse(uri, true);
      const { type, size } = await vscode.workspace.fs.stat(file);
      if ((type & vscode.FileType.File) === 0) return null;
      return size > longest ? { length: size } : { base64: base64Of(await vscode.workspace.fs.readFile(file)) };
    } catch {
      // Without such a file, or a file system that has it, there is nothing to read.
      return null;
    }
  });
  client.onRequest(messages.readFolder, async ({ uri }: messages.ReadFolderParams): Promise<messages.ReadFolderResult> => {
    try {
      const entries = await vscode.workspace.fs.readDirectory(vscode.Uri.parse(uri, true));
      return entries.flatMap(([name, type]): readonly messages.FolderEntry[] => {
        if ((type & vscode.FileType.File) !== 0) return [{ name, kind: "file" }];
        // A link to a folder may lead around in a circle.
        return type === vscode.FileType.Directory ? [{ name, kind: "folder" }] : [];
      });
    } catch {
      return null;
    }
  });
}

/** Arguments that a function may be given at once. */
const piece = 16_384;

function base64Of(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += piece) text += String.fromCharCode(...bytes.subarray(at, at + piece));
  return btoa(text);
}
