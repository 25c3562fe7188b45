// Around the editor: ids and settings of the extension for OPA, tasks, files that commands write, and what the extension costs and opens.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import * as vscode from "vscode";
import { eventually, noProblems, open, problems, replace, suiteOf, uriOf, withSetting } from "./support.ts";

const policy = "policy/storage.rego";

function own(): vscode.Extension<unknown> {
  const found = vscode.extensions.getExtension("rulewright.rulewright");
  assert.ok(found !== undefined);
  return found;
}

/** What the tasks of a name run, without the program. */
async function argumentsOf(name: string): Promise<readonly string[]> {
  const tasks = await vscode.tasks.fetchTasks({ type: "rw" });
  const execution = tasks.find((task) => task.name === name)?.execution;
  assert.ok(execution instanceof vscode.ProcessExecution);
  return execution.args.slice(1);
}

/** Processes that come from this extension host. */
function descendants(): readonly number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/u.test(name)) continue;
    try {
      parents.set(Number(name), Number(/^PPid:\s+(\d+)/mu.exec(readFileSync(`/proc/${name}/status`, "utf8"))?.[1]));
    } catch {
      // The process ended while it was looked at.
    }
  }
  const isOurs = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === process.pid || isOurs(parent));
  };
  return [...parents.keys()].filter(isOurs);
}

/** True for a process that is gone, or that only its parent still remembers: it holds nothing any more. */
function hasEnded(pid: number): boolean {
  try {
    return /^State:\s+Z/mu.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return true;
  }
}

/** Internet sockets that a process holds, in whatever state. */
function sockets(pid: number): readonly string[] {
  const held = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/u.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    }),
  );
  return ["tcp", "tcp6", "udp", "udp6"].flatMap((kind) =>
    readFileSync(`/proc/${pid}/net/${kind}`, "utf8")
      .split("\n")
      .slice(1)
      .filter((line) => held.has(line.trim().split(/\s+/u)[9] ?? ""))
      .map((line) => `${kind} ${line.trim()}`),
  );
}

export const around = suiteOf("Around", {
  "the ids of the extension for OPA do what ours do": async () => {
    const known = new Set(await vscode.commands.getCommands(true));
    const wanted = [
      "check.file",
      "eval.package",
      "eval.selection",
      "test.workspace",
      "debug.debugWorkspace",
      "regal.restart",
      "regal.toggleDiagnostics",
    ];
    assert.deepEqual(
      wanted.filter((id) => !known.has(`opa.${id}`)),
      [],
    );
    await open(policy);
    await vscode.commands.executeCommand("opa.eval.package");
    const result = () => vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === "rw-result")?.getText() ?? "";
    assert.match(
      await eventually("the result", result, (text) => text !== ""),
      /data\.storage for client1-reads-bucket2.*"allow": true/su,
    );
  },

  "every setting of the extension for OPA is known": async () => {
    const { properties } = (
      own().packageJSON as {
        readonly contributes: { readonly configuration: readonly { readonly properties: Readonly<Record<string, unknown>> }[] };
      }
    ).contributes.configuration.find((section) => "opa.roots" in section.properties)!;
    const names =
      "bundleIgnorePaths bundleMode checkOnSave dependency_paths.opa dependency_paths.regal env formatter languageServers roots schema strictMode";
    assert.deepEqual(
      Object.keys(properties).sort(),
      names.split(" ").map((name) => `opa.${name}`),
    );
  },

  "problems are hidden and shown again, also those that change meanwhile": async () => {
    const editor = await open(policy);
    const { uri } = editor.document;
    await replace(editor, "grant.bucket == input.bucket", "grant.bucket == bukcet");
    await problems(uri, /var bukcet is unsafe/u);
    await vscode.commands.executeCommand("opa.regal.toggleDiagnostics");
    await noProblems(uri);
    await replace(editor, "grant.bucket == bukcet", "grant.bucket == tekcub");
    await new Promise((done) => setTimeout(done, 1000));
    assert.deepEqual(vscode.languages.getDiagnostics(uri), []);
    await vscode.commands.executeCommand("opa.regal.toggleDiagnostics");
    await problems(uri, /var tekcub is unsafe/u);
  },

  "expected decisions are checked by the schema that they name, which is found": async () => {
    const editor = await open("inputs/client1-reads-bucket2.expected.json");
    await replace(editor, '{ "value": true }', '{ "value": true, "only": 3 }');
    const found = await problems(editor.document.uri, /boolean/u);
    assert.deepEqual(
      found.filter(({ message }) => /schema/u.test(message)),
      [],
    );
  },

  "tasks load the folder as a bundle, so that inputs in JSON are no data": async () => {
    assert.deepEqual(await argumentsOf("check"), ["check", "--ignore", ".git", "."]);
    assert.deepEqual(await argumentsOf("test"), ["test", "--ignore", ".git", "-b", "."]);
    const build = ["build", "--ignore", ".git", "--ignore", "*_test.rego"];
    assert.deepEqual(await argumentsOf("build"), [...build, "-b", ".", "-o", "bundle.tar.gz"]);
    await withSetting("opa", "bundleMode", false, async () => {
      assert.deepEqual(await argumentsOf("test"), ["test", "--ignore", ".git", "."]);
    });
    await withSetting("opa", "bundleIgnorePaths", ["vendor"], async () => {
      assert.deepEqual(await argumentsOf("test"), ["test", "--ignore", "vendor", "-b", "."]);
    });
    await withSetting("opa", "strictMode", true, async () => {
      assert.deepEqual(await argumentsOf("check"), ["check", "--strict", "--ignore", ".git", "."]);
    });
  },

  "a decision log is decided again by the project of the policy that is open": async () => {
    const log = vscode.Uri.joinPath(vscode.Uri.file(tmpdir()), `decisions ${process.pid}.ndjson`);
    const event = { decision_id: "a", path: "storage/nothing", timestamp: "2026-01-01T00:00:00Z" };
    await vscode.workspace.fs.writeFile(log, new TextEncoder().encode(`${JSON.stringify(event)}\n`));
    await open(policy);
    const ended = new Promise<number | undefined>((done) => {
      const heard = vscode.tasks.onDidEndTaskProcess(({ exitCode, execution }) => {
        if (execution.task.name !== "replay") return;
        heard.dispose();
        done(exitCode);
      });
    });
    await vscode.commands.executeCommand("rw.replayLog", log);
    assert.equal(await ended, 0);
    await vscode.workspace.fs.delete(log);
  },

  "a recording of the server is shown before it is saved, and tells nothing of the files": async () => {
    await open(policy);
    // The message that says what it is stays until somebody closes it.
    void vscode.commands.executeCommand("rw.saveRecording");
    const text = await eventually(
      "the recording",
      () => vscode.window.activeTextEditor?.document.getText() ?? "",
      (shown) => shown.includes('"textDocument/didOpen"'),
    );
    const { editor, server, messages } = JSON.parse(text) as Record<string, Record<string, unknown>>;
    assert.equal(editor?.["version"], vscode.version);
    assert.match(String(server?.["platform"]), /^Node /u);
    assert.ok(Array.isArray(messages) && messages.length > 3);
    assert.doesNotMatch(text, /storage/u);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  },

  "a decision is kept in the text that is open, and undo takes it back": async () => {
    const expected = uriOf("inputs/client1-reads-bucket2.expected.json");
    const before = new TextDecoder().decode(await vscode.workspace.fs.readFile(expected));
    const document = await vscode.workspace.openTextDocument(expected);
    const shown = await vscode.window.showTextDocument(document);
    await shown.edit((edit) =>
      edit.replace(new vscode.Range(0, 0, document.lineCount, 0), '{"decisions": {"data.storage.allow": {"value": false}}}\n'),
    );
    await open(policy);
    await vscode.commands.executeCommand("rw.acceptDecision");
    await eventually(
      "the decision",
      () => document.getText(),
      (text) => /"value": true/u.test(text),
    );
    // Its reader had not saved it.
    assert.ok(document.isDirty);
    assert.equal(new TextDecoder().decode(await vscode.workspace.fs.readFile(expected)), before);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("undo");
    assert.match(document.getText(), /"value": false/u);
  },

  "the code is loaded in at most 150 ms of the extension host's time": async () => {
    const file = vscode.Uri.joinPath(own().extensionUri, "dist/client.cjs").fsPath;
    const load = createRequire(file);
    const key = load.resolve(file);
    const kept = load.cache[key];
    delete load.cache[key];
    const start = process.cpuUsage();
    load(file);
    const { user, system } = process.cpuUsage(start);
    load.cache[key] = kept;
    console.log(`▸ loaded in ${((user + system) / 1000).toFixed(0)} ms of processor time`);
    assert.ok((user + system) / 1000 <= 150, `${(user + system) / 1000} ms`);
  },

  "neither the server nor anything it started has opened a connection": async () => {
    if (process.platform !== "linux") return;
    await open(policy);
    const pids = await eventually("the server", descendants, (found) => found.length > 0);
    const held = pids.flatMap((pid) => {
      try {
        return sockets(pid);
      } catch (error) {
        if (!hasEnded(pid)) throw error;
        return [];
      }
    });
    assert.deepEqual(held, []);
  },
});
