// From a policy to a published version in a real workbench alone: an RMS is started by command, knows its author, and keeps what it holds.
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { storageDesk } from "./storage-desk.ts";
import { patience } from "./workbench.ts";

const desk = storageDesk();
let address = "";

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { readonly port: number };
  await new Promise((done) => server.close(done));
  return port;
}

beforeAll(async () => {
  address = `http://127.0.0.1:${await freePort()}`;
  const config = join(desk.folder, "rw.conf");
  const text = readFileSync(config, "utf8").replace("http://127.0.0.1:8182", address);
  writeFileSync(config, `${text}roles = roles.conf\n`);
  writeFileSync(join(desk.folder, "roles.conf"), "roles.keeper.members = [ann]\n");
});

const answers = (path: string): Promise<number> =>
  fetch(`${address}${path}`).then(
    ({ status }) => status,
    () => 0,
  );

test("RMS is started by command, and the policy is published without a token being asked for", async () => {
  // The palette asks once whether the workspace is trusted, which VS Code knows a moment after the start.
  await desk.workbench.decoration("=> true");
  await desk.workbench.command("Rulewright: Start a Local RMS");
  expect(await desk.workbench.notification("RMS listens on")).toContain("you are signed in");
  expect(await answers("/readyz")).toBe(200);
  await desk.workbench.screenshot("local-rms.png");
  await desk.workbench.command("Rulewright: Publish to RMS");
  await desk.workbench.focusedRow("Publish");
  // What changes is said in the panel itself.
  await desk.workbench.page.keyboard.press("ArrowDown");
  await desk.workbench.focusedRow("Say What Changes");
  await desk.workbench.page.keyboard.press("Enter");
  await desk.workbench.focusedRow("Use These Words");
  await desk.workbench.page.keyboard.type("first policy");
  await desk.workbench.page.keyboard.press("Enter");
  await desk.workbench.row("first policy");
  await desk.workbench.focusedRow("Publish");
  await desk.workbench.screenshot("local-rms-words.png");
  // They are not lost with a panel that is closed.
  await desk.workbench.escape();
  await desk.workbench.command("Rulewright: Publish to RMS");
  await desk.workbench.row("first policy");
  await desk.workbench.focusedRow("Publish");
  await desk.workbench.page.keyboard.press("Enter");
  await desk.workbench.notification("Published 1.0.0");
  await desk.workbench.statusBar("RMS storage/main dev 1.0.0");
});

test("roles of the project that RMS does not have are told, and put there once they were seen", async () => {
  await desk.workbench.notification("RMS has none of the roles of roles.conf");
  await desk.workbench.command("Rulewright: Put the Roles into RMS");
  await desk.workbench.row("+ ann in keeper");
  await desk.workbench.screenshot("local-rms-roles.png");
  await desk.workbench.pick("Make These 2 Changes");
  await desk.workbench.notification("RMS has all that roles.conf says of storage.");
  await desk.workbench.command("Rulewright: Put the Roles into RMS");
  await desk.workbench.notification("RMS has all that roles.conf says of storage.");
});

test("the console is opened with the token in the clipboard, where the reader agrees", async () => {
  await desk.workbench.command("Rulewright: Open the Console of RMS");
  const dialogue = desk.workbench.page.locator(".monaco-dialog-box", {
    hasText: `The console of ${address} asks for an API token.`,
  });
  await dialogue.waitFor();
  await desk.workbench.screenshot("local-rms-console.png");
  await dialogue.getByRole("button", { name: "Copy the Token and Open" }).waitFor();
  await desk.workbench.page.keyboard.press("Escape");
  await dialogue.waitFor({ state: "hidden" });
});

test("what is otherwise than the published version stands beside it", async () => {
  await desk.workbench.command("Rulewright: Compare with the Published Version");
  await desk.workbench.notification("storage/main dev has 1.0.0: the project holds the same.");
  await desk.workbench.showTab("storage.rego");
  await desk.workbench.replaceLine(15, 'input.action == "read"');
  await desk.workbench.command("Rulewright: Compare with the Published Version");
  await desk.workbench.page.locator(".multiDiffEntry", { hasText: "storage.rego" }).waitFor();
  await desk.workbench.screenshot("local-rms-compared.png");
  await desk.workbench.showTab("storage.rego");
});

test("it is stopped by command, and holds what it held when it is started again", async () => {
  await desk.workbench.command("Rulewright: Stop the Local RMS");
  await expect.poll(() => answers("/readyz"), { timeout: patience }).toBe(0);
  await desk.workbench.command("Rulewright: Start a Local RMS");
  await expect.poll(() => answers("/readyz"), { timeout: patience }).toBe(200);
  await desk.workbench.statusBar("storage/main dev 1.0.0");
});
