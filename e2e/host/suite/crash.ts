// The language server killed while a text is unsaved: it comes back and knows the text.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import * as vscode from "vscode";
import { eventually, noProblems, open, problems, replace, suiteOf } from "./support.ts";

/** The server's process, a child of this extension host. */
function serverProcess(): number | undefined {
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/u.test(name)) continue;
    try {
      const parent = /^PPid:\s+(\d+)/mu.exec(readFileSync(`/proc/${name}/status`, "utf8"))?.[1];
      if (Number(parent) === process.pid && readFileSync(`/proc/${name}/cmdline`, "utf8").includes("server.mjs"))
        return Number(name);
    } catch {
      // The process ended while it was looked at.
    }
  }
  return undefined;
}

/** The text of the view of the full decision, once it is open beside the policy. */
function decision(): string {
  return vscode.workspace.textDocuments.find((document) => document.uri.scheme === "rw-decision")?.getText() ?? "";
}

/** Picks the last entry of the list that a command opens. */
async function pickLast(command: string): Promise<void> {
  const done = vscode.commands.executeCommand(command);
  // The list has no sign of its own that extensions could wait for.
  await new Promise((open) => setTimeout(open, 1500));
  await vscode.commands.executeCommand("quickInput.last");
  await vscode.commands.executeCommand("quickInput.accept");
  await done;
}

export const crash = suiteOf("Server", {
  "a killed server is started again and checks the unsaved text": async () => {
    if (process.platform !== "linux") return;
    const editor = await open("policy/storage.rego");
    await replace(editor, "grant.bucket == input.bucket", "grant.bucket == bukcet");
    await problems(editor.document.uri, /var bukcet is unsafe/u);
    const before = serverProcess();
    assert.ok(before !== undefined);
    process.kill(before, "SIGKILL");
    await replace(editor, "grant.bucket == bukcet", "grant.bucket == tekcub");
    await problems(editor.document.uri, /var tekcub is unsafe/u);
    assert.notEqual(serverProcess(), before);
    await replace(editor, "grant.bucket == tekcub", "grant.bucket == input.bucket");
    await noProblems(editor.document.uri);
  },
  "a killed server knows again which input was chosen": async () => {
    if (process.platform !== "linux") return;
    const editor = await open("policy/storage.rego");
    await vscode.commands.executeCommand("rw.decision.open");
    await eventually("a decision", decision, (text) => /for client1-reads-bucket2/u.test(text));
    await pickLast("rw.pickInput");
    await eventually("no input chosen", decision, (text) => text.includes("for no input"));
    const before = serverProcess();
    assert.ok(before !== undefined);
    process.kill(before, "SIGKILL");
    await replace(editor, "default allow := false", 'default allow := "after the crash"');
    await eventually("the choice after the crash", decision, (text) => text.includes("after the crash"));
    assert.match(decision(), /for no input/u);
    assert.notEqual(serverProcess(), before);
  },
  "the server stops when told, and starts again": async () => {
    if (process.platform !== "linux") return;
    const editor = await open("policy/storage.rego");
    await replace(editor, "grant.bucket == input.bucket", "grant.bucket == bukcet");
    await problems(editor.document.uri, /var bukcet is unsafe/u);
    await vscode.commands.executeCommand("rw.stop");
    await eventually("the server's process", serverProcess, (pid) => pid === undefined);
    assert.deepEqual(vscode.languages.getDiagnostics(editor.document.uri), []);
    await vscode.commands.executeCommand("rw.restart");
    await problems(editor.document.uri, /var bukcet is unsafe/u);
  },
});
