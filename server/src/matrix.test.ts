// The decision matrix over the wire: cells with what is expected, only what an edit can have changed is decided again, errors stay in their cells.
import { expect, test } from "vitest";
import type { MatrixCell, MatrixParams, MatrixResult } from "#protocol/messages.ts";
import { connect, type TestClient, uri } from "./client.test-helper.ts";
import { evaluator } from "./evaluator.test-helper.ts";

const start = (files: Record<string, string>): Promise<TestClient> =>
  connect(files, { evaluator, initialize: { capabilities: {} } });

const asked = (client: TestClient, more: Partial<MatrixParams> = {}): Promise<MatrixResult> =>
  client.request("rw/matrix", { uri: uri("p.rego"), ...more });

/** `allow: true`, with ✓ or why it is not as expected. */
function drawn({ columns, rows }: MatrixResult): readonly string[] {
  const cell = (one: MatrixCell | null): string => {
    if (one === null) return "-";
    const { text, expected } = one;
    return expected === undefined ? text : `${text} ${expected.difference === undefined ? "✓" : `✗ ${expected.text}`}`;
  };
  return [
    columns.map((column) => column.replace("data.p.", "")).join(" | "),
    ...rows.map(({ name, problem, cells }) => [name, ...(problem === undefined ? cells.map(cell) : [problem])].join(" | ")),
  ];
}

const files = {
  "rw.conf": "entrypoints = [p/allow, p/limit]\nprofiles { eu { env.REGION = eu } }\n",
  "p.rego": 'package p\n\ndefault allow := false\n\nallow if input.region == "eu"\n\nlimit := input.max * 2\n',
  "inputs/a.conf": "region = us\nregion = ${?REGION}\nmax = 4\n",
  "inputs/a.expected.json": '{"decisions": {"p/allow": {"value": true}, "p/limit": {"value": 8}}}',
  "inputs/b.json": '{"region": "eu"}',
};

test("samples in their profiles against entrypoints, with what is expected", async () => {
  expect(drawn(await asked(await start(files)))).toEqual([
    "allow | limit",
    "a.conf | false ✗ true | 8 ✓",
    "a.conf (eu) | true | 8",
    "b.json | true | undefined",
  ]);
});

test("a rule that cannot be compiled says so in its cells, the others are decided", async () => {
  const broken = { ...files, "rw.conf": "entrypoints = [p/allow, q/x]\n", "q.rego": "package q\n\nx := nope(1)\n" };
  const result = await asked(await start(broken));
  expect(drawn(result).at(-1)).toBe("b.json | true | error: the policies have errors: q.rego:3: undefined function nope | -");
  expect(result.problem).toBeUndefined();
  const all = await asked(await start({ ...files, "p.rego": "package p\n\nallow := nope(1)\n" }));
  expect(all.problem).toBe("the policies have errors: p.rego:3: undefined function nope");
});

test("a sample that cannot be resolved has its problem in its row", async () => {
  const result = await asked(await start({ ...files, "inputs/b.json": "{" }));
  expect(drawn(result).at(-1)).toMatch(/^b\.json \| \S/u);
});

test("a project without samples has no rows, and one without entrypoints no columns", async () => {
  expect(await asked(await start({ "p.rego": "package p\n\nx := 1\n" }))).toMatchObject({ columns: [], rows: [], evaluated: 0 });
});

test("of 1,000 cells an edit decides those again that lead to what it changed", async () => {
  const rules = Array.from({ length: 10 }, (_, at) => `r${at}`);
  const text = (limit: number): string =>
    `package p\n\nlimit := ${limit}\n\n${rules.map((name, at) => `${name} := input.n + ${at < 3 ? "limit" : at}\n`).join("\n")}`;
  const samples = Array.from({ length: 100 }, (_, at) => [`inputs/s${String(at).padStart(3, "0")}.json`, `{"n": ${at}}`]);
  const project = {
    "rw.conf": `entrypoints = [${rules.map((name) => `p/${name}`).join(", ")}]\n`,
    "p.rego": text(7),
    ...Object.fromEntries(samples),
  };
  const client = await start(project);
  client.open("p.rego", text(7));
  expect((await asked(client)).evaluated).toBe(1000);
  expect((await asked(client)).evaluated).toBe(0);
  client.change("p.rego", 2, [{ text: text(8) }]);
  const after = await asked(client);
  expect([after.evaluated, after.rows[4]!.cells.map((cell) => cell?.text).slice(0, 4)]).toEqual([300, ["12", "12", "12", "7"]]);
  // A comment changes nothing, a sample the cells of its row.
  client.change("p.rego", 3, [{ text: `${text(8)}\n# the end\n` }]);
  expect((await asked(client)).evaluated).toBe(0);
  client.open("inputs/s004.json", '{"n": 400}');
  expect((await asked(client)).evaluated).toBe(10);
  // One row is decided once more where that is wanted, or all of them.
  expect((await asked(client, { again: { uri: uri("inputs/s004.json"), profile: null } })).evaluated).toBe(10);
  expect((await asked(client, { again: "all" })).evaluated).toBe(1000);
});

test("how far it is is told, and a matrix that nobody wants any more is not made", async () => {
  const client = await start(files);
  await asked(client, { workDoneToken: "t" });
  expect(client.notifications.get("$/progress")).toContainEqual({ token: "t", value: { decided: 6, all: 6 } });
  const given = asked(client, { again: "all" });
  client.cancelLast();
  await expect(given).rejects.toThrow(/cancelled|not wanted/u);
});

test("what the channel's version decides stands beside it; it is fetched once, and the token goes to its address only", async () => {
  const fetched: string[] = [];
  const replies: Readonly<Record<string, object | string>> = {
    "channels/dev": { channel: "dev", version: "1.4.2", seq: 3, revision: "1.4.2" },
    "versions/1.4.2/files": { items: [{ path: "p.rego" }, { path: "data.json" }] },
    "versions/1.4.2/files/p.rego":
      "package p\n\ndefault allow := false\n\nallow if input.region == data.home\n\nlimit := input.max * 2\n",
    "versions/1.4.2/files/data.json": '{"home": "us"}',
  };
  const client = await connect(
    { ...files, "rw.conf": `${files["rw.conf"]}rms { url = "http://rms.test", domain = p, channel = dev }\n` },
    {
      evaluator,
      initialize: { capabilities: {} },
      fetch: async (url) => {
        const path = String(url)
          .replace(/^http:\/\/rms\.test\/.*?p\/policies\/main\//u, "")
          .replace(/\?.*/u, "");
        fetched.push(path);
        const reply = replies[path];
        const text = typeof reply === "string" ? reply : JSON.stringify(reply ?? {});
        return new Response(text, { status: reply === undefined ? 404 : 200 });
      },
    },
  );
  expect(await asked(client)).toMatchObject({ rms: "http://rms.test" });
  expect(fetched).toEqual([]);
  const address = { url: "http://rms.test", token: "secret" };
  const result = await asked(client, address);
  expect(result.published).toEqual({ name: "p/main 1.4.2" });
  expect(
    result.rows.map(({ name, cells }) => [name, ...cells.map((cell) => cell?.published?.same === false && cell.published.text)]),
  ).toEqual([
    ["a.conf", "true", false],
    ["a.conf (eu)", "false", false],
    ["b.json", "false", false],
  ]);
  const before = fetched.length;
  await asked(client, address);
  expect(fetched.length).toBe(before);
  await asked(client, { ...address, again: "all" });
  expect(fetched.slice(before)).toEqual(["channels/dev"]);
});
