// The trace or the profile of an evaluation as a read-only document beside the editor: lines lead to the policy and fold by depth.
import * as vscode from "vscode";
import type { TellParams, ToldLine } from "#protocol/messages.ts";
import { type EvaluationResults, headOf, resultScheme } from "./evaluation.ts";
import type { ServerLink } from "./server-link.ts";

type How = TellParams["how"];

const names: Readonly<Record<How, string>> = { trace: "trace.txt", profile: "profile.txt" };

export class ToldEvaluations implements vscode.DocumentLinkProvider, vscode.FoldingRangeProvider, vscode.Disposable {
  readonly #server: ServerLink;
  readonly #results: EvaluationResults;
  /** By the path of the document: what stands below its head. */
  readonly #lines = new Map<string, { readonly from: number; readonly lines: readonly ToldLine[] }>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeFoldingRanges = this.#changed.event;
  readonly #registrations = [
    vscode.languages.registerDocumentLinkProvider({ scheme: resultScheme }, this),
    vscode.languages.registerFoldingRangeProvider({ scheme: resultScheme }, this),
  ];

  constructor(server: ServerLink, results: EvaluationResults) {
    this.#server = server;
    this.#results = results;
  }

  async show(params: TellParams): Promise<void> {
    const told = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: vscode.l10n.t("Evaluating…") },
      (_, cancel) => this.#server.tell(params, cancel),
    );
    const head = headOf(told);
    const cut = told.isCut ? [vscode.l10n.t("… the evaluation is too long to be told: only its beginning is here")] : [];
    const name = names[params.how];
    this.#lines.set(`/${name}`, { from: head.split("\n").length + 1, lines: told.lines });
    await this.#results.showText(name, `${[head, "", ...told.lines.map(({ text }) => text), ...cut].join("\n")}\n`);
    this.#changed.fire();
  }

  provideDocumentLinks({ uri }: vscode.TextDocument): vscode.DocumentLink[] {
    const { from, lines } = this.#lines.get(uri.path) ?? { from: 0, lines: [] };
    return lines.flatMap((told, at) => {
      const place = /[^\s|]+:\d+/u.exec(told.text);
      if (told.uri === undefined || told.line === undefined || place === null) return [];
      const range = new vscode.Range(from + at, place.index, from + at, place.index + place[0].length);
      return [new vscode.DocumentLink(range, vscode.Uri.parse(told.uri).with({ fragment: `L${told.line + 1}` }))];
    });
  }

  provideFoldingRanges({ uri }: vscode.TextDocument): vscode.FoldingRange[] {
    const { from, lines } = this.#lines.get(uri.path) ?? { from: 0, lines: [] };
    const ranges: vscode.FoldingRange[] = [];
    /** Lines that deeper ones stand below. */
    const open: { readonly at: number; readonly depth: number }[] = [];
    const closeTo = (depth: number, end: number): void => {
      while (open.length > 0 && open.at(-1)!.depth >= depth) {
        const { at } = open.pop()!;
        if (end > at) ranges.push(new vscode.FoldingRange(from + at, from + end));
      }
    };
    for (const [at, { depth }] of lines.entries()) {
      closeTo(depth, at - 1);
      open.push({ at, depth });
    }
    closeTo(0, lines.length - 1);
    return ranges;
  }

  dispose(): void {
    for (const one of this.#registrations) one.dispose();
    this.#changed.dispose();
  }
}
