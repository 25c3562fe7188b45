// What an editor is answered while it debugs.
import { expect, test } from "vitest";
import { rw } from "#cli/run-in-memory.test-helper.ts";
import { type DapClient, dapClient } from "./adapter.test-helper.ts";

const policy = `package authz

default allow := false

allow if {
	some role in input.roles
	grants(role, input.action)
}

grants(role, action) if {
	actions := data.roles[role]
	action in actions
}

names contains upper(n) if {
	some n in input.roles
	print("n is", n)
}

big[i] := {"id": i, "set": {i, "x"}} if some i in numbers.range(1, 300)

broken := to_number(input.action)

clash := 1

clash := 2 if input.action
`;
const tests = `package authz_test

import data.authz

test_allow if {
	mock := {"roles": ["boss"], "action": "pay"}
	authz.allow with input as mock
}

test_fails if authz.allow with input.roles as ["clerk"] with input.action as "pay"
`;
const files = {
  "policy.rego": policy,
  "policy_test.rego": tests,
  "data.json": '{"roles": {"clerk": ["view"], "boss": ["pay", "view"]}}',
  "inputs/clerk.conf": "roles = [clerk, boss]\naction = pay\n",
  "other.json": '{"roles": ["boss"], "action": "view"}',
};

test("a session from the first stop to the last", async () => {
  const client = await dapClient(files);
  const told = [await client.launch({ query: "data.authz.allow" }, [{ line: 7 }, { line: 12 }, { line: 4 }])];
  for (const command of [
    "continue",
    "stepIn",
    "next",
    "stepOut",
    "stepBack",
    "reverseContinue",
    "continue",
    "continue",
    "continue",
  ])
    told.push(`${command}: ${await client.go(command)}`);
  told.push(await client.go("continue"));
  expect(told).toMatchInlineSnapshot(`
    [
      "entry | 5 allow < data.authz.allow {}",
      "continue: breakpoint | 7 allow < data.authz.allow {role = "clerk"}",
      "stepIn: step | 10 grants(role, action) < allow < data.authz.allow {}",
      "next: step | 11 grants(role, action) < allow < data.authz.allow {role = "clerk", action = "pay"}",
      "stepOut: Paused where an expression fails | 7 allow < data.authz.allow {role = "clerk"}",
      "stepBack: step | 7 allow < data.authz.allow {role = "clerk"}",
      "reverseContinue: breakpoint | 5 allow < data.authz.allow {}",
      "continue: breakpoint | 7 allow < data.authz.allow {role = "clerk"}",
      "continue: breakpoint | 12 grants(role, action) < allow < data.authz.allow {role = "clerk", action = "pay", actions = ["view"]}",
      "continue: breakpoint | 7 allow < data.authz.allow {role = "boss"}",
      "breakpoint | 12 grants(role, action) < allow < data.authz.allow {role = "boss", action = "pay", actions = ["pay", "view"]}",
    ]
  `);
  expect(client.output).toMatchInlineSnapshot(`[]`);
});

test("scopes, values in pages, expressions", async () => {
  const client = await dapClient(files);
  await client.launch({ query: "x := data.authz.big; data.authz.allow", stopOnEntry: false }, [{ line: 12 }]);
  const told: string[] = [];
  for (const scope of ["Locals", "Input", "Data", "Virtual Cache", "Result Set"])
    told.push(`${scope}: ${(await client.variables(scope)).join(" | ")}`);
  expect(told).toMatchInlineSnapshot(`
    [
      "Locals: role = "clerk" | action = "pay" | actions = ["view"]",
      "Input: action = "pay" | roles = ["clerk", "boss"]",
      "Data: roles = {"boss": ["pay", "view"], "clerk": ["view"]}",
      "Virtual Cache: data.authz.big = {1: {"id": 1, "set": {1, "x"}}, 2: {"id": 2, "set": {2, "x"}}, 3: {"id": 3, "set": {3, "x"}}, 4: {"id": 4, "set": {4, "x"}}, 5: {"id": 5, "set": {5, "x"}}, 6: {"id": 6, "set": {6, "x"}}, 7: {"id": 7, …",
      "Result Set: ",
    ]
  `);
  const { variables } = await client.ask<{ variables: { variablesReference: number; namedVariables: number }[] }>("variables", {
    variablesReference: await client.reference("Virtual Cache"),
  });
  expect(variables[0]!.namedVariables).toBe(300);
  const page = { variablesReference: variables[0]!.variablesReference, start: 100, count: 2 };
  expect(await client.ask("variables", page)).toMatchInlineSnapshot(`
    {
      "variables": [
        {
          "evaluateName": "data.authz.big[101]",
          "name": "101",
          "namedVariables": 2,
          "type": "object",
          "value": "{"id": 101, "set": {101, "x"}}",
          "variablesReference": 42,
        },
        {
          "evaluateName": "data.authz.big[102]",
          "name": "102",
          "namedVariables": 2,
          "type": "object",
          "value": "{"id": 102, "set": {102, "x"}}",
          "variablesReference": 43,
        },
      ],
    }
  `);
  const asked = [
    "role",
    "actions",
    "input.roles",
    "data.authz.names",
    "count(actions) > 1",
    "nobody",
    "input.nothing",
    "upper(1)",
  ];
  expect(await Promise.all(asked.map(async (text) => `${text}: ${await client.evaluate(text)}`))).toMatchInlineSnapshot(`
    [
      "role: "clerk"",
      "actions: ["view"]",
      "input.roles: ["clerk", "boss"]",
      "data.authz.names: {"BOSS", "CLERK"}",
      "count(actions) > 1: false",
      "nobody: refused: var nobody is unsafe",
      "input.nothing: undefined",
      "upper(1): refused: upper: invalid argument(s)",
    ]
  `);
  expect(await client.evaluate("data.authz.big[3]", 2, "clipboard")).toMatchInlineSnapshot(`"{"id": 3, "set": {3, "x"}}"`);
  const labels = async (text: string): Promise<string> => {
    const sent = { text, column: text.length + 1, frameId: 1 };
    return (await client.ask<{ targets: { label: string }[] }>("completions", sent)).targets.map(({ label }) => label).join(" ");
  };
  expect([
    await labels("a"),
    await labels("count(inp"),
    await labels("input."),
    await labels("x == data.roles."),
  ]).toMatchInlineSnapshot(`
    [
      "action actions allow abs all any array.concat array.flatten array.reverse array.slice",
      "input",
      "action roles",
      "boss clerk",
    ]
  `);
});

test("breakpoints are verified and move to what can be evaluated", async () => {
  const client = await dapClient(files);
  await client.launch({ query: "data.authz.allow" });
  const source = { path: "/p/policy.rego" };
  const set = await client.ask<{ breakpoints: { verified: boolean; line?: number; message?: string }[] }>("setBreakpoints", {
    source,
    breakpoints: [{ line: 1 }, { line: 8 }, { line: 19, column: 50 }, { line: 99 }],
  });
  expect(set.breakpoints.map(({ verified, line, message }) => `${verified} ${line ?? message}`)).toMatchInlineSnapshot(`
    [
      "true 3",
      "true 10",
      "true 20",
      "false no expression stands here or below",
    ]
  `);
  const places = await client.ask<{ breakpoints: { line: number; column: number }[] }>("breakpointLocations", {
    source,
    line: 5,
    endLine: 7,
  });
  expect(places.breakpoints.map(({ line, column }) => `${line}:${column}`)).toMatchInlineSnapshot(`
    [
      "5:1",
      "6:2",
      "7:2",
    ]
  `);
  const rules = await client.ask<{ breakpoints: object[] }>("setFunctionBreakpoints", {
    breakpoints: [
      { name: "authz.grants", condition: 'input.action == "pay"', hitCondition: "2" },
      { name: "nobody" },
      { name: "allow", hitCondition: "often" },
    ],
  });
  expect(rules.breakpoints).toMatchInlineSnapshot(`
    [
      {
        "id": 5,
        "verified": true,
      },
      {
        "id": 6,
        "message": "no rule is called nobody",
        "verified": false,
      },
      {
        "id": 7,
        "message": ""often" is no hit count: write 5, >= 5 or % 2",
        "verified": false,
      },
    ]
  `);
  const told = [await client.go("continue")];
  const sent = { variablesReference: await client.reference("Locals"), name: "actions" };
  const { dataId } = await client.ask<{ dataId: string }>("dataBreakpointInfo", sent);
  await client.ask("setDataBreakpoints", { breakpoints: [{ dataId }] });
  told.push(await client.go("continue"), await client.go("reverseContinue"));
  expect(told).toMatchInlineSnapshot(`
    [
      "breakpoint | 10 grants(role, action) < allow < data.authz.allow {}",
      "data breakpoint | 12 grants(role, action) < allow < data.authz.allow {role = "clerk", action = "pay", actions = ["view"]}",
      "breakpoint | 10 grants(role, action) < allow < data.authz.allow {}",
    ]
  `);
});

test("log points, prints and outcomes are told", async () => {
  const client = await dapClient(files);
  const breakpoints = [
    { line: 16, logMessage: "n = {n}, {count(input.roles)} roles, {nothing}" },
    { line: 17, condition: 'n == "boss"' },
  ];
  const told = [await client.launch({ query: "data.authz.names", stopOnEntry: false, stopOnResult: false }, breakpoints)];
  expect([...told, await client.go("continue")]).toMatchInlineSnapshot(`
    [
      "breakpoint | 17 names < data.authz.names {n = "boss"}",
      "terminated",
    ]
  `);
  expect(client.output).toMatchInlineSnapshot(`
    [
      "n = {var n is unsafe}, 2 roles, {var nothing is unsafe}",
      "n is clerk",
      "n is boss",
      "data.authz.names: {"BOSS", "CLERK"}",
    ]
  `);
});

test("the query is a subtle frame below others, and a plain one where the debugger stands in it", async () => {
  const client = await dapClient(files);
  const hints = async (): Promise<readonly (string | undefined)[]> =>
    (await client.ask<{ stackFrames: { presentationHint?: string }[] }>("stackTrace")).stackFrames.map(
      (one) => one.presentationHint,
    );
  await client.launch({ query: "data.authz.allow" });
  expect(await hints()).toEqual([undefined, "subtle"]);
  await client.go("reverseContinue");
  expect(await hints()).toEqual([undefined]);
});

test("a condition that cannot be asked is told once", async () => {
  const client = await dapClient(files);
  const breakpoints = [{ line: 17, condition: "nobody == 1" }];
  expect(await client.launch({ query: "data.authz.names", stopOnEntry: false, stopOnResult: false }, breakpoints)).toBe(
    "terminated",
  );
  expect(client.output[0]).toBe("the condition nobody == 1 cannot be asked: var nobody is unsafe");
  expect(client.output.filter((line) => line.includes("cannot be asked"))).toHaveLength(1);
});

test("what an expression prints is told when it was evaluated", async () => {
  const client = await dapClient(files);
  await client.launch({ query: "data.authz.names", stopOnEntry: false }, [{ line: 17 }]);
  const before = client.output;
  await client.go("next");
  expect([before, client.output]).toEqual([[], ["n is clerk"]]);
});

test("the whole result is told at the end, also in a run without debugging", async () => {
  const client = await dapClient(files);
  expect(
    await client.launch({ query: "x := data.authz.big[300].id; y := [a | a := numbers.range(1, 90)[_]]", noDebug: true }),
  ).toBe("terminated");
  expect(client.output).toEqual(["x: 300", `y: [${Array.from({ length: 90 }, (_, at) => at + 1).join(", ")}]`]);
});

test("what comes too early or names nothing is refused in words", async () => {
  const client = await dapClient(files);
  const refused = (command: string, sent: object = {}): Promise<string> =>
    client.ask(command, sent).then(
      () => `${command}: done`,
      (error: Error) => `${command}: ${error.message}`,
    );
  const early = [
    await refused("next"),
    await refused("continue"),
    await refused("configurationDone"),
    await refused("setBreakpoints"),
    await refused("scopes"),
    await refused("attach"),
  ];
  await client.launch({ query: "data.authz.allow" });
  const late = [
    await refused("scopes", { frameId: 99 }),
    await refused("variables", { variablesReference: 99 }),
    await refused("goto", { targetId: 3 }),
    await refused("setVariable", { variablesReference: 99, name: "x", value: "1" }),
    await refused("readMemory"),
  ];
  expect([...early, ...late]).toMatchInlineSnapshot(`
    [
      "next: nothing is being debugged",
      "continue: nothing is being debugged",
      "configurationDone: nothing is being debugged",
      "setBreakpoints: nothing is being debugged",
      "scopes: the frame is not there any more",
      "attach: there is nothing to attach to: an evaluation is launched",
      "scopes: the frame is not there any more",
      "variables: done",
      "goto: there is no such place",
      "setVariable: only the input can be changed: everything else follows from it",
      "readMemory: readMemory is not supported",
    ]
  `);
});

test("errors", async () => {
  const told: string[] = [];
  for (const [query, filters] of [
    ["data.authz.broken", ["builtin"]],
    ["data.authz.broken", ["undefined"]],
    ["data.authz.clash", ["error"]],
    ["data.authz.clash", []],
  ] as const) {
    const client = await dapClient(files);
    await client.launch({ query });
    await client.ask("setExceptionBreakpoints", { filters });
    told.push(`${query} ${filters}: ${await client.go("continue")}`, ...client.output);
    const categories = client.events.flatMap(({ event, body }) =>
      event === "output" ? [(body as { category: string }).category] : [],
    );
    expect(categories.filter((category) => category !== "stderr")).toEqual([]);
  }
  const strict = await dapClient(files);
  await strict.launch({ query: "data.authz.broken", strictBuiltinErrors: true });
  told.push(await strict.go("continue"));
  expect(told).toMatchInlineSnapshot(`
    [
      "data.authz.broken builtin: to_number: strconv.ParseFloat: parsing "pay": invalid syntax | 22 broken < data.authz.broken {}",
      "data.authz.broken undefined: the result is undefined | 1 data.authz.broken {}",
      "data.authz.clash error: rule data.authz.clash produced conflicting values:
      1 at /p/policy.rego:24
      2 at /p/policy.rego:26 | 26 clash · clause 2 of 2 < data.authz.clash {→ clash = 2}",
      "data.authz.clash : terminated",
      "rule data.authz.clash produced conflicting values:
      1 at /p/policy.rego:24
      2 at /p/policy.rego:26",
      "to_number: strconv.ParseFloat: parsing "pay": invalid syntax | 22 broken < data.authz.broken {}",
    ]
  `);
});

test("another input is recorded again, the cursor stays", async () => {
  const client = await dapClient(files);
  await client.launch({ query: "data.authz.allow", stopOnEntry: false }, [{ line: 7 }]);
  const variablesReference = await client.reference("Input");
  expect(await client.ask("setVariable", { variablesReference, name: "action", value: '"view"' })).toMatchInlineSnapshot(`
    {
      "type": "string",
      "value": ""view"",
      "variablesReference": 0,
    }
  `);
  const told = [await client.stopped(), await client.go("stepOut"), await client.go("stepBack")];
  await client.ask("setExpression", { expression: "input.roles[0]", value: 'concat("", ["bo", "ss"])', frameId: 1 });
  told.push(await client.stopped(), await client.evaluate("input"));
  await expect(client.ask("setExpression", { expression: "data.x", value: "1" })).rejects.toThrow("only the input");
  const locals = await client.reference("Locals");
  await expect(client.ask("setVariable", { variablesReference: locals, name: "role", value: "1" })).rejects.toThrow(
    "only the input",
  );
  expect(told).toMatchInlineSnapshot(`
    [
      "evaluated again with another input | 7 allow < data.authz.allow {role = "clerk"}",
      "step | 1 data.authz.allow {}",
      "step | 1 data.authz.allow {}",
      "evaluated again with another input | 1 data.authz.allow {}",
      "{"action": "view", "roles": ["boss", "boss"]}",
    ]
  `);
});

test("frames are restarted, places gone to", async () => {
  const client = await dapClient(files);
  await client.launch({ query: "data.authz.allow" }, [{ line: 12 }]);
  const told = [await client.go("continue"), await client.go("restartFrame", { frameId: 2 })];
  const { targets } = await client.ask<{ targets: { id: number; label: string }[] }>("gotoTargets", {
    source: { path: "/p/policy.rego" },
    line: 12,
  });
  told.push(targets.map(({ label }) => label).join(", "), await client.go("goto", { targetId: targets.at(-1)!.id }));
  expect(told).toMatchInlineSnapshot(`
    [
      "breakpoint | 12 grants(role, action) < allow < data.authz.allow {role = "clerk", action = "pay", actions = ["view"]}",
      "restart | 5 allow < data.authz.allow {}",
      "next time, last time",
      "goto | 12 grants(role, action) < allow < data.authz.allow {role = "boss", action = "pay", actions = ["pay", "view"]}",
    ]
  `);
});

test("tests", async () => {
  const client = await dapClient(files);
  const told = [await client.launch({ command: "test", run: "test_", stopOnEntry: false }, [{ line: 7 }])];
  told.push(await client.evaluate("input"), await client.go("continue"), await client.go("continue"));
  expect([...told, ...client.output]).toMatchInlineSnapshot(`
    [
      "breakpoint | 7 allow < test_allow < data.authz_test.test_allow {role = "boss"}",
      "{"action": "pay", "roles": ["boss"]}",
      "Paused at a result | 0 data.authz_test.test_allow {}",
      "breakpoint | 7 allow < test_fails < data.authz_test.test_fails {role = "clerk"}",
    ]
  `);
  const at = await dapClient(files);
  const position = { line: 5, character: 0 };
  expect(await at.launch({ file: "/p/policy_test.rego", position })).toBe("entry | 5 test_allow < data.authz_test.test_allow {}");
  const decided = await dapClient({
    ...files,
    "inputs/clerk.expected.json": '{"decisions": {"data.authz.names": {"value": ["BOSS", "CLERK"]}}}',
  });
  const expected = "/p/inputs/clerk.expected.json?expected#data.authz.names";
  expect(await decided.launch({ command: "test", tests: [expected] })).toBe("entry | 15 names < data.authz.names {}");
  expect(await decided.evaluate("input.roles")).toBe('["clerk", "boss"]');
  const one = await dapClient(files);
  expect(await one.launch({ command: "test", tests: ["data.authz_test.test_allow"] })).toMatchInlineSnapshot(
    `"entry | 5 test_allow < data.authz_test.test_allow {}"`,
  );
});

test("what a recording does not keep is told", async () => {
  const client = await dapClient(files);
  await client.launch({ query: "data.authz.big", maxEvents: 500 });
  expect(client.output).toMatchInlineSnapshot(`
    [
      "the recording keeps the last 500 events: the 410 before them are not there",
    ]
  `);
  expect(await client.go("reverseContinue")).toMatchInlineSnapshot(`"entry | 20 big {i = 135}"`);
});

test("paths name policies and data in place of the folder", async () => {
  const client = await dapClient({ ...files, "more/eu/users.json": '{"users": ["ann"]}', "more/one.yaml": "top: 1\n" });
  const told: string[] = [];
  for (const paths of [
    { dataPaths: ["/p/policy.rego", "/p/more"] },
    { bundlePaths: ["/p/policy.rego", "/p/more"] },
    { bundlePaths: ["/p/policy.rego"], dataPaths: ["/p/more/eu"] },
    { dataPaths: ["/p/more/one.yaml"] },
  ]) {
    await client.launch({ query: "data.authz.allow", input: "{}", ...paths });
    told.push(`${(await client.variables("Data")).join(", ")} | ${await client.evaluate("data.eu")}`);
  }
  expect(told).toMatchInlineSnapshot(`
    [
      "eu = {"users": ["ann"]}, top = 1 | {"users": ["ann"]}",
      "data = {} | undefined",
      "users = ["ann"] | undefined",
      "top = 1 | undefined",
    ]
  `);
});

test("inputs", async () => {
  const inputs = [
    {},
    { input: '{"roles": []}' },
    { inputPath: "/p/other.json" },
    { inputPath: "" },
    { file: "/p/policy.rego", query: "names" },
    { file: "/p/policy.rego", query: undefined, position: { line: 15, character: 3 } },
  ];
  const told: string[] = [];
  for (const one of inputs) {
    const client = await dapClient(files);
    await client.launch({ query: "data.authz.names", ...one });
    told.push(await client.evaluate("input"));
  }
  expect(told).toMatchInlineSnapshot(`
    [
      "{"action": "pay", "roles": ["clerk", "boss"]}",
      "{"roles": []}",
      "{"action": "view", "roles": ["boss"]}",
      "undefined",
      "{"action": "pay", "roles": ["clerk", "boss"]}",
      "{"action": "pay", "roles": ["clerk", "boss"]}",
    ]
  `);
  const client = await dapClient(files);
  const refused = async (launch: object): Promise<string> => client.launch(launch).then(String, (error: Error) => error.message);
  expect([
    await refused({ input: "{" }),
    await refused({ inputPath: "/p/none.json" }),
    await refused({ query: "data.authz.allow; x" }),
    await refused({ query: "(" }),
    await refused({ command: "run" }),
    await refused({ command: "test", run: "nothing" }),
    await refused({ bundlePaths: ["/nowhere"] }),
    await refused({ file: "/nowhere.rego" }),
    await refused({ file: "policy.rego", query: "data.authz.allow", inputPath: "./inputs/clerk.conf" }),
  ]).toMatchInlineSnapshot(`
    [
      "input: not JSON: Expected property name or '}' in JSON at position 1 (line 1 column 2)",
      "the input /p/none.json cannot be read",
      "the query: var x is unsafe",
      "the query: unexpected eof token",
      "command: "eval" or "test" is meant, not "run"",
      "no test has that name",
      "nothing can be read at /nowhere",
      "the policy /nowhere.rego cannot be read",
      "entry | 5 allow < data.authz.allow {}",
    ]
  `);
  expect(
    await (await dapClient(files)).launch({ query: "data.authz.allow", bundlePaths: ["/p/policy.rego"], noDebug: true }),
  ).toBe("terminated");
});

const byEvent = { granularity: "instruction" };

/** A client at the first event, and how many there are. */
async function atFirstEvent(query: string): Promise<{ readonly client: DapClient; readonly length: number }> {
  const [client, other] = [await dapClient(files), await dapClient(files)];
  for (const one of [client, other]) {
    await one.launch({ query, inputPath: "/p/inputs/clerk.conf" });
    await one.go("reverseContinue");
  }
  let length = 1;
  while ((await other.go("stepIn", byEvent)) !== "terminated") length++;
  return { client, length };
}

test.each(["data.authz.allow", "data.authz.names", "x := data.authz.allow; data.authz.names[y]"])(
  "what is there after each of 120 steps of %s is there again on the way back",
  async (query) => {
    const { client, length } = await atFirstEvent(query);
    const now = async (): Promise<string> => `${await client.state()} ${(await client.variables("Virtual Cache")).join(", ")}`;
    const ahead = [await now()];
    while (ahead.length < Math.min(120, length)) {
      await client.go("stepIn", byEvent);
      ahead.push(await now());
    }
    for (const before of ahead.slice(0, -1).reverse()) {
      await client.go("stepBack", byEvent);
      expect(await now()).toBe(before);
    }
    expect(new Set(ahead).size).toBeGreaterThan(10);
  },
);

test.each(["data.authz.allow", "data.authz.names"])("as many events of %s as the command line tells", async (query) => {
  const { length } = await atFirstEvent(query);
  const { out } = await rw(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [`/w/${name}`, text])),
    ...["eval", "-d", "policy.rego", "-d", "data.json", "-i", "inputs/clerk.conf", "--explain", "full", query],
  );
  expect(JSON.parse(out).explanation.length).toBe(length);
});
