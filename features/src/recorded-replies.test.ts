// A request and its reply in; what is written of them, or why nothing is, out.
import { expect, test } from "vitest";
import type { HttpRequest } from "#evaluation/builtins/builtin.ts";
import { encodeBytes } from "#evaluation/rego-text.ts";
import { type Reply, recordedEntry } from "./recorded-replies.ts";

const request = (url: string, body = "", method = "GET"): HttpRequest => ({
  ...{ method, url, body: encodeBytes(body), timeoutNanos: 0n, followRedirects: false },
  headers: [["Authorization", "Bearer s3cret"]],
});
const reply = (body: string, headers: Reply["headers"] = []): Reply => ({ status: 200, statusText: "OK", headers, body });

test("what decides is written; who asked, and what is of the connection, is not", () => {
  const headers = [
    ["content-type", "application/json"],
    ["set-cookie", "session=s3cret"],
    ["date", "now"],
  ] as const;
  const found = recordedEntry(request("https://a.test/x?y=1", '{"n": 1}', "POST"), reply('{"role":"clerk"}', headers));
  expect(found).toEqual({
    entry: {
      request: { method: "POST", url: "https://a.test/x?y=1", body: '{"n": 1}' },
      response: { status: "200 OK", headers: { "content-type": "application/json" }, body: '{"role":"clerk"}' },
    },
  });
  expect(JSON.stringify(found)).not.toContain("s3cret");
});

test.each([
  [request("https://me:s3cret@a.test/x"), reply(""), "GET https://a.test/x: its address holds a secret"],
  [request("https://a.test/x?api_key=s3cret"), reply(""), "GET https://a.test/x: its address holds a secret"],
  [
    request("https://a.test/token", "grant_type=password&password=s3cret", "POST"),
    reply(""),
    "POST https://a.test/token: its body holds a secret",
  ],
  [request("https://a.test/token"), reply('{"access_token": "s3cret"}'), "GET https://a.test/token: the reply holds a secret"],
  [request("https://a.test/x"), reply("x".repeat(200_001)), "GET https://a.test/x: the reply is longer than 200000 characters"],
])("a secret is not written: %#", (asked, answered, problem) => {
  expect(recordedEntry(asked, answered)).toEqual({ problem });
});
