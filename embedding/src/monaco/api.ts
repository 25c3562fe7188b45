// What the binding takes of Monaco: both `monaco-editor` and its core without languages (`monaco-editor/editor`) have it.
import type * as Monaco from "monaco-editor/editor";

export type MonacoApi = Pick<typeof Monaco, "editor" | "languages" | "Emitter" | "MarkerSeverity" | "MarkerTag" | "Uri">;
export type Model = Monaco.editor.ITextModel;
export type Disposable = Monaco.IDisposable;
export type Cancellation = Monaco.CancellationToken;
