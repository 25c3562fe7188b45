// The packed npm package as a stranger has it: installed from its archive, without the network; the server answers in a thread of Node.
import { spawnSync } from "node:child_process";
import { readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inFolder, root } from "./run.ts";

const program = `
import { Worker } from "node:worker_threads";
import { type LiveParams, memoryFiles, type ServerWorker, startLanguageServer } from "rulewright/language-server";

const files = memoryFiles({
  "shop/shop.rego": "package shop\\n\\nallow if input.user == data.shop.owner\\n",
  "shop/data.json": '{"owner": "eve"}',
  "inputs/eve.conf": "user: eve\\n",
});
const worker = new Worker(new URL(import.meta.resolve("rulewright/language-server/worker")));
const server = await startLanguageServer(worker, { files });
export const inBrowser = (worker: globalThis.Worker): ServerWorker => worker;
const seen: LiveParams[] = [];
const waiting = new Set<() => void>();
server.onNotification<LiveParams>("rw/live", (params) => {
  seen.push(params);
  for (const look of waiting) look();
});
const decided = (text: string, kind = "value") =>
  new Promise<LiveParams>((done) => {
    const look = () => {
      const found = seen.find(({ rules }) => rules.some((rule) => rule.text === text || rule.kind !== kind));
      if (found === undefined) return;
      waiting.delete(look);
      done(found);
    };
    waiting.add(look);
    look();
  });

const uri = files.uri("shop/shop.rego");
server.notify("textDocument/didOpen", { textDocument: { uri, languageId: "rego", version: 1, text: files.read("shop/shop.rego") } });
const first = await decided("true");
console.log(JSON.stringify({ rule: first.rules[0]?.path, text: first.rules[0]?.text, sample: first.sampleUri }));

const position = { line: 2, character: 2 };
const hover = await server.request<{ contents: { value: string } }>("textDocument/hover", { textDocument: { uri }, position });
console.log(hover.contents.value.includes("allow"));

// A file that changes is read again.
seen.length = 0;
files.write("inputs/eve.conf", "user: bob\\n");
const second = await decided("undefined", "value");
console.log(second.rules[0]?.kind);

await server.request("textDocument/definitely", {}).catch((error: Error) => console.log(error.message));
await server.stop();
await server.request("textDocument/hover", { textDocument: { uri }, position }).catch((error: Error) => console.log(error.message));
`;

/** `monaco` is whatever the program has: all of Monaco, or its core. */
const binding = `
import * as all from "monaco-editor";
import * as core from "monaco-editor/editor";
import { type LanguageServer, startLanguageServer } from "rulewright/language-server";
import { bindMonaco, monacoCapabilities, type ThemeName } from "rulewright/monaco";

export const start = (worker: Worker): Promise<LanguageServer> => startLanguageServer(worker, { capabilities: monacoCapabilities });
export const bind = (server: LanguageServer) => [bindMonaco(all, server), bindMonaco(core, server, { onCommand: console.log })];
export const theme: ThemeName = "rulewright-dark";
`;

test("a program in TypeScript starts the server on files of its own, sees decisions and asks", async () => {
  const packed = spawnSync(process.execPath, ["scripts/package-npm.ts"], { cwd: root, encoding: "utf8" });
  expect(packed.status, packed.stderr).toBe(0);
  const archive = readdirSync(join(root, "dist")).find((name) => /^rulewright-.*\.tgz$/u.test(name)) ?? "";
  await inFolder(async (cwd) => {
    writeFileSync(join(cwd, "package.json"), '{"type": "module"}');
    const install = ["install", "--offline", "--no-audit", "--no-fund", join(root, "dist", archive)];
    const installed = spawnSync("npm", install, { cwd, encoding: "utf8" });
    expect(installed.status, installed.stderr).toBe(0);
    expect(readdirSync(join(cwd, "node_modules")).filter((name) => !name.startsWith("."))).toEqual(["rulewright"]);

    writeFileSync(join(cwd, "program.ts"), program);
    writeFileSync(join(cwd, "binding.ts"), binding);
    symlinkSync(join(root, "node_modules/monaco-editor"), join(cwd, "node_modules/monaco-editor"));
    const types = ["--types", "node", "--typeRoots", join(root, "node_modules/@types")];
    const flags = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2023", "--lib", "es2023,dom", ...types];
    const checked = spawnSync(
      process.execPath,
      [join(root, "node_modules/typescript/bin/tsc"), ...flags, "program.ts", "binding.ts"],
      {
        cwd,
        encoding: "utf8",
      },
    );
    expect(checked.stdout).toBe("");
    const run = spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", "program.ts"], {
      cwd,
      encoding: "utf8",
      timeout: 60_000,
    });
    expect({ err: run.stderr, status: run.status }).toEqual({ err: "", status: 0 });
    expect(run.stdout.trim().split("\n")).toEqual([
      '{"rule":"data.shop.allow","text":"true","sample":"memory:/project/inputs/eve.conf"}',
      "true",
      "undefined",
      expect.stringContaining("textDocument/definitely"),
      "the language server was stopped",
    ]);

    const version = spawnSync(join(cwd, "node_modules/.bin/rw"), ["version"], { cwd, encoding: "utf8" });
    expect(version.status, version.stderr).toBe(0);
  });
});
