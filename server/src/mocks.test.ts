// Mocks of `rw.conf` over the wire: live decisions, questions, the matrix, tests and Why see the same world, twice the same.
import { expect, test } from "vitest";
import type * as messages from "#protocol/messages.ts";
import { connect, type TestClient, uri } from "./client.test-helper.ts";
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

async function start(given: Record<string, string> = files): Promise<TestClient> {
  const client = await connect(given, { evaluator });
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
