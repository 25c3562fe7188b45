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

/** Chooses the last entry of the list of inputs, which is none of them. */
async function chooseNoInput(): Promise<void> {
  const isChosen = () => decision().includes("for no input");
  // The list has no sign of its own that extensions could wait for: entries that come between the two keys are chosen in the place of the last one.
  for (let round = 0; round < 5 && !isChosen(); round++) {
    let isOpen = true;
    const done = vscode.commands.executeCommand("rw.pickInput").then(() => {
      isOpen = false;
    });
    while (isOpen) {
      await new Promise((again) => setTimeout(again, 300));
      await vscode.commands.executeCommand("quickInput.last");
      await vscode.commands.executeCommand("quickInput.accept");
    }
    await done;
    await eventually("no input chosen", isChosen, (chosen) => chosen, 10_000).catch(() => undefined);
  }
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
    await chooseNoInput();
    assert.match(decision(), /for no input/u);
    const before = serverProcess();
    assert.ok(before !== undefined);
    process.kill(before, "SIGKILL");
    await replace(editor, "default allow := false", 'default allow := "after the crash"');
    await eventually("the choice after the crash", decision, (text) => text.includes("after the crash"));
    assert.match(decision(), /for no input/u);
    assert.notEqual(serverProcess(), before);
  },
  "a server that is started again on broken text leaves the last decision, as an old one": async () => {
    const editor = await open("policy/storage.rego");
    await vscode.commands.executeCommand("rw.decision.open");
    const before = await eventually("a decision", decision, (text) => /^\{\n {2}"allow": (?:true|false)\n\}$/mu.test(text));
    const value = before.slice(before.indexOf("{"));
    await replace(editor, "grant.bucket == input.bucket", "grant.bucket == bukcet");
    await problems(editor.document.uri, /var bukcet is unsafe/u);
    await eventually("the old decision", decision, (text) => text.includes("bukcet"));
    await vscode.commands.executeCommand("rw.stop");
    await eventually("the old decision without a server", decision, (text) => text.includes("language server stopped"));
    await vscode.commands.executeCommand("rw.restart");
    await eventually("the reason from the new server", decision, (text) => text.includes("bukcet"));
    assert.match(decision(), /Stale since/u);
    assert.ok(decision().endsWith(value), decision());
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
