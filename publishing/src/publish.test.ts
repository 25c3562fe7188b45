// Publishing: what stops a project before anything is sent.
import { expect, test } from "vitest";
import { memoryHost } from "#workspace/host.ts";
import { openProject } from "#workspace/workspace.ts";
import { projectFiles } from "./project-files.ts";
import { publishProject } from "./publish.ts";
import { RmsClient } from "./rms-client.ts";

type Transport = ConstructorParameters<typeof RmsClient>[1];

/** Publishes a project of these files through `transport`. */
async function publish(
  files: Readonly<Record<string, string>>,
  transport: Transport,
  options: Partial<Parameters<typeof publishProject>[1]> = {},
) {
  const project = await openProject(memoryHost(files), "/p");
  return publishProject(project, {
    client: new RmsClient({ url: "http://rms.test", token: "secret" }, transport),
    domain: "orders",
    policy: "main",
    message: "",
    create: false,
    now: 0n,
    clock: () => 0,
    wait: async () => {},
    onProgress: () => {},
    ...options,
  });
}

/** Why the publish of these files stops; fails when anything is sent. */
async function problemOf(files: Readonly<Record<string, string>>): Promise<string | undefined> {
  const asked: string[] = [];
  const outcome = await publish(files, async (url) => {
    asked.push(url);
    throw new Error("nothing may be sent");
  });
  expect(asked).toEqual([]);
  return outcome.problem;
}

test("of two tests with one name each counts: the second fails, and nothing is sent", async () => {
  const files = {
    "/p/main.rego": "package orders\n\nallow := true\n",
    "/p/main_test.rego": "package orders\n\ntest_a if allow\n\ntest_a if not allow\n",
  };
  expect(await problemOf(files)).toBe("1 of 2 tests fail: main_test.rego:5 data.orders.test_a#01");
});

const decides = { "/p/main.rego": "package orders\n\nallow if input.a\n", "/p/inputs/yes.json": '{"a": true}' };

test.each([
  [
    { "/p/inputs/yes.expected.json": '{\n"decisions": {"orders/allow": {"value": true}, "orders/deny": {"value": 1}}}' },
    "1 of 2 expected decisions fail: inputs/yes.expected.json:2: data.orders.deny expected 1, got undefined",
  ],
  [
    { "/p/inputs/no.json": "{", "/p/inputs/no.expected.json": '{"decisions": {"orders/allow": {"undefined": true}}}' },
    "1 of 1 expected decisions fail: inputs/no.expected.json:1: no.json: not JSON: Expected property name or '}'",
  ],
  [
    { "/p/inputs/yes.expected.json": "{}" },
    "inputs/yes.expected.json:1: yes.expected.json needs an object `decisions` that gives each query its expected value",
  ],
])("decisions that are not as expected stop a publish as failing tests do: %j", async (files, problem) => {
  expect(await problemOf({ ...decides, ...files })).toBe(problem);
});

test("expected decisions are counted beside the tests, and one that belongs to no sample is told", async () => {
  const expected = '{"decisions": {"orders/allow": {"value": true}}}';
  const files = { ...decides, "/p/inputs/yes.expected.json": expected, "/p/inputs/gone.expected.json": expected };
  const { steps } = await publish(files, async () => ({ status: 404, headers: { get: () => null }, text: async () => "{}" }));
  expect(steps.find(({ name }) => name === "test")).toMatchObject({
    state: "ok",
    summary: "no tests, 1/1 expected decisions",
    detail:
      "warning: inputs/gone.expected.json:1: nothing is decided by this file: no sample input gone (.conf, .json or .yaml) stands beside it",
  });
});

test("what RMS would refuse by strict mode is told before anything is sent", async () => {
  const text = "package orders\n\nallow if {\n\tx := 1\n\tinput.a\n}\n";
  expect(await problemOf({ "/p/main.rego": text })).toBe(
    "main.rego:4: assigned var x unused; a publish checks as `rw check --strict` does",
  );
});

test("settings that cannot be read stop a publish: the policies and data of the defaults would be others", async () => {
  const files = {
    "/p/main.rego": "package orders\n\nallow := true\n",
    "/p/rw.conf": "entrypoints = [orders/allow]\nroots = 17\n",
  };
  expect(await problemOf(files)).toBe("rw.conf:2: `roots` must be a list of folders");
  expect(await problemOf({ ...files, "/p/rw.conf": "roots = [lib]\n" })).toBe(
    "rw.conf:1: the folder lib (`roots`) is not there, or is empty",
  );
});

/** Publishes a policy without samples to an RMS that answers by method and path; gives the outcome and what was asked for. */
async function publishTo(
  answers: Readonly<Record<string, readonly [status: number, body: unknown]>>,
  options: Partial<Parameters<typeof publishProject>[1]> = {},
) {
  const files = { "/p/main.rego": "package orders\n\nallow := true\n" };
  const asked: string[] = [];
  const transport: Transport = async (url, { method }) => {
    const call = `${method} ${url.replace("http://rms.test/api/v1/domains/orders/policies/main", "").replace(/\?(?!dryRun).*/u, "")}`;
    asked.push(call);
    const [status, body] = answers[call] ?? [404, { detail: "there is none" }];
    return { status, headers: { get: () => null }, text: async () => JSON.stringify(body) };
  };
  const outcome = await publish(files, transport, { channel: "dev", ...options });
  return { outcome, asked };
}

const channel = { channel: "dev", version: "1.0.0", seq: 1, revision: "1.0.0+s1" };
const rms = {
  "GET /versions": [200, { items: [] }],
  "POST /versions": [201, { version: "1.0.0", digest: "", state: "" }],
  "PUT /channels/dev": [200, channel],
  "GET /activations": [200, { items: [], counts: {}, channels: [] }],
} as const;

test("asked always, a publish that changes no decision stops after the diff too, and goes on once that was accepted", async () => {
  const first = await publishTo(rms, { ask: "always" });
  expect(first.outcome).toMatchObject({ outcome: "confirm", changes: [] });
  expect(first.asked).toEqual(["GET /channels/dev", "GET "]);
  const second = await publishTo(rms, { ask: "always", accepted: first.outcome.accept });
  expect(second.outcome).toMatchObject({ outcome: "published", version: "1.0.0" });
});

test("a policy that v0 alone can read stops a publish: RMS takes v1", async () => {
  const files = {
    "/p/rw.conf": "roots = [policy, { path = legacy, rego-version = 0 }]\n",
    "/p/policy/main.rego": "package orders\n\nallow := true\n",
    "/p/legacy/both.rego": "package orders.both\n\nimport rego.v1\n\nx := 1\n",
    "/p/legacy/old.rego": "package orders.old\n\nallow {\n\tinput.x\n}\n",
  };
  expect(await problemOf(files)).toBe(
    "legacy/old.rego is written in Rego v0, and RMS takes v1: `rw fmt --v0-v1 -w` rewrites what it can, and the editor shows the rest",
  );
});

test("policies outside of the roots are the project's too, which is said", async () => {
  const files = {
    "/p/rw.conf": "roots = [policy]\n",
    "/p/policy/main.rego": "package orders\n\nallow := true\n",
    "/p/tests/main_test.rego": "package orders_test\n\ntest_a if data.orders.allow\n",
    "/p/scratch/try.rego": "package orders.scratch\n\nx := 1\n",
  };
  const { steps } = await publish(files, async () => ({ status: 404, headers: { get: () => null }, text: async () => "{}" }));
  expect(steps[0]).toMatchObject({
    state: "ok",
    summary: "3 policies",
    detail: "outside of `roots` of rw.conf, and published too: scratch/try.rego",
  });
});

test.each(["d v", "Prod", "", "../x"])(
  "a channel that cannot be one stops a publish before anything is stored: %j",
  async (name) => {
    const { outcome, asked } = await publishTo(rms, { channel: name });
    expect([outcome.problem, asked]).toEqual([
      `${JSON.stringify(name)} is no channel: its id is a lower-case word such as dev, test or prod`,
      [],
    ]);
  },
);

test("an unknown token is told apart from other failures", async () => {
  const { outcome } = await publishTo({ "GET /channels/dev": [401, { detail: "unknown token" }] });
  expect(outcome).toMatchObject({ outcome: "failed", unauthorized: true });
  expect(outcome.problem).toMatch(/does not know this token/u);
});

test("cancelled after the version was stored, the channel is still moved: nothing is half done", async () => {
  const abort = new AbortController();
  const { outcome, asked } = await publishTo(rms, {
    signal: abort.signal,
    onProgress: (steps) => steps.some(({ name, state }) => name === "publish" && state === "ok") && abort.abort(),
  });
  expect(outcome.outcome).toBe("published");
  expect(asked).toContain("PUT /channels/dev");
});

test("cancelled before, nothing is sent", async () => {
  const abort = new AbortController();
  const { outcome, asked } = await publishTo(rms, {
    signal: abort.signal,
    onProgress: (steps) => steps.some(({ name, state }) => name === "diff" && state === "ok") && abort.abort(),
  });
  expect(outcome).toMatchObject({ outcome: "failed", problem: "cancelled; nothing was published" });
  expect(asked).toEqual(["GET /channels/dev"]);
});

test("a policy that RMS does not have is named, with what makes it", async () => {
  const { outcome } = await publishTo({});
  expect(outcome.problem).toBe(
    "RMS has no policy main in a domain orders, or this token may not see it (`rw publish --create` makes both)",
  );
});

const domains = "POST http://rms.test/api/v1/domains";
const policies = `${domains}/orders/policies`;
const refused = [403, { detail: "The token lacks the scope rms:admin." }] as const;

test("who may publish and make no domain publishes to one that is there", async () => {
  const there = { ...rms, "GET ": [200, { id: "main" }] } as const;
  const seen = await publishTo({ ...there, [domains]: refused }, { create: true });
  expect(seen.outcome.outcome).toBe("published");
  expect(seen.asked).not.toContain(domains);
  // A token that may not even read.
  const blind = await publishTo({ ...rms, "GET ": refused, [domains]: refused, [policies]: refused }, { create: true });
  expect(blind.outcome.outcome).toBe("published");
});

test("what is missing is made, or the refusal is told", async () => {
  const making = { ...rms, [domains]: [201, {}], [policies]: [201, {}] } as const;
  const made = await publishTo(making, { create: true });
  expect([made.outcome.outcome, made.asked.filter((call) => call.startsWith("POST "))]).toEqual([
    "published",
    [domains, policies, "POST /versions"],
  ]);
  const { outcome } = await publishTo({ [domains]: refused, [policies]: refused }, { create: true });
  expect(outcome.problem).toBe(
    "RMS has no policy main in a domain orders, or this token may not see it; and it may not make them: The token lacks the scope rms:admin.",
  );
});

test("tests see what RMS gives them: the data of the project, and no roles", async () => {
  const allow = (text: string) => ({
    "/p/rw.conf": "roles = roles.conf\nrms.domain = orders\n",
    "/p/roles.conf": 'roles.clerk { responsibilities = [{ action = a, resource = "r" }], members = [ann] }\n',
    "/p/data.json": '{"limit": 1}',
    "/p/main.rego": `package orders\n\nallow if ${text}\n`,
    "/p/main_test.rego": 'package orders_test\n\ntest_a if data.orders.allow with input as {"user": "ann"}\n',
  });
  const fails = "1 of 1 tests fail: main_test.rego:3 data.orders_test.test_a";
  expect(await problemOf(allow('data.rms.rbac.user_has_responsibility(input.user, "a", "r")'))).toBe(
    `${fails}, which passes only with the roles file: RMS tests without it, so give the roles in the test (\`with data.rms.data as …\`)`,
  );
  expect(await problemOf(allow("data.limit == 2"))).toBe(fails);
  const outcome = await publish(allow("data.limit == 1"), async () => ({
    status: 404,
    headers: { get: () => null },
    text: async () => "{}",
  }));
  expect(outcome.problem).toMatch(/^RMS has no policy main/u);
});

test.each([
  [{ "/p/sanctions/data.json": '{"countries": []}' }, "sanctions/data.json"],
  [{ "/p/data.yaml": "sanctions: 1\n", "/p/orders/data.json": '{"a": 1}' }, "data.yaml"],
])("data outside the domain is told by the file that has it: %j", async (data, file) => {
  const files = { "/p/main.rego": "package orders\n\nallow := data.sanctions\n", ...data };
  const error = { file: "data.json", row: 1, col: 1, code: "rms_root", message: "data.sanctions is outside data.orders" };
  const outcome = await publish(files, async (url) => ({
    status: url.includes("/versions?") ? 200 : 422,
    headers: { get: () => null },
    text: async () => (url.includes("/versions?") ? '{"items": []}' : JSON.stringify({ detail: "no", errors: [error] })),
  }));
  expect(outcome.problem).toBe(
    `${file}:1: data.sanctions is outside data.orders, all that the domain may have: move it below that, and the policies' references with it`,
  );
});

test("a version holds what its samples are composed of, in every profile, and nothing else", async () => {
  const files = {
    "/p/rw.conf": "inputs.base = common/base.conf\nprofiles { uat { overlays = [uat.conf] }, eu { env.REGION = eu } }\n",
    "/p/main.rego": "package orders\n\nallow := true\n",
    "/p/common/base.conf": 'include "deep"\na = 1\n',
    "/p/common/deep.conf": "b = 1\n",
    "/p/common/other.conf": "c = 1\n",
    "/p/uat.conf": "d = 1\n",
    "/p/shared/user.json": '{"user": "ann"}',
    "/p/inputs/one.conf": 'include file("shared/user.json")\n',
    "/p/inputs/two.json": "{}",
  };
  const project = await openProject(memoryHost(files), "/p");
  expect(Object.keys(projectFiles(project))).toEqual([
    "common/base.conf",
    "common/deep.conf",
    "inputs/one.conf",
    "inputs/two.json",
    "main.rego",
    "shared/user.json",
    "uat.conf",
  ]);
});

test("sidecars of other channels are not waited for", async () => {
  const one = (instance: string, labels: Readonly<Record<string, string>>, revision: string) => ({
    instance,
    labels,
    revision,
    state: "active",
  });
  const items = [
    one("a", { channel: "dev" }, "1.0.0+s1"),
    one("b", { channel: "prod" }, "0.9.0+s1"),
    one("c", {}, "1.0.0+s1"),
    one("d", { channel: "0.8.0" }, "0.8.0+s1"),
  ];
  const { outcome } = await publishTo({ ...rms, "GET /activations": [200, { items, counts: {}, channels: [] }] });
  expect(outcome.steps.at(-1)).toMatchObject({ state: "ok", summary: "2/2 active" });
});

const nobody = { people: 0, subjects: [] };
const impact = {
  ...{ channel: "dev", against: "1.0.0", entrypoint: "orders/allow", basis: "each", people: 3, evaluations: 8 },
  requests: [{ name: "read.conf", place: "/user", gained: 0, lost: 1, changed: 0, failed: 0, covered: 3 }],
  ...{ withoutSubject: [], gained: nobody, strangers: { gained: [], lost: [] } },
  lost: { people: 1, subjects: [{ subject: "bob", roles: ["clerk"], requests: ["read.conf"] }] },
  recorded: { read: 0, masked: 0, gained: 0, lost: 0, changed: 0, shown: [] },
};
const served = {
  ...rms,
  "GET /channels/dev": [200, { ...channel, seq: 1 }],
  "GET /versions/1.0.0/files": [200, { items: [{ path: "main.rego" }] }],
  "GET /versions/1.0.0/files/main.rego": [200, "package orders\n\nallow := true\n"],
} as const;
const impactStep = (outcome: Awaited<ReturnType<typeof publish>>) => outcome.steps.find(({ name }) => name === "impact");

test("what RMS would refuse is told before anybody is asked, and that a version would wait with it", async () => {
  const known = { ...served, "GET ": [200, {}] } as const;
  const reason = "against dev, 1 person loses, and none may: bob (clerk); somebody else must approve it, with a reason";
  const gates = [{ gate: "impact", ok: false, diagnostics: [{ code: "rms_impact", message: reason }] }];
  const waiting = { version: "1.0.0", digest: "", state: "awaiting_approval", gates };
  const dry = "POST /versions?dryRun=true";
  const first = await publishTo({ ...known, [dry]: [200, waiting] }, { ask: "always" });
  expect(first.outcome).toMatchObject({ outcome: "confirm", proposed: { version: "1.0.0", reason: "the first version" } });
  expect(first.outcome.steps.find(({ name }) => name === "publish")).toEqual({
    ...{ name: "publish", state: "waiting", summary: "it will wait until somebody else approves it", detail: reason },
  });
  const refused = await publishTo({ ...known, [dry]: [422, { detail: "A gate refused the version" }] }, { ask: "always" });
  expect(refused.outcome).toMatchObject({ outcome: "failed", problem: "A gate refused the version" });
  expect([...first.asked, ...refused.asked]).not.toContain("POST /versions");
  // RMS may be too busy to tell: the publish itself will say it.
  const busy = await publishTo({ ...known, [dry]: [503, {}] }, { ask: "always" });
  expect(busy.outcome).toMatchObject({ outcome: "confirm" });
  // Where nobody is asked the publish itself is enough.
  expect((await publishTo(known, { accepted: "always" })).asked).not.toContain(dry);
});

test("who gains and who loses is told before anything is sent, and asked for", async () => {
  const answers = { ...served, "POST /impact": [200, impact] } as const;
  const first = await publishTo(answers, { ask: "changes" });
  expect(first.outcome).toMatchObject({ outcome: "confirm", impact: { lost: { people: 1 } } });
  expect(impactStep(first.outcome)).toMatchObject({
    state: "ok",
    summary: "nobody gains, 1 person loses",
    detail: "loses  bob (clerk): read.conf\nall 3 people in 1 request, each by themselves",
  });
  expect(first.asked).not.toContain("POST /versions");
  // Who was accepted is in the key: other people are asked for again.
  const more = {
    ...impact,
    lost: { people: 2, subjects: [...impact.lost.subjects, { ...impact.lost.subjects[0]!, subject: "eve" }] },
  };
  const other = await publishTo({ ...served, "POST /impact": [200, more] }, { accepted: first.outcome.accept });
  expect(other.outcome.outcome).toBe("confirm");
  expect((await publishTo(answers, { accepted: first.outcome.accept })).outcome.outcome).toBe("published");
});

test.each([
  [404, { detail: "there is none" }, "this RMS cannot tell who gains and who loses"],
  [
    422,
    { detail: "The policy has no entrypoints; name one as package/rule." },
    "not known: The policy has no entrypoints; name one as package/rule.",
  ],
  [200, { ...impact, people: 0, lost: nobody, requests: [] }, "RMS knows nobody in orders"],
  [200, { ...impact, lost: nobody, requests: [] }, "no sample says who asks, so that nobody was decided for"],
])("where RMS cannot tell who gains and who loses (%i), that is said and stops nothing", async (status, body, summary) => {
  const { outcome } = await publishTo({ ...served, "POST /impact": [status, body] });
  expect(impactStep(outcome)).toMatchObject({ state: "skipped", summary });
  expect(outcome.outcome).toBe("published");
});

test("nobody is decided for where no channel serves anything yet", async () => {
  const { outcome, asked } = await publishTo(rms);
  expect(impactStep(outcome)).toMatchObject({ state: "skipped", summary: "nothing is published yet" });
  expect(asked).not.toContain("POST /impact");
});

test("cancelled while RMS decides for its people, nothing is sent", async () => {
  const abort = new AbortController();
  const { outcome, asked } = await publishTo(
    { ...served, "POST /impact": [200, impact] },
    {
      accepted: "always",
      signal: abort.signal,
      onProgress: (steps) => steps.some(({ name, state }) => name === "impact" && state === "running") && abort.abort(),
    },
  );
  expect(outcome).toMatchObject({ outcome: "failed", problem: "cancelled; nothing was published" });
  expect(asked).not.toContain("POST /versions");
});
