// The problems that the server finds, and the switch that hides them all for a while.
import * as vscode from "vscode";

type Publish = (uri: vscode.Uri, problems: vscode.Diagnostic[]) => void;

export class Problems implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<boolean>();
  /** Tells whether the problems are hidden now. */
  readonly onChange = this.#changed.event;
  readonly #last = new Map<string, { readonly uri: vscode.Uri; readonly problems: vscode.Diagnostic[] }>();
  #publish: Publish | undefined;
  #hidden = false;

  /** What the server sent goes on to the Problems view, unless they are hidden. */
  handle(uri: vscode.Uri, problems: vscode.Diagnostic[], publish: Publish): void {
    this.#publish = publish;
    if (problems.length === 0) this.#last.delete(uri.toString());
    else this.#last.set(uri.toString(), { uri, problems });
    publish(uri, this.#hidden ? [] : problems);
  }

  /** Gives whether they are hidden from now on. */
  toggle(): boolean {
    this.#hidden = !this.#hidden;
    for (const { uri, problems } of this.#last.values()) this.#publish?.(uri, this.#hidden ? [] : problems);
    this.#changed.fire(this.#hidden);
    return this.#hidden;
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
