// The language server killed while a text is unsaved: it comes back and knows the text.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { noProblems, open, problems, replace, suiteOf } from "./support.ts";

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
});
