// Decisions painted at the end of the first line of each rule, while its text is typed.
import type * as Monaco from "monaco-editor/editor";
import { type LiveParams, type LiveRule, live } from "#protocol/messages.ts";
import type { Model } from "./api.ts";
import type { Link } from "./link.ts";

/** Quieter than the text in themes that are not of high contrast, and still read well. */
const sheet = `
.rw-decision { font-style: italic; margin-left: 2ch; }
.monaco-editor.vs .rw-decision { color: #666666; }
.monaco-editor.vs-dark .rw-decision { color: #a6a6a6; }
.monaco-editor .rw-decision-wrong.rw-decision { color: var(--vscode-editorError-foreground, #c72e0f); }
`;

export function bindDecisions(link: Link): void {
  const { monaco, server } = link;
  const painted = new Map<Model, string[]>();
  const paint = (params: LiveParams): void => {
    const model = monaco.editor.getModel(monaco.Uri.parse(params.uri));
    // Those of an older text would stand at wrong lines; newer ones follow.
    if (model === null || (params.version !== undefined && params.version !== model.getVersionId())) return;
    const decorations = params.rules.flatMap((rule) => decorationOf(model, rule, params));
    painted.set(model, model.deltaDecorations(painted.get(model) ?? [], decorations));
  };
  const style = new CSSStyleSheet();
  style.replaceSync(sheet);
  document.adoptedStyleSheets.push(style);
  // Otherwise the server would show them a second time, as inlay hints.
  server.notify("workspace/didChangeConfiguration", { settings: { rw: { inlay: { decisions: false } } } });
  link.keep(
    server.onNotification<LiveParams>(live, paint),
    monaco.editor.onWillDisposeModel((model) => void painted.delete(model)),
    () => {
      for (const [model, ids] of painted) model.deltaDecorations(ids, []);
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== style);
    },
  );
}

function decorationOf(
  model: Model,
  rule: LiveRule,
  { stale, sample }: LiveParams,
): readonly Monaco.editor.IModelDeltaDecoration[] {
  const lineNumber = rule.range.start.line + 1;
  if (lineNumber > model.getLineCount()) return [];
  const column = model.getLineMaxColumn(lineNumber);
  const { expected } = rule;
  const isWrong = rule.kind === "error" || expected?.matches === false;
  const note = expected === undefined ? "" : expected.matches ? "  ✓" : `  ✗ expected ${expected.text}`;
  const classes = ["rw-decision", ...(isWrong ? ["rw-decision-wrong"] : [])];
  const input = rule.pinned?.name ?? sample;
  return [
    {
      range: { startLineNumber: lineNumber, startColumn: column, endLineNumber: lineNumber, endColumn: column },
      options: {
        showIfCollapsed: true,
        after: { content: `=> ${rule.text}${note}${stale ? "  (stale)" : ""}`, inlineClassName: classes.join(" ") },
        hoverMessage: { value: `\`${rule.path}\`${input === undefined ? " without an input" : ` for \`${input}\``}` },
      },
    },
  ];
}
