// What the tab key offers: the words of a command line, the last of them being typed → what can stand there.
import { expect, test } from "vitest";
import { commands } from "../commands/index.ts";
import { candidatesOf } from "./candidates.ts";

async function offered(line: string): Promise<string> {
  const found = await candidatesOf(line.split(" "), commands);
  return found === "files" ? "files" : found.map(({ value }) => value).join(" ");
}

test.each([
  ["ch", "check"],
  ["--", "--help"],
  ["__", ""],
  ["help de", "deps decide"],
  ["help check ", ""],
  ["nothing ", ""],
  ["check ", "files"],
  ["check policies", "files"],
  ["check --fo", "--format"],
  ["check --format ", "pretty json sarif github junit"],
  ["check -f j", "json junit"],
  ["check --format=s", "--format=sarif"],
  ["check --format json --fo", ""],
  ["check --strict --stri", ""],
  ["check --strict=f", "--strict=false"],
  ["check --max-errors ", ""],
  ["eval -d a -d ", "files"],
  ["eval --data=", "files"],
  ["eval -d a --dat", "--data"],
  ["check -- --", "files"],
  ["hocon ", "resolve fmt check origins"],
  ["hocon resolve ", "files"],
  ["roles ", "apply"],
  ["completion z", "zsh"],
  ["lsp ", "files"],
])("%s → %s", async (line, expected) => {
  expect(await offered(line)).toBe(expected);
});
