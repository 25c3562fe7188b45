// The variables whose values the editor shows at the ends of lines while the debugger stands in a rule.
import * as vscode from "vscode";

/** Lines above the one at which the debugger stands. */
const mostLines = 200;
const words = /"(?:\\.|[^"\\])*"|`[^`]*`|#.*|(?<![\w.])[A-Za-z_]\w*(?![\w(])/gu;
const others = new Set("input data true false null some every in not with as if else default contains import package".split(" "));

export const inlineValues: vscode.InlineValuesProvider = {
  provideInlineValues(document, viewPort, context) {
    const last = context.stoppedLocation.end.line;
    const values: vscode.InlineValue[] = [];
    for (let row = Math.max(firstLine(document, last), viewPort.start.line); row <= last; row++)
      for (const { 0: word, index } of document.lineAt(row).text.matchAll(words)) {
        if (!/^\w+$/u.test(word) || others.has(word)) continue;
        const range = new vscode.Range(row, index, row, index + word.length);
        values.push(new vscode.InlineValueVariableLookup(range, word, true));
      }
    return values;
  },
};

/** Where the rule of a line begins. */
function firstLine(document: vscode.TextDocument, line: number): number {
  for (let row = line; row > Math.max(0, line - mostLines); row--) if (/^[A-Za-z_]/u.test(document.lineAt(row).text)) return row;
  return Math.max(0, line - mostLines);
}
