// `rw replay`: a log in, what is decided otherwise out.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { runsOnDisk } from "../run-on-disk.test-helper.ts";

const run = runsOnDisk("rw replay ");

/** Names of files stand for those in the folder of the case. */
const rw: typeof run = (files, words, cwd) =>
  run(
    files,
    words.map((word) => (word in files || word === "missing" ? `<cwd>/${word}` : word)),
    cwd,
  );

const policy = `package orders

default allow := false

allow if {
	input.role == "clerk"
	input.amount < 5
}

names contains name if some name in input.names

late if time.now_ns() > 1796079783000000000

answer := http.send({"url": input.url, "method": "get"}).status_code

chosen := [rand.intn("a", 1000), net.lookup_ip_addr("a.example") == {"10.0.0.1", "10.0.0.2"}]
`;

const at = "2026-11-30T23:03:03Z";
const event = (id: string, path: string, rest: object): string =>
  `${JSON.stringify({ decision_id: id, path, timestamp: at, ...rest })}\n`;

const sent = { "http.send": { '[{"method":"get","url":"https://a.example"}]': { status_code: 200 } } };
const log = [
  event("same-1", "orders/allow", { input: { role: "clerk", amount: 3 }, result: true }),
  event("other-1", "orders/allow", { input: { role: "clerk", amount: 10, user: { email: "a@b.example" } }, result: true }),
  event("other-2", "orders/allow", { input: { role: "clerk", amount: 10, user: { email: "a@b.example" } }, result: true }),
  event("masked-1", "orders/allow", { erased: ["/input/role"], input: { amount: 3 }, result: true }),
  event("masked-2", "orders/allow", { erased: ["/input/password"], input: { amount: 3 }, result: true }),
  event("masked-3", "orders", { erased: ["/input/password"], input: { amount: 3 }, result: 1 }),
  event("hidden-1", "orders/names", { erased: ["/result/1"], input: { names: ["ann", "eve"] }, result: ["ann"] }),
  event("then-1", "orders/late", { timestamp: "2026-11-30T23:03:02Z" }),
  event("asked-1", "orders/answer", { input: { url: "https://a.example" }, nd_builtin_cache: sent, result: 200 }),
  event("asked-2", "orders/answer", { input: { url: "https://b.example" }, nd_builtin_cache: sent, result: 200 }),
  event("chosen-1", "orders/chosen", {
    nd_builtin_cache: {
      "rand.intn": { '["a",1000]': 886 },
      "net.lookup_ip_addr": { '["a.example"]': ["10.0.0.2", "10.0.0.1"] },
    },
    result: [886, true],
  }),
  event("gone-1", "orders/gone", { result: 1 }),
].join("");

const files = { "orders.rego": policy, "log.ndjson": log };

test("tells what is decided otherwise, and what is unclear", async () => {
  const { code, out, err } = await rw(files, ["replay", "log.ndjson"]);
  expect(err).toBe("");
  expect(out).toBe(`${at}  orders/allow  true → false
    {"amount":10,"role":"clerk","user":{"email":"a@b.example"}}  (other-1)
${at}  orders/allow  true → false
    {"amount":10,"role":"clerk","user":{"email":"a@b.example"}}  (other-2)
${at}  orders/allow  true → false
    {"amount":3}  (masked-1)
    unclear: the log lacks /input/role
${at}  orders/allow  true → false
    {"amount":3}  (masked-2)
${at}  orders  1 → {"allow":false,"names":[]}
    {"amount":3}  (masked-3)
    unclear: the log lacks /input/password, an answer of rand.intn
${at}  orders/answer  200 → undefined
    {"url":"https://b.example"}  (asked-2)
    unclear: the log lacks an answer of http.send
${at}  orders/gone  1 → undefined
    no input  (gone-1)
       4  orders/allow  true → false
       1  orders  1 → {"allow":false,"names":[]}
       1  orders/answer  200 → undefined
       1  orders/gone  1 → undefined
12 decisions: 5 as logged, 4 otherwise, 3 unclear
`);
  expect(code).toBe(1);
});

test("for programs, and of some rules only", async () => {
  const { code, out } = await rw(files, ["replay", "log.ndjson", "--rule", "data.orders.names,orders/gone", "-f", "json"]);
  expect([code, JSON.parse(out)]).toEqual([
    1,
    {
      decisions: 2,
      changes: [
        {
          decision_id: "gone-1",
          timestamp: at,
          path: "orders/gone",
          kind: "changed",
          logged: { value: 1 },
          now: { undefined: true },
        },
      ],
    },
  ]);
});

test("a packed log; nothing that is decided otherwise", async () => {
  const packed = { "orders.rego": policy, "log.gz": gzipSync(log) };
  const { code, out } = await rw(packed, ["replay", "log.gz", "--rule", "orders/late"]);
  expect([code, out]).toEqual([0, "1 decisions: 1 as logged, 0 otherwise, 0 unclear\n"]);
});

test("inputs that are decided otherwise become samples, each once, without what is masked", async () => {
  const words = ["replay", "log.ndjson", "--rule", "orders/allow", "--samples", "<cwd>/inputs", "--mask", "/input/user/email"];
  const { cwd, err } = await rw(files, words);
  expect(err.replaceAll(cwd, "")).toBe(
    ["other-1.json", "other-1.expected.json", "masked-2.json", "masked-2.expected.json"]
      .map((name) => `written /inputs/log-${name}\n`)
      .join(""),
  );
  const read = (name: string): unknown => JSON.parse(readFileSync(join(cwd, "inputs", name), "utf8"));
  expect(read("log-other-1.json")).toEqual({ role: "clerk", amount: 10, user: { email: "***" } });
  expect(read("log-other-1.expected.json")).toEqual({ decisions: { "data.orders.allow": { value: true } } });
  const samples = await rw({}, ["samples"], cwd);
  expect(samples).toMatchObject({ code: 1, out: expect.stringContaining("expected true, got false") });
});

test.each([
  [[], "error: name a decision log, or - for standard input\n"],
  [["orders.rego"], "error: no decision to make again: no event of these logs has a decision_id and a path that is wanted\n"],
  [["log.ndjson", "--project", "nowhere"], "error: nowhere is no folder\n"],
  [["missing"], "error: missing is no file\n"],
])("refused: %j", async (words, err) => {
  const ran = await rw(files, ["replay", ...words]);
  expect({ ...ran, err: ran.err.replaceAll(`${ran.cwd}/`, "") }).toMatchObject({ code: 1, out: "", err });
});

test("what is no log that can be read is told, ten times at most", async () => {
  const broken = Array.from({ length: 12 }, (_, at) => event(`q-${at}`, "", { query: "x = 1" })).join("");
  const { cwd, err } = await rw({ "orders.rego": policy, "log.ndjson": broken, "log.gz": Buffer.from([0x1f, 0x8b, 1]) }, [
    "replay",
    "log.ndjson",
    "log.gz",
  ]);
  expect(err.replaceAll(`${cwd}/`, "").split("\n").slice(0, 1)).toEqual([
    "warning: log.ndjson: line 1: q-0 answered a query of its own, which names no rule",
  ]);
  expect(err).toContain("warning: and 3 more events that cannot be decided again\n");
});

const told = async (rules: string, ...events: string[]): Promise<string> => {
  const { out, err } = await rw({ "p.rego": `package p\n\n${rules}\n`, "log.ndjson": events.join("") }, ["replay", "log.ndjson"]);
  return `${err}${out.split("\n").at(-2)}`;
};

test("addresses stand in a log as they were asked", async () => {
  const rules = 'odd["x y"] := 1\n\nodd["ä.b"] := 2';
  const events = [event("1", "p/odd/x%20y", { result: 1 }), event("2", "p/odd/%C3%A4.b", { result: 2 })];
  expect(await told(rules, ...events)).toBe("2 decisions: 2 as logged, 0 otherwise, 0 unclear");
  const some = await rw({ "p.rego": `package p\n\n${rules}\n`, "log.ndjson": events.join("") }, [
    "replay",
    "log.ndjson",
    "--rule",
    "p/odd/ä.b",
  ]);
  expect(some.out).toBe("1 decisions: 1 as logged, 0 otherwise, 0 unclear\n");
  expect(await told(rules, event("3", "p/odd/x%2Fy", { result: 1 }))).toContain(
    'line 1: 3 was asked for a name with a slash, "x/y": no entrypoint is called so\n',
  );
});

test("without the clock in the log only what hangs on it is unclear", async () => {
  const rules = "now := time.now_ns()\n\nlate if {\n\ttime.now_ns() > 0\n\tinput.x\n}";
  const events = [event("1", "p/now", { result: 1796079782999000000 }), event("2", "p/late", { input: {}, result: true })];
  expect(await told(rules, ...events)).toBe("2 decisions: 0 as logged, 1 otherwise, 1 unclear");
});

test("a builtin's error that ended a decision ends it again", async () => {
  const error = "p.rego:3: eval_builtin_error: div: divide by zero";
  const asked = event("1", "p/share", { input: { of: 0 }, error });
  expect(await told("share := 1 / input.of", asked)).toBe("1 decisions: 1 as logged, 0 otherwise, 0 unclear");
  expect(await told("share := 1", asked)).toBe("1 decisions: 0 as logged, 1 otherwise, 0 unclear");
});

test("what is hidden of a result may be anything: items that were taken out one after the other, written over, or all of it", async () => {
  const input = { names: ["a", "b", "c", "d"] };
  const events = [
    event("1", "p/names", { input, erased: ["/result/0", "/result/1"], result: ["b", "d"] }),
    event("2", "p/names", { input, masked: ["/result/0", "/result/1"], result: ["*", "**", "c", "d"] }),
    event("3", "p/names", { input, erased: ["/result"] }),
    event("4", "p/names", { input, masked: ["/result/0"], result: ["*", "b", "c", "e"] }),
  ];
  expect(await told("names := [name | some name in input.names]", ...events)).toBe(
    "4 decisions: 3 as logged, 1 otherwise, 0 unclear",
  );
});

test("a rule that hands the whole input on may read what is hidden", async () => {
  const hidden = event("1", "p/ok", { input: {}, erased: ["/input/role"], result: true });
  expect(await told('ok if is_clerk(input)\n\nis_clerk(user) if user.role == "clerk"', hidden)).toBe(
    "1 decisions: 0 as logged, 0 otherwise, 1 unclear",
  );
});

test("a signature that is made by chance is the one of the log", async () => {
  const key = { kty: "oct", k: "c2VjcmV0" };
  const asked = `[{"alg":"HS256"},{"a":1},${JSON.stringify({ k: key.k, kty: key.kty })}]`;
  const rules = `token := io.jwt.encode_sign({"alg": "HS256"}, {"a": 1}, ${JSON.stringify(key)})`;
  const logged = event("1", "p/token", { nd_builtin_cache: { "io.jwt.encode_sign": { [asked]: "a.b.c" } }, result: "a.b.c" });
  expect(await told(rules, logged)).toBe("1 decisions: 1 as logged, 0 otherwise, 0 unclear");
  expect(await told(rules, event("1", "p/token", { result: "a.b.c" }))).toBe("1 decisions: 0 as logged, 1 otherwise, 0 unclear");
});

test("decisions whose names begin alike, or are the same, have samples of their own", async () => {
  const events = ["decision-1", "decision-2", "decision-2", "äöü", "äöü"].map((id, x) =>
    event(id, "p/r", { input: { x }, result: 9 }),
  );
  const words = ["replay", "log.ndjson", "--samples", "<cwd>/inputs"];
  const { cwd, err } = await rw({ "p.rego": "package p\n\nr := input.x\n", "log.ndjson": events.join("") }, words);
  expect(
    err
      .replaceAll(`written ${cwd}/inputs/`, "")
      .split("\n")
      .filter((name) => !name.includes("expected")),
  ).toEqual(["log-decision.json", "log-decision-2.json", "log-decision-2-2.json", "log-.json", "log--2.json", ""]);
});

test("a long log is decided part by part, whatever rules turn up later", async () => {
  const many = Array.from({ length: 5_001 }, (_, x) => event(`a-${x}`, "p/a", { input: { x }, result: x === 7 ? 0 : x }));
  expect(await told("a := input.x\n\nb := 2", ...many, event("b-1", "p/b", { result: 2 }))).toBe(
    "5002 decisions: 5001 as logged, 1 otherwise, 0 unclear",
  );
});

test("of a rule with a dot in its name nothing can be expected", async () => {
  const words = ["replay", "log.ndjson", "--samples", "<cwd>/inputs"];
  const log = event("1", "p/odd/x.y", { input: { x: 1 }, result: 9 });
  const { cwd, err } = await rw({ "p.rego": 'package p\n\nodd["x.y"] := input.x\n', "log.ndjson": log }, words);
  expect(err.replaceAll(cwd, "")).toBe("written /inputs/log-1.json\n");
});

test("roles of the project are those of today, and fresh at the time of each decision", async () => {
  const roles = 'domain = orders\nroles.clerk.members = [ann, { subject = bob, until = "2026-11-30T00:00:00Z" }]';
  const asking =
    'package orders\n\nimport data.rms.rbac\n\nallow if rbac.user_has_role(input.user, "clerk")\n\nage := rbac.age_s\n';
  const asked = (id: string, user: string, timestamp: string) =>
    event(id, "orders/allow", { input: { user }, timestamp, result: true });
  const logged = [
    asked("ann-1", "ann", "2024-02-29T12:00:00Z"),
    asked("ann-2", "ann", "2026-11-30T23:03:03Z"),
    asked("bob-1", "bob", "2026-11-29T23:59:59Z"),
    asked("bob-2", "bob", "2026-11-30T00:00:01Z"),
    asked("eve-1", "eve", "2026-11-29T12:00:00Z"),
    event("age-1", "orders/age", { timestamp: "2024-02-29T12:01:07Z", result: 67 }),
  ].join("");
  const project = { "rw.conf": "roles = roles.conf", "roles.conf": roles, "orders.rego": asking, "log.ndjson": logged };
  const { out } = await rw(project, ["replay", "log.ndjson"]);
  expect(out).toContain("(bob-2)");
  expect(out).toContain("(eve-1)");
  expect(out).toContain("6 decisions: 4 as logged, 2 otherwise, 0 unclear");
});

test("what the log hides of a result is not shown of the one that is decided now", async () => {
  const hidden = { erased: ["/result/2"], masked: ["/result/1"] };
  const before = event("a", "orders/names", {
    ...hidden,
    input: { names: ["ann", "eve", "zoe"] },
    result: ["bob", "(hidden)"],
  });
  const { out } = await rw({ "a.rego": policy, "log.json": before }, ["replay", "log.json"]);
  expect(out).toContain('["bob","(hidden)"] → ["ann","(hidden)"]');
  const json = await rw({ "a.rego": policy, "log.json": before }, ["replay", "log.json", "--format", "json"]);
  expect(JSON.parse(json.out).changes).toMatchObject([{ now: { value: ["ann", "(hidden)"] } }]);
});
