// Diagnostics as markers; what the server said of a range is said again when quick fixes are asked for.
import type * as Monaco from "monaco-editor/editor";
import type { Diagnostic, PublishDiagnosticsParams, Range } from "vscode-languageserver";
import type { Model, MonacoApi } from "./api.ts";
import { shownRange } from "./convert.ts";
import type { Link } from "./link.ts";

const owner = "rulewright";

export class Problems {
  readonly #link: Link;
  readonly #found = new Map<string, readonly Diagnostic[]>();

  constructor(link: Link) {
    this.#link = link;
    const { monaco, server } = link;
    link.keep(
      server.onNotification<PublishDiagnosticsParams>("textDocument/publishDiagnostics", ({ uri, diagnostics }) => {
        this.#found.set(uri, diagnostics);
        const model = monaco.editor.getModel(monaco.Uri.parse(uri));
        if (model !== null) this.#mark(model);
      }),
      monaco.editor.onDidCreateModel((model) => this.#mark(model)),
      () => monaco.editor.removeAllMarkers(owner),
    );
  }

  /** What was found about a range of a model. */
  at(model: Model, range: Range): readonly Diagnostic[] {
    const found = this.#found.get(model.uri.toString()) ?? [];
    return found.filter((one) => !isBefore(one.range.end, range.start) && !isBefore(range.end, one.range.start));
  }

  #mark(model: Model): void {
    const found = this.#found.get(model.uri.toString());
    if (found === undefined || !this.#link.isOurs(model)) return;
    const { monaco } = this.#link;
    monaco.editor.setModelMarkers(
      model,
      owner,
      found.map((one) => markerOf(monaco, one)),
    );
  }
}

const isBefore = (one: Range["start"], other: Range["start"]): boolean =>
  one.line < other.line || (one.line === other.line && one.character < other.character);

function markerOf({ MarkerSeverity, MarkerTag, Uri }: MonacoApi, found: Diagnostic): Monaco.editor.IMarkerData {
  const { range, severity = 1, message, source, code, codeDescription, tags = [], relatedInformation = [] } = found;
  const severities = [MarkerSeverity.Error, MarkerSeverity.Warning, MarkerSeverity.Info, MarkerSeverity.Hint];
  const text = typeof code === "number" ? String(code) : code;
  return {
    ...shownRange(range),
    severity: severities[severity - 1] ?? MarkerSeverity.Error,
    message: typeof message === "string" ? message : message.value,
    ...(source === undefined ? {} : { source }),
    ...(text === undefined
      ? {}
      : { code: codeDescription === undefined ? text : { value: text, target: Uri.parse(codeDescription.href) } }),
    tags: tags.map((tag) => (tag === 1 ? MarkerTag.Unnecessary : MarkerTag.Deprecated)),
    relatedInformation: relatedInformation.map(({ location, message: said }) => ({
      ...shownRange(location.range),
      resource: Uri.parse(location.uri),
      message: said,
    })),
  };
}
