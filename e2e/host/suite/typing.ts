// Typing with the language configurations: what a key makes of a text, in VS Code's own editor. `¦` is the cursor.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as vscode from "vscode";
import { eventually, suiteOf, uriOf } from "./support.ts";

type Row = readonly [before: string, key: string, after: string];

const enter = "\n";

const rego: readonly Row[] = [
  ["allow if {¦}", enter, "allow if {\n\t¦\n}"],
  ["allow if {¦", enter, "allow if {\n\t¦"],
  ["allow if {\n\tinput.x¦\n}", enter, "allow if {\n\tinput.x\n\t¦\n}"],
  ["allow if {\n\tinput.x\n\t¦", "}", "allow if {\n\tinput.x\n}¦"],
  ["allow if input.x¦", enter, "allow if input.x\n¦"],
  ["x := [¦]", enter, "x := [\n\t¦\n]"],
  ["x := f(¦)", enter, "x := f(\n\t¦\n)"],
  ["x := {\n\t1,¦\n}", enter, "x := {\n\t1,\n\t¦\n}"],
  ["x := {\n\t1,\n\t¦", "}", "x := {\n\t1,\n}¦"],
  ["x := [\n\t1,\n\t¦", "]", "x := [\n\t1,\n]¦"],
  ["x := {y |¦\n\tsome y in z\n}", enter, "x := {y |\n\t¦\n\tsome y in z\n}"],
  ["allow if { # why¦", enter, "allow if { # why\n\t¦"],
  ["# a set {¦", enter, "# a set {\n¦"],
  ["# METADATA¦", enter, "# METADATA\n# ¦"],
  ["# METADATA\n# title: x¦", enter, "# METADATA\n# title: x\n# ¦"],
  ["# METADATA\n# authors:¦", enter, "# METADATA\n# authors:\n#   ¦"],
  ["# one¦ two", enter, "# one\n#¦ two"],
  ["# one ¦two", enter, "# one \n# ¦two"],
  ["\t# one¦ two", enter, "\t# one\n\t#¦ two"],
  ["# a word¦", enter, "# a word\n¦"],
  ["every x in y {¦}", enter, "every x in y {\n\t¦\n}"],
  ["x := ¦", '"', 'x := "¦"'],
  ["x := ¦", "`", "x := `¦`"],
  ["x := ¦", "[", "x := [¦]"],
  ["x := ¦", "{", "x := {¦}"],
  ["x := f¦", "(", "x := f(¦)"],
  ['x := "a¦"', "{", 'x := "a{¦"'],
  ["# it¦", "(", "# it(¦"],
  ["# it ¦", '"', '# it "¦'],
  ["# it's¦", "`", "# it's`¦"],
  ["package p¦", enter, "package p\n¦"],
  ["import data.lib¦", enter, "import data.lib\n¦"],
  ["default allow := false¦", enter, "default allow := false\n¦"],
  ["deny contains msg if {¦}", enter, "deny contains msg if {\n\t¦\n}"],
  ["f(x) := y if {¦}", enter, "f(x) := y if {\n\t¦\n}"],
  ["allow if {\n\tinput.x\n}¦", enter, "allow if {\n\tinput.x\n}\n¦"],
  ["allow if {\n\tinput.x\n} else := 1 if {¦}", enter, "allow if {\n\tinput.x\n} else := 1 if {\n\t¦\n}"],
  ["allow if {\n\tevery x in y {¦}\n}", enter, "allow if {\n\tevery x in y {\n\t\t¦\n\t}\n}"],
  ["allow if {\n\tevery x in y {\n\t\tx\n\t\t¦\n}", "}", "allow if {\n\tevery x in y {\n\t\tx\n\t}¦\n}"],
  ["allow if {\n\tf(¦)\n}", enter, "allow if {\n\tf(\n\t\t¦\n\t)\n}"],
  ["allow if {\n\tf(\n\t\ta,¦\n\t)\n}", enter, "allow if {\n\tf(\n\t\ta,\n\t\t¦\n\t)\n}"],
  ["allow if {\n\tf(\n\t\ta,\n\t\t¦\n}", ")", "allow if {\n\tf(\n\t\ta,\n\t)¦\n}"],
  ["allow if {\n\tx := [¦]\n}", enter, "allow if {\n\tx := [\n\t\t¦\n\t]\n}"],
  ['x := {"a": {¦}}', enter, 'x := {"a": {\n\t¦\n}}'],
  ['x := {\n\t"a": {¦},\n}', enter, 'x := {\n\t"a": {\n\t\t¦\n\t},\n}'],
  ['x := {\n\t"a": [\n\t\t1,\n\t\t¦', "]", 'x := {\n\t"a": [\n\t\t1,\n\t]¦'],
  ['x := {\n\t"a": 1,\n\t¦', "}", 'x := {\n\t"a": 1,\n}¦'],
  ["x := [y |¦]", enter, "x := [y |\n\t¦\n]"],
  ["x := {k: v |¦}", enter, "x := {k: v |\n\t¦\n}"],
  ["allow if { # why {¦", enter, "allow if { # why {\n\t¦"],
  ["allow if input.x # why {¦", enter, "allow if input.x # why {\n¦"],
  ["\tinput.x # done }¦", enter, "\tinput.x # done }\n\t¦"],
  ["allow if {\n\n¦\n}", "i", "allow if {\n\ni¦\n}"],
  ["allow if {\n\tnot {¦}\n}", enter, "allow if {\n\tnot {\n\t\t¦\n\t}\n}"],
  ["\t# METADATA¦", enter, "\t# METADATA\n\t# ¦"],
  ["# METADATA\n# authors:\n# - Ann¦", enter, "# METADATA\n# authors:\n# - Ann\n# ¦"],
  ["# METADATA\n# custom:¦", enter, "# METADATA\n# custom:\n#   ¦"],
  ["# METADATA\n# description: |¦", enter, "# METADATA\n# description: |\n#   ¦"],
  ["# METADATA\n# entrypoint: true¦", enter, "# METADATA\n# entrypoint: true\n# ¦"],
  ["x := ¦", "(", "x := (¦)"],
  ["x := `a¦`", "{", "x := `a{¦`"],
  ["x := ¦y", "(", "x := (¦y"],
  ["x := [1, ¦]", "{", "x := [1, {¦}]"],
];

const hocon: readonly Row[] = [
  ["a {¦}", enter, "a {\n  ¦\n}"],
  ["a {¦", enter, "a {\n  ¦"],
  ["a {\n  b = 1¦\n}", enter, "a {\n  b = 1\n  ¦\n}"],
  ["a {\n  b = 1\n  ¦", "}", "a {\n  b = 1\n}¦"],
  ["a = [¦]", enter, "a = [\n  ¦\n]"],
  ["a = 1¦", enter, "a = 1\n¦"],
  ["a = ¦", '"', 'a = "¦"'],
  ["a = $¦", "{", "a = ${¦}"],
  ["# it¦", "{", "# it{¦"],
  ["// it¦ goes", enter, "// it\n//¦ goes"],
  ["# it¦ goes", enter, "# it\n#¦ goes"],
  ["a {\n  b {¦}\n}", enter, "a {\n  b {\n    ¦\n  }\n}"],
  ["a {\n  b {\n    c = 1\n    ¦\n}", "}", "a {\n  b {\n    c = 1\n  }¦\n}"],
  ["a {\n  b = [¦]\n}", enter, "a {\n  b = [\n    ¦\n  ]\n}"],
  ["a = [\n  1,¦\n]", enter, "a = [\n  1,\n  ¦\n]"],
  ["a = [\n  1\n  ¦", "]", "a = [\n  1\n]¦"],
  ["a {\n  b = 1\n}¦", enter, "a {\n  b = 1\n}\n¦"],
  ["a = {¦}", enter, "a = {\n  ¦\n}"],
  ["include ¦", '"', 'include "¦"'],
  ['a = "x¦"', "{", 'a = "x{¦"'],
];

/** Closes a new document; the next one may get its name as soon as it is gone, and no sooner. */
async function close(document: vscode.TextDocument): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  await eventually(
    "the document is closed",
    () => document.isClosed,
    (closed) => closed,
  );
}

/** Presses a key. The editor would read the text in the background, and indents by what it has read so far. */
async function strike(text: string): Promise<void> {
  await vscode.commands.executeCommand("editor.action.forceRetokenize");
  await vscode.commands.executeCommand("type", { text });
}

/** What a key makes of a text with its cursor. */
async function press(editor: vscode.TextEditor, before: string, key: string): Promise<string> {
  const { document } = editor;
  const offset = before.indexOf("¦");
  const content = before.slice(0, offset) + before.slice(offset + 1);
  const all = new vscode.Range(0, 0, document.lineCount, 0);
  if (!(await editor.edit((edit) => edit.replace(all, content)))) throw new Error("the edit was refused");
  const cursor = document.positionAt(offset);
  editor.selection = new vscode.Selection(cursor, cursor);
  await strike(key);
  const now = document.offsetAt(editor.selection.active);
  const text = document.getText();
  return `${text.slice(0, now)}¦${text.slice(now)}`;
}

function table(language: string, rows: readonly Row[]): () => Promise<void> {
  return async () => {
    const document = await vscode.workspace.openTextDocument({ language, content: "" });
    const editor = await vscode.window.showTextDocument(document);
    const wrong: string[] = [];
    for (const [before, key, after] of rows) {
      const made = await press(editor, before, key);
      if (made !== after) wrong.push(JSON.stringify({ before, key, made, after }));
    }
    await close(document);
    assert.deepEqual(wrong, []);
  };
}

/** What `opa fmt` leaves as it is, with all that opens and closes. */
const nested = `package p

limits := {
	"a": [
		1,
		2,
	],
	"b": {x |
		some x in input.xs
	},
}

allow if {
	every x in input.xs {
		x.ok
	}
	f(
		1,
		input.y,
	)
}
`;

/** Types a text line by line, without its indentation: that comes from the editor. Gives the lines that came out differently. */
async function retype(language: string, text: string): Promise<readonly string[]> {
  const document = await vscode.workspace.openTextDocument({ language, content: "" });
  const editor = await vscode.window.showTextDocument(document);
  const wrong: string[] = [];
  for (const [row, line] of text.trimEnd().split("\n").entries()) {
    if (row > 0) await strike("\n");
    const given = document.lineAt(row).text;
    const isComment = line.trimStart().startsWith("#");
    // Where the editor goes on with a comment that has ended, the writer takes it back.
    if (!isComment && given.trimStart().startsWith("#")) await vscode.commands.executeCommand("deleteAllLeft");
    const start = document.lineAt(row).text;
    const rest = line.startsWith(start) ? line.slice(start.length) : line.trimStart();
    // A bracket takes its line back only as a key of its own.
    for (const key of [rest.slice(0, 1), rest.slice(1)]) if (key !== "") await strike(key);
    const made = document.lineAt(row).text;
    if (made !== line && line !== "") wrong.push(`${row + 1}: ${JSON.stringify(made)}, not ${JSON.stringify(line)}`);
    editor.selection = new vscode.Selection(document.lineAt(row).range.end, document.lineAt(row).range.end);
  }
  await close(document);
  return wrong;
}

export const typing = suiteOf("Typing", {
  "keys in Rego": table("rego", rego),
  "keys in HOCON": table("hocon", hocon),
  "a formatted policy typed line by line is indented as opa fmt has it": async () => {
    const settings = vscode.workspace.getConfiguration("editor");
    await settings.update("autoClosingBrackets", "never", vscode.ConfigurationTarget.Workspace);
    await settings.update("acceptSuggestionOnEnter", "off", vscode.ConfigurationTarget.Workspace);
    await settings.update("quickSuggestions", { other: "off" }, vscode.ConfigurationTarget.Workspace);
    try {
      for (const text of [readFileSync(uriOf("policy/storage.rego").fsPath, "utf8"), nested])
        assert.deepEqual(await retype("rego", text), []);
    } finally {
      for (const name of ["autoClosingBrackets", "acceptSuggestionOnEnter", "quickSuggestions"])
        await settings.update(name, undefined, vscode.ConfigurationTarget.Workspace);
    }
  },
});
