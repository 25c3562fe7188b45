// Mocks of `rw.conf` over the wire: live decisions, questions, the matrix, tests and Why see the same world, twice the same.
import { expect, test } from "vitest";
import type { CodeAction, Diagnostic, WorkspaceEdit } from "vscode-languageserver";
import type * as messages from "#protocol/messages.ts";
import { connect, richCapabilities, type TestClient, uri } from "./client.test-helper.ts";
import { dapClient } from "./debug/adapter.test-helper.ts";
import { evaluator } from "./evaluator.test-helper.ts";

const policy = `package p

year := time.date(time.now_ns())[0]

chance := [rand.intn("a", 1000000), uuid.rfc4122("b")]

role := http.send({"method": "GET", "url": input.url}).body.role

region := opa.runtime().env.REGION

addresses := net.lookup_ip_addr("users.test")
`;
const files = {
  "p.rego": policy,
  "p_test.rego":
    'package p_test\n\nimport data.p\n\ntest_year if p.year == 2026\n\ntest_role if p.role == "clerk" with input.url as "https://users.test/ann"\n',
  "inputs/ann.json": '{"url": "https://users.test/ann"}',
  "inputs/ann.expected.json": '{"decisions": {"p/role": {"value": "chief", "profile": "uat"}}}',
  "rw.conf": `entrypoints = [p/year, p/role, p/region, p/addresses]
mocks {
  clock = "2026-01-01T00:00:00Z", seed = 7, http = http.conf
  net.lookup_ip_addr { "users.test" = "10.0.0.1" }
  opa.runtime.env.REGION = eu
}
profiles.uat.mocks { clock = "2027-01-01T00:00:00Z", http = uat.conf, opa.runtime.env.REGION = us }
`,
  "http.conf": 'requests = [{ request.url = "https://users.test/ann", response.body = { role = clerk } }]\n',
  "uat.conf": 'requests = [{ request.url = "https://users.test/ann", response.body = { role = chief } }]\n',
};

const ableToCreate = {
  ...richCapabilities,
  workspace: { applyEdit: true, workspaceEdit: { documentChanges: true, resourceOperations: ["create" as const] } },
};

async function start(given: Record<string, string> = files): Promise<TestClient> {
  const client = await connect(given, { evaluator, initialize: { capabilities: ableToCreate } });
  client.open("p.rego", policy);
  await client.diagnostics("p.rego");
  return client;
}

async function live(client: TestClient): Promise<readonly string[]> {
  await client.diagnostics("p.rego");
  const { rules } = client.notifications.get("rw/live")!.at(-1) as messages.LiveParams;
  return rules.map(({ name, full }) => `${name} ${full.replaceAll(/\s+/gu, " ")}`);
}

test("live decisions see the mocks, and the same each time", async () => {
  const first = await live(await start());
  expect(first).toEqual([
    "year 2026",
    expect.stringMatching(/^chance /u),
    'role "clerk"',
    'region "eu"',
    'addresses [ "10.0.0.1" ]',
  ]);
  expect(await live(await start())).toEqual(first);
  const other = await live(await start({ ...files, "rw.conf": files["rw.conf"].replace("seed = 7", "seed = 8") }));
  expect(other[1]).not.toBe(first[1]);
});

test("the matrix has a row for a profile with mocks of its own, and expected decisions are asked with theirs", async () => {
  const client = await start();
  const { rows } = (await client.request("rw/matrix", { uri: uri("p.rego") })) as messages.MatrixResult;
  const shown = rows.map(({ name, cells }) =>
    [name, ...cells.map((cell) => `${cell?.text}${cell?.expected === undefined ? "" : (cell.expected.difference ?? " ✓")}`)].join(
      " | ",
    ),
  );
  expect(shown).toEqual([
    'ann.json | 2026 | "clerk" | "eu" | ["10.0.0.1"]',
    'ann.json (uat) | 2027 | "chief" ✓ | "us" | ["10.0.0.1"]',
  ]);
});

test("tests, questions and Why see them too", async () => {
  const client = await start();
  const { outcomes } = await client.request<messages.RunTestsResult>("rw/runTests", { ids: [] });
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(["passed", "passed", "passed"]);
  const asked = await client.request("rw/evaluate", { uri: uri("p.rego"), query: "data.p.role" });
  expect(asked).toMatchObject({ value: '"clerk"' });
  const why = await client.request("rw/why", { uri: uri("p.rego"), query: "data.p.year" });
  expect(why).toMatchObject({ head: "p.year = 2026" });
});

test("without mocks the clock goes on, and what the world would have to answer is undefined", async () => {
  const found = await live(await start({ ...files, "rw.conf": "" }));
  expect(found.map((one) => one.replace(/^year \d+$/u, "year N").replace(/^chance .*$/u, "chance"))).toEqual([
    "year N",
    "chance",
    "role undefined http.send: GET https://users.test/ann needs a mock: `mocks` of rw.conf has none",
    "region undefined opa.runtime: its value needs a mock: `mocks` of rw.conf has none",
    "addresses undefined net.lookup_ip_addr: users.test needs a mock: `mocks` of rw.conf has none",
  ]);
});

test("the debugger sees them", async () => {
  const client = await dapClient(files);
  await client.launch({ query: "data.p.role", inputPath: "inputs/ann.json", profile: "uat", stopAtEntry: true });
  expect(await client.evaluate("data.p.role")).toContain('"chief"');
});

test("a call without a mock is told where it stands, and a quick fix adds the mock", async () => {
  const client = await start({ ...files, "rw.conf": "entrypoints = [p/role]\n" });
  const isTold = async (): Promise<Diagnostic[]> => {
    const found = (await client.diagnostics("p.rego")).filter(({ code }) => code === "rw_needs_mock");
    return found.length > 0 ? found : isTold();
  };
  const found = await isTold();
  expect(
    found.map(({ range, message }) => `${range.start.line}:${range.start.character}-${range.end.character} ${message}`),
  ).toEqual([
    "6:8-17 http.send is undefined here: GET https://users.test/ann needs a mock",
    "8:10-21 opa.runtime is undefined here: its value needs a mock",
    "10:13-31 net.lookup_ip_addr is undefined here: users.test needs a mock",
  ]);
  const actions = await client.request<CodeAction[]>("textDocument/codeAction", {
    textDocument: { uri: uri("p.rego") },
    range: { start: { line: 6, character: 9 }, end: { line: 10, character: 14 } },
    context: { diagnostics: [] },
  });
  const fixes = actions.filter(({ title }) => title.startsWith("Answer it"));
  expect(fixes.map(({ title, edit }) => [title, ...written(edit)])).toEqual([
    [
      "Answer it by `mocks.http` of rw.conf",
      "rw.conf 1:0 mocks.http = mocks/http.conf\n",
      'mocks/http.conf 0:0 requests = [\n  {"request":{"method":"GET","url":"https://users.test/ann"},"response":{"status":200,"body":{}}}\n]\n',
    ],
    ["Answer it by `mocks.opa.runtime` of rw.conf", "rw.conf 1:0 mocks.opa.runtime { env {} }\n"],
    [
      "Answer it by `mocks.net.lookup_ip_addr` of rw.conf",
      'rw.conf 1:0 mocks.net.lookup_ip_addr { "users.test" = ["127.0.0.1"] }\n',
    ],
  ]);
});

function written(edit: WorkspaceEdit | undefined): readonly string[] {
  return (edit?.documentChanges ?? []).flatMap((change) => {
    if (!("edits" in change)) return [];
    const name = change.textDocument.uri.replace(uri(""), "");
    return change.edits.flatMap((one) =>
      "newText" in one ? [`${name} ${one.range.start.line}:${one.range.start.character} ${one.newText}`] : [],
    );
  });
}
