// What policies say about places of their input stands in the samples, at the value, in each language that samples have.
import { expect, test } from "vitest";
import type { Diagnostic } from "vscode-languageserver";
import { connect, type TestClient, uri } from "./client.test-helper.ts";
import { evaluator } from "./evaluator.test-helper.ts";

const policy = `package loans

deny contains {"msg": sprintf("%s is late", [loan.title]), "path": ["loans", i, "late"]} if {
	some i, loan in input.loans
	loan.late
}

deny contains {"msg": "not for lending", "path": "/book/kind"} if input.book.kind == "reference"

warn contains {"msg": "few copies", "loc": "input.book.copies"} if input.book.copies < 2

deny contains {"msg": "no such page", "path": "/orders/1"} if input.book.copies == 0
`;
const files = {
  "loans.rego": policy,
  "common/book.conf": "book { kind = reference, copies = 3 }\n",
  "inputs/ann.conf": `include "../common/book.conf"
loans = [
  { title = Emma, late = false }
  { title = Ulysses, late = true }
]
book.copies = 1
`,
  "inputs/bob.json": '{\n  "book": { "kind": "reference", "copies": 0 },\n  "loans": [{ "title": "Dune", "late": true }]\n}\n',
  "inputs/cid.yaml": "book:\n  kind: reference\n  copies: 9\nloans:\n  - title: Dune\n    late: true\n",
};

async function told(client: TestClient, path: string, text: string): Promise<readonly string[]> {
  const found = await client.diagnostics(path);
  return found
    .filter(({ code }) => code === "rw_input")
    .map((one) => drawn(one, text))
    .sort();
}

function drawn({ range, severity, message }: Diagnostic, text: string): string {
  const line = text.split("\n")[range.start.line] ?? "";
  const at = line.slice(range.start.character, range.end.line > range.start.line ? undefined : range.end.character);
  return `${range.start.line + 1} ${at} (${severity}) ${String(message)}`;
}

async function desk(given: Record<string, string>): Promise<TestClient> {
  const client = await connect(given, { evaluator });
  client.open("loans.rego", given["loans.rego"] ?? "");
  return client;
}

test.each([
  [
    "inputs/ann.conf",
    [
      '1 include "../common/book.conf" (2) loans.deny: not for lending',
      "4 true (2) loans.deny: Ulysses is late",
      "6 1 (3) loans.warn: few copies",
    ],
  ],
  [
    "inputs/bob.json",
    ['2 "reference" (2) loans.deny: not for lending', "2 0 (3) loans.warn: few copies", "3 true (2) loans.deny: Dune is late"],
  ],
  ["inputs/cid.yaml", ["2 kind (2) loans.deny: not for lending", "6 late (2) loans.deny: Dune is late"]],
] as const)("%s: at the value, or the include that brings it in", async (path, expected) => {
  const client = await desk(files);
  expect(await told(client, path, files[path])).toEqual(expected);
});

test("where the value is written in another file, that is told, too", async () => {
  const client = await desk(files);
  const found = await client.diagnostics("inputs/ann.conf");
  expect(found.find(({ message }) => String(message).endsWith("not for lending"))?.relatedInformation).toEqual([
    {
      location: { uri: uri("common/book.conf"), range: { start: { line: 0, character: 14 }, end: { line: 0, character: 23 } } },
      message: "the value is written here",
    },
  ]);
});

test("what is expected of a sample is a hint", async () => {
  const expected = JSON.stringify({
    decisions: { "data.loans.deny": { value: [{ msg: "not for lending", path: "/book/kind" }] } },
  });
  const client = await desk({
    "loans.rego": policy,
    "inputs/dan.json": '{"book": {"kind": "reference", "copies": 5}, "loans": []}',
    "inputs/dan.expected.json": expected,
  });
  expect(await told(client, "inputs/dan.json", '{"book": {"kind": "reference", "copies": 5}, "loans": []}')).toEqual([
    '1 "reference" (4) loans.deny: not for lending',
  ]);
});

test("an edit of the policy takes it back", async () => {
  const client = await desk(files);
  expect(await told(client, "inputs/cid.yaml", files["inputs/cid.yaml"])).toHaveLength(2);
  client.change("loans.rego", 2, [{ text: policy.replaceAll("path", "about") }]);
  expect(await told(client, "inputs/cid.yaml", files["inputs/cid.yaml"])).toEqual([]);
});

test("a policy that names any number of places of a long sample keeps nobody waiting", async () => {
  const places = (message: string, row: string) =>
    `{"msg": "${message}", "loc": {"row": ${row}}} if some n in numbers.range(1, 30000)`;
  const sample = "a = 1\n".repeat(100_000);
  const client = await desk({
    "loans.rego": `package loans\n\ndeny contains ${places("beyond", "1000000 + n")}\n\nwarn contains ${places("here", "n")}\n`,
    "inputs/ann.conf": sample,
  });
  expect(await told(client, "inputs/ann.conf", sample)).toHaveLength(50);
});
