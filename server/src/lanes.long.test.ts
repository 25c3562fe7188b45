// Large files: a server of their own answers for them.
import { expect, test, vi } from "vitest";
import { connect, uri } from "./client.test-helper.ts";
import type { LaneEvents } from "./lane.ts";

const rule = (at: number): string => `rule_${at} if {\n\tinput.user == "user${at}"\n\tcount(input.roles) > ${at}\n}\n\n`;
const rules = 100;
const large = `package large\n\n${Array.from({ length: rules }, (_, at) => rule(at)).join("")}# ${"x".repeat(2_000_000)}\n`;
const here = { textDocument: { uri: uri("large.rego") } };
const small = { textDocument: { uri: uri("small.rego") }, position: { line: 2, character: 1 } };

test("a large file is read, found wrong and mended as any other, and only its text is checked", async () => {
  const client = await connect({ "small.rego": "package small\n\nallow := data.large.rule_1\n" });
  client.open("large.rego", `${large}broken := [1 2]\n`);
  const report = await client.request<{ items: { code: string; message: string }[] }>("textDocument/diagnostic", here);
  expect(report.items.map(({ code }) => code)).toEqual(["rw_large_file", "rego_parse_error"]);
  expect(report.items[1]?.message).toMatch(/^missing `,` between array items/u);
  const symbols = await client.request<{ name: string; children: unknown[] }[]>("textDocument/documentSymbol", here);
  expect(symbols[0]?.children).toHaveLength(rules + 1);
  const end = 3 + rules * 5;
  client.change("large.rego", 2, [
    { range: { start: { line: end, character: 12 }, end: { line: end, character: 13 } }, text: ", " },
  ]);
  await client.request("textDocument/documentSymbol", here);
  const mended = await client.request<{ items: { code: string }[] }>("textDocument/diagnostic", here);
  expect(mended.items.map(({ code }) => code)).toEqual(["rw_large_file"]);
  expect(await client.request("textDocument/hover", small)).toMatchObject({ contents: { kind: "markdown" } });
  expect(await client.request("textDocument/codeLens", here)).toEqual([]);
  const at = { ...here, position: { line: 2 + 5 * 20, character: 3 } };
  expect(await client.request("textDocument/definition", at)).toMatchObject([{ range: { start: { line: 102 } } }]);
  const hints = { ...here, range: { start: { line: 4, character: 0 }, end: { line: 5, character: 0 } } };
  expect(await client.request("textDocument/inlayHint", hints)).toMatchObject([{ label: "collection:" }]);
});

test("a file that grows gets its own server, and loses it when it is closed", async () => {
  const client = await connect({});
  client.open("large.rego", "package large\n");
  client.change("large.rego", 2, [{ text: large }]);
  expect(await client.request("textDocument/foldingRange", here)).toHaveLength(rules);
  client.notify("textDocument/didClose", here);
  expect(await client.request("textDocument/foldingRange", here)).toEqual([]);
});

test("a lane that ends by itself answers who waits for it, and says why", async () => {
  let events: LaneEvents | undefined;
  const sent: object[] = [];
  const client = await connect(
    {},
    {
      startLane: (given) => {
        events = given;
        return { send: (message) => void sent.push(message), stop: () => undefined };
      },
    },
  );
  client.open("large.rego", large);
  const waiting = client.request("textDocument/foldingRange", here);
  const failed = expect(waiting).rejects.toThrow("large.rego is too large: no memory");
  await vi.waitFor(() => expect(sent).toContainEqual(expect.objectContaining({ method: "textDocument/foldingRange" })), {
    timeout: 10_000,
  });
  events?.lost("no memory");
  await failed;
  await expect(client.request("textDocument/foldingRange", here)).rejects.toThrow("large.rego is too large");
  expect(client.notifications.get("window/showMessage")).toMatchObject([{ message: "large.rego is too large: no memory" }]);
});
