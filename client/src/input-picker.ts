// Choosing the sample input and the profile of a project: nearest samples first, JSON typed by hand, or none.
import * as vscode from "vscode";
import type { ServerLink } from "./server-link.ts";

interface Choice extends vscode.QuickPickItem {
  readonly choose?: () => Promise<void>;
}

/** Lets the reader choose the input for the project of a file. */
export async function pickInput(server: ServerLink, uri: vscode.Uri, memory: vscode.Memento): Promise<void> {
  const { root, samples } = await server.samples(uri.toString());
  const choose = (choice: Remembered) => select(server, uri, root, memory, choice);
  const choices: Choice[] = samples.map((sample) => ({
    label: `${sample.chosen ? "$(check)" : "$(symbol-object)"} ${sample.label}`,
    description: sample.folder,
    choose: () => choose({ sample: sample.uri }),
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
        if (inline !== undefined) await choose({ inline });
      },
    },
    { label: "$(circle-slash) No input", description: "`input` is undefined", choose: () => choose({ sample: null }) },
  );
  const placeHolder =
    samples.length === 0 ? "This project has no samples: put one into inputs/" : "The input that live decisions use";
  const picked = await vscode.window.showQuickPick(choices, { placeHolder, matchOnDescription: true });
  await picked?.choose?.();
}

/** Lets the reader choose the profile of `rw.conf` for the project of a file. */
export async function pickProfile(server: ServerLink, uri: vscode.Uri, memory: vscode.Memento): Promise<void> {
  const { root, profiles, profile } = await server.samples(uri.toString());
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
    await select(server, uri, root, memory, { profile: picked.label === "none" ? null : picked.label });
  }
}

/** What was chosen for a project, kept over sessions and over a server that is started again. */
interface Remembered {
  /** null for no input. */
  readonly sample?: string | null;
  readonly inline?: string;
  /** null for no profile. */
  readonly profile?: string | null;
}

const memoryKey = (root: string): string => `rw.choice:${root}`;

/** Chooses and remembers; a sample replaces typed JSON and the other way round. */
async function select(
  server: ServerLink,
  uri: vscode.Uri,
  root: string,
  memory: vscode.Memento,
  choice: Remembered,
): Promise<void> {
  await server.selectSample({ uri: uri.toString(), ...choice });
  const before = memory.get<Remembered>(memoryKey(root), {});
  const kept = "profile" in choice ? before : { profile: before.profile };
  await memory.update(memoryKey(root), { ...kept, ...choice });
}

/** Tells a server that has just started what was chosen before, once for each project. */
export class ChoiceKeeper {
  readonly #server: ServerLink;
  readonly #memory: vscode.Memento;
  readonly #told = new Set<string>();

  constructor(server: ServerLink, memory: vscode.Memento) {
    this.#server = server;
    this.#memory = memory;
  }

  /** The server knows nothing any more. */
  serverStarted(): void {
    this.#told.clear();
  }

  async restore(documents: readonly vscode.TextDocument[]): Promise<void> {
    for (const { uri, languageId } of documents) {
      if (languageId !== "rego" && languageId !== "hocon") continue;
      const { root, samples, profiles } = await this.#server.samples(uri.toString());
      if (this.#told.has(root)) continue;
      this.#told.add(root);
      const { sample, inline, profile } = this.#memory.get<Remembered>(memoryKey(root), {});
      const choice: Remembered = {
        ...(sample === null || samples.some((one) => one.uri === sample) ? { sample } : {}),
        ...(inline === undefined ? {} : { inline }),
        ...(profile === null || (profile !== undefined && profiles.includes(profile)) ? { profile } : {}),
      };
      if (Object.keys(choice).length > 0) await this.#server.selectSample({ uri: uri.toString(), ...choice });
    }
  }
}
