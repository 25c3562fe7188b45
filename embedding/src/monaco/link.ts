// The server as the parts of the binding see it: questions that Monaco can take back, and models for the files that answers lead to.
import type * as Monaco from "monaco-editor/editor";
import type { Location } from "vscode-languageserver";
import { ResponseError } from "../calls.ts";
import type { LanguageServer } from "../language-server.ts";
import type { Cancellation, Disposable, Model, MonacoApi } from "./api.ts";

/** The languages whose models the server sees. */
export const languages = ["rego", "hocon", "json", "yaml"] as const;

/** References may lead to many files: so many are opened for one answer. */
const mostOpened = 100;

/** What the server wants to be asked again for. */
const refreshed = ["codeLens", "inlayHint", "semanticTokens"] as const;
type Refreshed = (typeof refreshed)[number];

export class Link {
  readonly monaco: MonacoApi;
  readonly server: LanguageServer;
  readonly #parts: Disposable[] = [];
  readonly #refreshes = new Map<Refreshed, Monaco.Emitter<void>>();

  constructor(monaco: MonacoApi, server: LanguageServer) {
    this.monaco = monaco;
    this.server = server;
    for (const what of refreshed) {
      const emitter = new monaco.Emitter<void>();
      this.#refreshes.set(what, emitter);
      this.keep(
        emitter,
        server.onRequest(`workspace/${what}/refresh`, () => emitter.fire()),
      );
    }
  }

  /** Fires when the server has other answers than before. */
  refreshes(what: Refreshed): Monaco.IEvent<void> {
    return this.#refreshes.get(what)?.event ?? (() => ({ dispose: () => undefined }));
  }

  /** Ends with the binding. */
  keep(...parts: readonly (Disposable | (() => void))[]): void {
    for (const part of parts) this.#parts.push(typeof part === "function" ? { dispose: part } : part);
  }

  dispose(): void {
    for (const part of this.#parts.splice(0).reverse()) part.dispose();
  }

  isOurs(model: Model): boolean {
    return model.uri.scheme === this.server.files.scheme && languages.some((language) => language === model.getLanguageId());
  }

  /** An answer of the server; null where it has none, or nobody wants it any more. */
  async ask<T>(method: string, params: unknown, token?: Cancellation): Promise<T | null> {
    const stop = new AbortController();
    const end = token?.onCancellationRequested(() => stop.abort());
    if (token?.isCancellationRequested === true) stop.abort();
    try {
      return await this.server.request<T | null>(method, params, stop.signal);
    } catch (error) {
      if (error instanceof ResponseError || stop.signal.aborted) return null;
      throw error;
    } finally {
      end?.dispose();
    }
  }

  /** An answer about a model. */
  about<T>(model: Model, method: string, params: object = {}, token?: Cancellation): Promise<T | null> {
    if (!this.isOurs(model)) return Promise.resolve(null);
    return this.ask<T>(method, { textDocument: { uri: model.uri.toString() }, ...params }, token);
  }

  /** The model of a file, made where the file has none yet. */
  async open(uri: string): Promise<Model | undefined> {
    const { editor, Uri } = this.monaco;
    const address = Uri.parse(uri);
    const known = editor.getModel(address);
    if (known !== null) return known;
    if (address.scheme !== this.server.files.scheme) return undefined;
    const bytes = await this.server.files.readFile(uri);
    if (bytes === undefined) return undefined;
    // Somebody else may have made it meanwhile.
    return editor.getModel(address) ?? this.#made(new TextDecoder().decode(bytes), uri);
  }

  /** A model that was made for an answer follows its file until somebody edits it. */
  #made(text: string, uri: string): Model {
    const { editor, Uri } = this.monaco;
    const model = editor.createModel(text, languageOf(uri), Uri.parse(uri));
    let version = model.getVersionId();
    const end = this.server.files.onChange?.(async (changes) => {
      if (!changes.some((change) => change.uri === uri)) return;
      const bytes = await this.server.files.readFile(uri);
      if (model.isDisposed() || model.getVersionId() !== version) return;
      if (bytes === undefined) model.dispose();
      else {
        model.setValue(new TextDecoder().decode(bytes));
        version = model.getVersionId();
      }
    });
    if (end !== undefined) model.onWillDispose(end);
    this.keep(() => {
      if (!model.isDisposed() && model.getVersionId() === version && !model.isAttachedToEditor()) model.dispose();
    });
    return model;
  }

  /** Those of the places whose files can be opened, which they are then: Monaco shows nothing else. */
  async opened<T extends Pick<Location, "uri">>(places: readonly T[]): Promise<readonly T[]> {
    const addresses = [...new Set(places.map(({ uri }) => uri))].slice(0, mostOpened);
    const models = await Promise.all(addresses.map((uri) => this.open(uri)));
    const known = new Set(addresses.filter((_, at) => models[at] !== undefined));
    return places.filter(({ uri }) => known.has(uri));
  }
}

function languageOf(uri: string): string {
  if (uri.endsWith(".rego")) return "rego";
  if (uri.endsWith(".json")) return "json";
  return /\.ya?ml$/u.test(uri) ? "yaml" : "hocon";
}
