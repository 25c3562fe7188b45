// The mark in the status bar: green only when every layer of the project holds; and which input is in use.
import * as vscode from "vscode";
import type { Layer, LiveParams, StatusParams } from "#protocol/messages.ts";
import { headline, type LiveState } from "./live-state.ts";
import { turning } from "./motion.ts";
import { productName } from "./names.ts";
import type { Problems } from "./problems.ts";
import type { ServerLink } from "./server-link.ts";

const spinnerDelay = 300;
/** Longer values are cut in the status bar. */
const longest = 40;

/** What a project is made of, from text to tests. */
export const layers = ["syntax", "compile", "lint", "decisions", "tests"] as const;
type LayerName = (typeof layers)[number];

export const layerIcons: Record<Layer["state"], string> = {
  ok: "check",
  errors: "error",
  warnings: "warning",
  stale: "history",
  off: "circle-slash",
  unknown: "question",
};

export class StatusBar implements vscode.Disposable {
  readonly #state = vscode.window.createStatusBarItem("rw.state", vscode.StatusBarAlignment.Left, 10);
  readonly #input = vscode.window.createStatusBarItem("rw.input", vscode.StatusBarAlignment.Left, 9);
  readonly #language = vscode.languages.createLanguageStatusItem("rw.language", [{ language: "rego" }, { language: "hocon" }]);
  readonly #live: LiveState;
  readonly #statuses = new Map<string, StatusParams>();
  readonly #subscriptions: vscode.Disposable[];
  #spinner: ReturnType<typeof setTimeout> | undefined;
  #down: string | undefined;
  #hidden = false;

  constructor(server: ServerLink, live: LiveState, problems: Problems) {
    this.#live = live;
    this.#state.name = vscode.l10n.t("{0}: state of the project", productName);
    this.#state.command = "rw.status";
    this.#input.name = vscode.l10n.t("{0}: sample input", productName);
    this.#input.command = "rw.pickInput";
    this.#language.name = productName;
    this.#language.command = { command: "rw.showLog", title: vscode.l10n.t("Log") };
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
      problems.onChange((hidden) => {
        this.#hidden = hidden;
        this.#show();
      }),
      vscode.window.onDidChangeActiveTextEditor(() => this.#show()),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration("rw")) this.#show();
      }),
    ];
    this.#show();
  }

  /** Says that there is no server, until one answers. */
  serverDown(text: string): void {
    this.#down = text;
    this.#show();
  }

  /** True while there is no server. */
  get isDown(): boolean {
    return this.#down !== undefined;
  }

  statusOf(uri: vscode.Uri | undefined): StatusParams | undefined {
    if (uri === undefined) return undefined;
    let best: StatusParams | undefined;
    for (const status of this.#statuses.values()) {
      const root = vscode.Uri.parse(status.root).path;
      const prefix = root.endsWith("/") ? root : `${root}/`;
      if (`${uri.path}/`.startsWith(prefix) && status.root.length > (best?.root.length ?? -1)) best = status;
    }
    return best;
  }

  #show(): void {
    const document = vscode.window.activeTextEditor?.document;
    const ours = document !== undefined && (document.languageId === "rego" || document.languageId === "hocon");
    const settings = vscode.workspace.getConfiguration("rw", document?.uri);
    clearTimeout(this.#spinner);
    if (!ours || !settings.get("showProblemsSummary", true)) {
      this.#state.hide();
      this.#input.hide();
      return;
    }
    const live = this.#live.of(document.uri) ?? this.#liveOfRoot(document.uri);
    const status = this.statusOf(document.uri);
    const checking = vscode.l10n.t("checking");
    const decided = settings.get("live.mode") === "off" ? "off" : live;
    if (status?.busy === true && this.#down === undefined)
      this.#spinner = setTimeout(() => this.#write(`$(${turning("sync")}) ${checking}`, checking, status, live), spinnerDelay);
    else this.#write(markOf(status, decided, this.#down), wordsOf(status, decided, this.#down), status, live);
    if (live !== undefined) {
      const sample = live.sample ?? vscode.l10n.t("no input");
      const profile = live.profile === undefined ? "" : ` · ${live.profile}`;
      this.#input.text = `$(symbol-object) ${sample}${profile}`;
      this.#input.tooltip = vscode.l10n.t("Choose the sample input that live decisions use");
      this.#input.accessibilityInformation = { label: vscode.l10n.t("Sample input: {0}", `${sample}${profile}`) };
      this.#input.show();
    } else this.#input.hide();
  }

  #liveOfRoot(uri: vscode.Uri): LiveParams | undefined {
    const root = this.statusOf(uri)?.root;
    for (const live of this.#live.all()) if (live.root === root) return live;
    return undefined;
  }

  #write(text: string, words: string, status: StatusParams | undefined, live: LiveParams | undefined): void {
    const hidden = vscode.l10n.t("problems hidden");
    this.#state.text = this.#hidden ? `${text} · ${hidden}` : text;
    this.#state.tooltip = tooltipOf(status, live);
    const spoken = this.#hidden ? `${words}, ${hidden}` : words;
    this.#state.accessibilityInformation = { label: `${productName}: ${spoken}` };
    const bad = text.startsWith("$(error)");
    this.#state.backgroundColor = bad ? new vscode.ThemeColor("statusBarItem.errorBackground") : undefined;
    this.#state.show();
    this.#language.text = spoken;
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

const total = (status: StatusParams, what: "errors" | "warnings"): number =>
  layers.reduce((sum, layer) => sum + status[layer][what], 0);

/** What was decided last; `off` when nothing is to be decided while typing. */
type Decided = LiveParams | "off" | undefined;

function markOf(status: StatusParams | undefined, decided: Decided, down: string | undefined): string {
  if (down !== undefined) return `$(warning) ${down}`;
  if (status === undefined) return `$(circle-outline) ${productName}`;
  const errors = total(status, "errors");
  const warnings = total(status, "warnings");
  const live = decided === "off" ? undefined : decided;
  const decision = decisionOf(live);
  const stale = live?.stale === true ? staleOf(live) : decision;
  const input = live && (headline(live)?.pinned?.name ?? live.sample);
  const sample = input === undefined ? "" : ` · ${input}${live?.profile === undefined ? "" : ` (${live.profile})`}`;
  // A bare number is that of the Problems view; tests are not listed there.
  const failing = status.tests.errors;
  const parts = [
    ...(errors > failing ? [String(errors - failing)] : []),
    ...(failing > 0 ? [vscode.l10n.t("{0} of {1} tests fail", failing, status.total)] : []),
    ...(stale === "" ? [] : [stale]),
  ];
  if (errors > 0) return `$(error) ${parts.join(" · ")}`;
  if (warnings > 0) return `$(warning) ${warnings}${stale === "" ? "" : ` · ${stale}`}`;
  if (live?.stale === true) return `$(warning) ${stale}`;
  const rules = rulesOf(status.rules);
  if (decided === "off") return `$(debug-pause) ${rules} · ${vscode.l10n.t("live decisions off")}`;
  // Green says that everything holds, and nothing less.
  const isSure = layers.every((name) => status[name].state === "ok" || status[name].state === "off");
  return `$(${isSure ? "check" : "circle-outline"}) ${decision === "" ? rules : decision}${sample}`;
}

function staleOf(live: LiveParams): string {
  if (live.rules.length === 0) return vscode.l10n.t("no decision yet");
  return vscode.l10n.t("{0}: stale", headline(live)?.name ?? vscode.l10n.t("decision"));
}

function wordsOf(status: StatusParams | undefined, decided: Decided, down: string | undefined): string {
  if (down !== undefined) return down;
  if (status === undefined) return vscode.l10n.t("this file was not looked at yet");
  const live = decided === "off" ? undefined : decided;
  const decision = decisionOf(live);
  const input = (live && headline(live)?.pinned?.name) ?? live?.sample ?? vscode.l10n.t("no input");
  return [
    rulesOf(status.rules),
    problemsIn(total(status, "errors"), total(status, "warnings")),
    ...(decision === "" ? [] : [vscode.l10n.t("{0} for {1}", decision, input)]),
    ...(live?.stale === true
      ? [live.rules.length === 0 ? staleOf(live) : vscode.l10n.t("of an earlier version of the text")]
      : []),
    ...(decided === "off" ? [vscode.l10n.t("live decisions off")] : []),
    ...(status.total === 0 || decided === "off" ? [] : [vscode.l10n.t("{0} of {1} tests pass", status.passed, status.total)]),
  ].join(", ");
}

function problemsIn(errors: number, warnings: number): string {
  if (errors + warnings === 0) return vscode.l10n.t("no problems");
  const parts = [
    ...(errors === 0 ? [] : [errors === 1 ? vscode.l10n.t("1 error") : vscode.l10n.t("{0} errors", errors)]),
    ...(warnings === 0 ? [] : [warnings === 1 ? vscode.l10n.t("1 warning") : vscode.l10n.t("{0} warnings", warnings)]),
  ];
  return parts.join(", ");
}

export function layerName(name: LayerName): string {
  switch (name) {
    case "syntax":
      return vscode.l10n.t("syntax");
    case "compile":
      return vscode.l10n.t("compile");
    case "lint":
      return vscode.l10n.t("lint");
    case "decisions":
      return vscode.l10n.t("expected decisions");
    case "tests":
      return vscode.l10n.t("tests");
  }
}

/** A layer's state in words: `31 of 31 pass, 12 ms`. */
export function layerWords(status: StatusParams, name: LayerName): string {
  const layer = status[name];
  const ms = `${layer.ms.toFixed(0)} ms`;
  const passed = name === "tests" && status.total > 0 ? [vscode.l10n.t("{0} of {1} pass", status.passed, status.total)] : [];
  switch (layer.state) {
    case "off":
      return name === "tests" || name === "decisions" ? vscode.l10n.t("there are none") : vscode.l10n.t("off");
    case "unknown":
      return vscode.l10n.t("not known yet");
    case "stale":
      return [vscode.l10n.t("stale"), ...passed].join(", ");
    case "ok":
    case "warnings":
    case "errors":
      return [...passed, ...(passed.length > 0 ? [] : [problemsIn(layer.errors, layer.warnings)]), ms].join(", ");
  }
}

function tooltipOf(status: StatusParams | undefined, live: LiveParams | undefined): vscode.MarkdownString {
  const text = new vscode.MarkdownString(undefined, true);
  if (status !== undefined) {
    text.appendMarkdown(`**${rulesOfProject(status)}**\n\n`);
    for (const name of layers) {
      if (status[name].state === "off") continue;
      text.appendMarkdown(`$(${layerIcons[status[name].state]}) ${layerName(name)}: ${layerWords(status, name)}\n\n`);
    }
  }
  if (live !== undefined) {
    text.appendMarkdown("$(symbol-object) ");
    text.appendText(live.sample ?? vscode.l10n.t("no input"));
  }
  return text;
}

function rulesOf(rules: number): string {
  return rules === 1 ? vscode.l10n.t("1 rule") : vscode.l10n.t("{0} rules", rules);
}

/** How many rules the project has, in words. */
export function rulesOfProject({ rules }: Pick<StatusParams, "rules">): string {
  return rules === 1 ? vscode.l10n.t("1 rule in this project") : vscode.l10n.t("{0} rules in this project", rules);
}
