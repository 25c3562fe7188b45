// Choosing the sample input and the profile of a project: nearest samples first, JSON typed by hand, or none.
import * as vscode from "vscode";
import type { ServerLink } from "./server-link.ts";

interface Choice extends vscode.QuickPickItem {
  readonly choose?: () => Promise<void>;
}

/** Lets the reader choose the input for the project of a file. */
export async function pickInput(server: ServerLink, uri: vscode.Uri, memory: vscode.Memento): Promise<void> {
  const { root, samples } = await server.samples(uri.toString());
  const key = `rw.sample:${root}`;
  const select = async (sample: string | null) => {
    await server.selectSample({ uri: uri.toString(), sample });
    await memory.update(key, sample);
  };
  const choices: Choice[] = samples.map((sample) => ({
    label: `${sample.chosen ? "$(check)" : "$(symbol-object)"} ${sample.label}`,
    description: sample.folder,
    choose: () => select(sample.uri),
  }));
  choices.push(
    { label: "", kind: vscode.QuickPickItemKind.Separator },
    {
      label: "$(edit) Inline JSON…",
      description: "type the input",
      choose: async () => {
        const inline = await vscode.window.showInputBox({
          prompt: "The input as JSON",
          value: "{}",
          validateInput: (text) => {
            try {
              JSON.parse(text);
              return undefined;
            } catch (error) {
              return error instanceof Error ? error.message : String(error);
            }
          },
        });
        if (inline !== undefined) await server.selectSample({ uri: uri.toString(), inline });
      },
    },
    { label: "$(circle-slash) No input", description: "`input` is undefined", choose: () => select(null) },
  );
  const placeHolder =
    samples.length === 0 ? "This project has no samples: put one into inputs/" : "The input that live decisions use";
  const picked = await vscode.window.showQuickPick(choices, { placeHolder, matchOnDescription: true });
  await picked?.choose?.();
}

/** Lets the reader choose the profile of `rw.conf` for the project of a file. */
export async function pickProfile(server: ServerLink, uri: vscode.Uri): Promise<void> {
  const { profiles, profile } = await server.samples(uri.toString());
  if (profiles.length === 0) {
    void vscode.window.showInformationMessage("This project's rw.conf has no profiles.");
    return;
  }
  const picked = await vscode.window.showQuickPick(
    [
      ...profiles.map((name) => ({ label: name, description: name === profile ? "in use" : "" })),
      { label: "none", description: "" },
    ],
    { placeHolder: "The profile that samples are resolved with" },
  );
  if (picked !== undefined) {
    await server.selectSample({ uri: uri.toString(), profile: picked.label === "none" ? null : picked.label });
  }
}

/** Tells the server what was chosen in an earlier session. */
export async function restoreChoice(server: ServerLink, uri: vscode.Uri, memory: vscode.Memento): Promise<void> {
  const { root, samples } = await server.samples(uri.toString());
  const remembered = memory.get<string | null>(`rw.sample:${root}`);
  if (remembered === undefined) return;
  if (remembered === null || samples.some((sample) => sample.uri === remembered && !sample.chosen)) {
    await server.selectSample({ uri: uri.toString(), sample: remembered });
  }
}
