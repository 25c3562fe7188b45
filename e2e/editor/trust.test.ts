// A folder that is not trusted: what only reads and decides works, what reaches out or writes is off and says why.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { storageDesk } from "./storage-desk.ts";

const desk = storageDesk({}, false);

test("problems and decisions are there", async () => {
  await desk.workbench.decoration("=> true");
  await desk.workbench.replaceLine(15, "input.action in grnt.actions");
  await desk.workbench.squiggle("error");
  await desk.workbench.replaceLine(15, "input.action in grant.actions");
  await desk.workbench.noSquiggle("error");
});

test.each([
  ["Publish to RMS", "Publishing needs a trusted workspace: its files name the address that gets the policy."],
  ["Sign In to RMS with a Token", "Signing in needs a trusted workspace: its files name the address that gets the token."],
  ["Build the Bundle", "Building needs a trusted workspace: a task writes into its folder."],
])("%s is off, and says why", async (command, why) => {
  await desk.workbench.command(`Rulewright: ${command}`);
  expect(await desk.workbench.notification(why)).toBe(why);
  expect(existsSync(join(desk.folder, "bundle.tar.gz"))).toBe(false);
});
