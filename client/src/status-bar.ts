// The mark in the status bar: green only when every layer of the project holds; and which input is in use.
import * as vscode from "vscode";
import type { Layer, LiveParams, StatusParams } from "#protocol/messages.ts";
import { headline, type LiveState } from "./live-state.ts";
import type { ServerLink } from "./server-link.ts";

const spinnerDelay = 300;
/** Longer values are cut in the status bar. */
const longest = 40;
const layers = ["syntax", "compile", "lint", "decisions", "tests"] as const;

export class StatusBar implements vscode.Disposable {
  readonly #state = vscode.window.createStatusBarItem("rw.state", vscode.StatusBarAlignment.Left, 10);
  readonly #input = vscode.window.createStatusBarItem("rw.input", vscode.StatusBarAlignment.Left, 9);
  readonly #language = vscode.languages.createLanguageStatusItem("rw.language", [{ language: "rego" }, { language: "hocon" }]);
  readonly #live: LiveState;
  readonly #statuses = new Map<string, StatusParams>();
  readonly #subscriptions: vscode.Disposable[];
  #spinner: ReturnType<typeof setTimeout> | undefined;
  #down: string | undefined;

  constructor(server: ServerLink, live: LiveState) {
    this.#live = live;
    this.#state.name = "Rulewright: state of the project";
    this.#state.command = "rw.status";
    this.#input.name = "Rulewright: sample input";
    this.#input.command = "rw.pickInput";
    this.#language.name = "Rulewright";
    this.#language.command = { command: "rw.showLog", title: "Log" };
    this.#subscriptions = [
      this.#state,
      this.#input,
      this.#language,
      server.onStatus((status) => {
        this.#down = undefined;
        this.#statuses.set(status.root, status);
        this.#show();
      }),
      live.onChange(() => this.#show()),
      vscode.window.onDidChangeActiveTextEditor(() => this.#show()),
    ];
    this.#show();
  }

  /** Says that there is no server, until one answers. */
  serverDown(text: string): void {
    this.#down = text;
    this.#show();
  }

  statusOf(uri: vscode.Uri | undefined): StatusParams | undefined {
    if (uri === undefined) return undefined;
    let best: StatusParams | undefined;
    for (const status of this.#statuses.values()) {
      const root = vscode.Uri.parse(status.root).path;
      const prefix = root.endsWith("/") ? root : `${root}/`;
      if (uri.path.startsWith(prefix) && status.root.length > (best?.root.length ?? -1)) best = status;
    }
    return best;
  }

  #show(): void {
    const document = vscode.window.activeTextEditor?.document;
    const ours = document !== undefined && (document.languageId === "rego" || document.languageId === "hocon");
    const summary = vscode.workspace.getConfiguration("rw", document?.uri).get("showProblemsSummary", true);
    if (!ours || !summary) {
      this.#state.hide();
      this.#input.hide();
      return;
    }
    const live = this.#live.of(document.uri) ?? this.#liveOfRoot(document.uri);
    const status = this.statusOf(document.uri);
    clearTimeout(this.#spinner);
    if (status?.busy === true)
      this.#spinner = setTimeout(() => this.#write("$(sync~spin) checking", "checking", status, live), spinnerDelay);
    else this.#write(markOf(status, live, this.#down), wordsOf(status, live, this.#down), status, live);
    if (live !== undefined) {
      this.#input.text = `$(symbol-object) ${live.sample ?? "no input"}${live.profile === undefined ? "" : ` · ${live.profile}`}`;
      this.#input.tooltip = "Choose the sample input that live decisions use";
      this.#input.accessibilityInformation = { label: `Sample input ${live.sample ?? "none"}` };
      this.#input.show();
    } else this.#input.hide();
  }

  #liveOfRoot(uri: vscode.Uri): LiveParams | undefined {
    const root = this.statusOf(uri)?.root;
    for (const live of this.#live.all()) if (live.root === root) return live;
    return undefined;
  }

  #write(text: string, words: string, status: StatusParams | undefined, live: LiveParams | undefined): void {
    this.#state.text = text;
    this.#state.tooltip = tooltipOf(status, live);
    this.#state.accessibilityInformation = { label: words };
    const bad = text.startsWith("$(error)");
    this.#state.backgroundColor = bad ? new vscode.ThemeColor("statusBarItem.errorBackground") : undefined;
    this.#state.show();
    this.#language.text = words;
    this.#language.severity = bad
      ? vscode.LanguageStatusSeverity.Error
      : text.startsWith("$(warning)")
        ? vscode.LanguageStatusSeverity.Warning
        : vscode.LanguageStatusSeverity.Information;
    this.#language.busy = text.startsWith("$(sync");
  }

  dispose(): void {
    clearTimeout(this.#spinner);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

function decisionOf(live: LiveParams | undefined): string {
  const rule = live === undefined ? undefined : headline(live);
  if (rule === undefined) return "";
  return `${rule.name} = ${rule.text.length > longest ? `${rule.text.slice(0, longest - 1)}…` : rule.text}`;
}

const count = (status: StatusParams | undefined, what: "errors" | "warnings"): number =>
  status === undefined ? 0 : layers.reduce((sum, layer) => sum + status[layer][what], 0);

function markOf(status: StatusParams | undefined, live: LiveParams | undefined, down: string | undefined): string {
  if (down !== undefined) return `$(warning) ${down}`;
  if (status === undefined) return "$(circle-outline) Rulewright";
  const errors = count(status, "errors");
  const warnings = count(status, "warnings");
  const decision = decisionOf(live);
  const stale = live?.stale === true ? `${headline(live)?.name ?? "decision"}: stale` : decision;
  const sample = live?.sample === undefined ? "" : ` · ${live.sample}${live.profile === undefined ? "" : ` (${live.profile})`}`;
  if (errors > 0) return `$(error) ${errors}${stale === "" ? "" : ` · ${stale}`}`;
  if (warnings > 0) return `$(warning) ${warnings}${stale === "" ? "" : ` · ${stale}`}`;
  return `$(check) ${decision === "" ? `${status.rules} rules` : decision}${sample}`;
}

function wordsOf(status: StatusParams | undefined, live: LiveParams | undefined, down: string | undefined): string {
  if (down !== undefined) return down;
  if (status === undefined) return "Rulewright has not looked at this file yet";
  const errors = count(status, "errors");
  const warnings = count(status, "warnings");
  const problems = errors + warnings === 0 ? "no problems" : `${errors} errors, ${warnings} warnings`;
  const tests = status.total === 0 ? "" : `, ${status.passed} of ${status.total} tests pass`;
  const decision = decisionOf(live);
  return `${status.rules} rules, ${problems}${decision === "" ? "" : `, ${decision} for ${live?.sample ?? "no input"}`}${tests}`;
}

function tooltipOf(status: StatusParams | undefined, live: LiveParams | undefined): vscode.MarkdownString {
  const text = new vscode.MarkdownString(undefined, true);
  if (status !== undefined) {
    const marks: Record<Layer["state"], string> = {
      ok: "$(check)",
      errors: "$(error)",
      warnings: "$(warning)",
      stale: "$(history)",
      off: "$(circle-slash)",
      unknown: "$(question)",
    };
    text.appendMarkdown(`**${status.rules} rules** in this project\n\n`);
    for (const name of layers) {
      const layer = status[name];
      if (layer.state === "off") continue;
      const counts = layer.errors + layer.warnings === 0 ? "" : `, ${layer.errors} errors, ${layer.warnings} warnings`;
      const passed = name === "tests" && status.total > 0 ? ` ${status.passed}/${status.total}` : "";
      text.appendMarkdown(`${marks[layer.state]} ${name}: ${layer.state}${passed}${counts} · ${layer.ms.toFixed(0)} ms\n\n`);
    }
  }
  if (live !== undefined) text.appendMarkdown(`Input: ${live.sample ?? "none"}`);
  return text;
}
