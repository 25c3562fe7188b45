// Choosing the sample input and the profile of a project: nearest samples first, profiles, JSON typed by hand, or none; pinning one to a rule.
import * as vscode from "vscode";
import type { SamplesResult } from "#protocol/messages.ts";
import type { ServerLink } from "./server-link.ts";
import { writeText } from "./written-files.ts";

interface Choice extends vscode.QuickPickItem {
  readonly choose?: () => Promise<unknown>;
  /** The file to look at, or to pin, instead of choosing it. */
  readonly file?: vscode.Uri;
}

/** Lets the reader choose the input for the project of a file. The box opens at once: keys pressed before the server answers are no text of the policy. */
export async function pickInput(server: ServerLink, uri: vscode.Uri, memory: vscode.Memento): Promise<void> {
  const policy = regoInFront(uri);
  const open: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon("go-to-file"), tooltip: vscode.l10n.t("Open the File") };
  const pin: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon("pin"),
    tooltip: vscode.l10n.t("Pin to the Rule at the Cursor"),
  };
  const pick = vscode.window.createQuickPick<Choice>();
  pick.title = vscode.l10n.t("Sample Input");
  pick.placeholder = vscode.l10n.t("The input that live decisions use");
  pick.matchOnDescription = true;
  pick.busy = true;
  const chosen = new Promise<Choice["choose"]>((done) => {
    pick.onDidAccept(() => {
      if (pick.selectedItems[0] !== undefined) done(pick.selectedItems[0].choose);
    });
    pick.onDidTriggerItemButton(({ item: { file }, button }) => {
      if (file === undefined) return;
      if (button === pin && policy !== undefined) done(() => pinTo(server, policy, file));
      else done(async () => vscode.window.showTextDocument(file));
    });
    pick.onDidHide(() => done(undefined));
  });
  pick.show();
  try {
    const answer = await server.samples(uri.toString(), recentInputs(memory));
    const choices = choicesOf(answer, (choice) => select(server, uri, answer.root, memory, choice));
    const buttons = policy === undefined ? [open] : [pin, open];
    if (answer.samples.length === 0) pick.placeholder = vscode.l10n.t("This project has no samples: put one into inputs/");
    pick.items = choices.map((choice) => (choice.file === undefined ? choice : { ...choice, buttons }));
    if (pick.value === "") pick.activeItems = pick.items.filter((_, at) => answer.samples[at]?.chosen === true);
    pick.busy = false;
    const act = await chosen;
    pick.hide();
    await act?.();
  } finally {
    pick.dispose();
  }
}

/** What may be chosen: the samples, what is no file, and the profiles. */
function choicesOf(
  { root, samples, profiles, profile }: SamplesResult,
  choose: (choice: Remembered) => Promise<void>,
): readonly Choice[] {
  const own = samples.map((sample) => ({
    ...rowOf(sample, sample.chosen ? "check" : "symbol-object"),
    ...(sample.chosen ? { description: vscode.l10n.t("{0} · in use", sample.folder) } : {}),
    choose: () => choose({ sample: sample.uri }),
  }));
  const others = [
    {
      label: vscode.l10n.t("Inline JSON…"),
      iconPath: new vscode.ThemeIcon("edit"),
      description: vscode.l10n.t("type the input"),
      choose: () => typeInput(choose),
    },
    {
      label: vscode.l10n.t("New sample…"),
      iconPath: new vscode.ThemeIcon("add"),
      description: vscode.l10n.t("a HOCON file in inputs/"),
      choose: async () => vscode.commands.executeCommand("rw.newSample", vscode.Uri.parse(root)),
    },
    {
      label: vscode.l10n.t("No input"),
      iconPath: new vscode.ThemeIcon("circle-slash"),
      description: vscode.l10n.t("`input` is undefined"),
      choose: () => choose({ sample: null }),
    },
  ];
  const ofProfiles = profileChoices(profiles, profile).map(({ name, ...item }) => ({
    ...item,
    choose: () => choose({ profile: name }),
  }));
  const titled = profiles.length === 0 ? [] : [separator(vscode.l10n.t("Profile")), ...ofProfiles];
  return [...own, separator(""), ...others, ...titled];
}

function rowOf({ label, folder, uri }: SamplesResult["samples"][number], icon: string) {
  return { label, description: folder, iconPath: new vscode.ThemeIcon(icon), file: vscode.Uri.parse(uri) };
}

function regoInFront(uri: vscode.Uri): vscode.TextEditor | undefined {
  const editor = vscode.window.activeTextEditor;
  return editor?.document.languageId === "rego" && editor.document.uri.toString() === uri.toString() ? editor : undefined;
}

/** Lets the reader choose the sample that the rule at the cursor is asked with from now on, whatever is chosen for the project. */
export async function pinInput(server: ServerLink, editor: vscode.TextEditor, memory: vscode.Memento): Promise<void> {
  const none = { label: vscode.l10n.t("No pin"), iconPath: new vscode.ThemeIcon("pinned-dirty"), file: undefined };
  const rows = server
    .samples(editor.document.uri.toString(), recentInputs(memory))
    .then(({ samples }) => [...samples.map((sample) => rowOf(sample, "pin")), none]);
  const picked = await vscode.window.showQuickPick(rows, {
    title: vscode.l10n.t("Pin a Sample Input to the Rule at the Cursor"),
    placeHolder: vscode.l10n.t("The input of this rule, whatever is chosen for the others; rw.conf keeps it"),
    matchOnDescription: true,
  });
  if (picked !== undefined) await pinTo(server, editor, picked.file);
}

/** Writes the pin into `rw.conf`; undo there takes it back. */
async function pinTo(server: ServerLink, editor: vscode.TextEditor, sample: vscode.Uri | undefined): Promise<void> {
  const uri = editor.document.uri.toString();
  const at = editor.selection.active;
  const made = await server.pinSample({ uri, range: { start: at, end: at }, sample: sample?.toString() ?? null });
  const { rule = "" } = made;
  if (made.uri === undefined || made.after === undefined) throw new Error(made.problem ?? vscode.l10n.t("{0} has no pin", rule));
  const config = vscode.Uri.parse(made.uri);
  await writeText(config, made.after);
  const file = vscode.workspace.asRelativePath(config);
  const said =
    sample === undefined
      ? vscode.l10n.t("{0} has no pin any more ({1})", rule, file)
      : vscode.l10n.t("{0} is decided for {1} from now on ({2})", rule, vscode.workspace.asRelativePath(sample), file);
  vscode.window.setStatusBarMessage(said, 4000);
}

async function typeInput(choose: (choice: Remembered) => Promise<void>): Promise<void> {
  const inline = await vscode.window.showInputBox({
    title: vscode.l10n.t("Inline JSON"),
    prompt: vscode.l10n.t("The input as JSON"),
    value: "{}",
    ignoreFocusOut: true,
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
}

/** Lets the reader choose the profile of `rw.conf` for the project of a file. */
export async function pickProfile(server: ServerLink, uri: vscode.Uri, memory: vscode.Memento): Promise<void> {
  const { root, profiles, profile } = await server.samples(uri.toString());
  if (profiles.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t("This project has no profiles: `profiles` in its rw.conf names them."),
    );
    return;
  }
  const picked = await vscode.window.showQuickPick(profileChoices(profiles, profile), {
    title: vscode.l10n.t("Profile"),
    placeHolder: vscode.l10n.t("The profile that samples are resolved with"),
  });
  if (picked !== undefined) await select(server, uri, root, memory, { profile: picked.name });
}

/** Every profile, and none of them. */
function profileChoices(
  profiles: readonly string[],
  inUse: string | undefined,
): readonly (vscode.QuickPickItem & { readonly name: string | null })[] {
  const choice = (name: string | null, label: string) =>
    (name ?? undefined) === inUse
      ? { label, iconPath: new vscode.ThemeIcon("check"), description: vscode.l10n.t("in use"), name }
      : { label, iconPath: new vscode.ThemeIcon("layers"), name };
  return [...profiles.map((name) => choice(name, name)), choice(null, vscode.l10n.t("no profile"))];
}

const separator = (label: string): Choice => ({ label, kind: vscode.QuickPickItemKind.Separator });

/** What was chosen for a project, kept over sessions and over a server that is started again. */
interface Remembered {
  /** null for no input. */
  readonly sample?: string | null;
  readonly inline?: string;
  /** null for no profile. */
  readonly profile?: string | null;
}

const memoryKey = (root: string): string => `rw.choice:${root}`;

const recentKey = "rw.recentInputs";
/** Enough for the projects of a window. */
const maxRecent = 50;

/** The inputs that were chosen in this window, of any project, the latest first. */
const recentInputs = (memory: vscode.Memento): readonly string[] => memory.get<readonly string[]>(recentKey, []);

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
  const { sample } = choice;
  if (typeof sample === "string") {
    const others = recentInputs(memory).filter((one) => one !== sample);
    await memory.update(recentKey, [sample, ...others].slice(0, maxRecent));
  }
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
