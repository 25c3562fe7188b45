// The RMS that a window starts: known by the token that the editor has, alone at its address, and gone with who started it.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { RmsProcess } from "./local-rms.ts";

const program = join(import.meta.dirname, "../../../rms/server/main.ts");
const host = "127.0.0.1";
const patience = { timeout: 20_000 };
let folder: string;
let port: number;
let rms: RmsProcess;

/** A port that nobody listens on, and what ends listening there. */
async function listening(at = 0): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(at, host, done));
  const { port: found } = server.address() as { readonly port: number };
  return { port: found, close: () => new Promise((done) => server.close(() => done())) };
}

const status = (token = ""): Promise<number> =>
  fetch(`http://${host}:${port}/api/v1/domains`, { headers: { authorization: `Bearer ${token}` } }).then(
    (answer) => answer.status,
    () => 0,
  );

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "local-rms-"));
  const free = await listening();
  port = free.port;
  await free.close();
  rms = new RmsProcess(program, folder, () => undefined);
});
afterEach(async () => {
  await rms.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("who starts it is signed in, again at the next start, and no token stays in a file", async () => {
  const { token } = (await rms.start(host, port, undefined)) as { readonly token: string };
  expect(await status(token)).toBe(200);
  await rms.stop();
  expect([rms.runs, await status(token)]).toEqual([false, 0]);
  expect(await rms.start(host, port, token)).toEqual({ token });
  expect(await status(token)).toBe(200);
  expect(readdirSync(folder)).toEqual([`data-${port}`]);
});

test("a token from elsewhere is as good; what can be none is another one", async () => {
  const known = "a-token-of-another-server-at-this-address";
  expect(await rms.start(host, port, known)).toEqual({ token: known });
  expect(await status(known)).toBe(200);
  await rms.stop();
  const { token } = (await rms.start(host, port, "short")) as { readonly token: string };
  expect([await status(token), token]).toEqual([200, expect.stringMatching(/^rms_/)]);
});

test("where somebody listens nothing is started, and nobody gets a token", async () => {
  const other = await listening(port);
  expect(await rms.start(host, port, undefined)).toEqual({ hindrance: "taken" });
  await other.close();
  expect([rms.runs, readdirSync(folder)]).toEqual([false, []]);
});

test("two starts are one", async () => {
  const both = await Promise.all([rms.start(host, port, undefined), rms.start(host, port, undefined)]);
  expect(both).toEqual([{ token: expect.any(String) }, { hindrance: "runs" }]);
  expect(rms.runs).toBe(true);
  await rms.stop();
  expect(await status()).toBe(0);
});

test("it ends with who started it, however that ends", async () => {
  const script = `import { RmsProcess } from ${JSON.stringify(join(import.meta.dirname, "local-rms.ts"))};
await new RmsProcess(${JSON.stringify(program)}, ${JSON.stringify(folder)}, () => undefined).start("${host}", ${port}, undefined);
process.kill(process.pid, "SIGKILL");`;
  const starter = spawn(process.execPath, ["--input-type=module", "--eval", script], { stdio: "inherit" });
  await new Promise((ended) => starter.once("exit", ended));
  await expect.poll(() => status(), patience).toBe(0);
  // The store is closed in order.
  await expect.poll(() => readdirSync(join(folder, `data-${port}`)), patience).not.toContain("rms.db-wal");
});
