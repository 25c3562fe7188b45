// The four editors, each with a file of the server's project.
import * as monaco from "monaco-editor/editor";
import type { MemoryFiles } from "#embedding/language-server.ts";
import type { Texts } from "./share.ts";

export type Pane = keyof Texts;

/** In the order that the keyboard goes through. */
export const panes: Readonly<Record<Pane, { readonly path: string; readonly language: string; readonly label: string }>> = {
  policy: { path: "policy.rego", language: "rego", label: "Policy" },
  tests: { path: "policy_test.rego", language: "rego", label: "Tests" },
  input: { path: "inputs/input.conf", language: "hocon", label: "Input" },
  data: { path: "data.json", language: "json", label: "Data" },
};

const paneNames = Object.keys(panes) as readonly Pane[];

/** A policy without a package is an error; tests that nobody has written yet are none. */
const isNothing = (pane: Pane, text: string): boolean => pane === "tests" && text.trim() === "";

/** The files as the server reads them before it knows of the editors. */
export function filesOf(texts: Texts): Readonly<Record<string, string>> {
  const written = paneNames.filter((pane) => !isNothing(pane, texts[pane]));
  return Object.fromEntries(written.map((pane) => [panes[pane].path, texts[pane]]));
}

/** The server sees the models of its languages alone. */
function showToServer(pane: Pane, model: monaco.editor.ITextModel, files: MemoryFiles): void {
  const { path, language } = panes[pane];
  const wanted = isNothing(pane, model.getValue()) ? "plaintext" : language;
  if (model.getLanguageId() === wanted) return;
  files.remove(path);
  monaco.editor.setModelLanguage(model, wanted);
}

export class Editors {
  readonly #editors: Readonly<Record<Pane, monaco.editor.IStandaloneCodeEditor>>;

  /** `changed` hears of each change. */
  constructor(texts: Texts, files: MemoryFiles, changed: () => void) {
    const make = (pane: Pane): monaco.editor.IStandaloneCodeEditor => {
      const { path, language, label } = panes[pane];
      const shown = isNothing(pane, texts[pane]) ? "plaintext" : language;
      const model = monaco.editor.createModel(texts[pane], shown, monaco.Uri.parse(files.uri(path)));
      model.onDidChangeContent(() => {
        showToServer(pane, model, files);
        changed();
      });
      const parent = document.getElementById(pane);
      if (parent === null) throw new Error(`the page has no #${pane}`);
      return monaco.editor.create(parent, {
        model,
        ariaLabel: `${label}: ${path}`,
        automaticLayout: true,
        "semanticHighlighting.enabled": true,
        minimap: { enabled: false },
        scrollBeyondLastLine: false,
        fontSize: 13,
        lineNumbersMinChars: 3,
        fixedOverflowWidgets: true,
        tabSize: language === "rego" ? 4 : 2,
        insertSpaces: language !== "rego",
        detectIndentation: false,
        padding: { top: 4 },
      });
    };
    this.#editors = { policy: make("policy"), tests: make("tests"), input: make("input"), data: make("data") };
  }

  get texts(): Texts {
    const text = (pane: Pane): string => this.#editors[pane].getValue();
    return { policy: text("policy"), tests: text("tests"), input: text("input"), data: text("data") };
  }

  /** Undo leads back to what was there. */
  replace(texts: Texts): void {
    for (const pane of paneNames) {
      const model = this.#editors[pane].getModel();
      if (model === null || model.getValue() === texts[pane]) continue;
      model.pushStackElement();
      model.pushEditOperations(null, [{ range: model.getFullModelRange(), text: texts[pane] }], () => null);
      model.pushStackElement();
    }
  }

  /** Formats what has been focused last, the policy at first. */
  async format(): Promise<void> {
    const editor = Object.values(this.#editors).find((one) => one.hasTextFocus()) ?? this.#lastFocused ?? this.#editors.policy;
    await editor.getAction("editor.action.formatDocument")?.run();
  }

  #lastFocused: monaco.editor.IStandaloneCodeEditor | undefined;

  /** F6 and Shift+F6 go through the editors and the results. */
  cycle(results: HTMLElement): void {
    const stops = [...Object.values(this.#editors), results];
    for (const editor of Object.values(this.#editors))
      editor.onDidFocusEditorText(() => {
        this.#lastFocused = editor;
      });
    document.addEventListener(
      "keydown",
      (event) => {
        if (event.key !== "F6") return;
        event.preventDefault();
        const at = stops.findIndex((stop) =>
          "hasTextFocus" in stop ? stop.hasTextFocus() : stop.contains(document.activeElement),
        );
        const step = event.shiftKey ? -1 : 1;
        stops[(at + step + stops.length) % stops.length]?.focus();
      },
      { capture: true },
    );
  }

  /** Goes to a place of a file; false for a file that no editor has. */
  show(uri: string, lineNumber: number, column: number): boolean {
    const editor = Object.values(this.#editors).find((one) => one.getModel()?.uri.toString() === uri);
    if (editor === undefined) return false;
    editor.setPosition({ lineNumber, column });
    editor.revealLineInCenterIfOutsideViewport(lineNumber);
    editor.focus();
    return true;
  }
}
