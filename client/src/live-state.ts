// The last live decisions of each open policy, and which of them the reader looks at.
import * as vscode from "vscode";
import type { LiveParams, LiveRule } from "#protocol/messages.ts";
import { keptDecisions } from "./kept-decisions.ts";
import { type Edit, moved } from "./moved-lines.ts";
import type { ServerLink } from "./server-link.ts";

export class LiveState implements vscode.Disposable {
  readonly #byUri = new Map<string, LiveParams>();
  readonly #changed = new vscode.EventEmitter<LiveParams>();
  readonly #subscriptions: vscode.Disposable[];
  readonly onChange = this.#changed.event;

  constructor(server: ServerLink) {
    this.#subscriptions = [
      server.onLive((params) => this.#set(keptDecisions(this.of(vscode.Uri.parse(params.uri)), params))),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => this.#move(document.uri, contentChanges)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#byUri.delete(document.uri.toString())),
      this.#changed,
    ];
  }

  #set(params: LiveParams): void {
    this.#byUri.set(vscode.Uri.parse(params.uri).toString(), params);
    this.#changed.fire(params);
  }

  #move(uri: vscode.Uri, edits: readonly Edit[]): void {
    const live = this.of(uri);
    if (live === undefined || edits.length === 0) return;
    const rules = live.rules.map((rule) => ({ ...rule, range: edits.reduce(moved, rule.range) }));
    this.#byUri.set(uri.toString(), { ...live, rules });
  }

  of(uri: vscode.Uri | undefined): LiveParams | undefined {
    return uri === undefined ? undefined : this.#byUri.get(uri.toString());
  }

  all(): Iterable<LiveParams> {
    return this.#byUri.values();
  }

  /** Without a server the last decisions stay, as old ones. */
  serverDown(problem: string): void {
    for (const params of [...this.#byUri.values()]) this.#set({ ...params, stale: true, problem });
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

/** The rule whose head is at or above a line; the nearest one. */
export function ruleAt(live: LiveParams, line: number): LiveRule | undefined {
  let found: LiveRule | undefined;
  for (const rule of live.rules) {
    if (rule.range.start.line <= line && (found === undefined || rule.range.start.line >= found.range.start.line)) found = rule;
  }
  return found;
}

/** The decision to name where there is room for one: an entrypoint, `allow` before others. */
export function headline(live: LiveParams): LiveRule | undefined {
  const entrypoints = live.rules.filter((rule) => rule.entrypoint);
  return entrypoints.find((rule) => rule.name === "allow") ?? entrypoints[0];
}
