// `rw.conf` and the files that its mocks name in; what answers policies, and what is wrong at which line, out.
import { expect, test } from "vitest";
import { LineIndex } from "#grammars/text/lines.ts";
import { memoryHost } from "./host.ts";
import type { Project } from "./project.ts";
import { openProject } from "./workspace.ts";

const project = (files: Readonly<Record<string, string>>): Promise<Project> =>
  openProject(memoryHost(Object.fromEntries(Object.entries(files).map(([path, text]) => [`/p/${path}`, text]))), "/p");

async function problems(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const opened = await project({ "rw.conf": 'mocks.http = "mocks/http.conf"', ...files });
  return opened.configuration.mockProblems.map(({ file, range, message }) => {
    const { text } = opened.find(file)!;
    return `${new LineIndex(text).rowCol(range.start).row} ${JSON.stringify(text.slice(range.start, range.end))}: ${message}`;
  });
}

async function answers(one: Project, profile?: string): Promise<readonly string[]> {
  return (one.configuration.mocks(profile)?.http ?? []).map(({ method, url, headers = [], requestBody = "", answer }) => {
    if (answer.kind !== "response") return answer.kind;
    const shown = answer.headers.map(([name, values]) => `${name}: ${values.join("|")}`);
    const asked = [method, url, ...headers.map((header) => header.join("=")), requestBody].filter((part) => part !== "");
    return `${asked.join(" ")} -> ${[answer.status, ...shown, new TextDecoder().decode(answer.body)].join(", ")}`;
  });
}

test("nothing is mocked where rw.conf names nothing", async () => {
  const one = await project({ "rw.conf": "profiles { a {} , b { mocks {} } }" });
  expect([one.configuration.mocks(undefined), one.configuration.mocks("a"), one.configuration.mocks("nobody")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(one.configuration.mocks("b")).toEqual({ http: [], lookups: new Map() });
});

test("mocks of a profile lie over those of the project", async () => {
  const one = await project({
    "rw.conf": `mocks {
  clock = "2026-01-01T00:00:00.000000001+01:00", seed = 7, http = all.json
  net.lookup_ip_addr { a.example = ["1.2.3.4"], b.example = "::1" }
  opa.runtime { version = v1, env { REGION = eu, STAGE = dev } }
}
profiles.uat.mocks { seed = 8, http = uat.conf, net.lookup_ip_addr { a.example = [] }, opa.runtime.env.STAGE = uat }`,
    "all.json": '[{"request": {"url": "http://a/"}, "response": {"body": {"n": 1.50}}}]',
    "uat.conf":
      'requests = [{ request { method = post, url = "http://a/", body = { b = [1] } }, response { status = 404, body = gone } }]',
  });
  expect(one.configuration.mockProblems).toEqual([]);
  const { http: _, ...all } = one.configuration.mocks(undefined)!;
  expect(all).toEqual({
    clock: 1_767_222_000_000_000_001n,
    seed: 7,
    lookups: new Map([
      ["a.example", ["1.2.3.4"]],
      ["b.example", ["::1"]],
    ]),
    runtime: '{"version":"v1","env":{"REGION":"eu","STAGE":"dev"}}',
  });
  expect(await answers(one)).toEqual(['GET http://a/ -> 200 OK, Content-Type: application/json, {"n":1.50}']);
  const { http: __, ...uat } = one.configuration.mocks("uat")!;
  expect(uat).toEqual({
    clock: 1_767_222_000_000_000_001n,
    seed: 8,
    lookups: new Map([
      ["a.example", []],
      ["b.example", ["::1"]],
    ]),
    runtime: '{"version":"v1","env":{"REGION":"eu","STAGE":"uat"}}',
  });
  expect(await answers(one, "uat")).toEqual([
    'POST http://a/ {"b":[1]} -> 404 Not Found, gone',
    'GET http://a/ -> 200 OK, Content-Type: application/json, {"n":1.50}',
  ]);
});

test("headers of requests and responses", async () => {
  const one = await project({
    "rw.conf": "mocks.http = m.conf",
    "m.conf": `requests = [{
  request { url = "http://a/", headers { X-Tenant = eu } }
  response { status = "299 Odd", headers { Content-Type = text/plain, Set-Cookie = [a, b] }, body = "x" }
}]`,
  });
  expect(await answers(one)).toEqual(["GET http://a/ X-Tenant=eu -> 299 Odd, Content-Type: text/plain, Set-Cookie: a|b, x"]);
});

test.each([
  ["requests = x", '1 "requests": must be a list of { request, response }, or an object with such a list as `requests`'],
  ["request = []", '1 "request": `request` means nothing here: the requests stand in `requests`'],
  ["requests = [\n  1\n]", '2 "1": an entry must be an object with `request`, `response`'],
  [
    "requests = [\n  { request { url = a }, response {} }\n  { request {}, response {}\n  }\n]",
    '3 "request": `request.url` must be a string',
  ],
  [
    "requests = [{\n  request { url = a }\n  response {\n    status = 99\n  }\n}]",
    '4 "status": `response.status` must be a status such as 200, or "404 Not Found"',
  ],
  [
    "requests = [{\n  request.url = a\n  response.headers.x = { y = 1 }\n}]",
    '3 "x": `response.headers.x` must be a string, or a list of strings',
  ],
  [
    "requests = [{ request.url = a, respond {} }]",
    '1 "respond": `respond` means nothing in an entry: it has `request`, `response`',
  ],
  ["requests = [{ request {", '1 "[": missing `]`'],
])("a fault of the file is told where it stands: %j", async (text, told) => {
  const found = await problems({ "mocks/http.conf": text });
  expect(found[0]).toContain(told);
});

test("the same in JSON, and a file that is too long", async () => {
  expect(
    await problems({ "rw.conf": "mocks.http = m.json", "m.json": '[\n  {"request": {"url": 1}, "response": {}}\n]' }),
  ).toEqual(['2 "\\"url\\"": `request.url` must be a string']);
  const long = `requests = []\n# ${"x".repeat(1_000_000)}`;
  expect((await problems({ "mocks/http.conf": long }))[0]).toContain("has 1000000 characters at most");
});
