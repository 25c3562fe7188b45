// The page: editors bound to the language server in a worker, and what they come to.
import "monaco-editor/features/register.all";
import * as monaco from "monaco-editor/editor";
import {
  type LiveParams,
  memoryFiles,
  type RunTestsResult,
  startLanguageServer,
  type TestsResult,
} from "#embedding/language-server.ts";
import { tokensProvider } from "#embedding/monaco/colours.ts";
import { bindMonaco, monacoCapabilities } from "#embedding/monaco/monaco.ts";
import { Editors, filesOf, panes } from "./editors.ts";
import { examples } from "./examples.ts";
import { type Problem, showDecisions, showFailure, showNotice, showProblems, showTests } from "./results.ts";
import { fragmentOf, type Texts, textsOf } from "./share.ts";
import { chooseThemeBy } from "./theme.ts";

/** Milliseconds without a change, after which tests are run. */
const quiet = 250;

Object.assign(globalThis, { MonacoEnvironment: { getWorker: () => new Worker(new URL("editor-worker.js", location.href)) } });

const [firstExample] = Object.values(examples);

function control<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no #${id}`);
  return found;
}

/** The texts of the address; it is told when there is a fragment that says nothing. */
async function sharedTexts(): Promise<Texts | undefined> {
  if (location.hash.length < 2) return undefined;
  const texts = await textsOf(location.hash);
  if (texts === undefined) showNotice("The link holds no policy of this page: it is not used.");
  return texts;
}

async function start(): Promise<void> {
  const texts = (await sharedTexts()) ?? firstExample;
  if (texts === undefined) return;
  const files = memoryFiles(filesOf(texts));
  const server = await startLanguageServer(new Worker(new URL("server.js", location.href)), {
    files,
    capabilities: monacoCapabilities,
    // The files of this page have no folders to be named after, and decisions are shown without being asked for.
    settings: { lint: { severity: { "directory-package-mismatch": "off" } }, lens: { evaluate: false, test: false } },
    broken: (reason) => showFailure(`The engine has ended: ${reason}. Reload the page to go on.`),
  });
  bindMonaco(monaco, server, { onFailure: (_, reason) => showNotice(reason) });
  // Data is JSON, which is HOCON too: it has the same colours.
  monaco.languages.register({ id: "json" });
  monaco.languages.setTokensProvider("json", tokensProvider("hocon"));
  let changedAt: number | undefined;
  const editors = new Editors(texts, files, () => {
    changedAt = performance.now();
  });
  const policy = files.uri(panes.policy.path);
  server.onNotification<LiveParams>("rw/live", (params) => {
    if (params.uri !== policy) return;
    const sinceKey = changedAt === undefined ? undefined : performance.now() - changedAt;
    showDecisions(params, sinceKey);
    if (sinceKey !== undefined) performance.measure("key to decision", { start: changedAt ?? 0, duration: sinceKey });
  });

  let waiting: ReturnType<typeof setTimeout> | undefined;
  server.onNotification("rw/testsChanged", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const [{ tests }, { outcomes }] = await Promise.all([
        server.request<TestsResult>("rw/tests", {}),
        server.request<RunTestsResult>("rw/runTests", { ids: [] }),
      ]);
      showTests(tests, outcomes);
    }, quiet);
  });
  const tellProblems = (): void => showProblems(problemsIn(editors));
  monaco.editor.onDidChangeMarkers(tellProblems);
  tellProblems();
  // A definition may stand in another pane.
  monaco.editor.registerEditorOpener({
    openCodeEditor: (_, resource, at = { lineNumber: 1, column: 1 }) => {
      const { lineNumber, column } = "lineNumber" in at ? at : { lineNumber: at.startLineNumber, column: at.startColumn };
      return editors.show(resource.toString(), lineNumber, column);
    },
  });
  bindControls(editors);
}

const severities: Readonly<Record<number, Problem["severity"]>> = {
  [monaco.MarkerSeverity.Error]: "error",
  [monaco.MarkerSeverity.Warning]: "warning",
};

function problemsIn(editors: Editors): readonly Problem[] {
  const found = [...monaco.editor.getModelMarkers({})].sort((one, other) => other.severity - one.severity);
  return found.map(({ resource, startLineNumber, startColumn, severity, message }) => ({
    place: `${resource.path.replace(/^\/project\//u, "")}:${startLineNumber}`,
    severity: severities[severity] ?? "note",
    message,
    show: () => editors.show(resource.toString(), startLineNumber, startColumn),
  }));
}

function bindControls(editors: Editors): void {
  const chosen = control("examples", HTMLSelectElement);
  chosen.append(...Object.keys(examples).map((name) => new Option(name)));
  chosen.addEventListener("change", () => {
    const texts = examples[chosen.value];
    if (texts !== undefined) editors.replace(texts);
  });
  control("format", HTMLButtonElement).addEventListener("click", () => void editors.format());
  control("share", HTMLButtonElement).addEventListener("click", () => void share(editors.texts));
  editors.cycle(control("results", HTMLElement));
  chooseThemeBy(control("theme", HTMLSelectElement), (name) => monaco.editor.setTheme(name));
  addEventListener("hashchange", async () => {
    const texts = await sharedTexts();
    if (texts !== undefined) editors.replace(texts);
  });
}

async function share(texts: Texts): Promise<void> {
  const fragment = await fragmentOf(texts);
  if (fragment === undefined) {
    showNotice("The texts are too long for a link: make them shorter.");
    return;
  }
  history.replaceState(null, "", fragment);
  await navigator.clipboard.writeText(location.href).then(
    () => showNotice("The link is in the clipboard."),
    () => showNotice("The link is in the address bar."),
  );
}

/** Keeps the page for when there is no network; where that is not allowed, the page works as long as it is open. */
function keepOffline(): void {
  navigator.serviceWorker?.register(new URL("offline.js", location.href)).catch(() => undefined);
}

start().catch((error: unknown) =>
  showFailure(`The page could not start: ${error instanceof Error ? error.message : String(error)}`),
);
keepOffline();
