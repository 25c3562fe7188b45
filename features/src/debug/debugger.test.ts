// A debugger steps through a recorded evaluation, in both directions.
import { expect, test } from "vitest";
import { type Breakpoint, type BreakpointOptions, stopsOfLine } from "./breakpoints.ts";
import { type Debugged, debug, stateOf, walk } from "./debugger.test-helper.ts";
import { documentScope, knownAt, localsIn, resultsAt } from "./scopes.ts";
import { inside, type Shown, shownText } from "./values.ts";

const policy = `#- policy.rego
package authz

default allow := false

allow if {
	some role in input.roles
	grants(role, input.action)
}

allow if {
	every tag in input.tags { tag != "bad" }
	count([r | some r in input.roles; r != "x"]) > 5
}

grants(role, action) if {
	actions := data.roles[role]
	action in actions
}

names contains upper(n) if {
	some n in input.roles
	print("n is", n)
}

test_allow if {
	mock := {"roles": ["boss"], "action": "pay"}
	allow with input as mock
}

test_fails if allow with input.roles as ["clerk"] with input.action as "pay" with input.tags as []
#- data.json
{"roles": {"clerk": ["view"], "boss": ["pay", "view"]}}
`;
const input = '{"roles": ["clerk", "boss"], "action": "pay", "tags": ["a", "b"]}';

test("step in", async () => {
  expect(walk(await debug(policy, "data.authz.allow", input), (one) => one.stepIn())).toMatchInlineSnapshot(`
    [
      "1 Enter data.authz.allow {} · data.authz.allow",
      "1 Eval data.authz.allow {} · data.authz.allow",
      "5 Enter allow {} · allow · clause 1 of 2 < data.authz.allow",
      "6 Eval some role in input.roles {} · allow · clause 1 of 2 < data.authz.allow",
      "7 Eval grants(role, input.action) {role: "clerk"} · allow · clause 1 of 2 < data.authz.allow",
      "15 Enter grants(role, action) {} · grants(role, action) < allow · clause 1 of 2 < data.authz.allow",
      "16 Eval actions := data.roles[role] {role: "clerk", action: "pay"} · grants(role, action) < allow · clause 1 of 2 < data.authz.allow",
      "17 Eval action in actions {role: "clerk", action: "pay", actions: ["view"]} · grants(role, action) < allow · clause 1 of 2 < data.authz.allow",
      "failure: action in actions | 17 Fail action in actions {role: "clerk", action: "pay", actions: ["view"]} · grants(role, action) < allow · clause 1 of 2 < data.authz.allow",
      "failure: grants(role, input.action) | 7 Fail grants(role, input.action) {role: "clerk"} · allow · clause 1 of 2 < data.authz.allow",
      "7 Eval grants(role, input.action) {role: "boss"} · allow · clause 1 of 2 < data.authz.allow",
      "15 Enter grants(role, action) {} · grants(role, action) < allow · clause 1 of 2 < data.authz.allow",
      "16 Eval actions := data.roles[role] {role: "boss", action: "pay"} · grants(role, action) < allow · clause 1 of 2 < data.authz.allow",
      "17 Eval action in actions {role: "boss", action: "pay", actions: ["pay", "view"]} · grants(role, action) < allow · clause 1 of 2 < data.authz.allow",
      "15 Exit grants(role, action) {role: "boss", action: "pay", actions: ["pay", "view"]} · grants(role, action) < allow · clause 1 of 2 < data.authz.allow",
      "5 Exit allow {role: "boss"} · allow · clause 1 of 2 < data.authz.allow",
      "1 Exit data.authz.allow {} · data.authz.allow",
    ]
  `);
});

test("step over and back", async () => {
  const one = await debug(policy, "data.authz.names", input);
  expect(walk(one, (one) => one.stepIn())).toMatchInlineSnapshot(`
    [
      "1 Enter data.authz.names {} · data.authz.names",
      "1 Eval data.authz.names {} · data.authz.names",
      "20 Enter names contains upper(n) {} · names < data.authz.names",
      "21 Eval some n in input.roles {} · names < data.authz.names",
      "22 Eval print("n is", n) {n: "clerk"} · names < data.authz.names",
      "20 Eval upper(n) {n: "clerk"} · names < data.authz.names",
      "20 Exit names contains upper(n) {n: "clerk"} · names < data.authz.names",
      "22 Eval print("n is", n) {n: "boss"} · names < data.authz.names",
      "20 Eval upper(n) {n: "boss"} · names < data.authz.names",
      "20 Exit names contains upper(n) {n: "boss"} · names < data.authz.names",
      "1 Exit data.authz.names {} · data.authz.names",
    ]
  `);
  expect(walk(one, (one) => one.stepBack())).toMatchInlineSnapshot(`
    [
      "1 Exit data.authz.names {} · data.authz.names",
      "1 Eval data.authz.names {} · data.authz.names",
      "entry | 1 Enter data.authz.names {} · data.authz.names",
    ]
  `);
});

test("tests", async () => {
  expect(walk(await debug(policy, "test test_"), (one) => one.stepOver())).toMatchInlineSnapshot(`
    [
      "- Enter  {} · data.authz.test_allow",
      "- Exit  {} · data.authz.test_allow",
      "30 Enter test_fails {} · test_fails < data.authz.test_fails",
      "30 Eval allow with input.roles as ["clerk"] with input.action as "pay" with input.tags as [] {} · test_fails < data.authz.test_fails",
      "failure: allow with input.roles as ["clerk"] with input.action as "pay" with input.tags as [] | 30 Fail allow with input.roles as ["clerk"] with input.action as "pay" with input.tags as [] {} · test_fails < data.authz.test_fails",
    ]
  `);
  expect(walk(await debug(policy, "test test_fails", input), (one) => one.stepIn())).toMatchInlineSnapshot(`
    [
      "- Enter  {} · data.authz.test_fails",
      "30 Enter test_fails {} · test_fails < data.authz.test_fails",
      "30 Eval allow with input.roles as ["clerk"] with input.action as "pay" with input.tags as [] {} · test_fails < data.authz.test_fails",
      "5 Enter allow {} · allow · clause 1 of 2 < test_fails < data.authz.test_fails",
      "6 Eval some role in input.roles {} · allow · clause 1 of 2 < test_fails < data.authz.test_fails",
      "7 Eval grants(role, input.action) {role: "clerk"} · allow · clause 1 of 2 < test_fails < data.authz.test_fails",
      "15 Enter grants(role, action) {} · grants(role, action) < allow · clause 1 of 2 < test_fails < data.authz.test_fails",
      "16 Eval actions := data.roles[role] {role: "clerk", action: "pay"} · grants(role, action) < allow · clause 1 of 2 < test_fails < data.authz.test_fails",
      "17 Eval action in actions {role: "clerk", action: "pay", actions: ["view"]} · grants(role, action) < allow · clause 1 of 2 < test_fails < data.authz.test_fails",
      "failure: action in actions | 17 Fail action in actions {role: "clerk", action: "pay", actions: ["view"]} · grants(role, action) < allow · clause 1 of 2 < test_fails < data.authz.test_fails",
      "failure: grants(role, input.action) | 7 Fail grants(role, input.action) {role: "clerk"} · allow · clause 1 of 2 < test_fails < data.authz.test_fails",
      "10 Enter allow {} · allow · clause 2 of 2 < test_fails < data.authz.test_fails",
      "11 Eval every tag in input.tags { tag != "bad" } {} · allow · clause 2 of 2 < test_fails < data.authz.test_fails",
      "12 Eval count([r | some r in input.roles; r != "x"]) > 5 {} · allow · clause 2 of 2 < test_fails < data.authz.test_fails",
      "12 Eval some r in input.roles {} · comprehension < allow · clause 2 of 2 < test_fails < data.authz.test_fails",
      "12 Eval r != "x" {r: "clerk"} · comprehension < allow · clause 2 of 2 < test_fails < data.authz.test_fails",
      "failure: count([r | some r in input.roles; r != "x"]) > 5 | 12 Fail count([r | some r in input.roles; r != "x"]) > 5 {} · allow · clause 2 of 2 < test_fails < data.authz.test_fails",
      "3 Enter default allow := false {} · allow < test_fails < data.authz.test_fails",
      "3 Exit default allow := false {} · allow < test_fails < data.authz.test_fails",
      "failure: allow with input.roles as ["clerk"] with input.action as "pay" with input.tags as [] | 30 Fail allow with input.roles as ["clerk"] with input.action as "pay" with input.tags as [] {} · test_fails < data.authz.test_fails",
    ]
  `);
});

test("forward and back every event is the same", async () => {
  for (const query of ["data.authz", "test test_"]) {
    const one = await debug(policy, query, input);
    const ahead = walk(one, (one) => one.stepEvent(1));
    expect(ahead.length).toBe(one.debugger.timeline.length);
    const back = walk(one, (one) => one.stepEvent(-1));
    const plain = (states: readonly string[]): string[] => states.map((state) => state.replace(/^\w+: .* \| /u, ""));
    expect(plain(back.slice(0, ahead.length)).reverse()).toEqual(plain(ahead));
    expect(stateOf(one)).toBe(ahead[0]);
  }
});

test("expressions are asked in a frame", async () => {
  const one = await debug(policy, "test test_allow");
  while (!stateOf(one).startsWith("17 Eval")) one.debugger.stepIn();
  const asked = [
    "role",
    "input",
    "input.roles[0]",
    "data.roles[role]",
    "count(actions)",
    "action == 1",
    "some x in actions; x == action",
  ];
  expect(
    [...asked, "upper(", "[1, ", "nobody", "nobody; 1", "names", ""].map((text) => `${text} → ${one.ask(text)}`),
  ).toMatchInlineSnapshot(`
    [
      "role → "boss"",
      "input → {"action": "pay", "roles": ["boss"]}",
      "input.roles[0] → "boss"",
      "data.roles[role] → ["pay", "view"]",
      "count(actions) → 2",
      "action == 1 → false",
      "some x in actions; x == action → true",
      "upper( → problem: unexpected eof token",
      "[1,  → problem: unexpected eof token",
      "nobody → problem: var nobody is unsafe",
      "nobody; 1 → problem: var nobody is unsafe",
      "names → {"BOSS"}",
      " → problem: there is no expression",
    ]
  `);
  expect([one.ask("mock", 2), one.ask("input.roles", 1), one.ask("input", 2)]).toMatchInlineSnapshot(`
    [
      "{"action": "pay", "roles": ["boss"]}",
      "["boss"]",
      "undefined",
    ]
  `);
});

test("an expression that fails because a builtin does says why", async () => {
  const one = await debug("#- policy.rego\npackage p\nbad := 1 / input.zero\n", "data.p.bad", '{"zero": 0}');
  let halt = one.debugger.stepIn();
  while (halt.why === "step") halt = one.debugger.stepIn();
  expect(halt).toEqual({ why: "failure", text: "1 / input.zero\ndiv: divide by zero" });
});

test("a rule's value is shown with the values that stand in it", async () => {
  const one = await debug(
    `#- policy.rego
package p
wrap(x, y) := {"x": x, upper(y): [y]}
made := {"a": 1, "many": count([x | some x in input.xs; x > 1])}
found contains {"of": x, "all": input.xs} if some x in input.xs
`,
    '[data.p.wrap(1, "b"), data.p.made, data.p.found]',
    '{"xs": [1, 2]}',
  );
  const values: string[] = [];
  while (one.debugger.stepIn().why !== "end")
    for (const { name, text } of localsIn(one.debugger.frames, one.debugger.stack()[0]!))
      if (name.startsWith("→")) values.push(`${name} ${text}`);
  expect(values).toEqual([
    '→ wrap {"B": ["b"], "x": 1}',
    '→ made {"a": 1, "many": 1}',
    '→ found {"all": [1, 2], "of": 1}',
    '→ found {"all": [1, 2], "of": 2}',
  ]);
});

test("scopes", async () => {
  const one = await debug(policy, "x := data.authz.names; y := {1}", input);
  while (!stateOf(one).startsWith("1 Exit")) one.debugger.stepOver();
  const { frames, cursor, subject } = one.debugger;
  const told = (shown: readonly Shown[]): string[] =>
    shown.map(({ name, text, type, indexed }) => `${name} = ${text} (${type} ${indexed})`);
  expect(told(localsIn(frames, one.debugger.stack()[0]!))).toMatchInlineSnapshot(`
    [
      "x = {"BOSS", "CLERK"} (set 2)",
      "y = {1} (set 1)",
    ]
  `);
  expect(told(knownAt(frames, cursor))).toMatchInlineSnapshot(`
    [
      "data.authz.names = {"BOSS", "CLERK"} (set 2)",
    ]
  `);
  expect(told(resultsAt(frames, subject, cursor))).toMatchInlineSnapshot(`
    [
      "x = {"BOSS", "CLERK"} (set 2)",
      "y = {1} (set 1)",
    ]
  `);
  expect(told(documentScope("input", input))).toMatchInlineSnapshot(`
    [
      "action = "pay" (string 0)",
      "roles = ["clerk", "boss"] (array 2)",
      "tags = ["a", "b"] (array 2)",
    ]
  `);
  expect(told(inside(shownText("input", input, "input"), 1, 1))).toMatchInlineSnapshot(`
    [
      "roles = ["clerk", "boss"] (array 2)",
    ]
  `);
});

async function runs(one: Debugged, direction: 1 | -1 = 1): Promise<string[]> {
  const states: string[] = [];
  for (;;) {
    const { why, text, hit } = await one.debugger.run(direction, one.asking, {
      isWanted: () => false,
      rest: async () => undefined,
    });
    if (why === "end" || why === "entry") break;
    states.push(`${why} ${hit?.join(",") ?? text ?? ""} | ${stateOf(one)}`);
  }
  return states;
}

function onLine(one: Debugged, row: number, options: BreakpointOptions = {}): Breakpoint {
  const stops = stopsOfLine(one.subject.places.stopsIn("/p/policy.rego"), row);
  return { id: row, kind: "line", stops, ...options };
}

test("breakpoints", async () => {
  const one = await debug(policy, "data.authz", input);
  const { places } = one.subject;
  expect(
    places
      .stopsIn("/p/policy.rego")
      .map(({ row, kind }) => `${row} ${kind}`)
      .join(", "),
  ).toMatchInlineSnapshot(
    `"3 head, 5 head, 6 expression, 7 expression, 10 head, 11 expression, 11 expression, 12 expression, 12 expression, 12 expression, 15 head, 16 expression, 17 expression, 20 head, 20 expression, 21 expression, 22 expression, 25 head, 26 expression, 27 expression, 30 head, 30 expression"`,
  );
  expect(
    [1, 4, 5, 8, 12, 14, 33, 99]
      .map((row) => onLine(one, row))
      .map((found) => (found.kind === "line" ? found.stops.map((stop) => `${stop.row}:${stop.kind}`).join(" ") : "")),
  ).toMatchInlineSnapshot(`
    [
      "3:head",
      "5:head",
      "5:head",
      "10:head",
      "12:expression",
      "15:head",
      "",
      "",
    ]
  `);
  one.debugger.breakpoints = [onLine(one, 5), onLine(one, 7), onLine(one, 12)];
  const ahead = await runs(one);
  expect(ahead).toMatchInlineSnapshot(`
    [
      "breakpoint 5 | 5 Enter allow {} · allow · clause 1 of 2 < data.authz",
      "breakpoint 7 | 7 Eval grants(role, input.action) {role: "clerk"} · allow · clause 1 of 2 < data.authz",
      "breakpoint 7 | 7 Eval grants(role, input.action) {role: "boss"} · allow · clause 1 of 2 < data.authz",
      "breakpoint 5 | 5 Enter allow {} · allow · clause 1 of 2 < test_allow < data.authz",
      "breakpoint 7 | 7 Eval grants(role, input.action) {role: "boss"} · allow · clause 1 of 2 < test_allow < data.authz",
      "breakpoint 5 | 5 Enter allow {} · allow · clause 1 of 2 < test_fails < data.authz",
      "breakpoint 7 | 7 Eval grants(role, input.action) {role: "clerk"} · allow · clause 1 of 2 < test_fails < data.authz",
      "breakpoint 12 | 12 Eval count([r | some r in input.roles; r != "x"]) > 5 {} · allow · clause 2 of 2 < test_fails < data.authz",
    ]
  `);
  const back = await runs(one, -1);
  expect(back.reverse()).toEqual(ahead.slice(0, -1));
  one.debugger.breakpoints = [
    onLine(one, 7, { condition: 'role == "boss"' }),
    onLine(one, 22, { hits: "2" }),
    onLine(one, 20, { log: "at {n} of {count(input.roles)}" }),
    { id: 100, kind: "rule", name: "authz.grants", hits: "% 2" },
    { id: 101, kind: "variable", file: "/p/policy.rego", name: "actions" },
    { id: 102, kind: "known", ref: "data.authz.allow" },
  ];
  expect(await runs(one)).toMatchInlineSnapshot(`
    [
      "breakpoint 101 | 17 Eval action in actions {role: "clerk", action: "pay", actions: ["view"]} · grants(role, action) < allow · clause 1 of 2 < data.authz",
      "breakpoint 7 | 7 Eval grants(role, input.action) {role: "boss"} · allow · clause 1 of 2 < data.authz",
      "breakpoint 100 | 15 Enter grants(role, action) {} · grants(role, action) < allow · clause 1 of 2 < data.authz",
      "breakpoint 101 | 17 Eval action in actions {role: "boss", action: "pay", actions: ["pay", "view"]} · grants(role, action) < allow · clause 1 of 2 < data.authz",
      "breakpoint 102 | 5 Redo allow {role: "boss"} · allow · clause 1 of 2 < data.authz",
      "breakpoint 22 | 22 Eval print("n is", n) {n: "boss"} · names < data.authz",
      "breakpoint 7 | 7 Eval grants(role, input.action) {role: "boss"} · allow · clause 1 of 2 < test_allow < data.authz",
      "breakpoint 101 | 17 Eval action in actions {role: "boss", action: "pay", actions: ["pay", "view"]} · grants(role, action) < allow · clause 1 of 2 < test_allow < data.authz",
      "breakpoint 102 | 25 Exit test_allow {mock: {"action": "pay", "roles": ["boss"]}} · test_allow < data.authz",
      "breakpoint 100 | 15 Enter grants(role, action) {} · grants(role, action) < allow · clause 1 of 2 < test_fails < data.authz",
      "breakpoint 101 | 17 Eval action in actions {role: "clerk", action: "pay", actions: ["view"]} · grants(role, action) < allow · clause 1 of 2 < test_fails < data.authz",
      "breakpoint 102 | 3 Redo default allow := false {} · allow < test_fails < data.authz",
    ]
  `);
  expect(one.told).toMatchInlineSnapshot(`
    [
      "at problem: var n is unsafe of 2",
      "at "clerk" of 2",
      "at "boss" of 2",
    ]
  `);
});

const faulty = `package p

n := to_number(input.text)

clash := 1

clash := 2 if input.text

gone if input.missing
`;

test("what ends an evaluation", async () => {
  const text = '{"text": "x"}';
  const all = { onFail: false, onResult: true, exceptions: new Set(["builtin", "error", "undefined"] as const) };
  const ended: string[] = [];
  for (const query of ["data.p.n", "data.p.clash", "data.p.gone", "1 + 1"]) {
    const one = await debug(faulty, query, text);
    one.debugger.halts = all;
    ended.push(...(await runs(one)));
  }
  expect(ended).toMatchInlineSnapshot(`
    [
      "exception to_number: strconv.ParseFloat: parsing "x": invalid syntax | 3 Fail to_number(input.text) {} · n < data.p.n",
      "exception the result is undefined | 1 Fail data.p.n {} · data.p.n",
      "exception rule data.p.clash produced conflicting values:
      1 at /p/policy.rego:5
      2 at /p/policy.rego:7 | 7 Exit clash := 2 {} · clash · clause 2 of 2 < data.p.clash",
      "exception the result is undefined | 1 Fail data.p.gone {} · data.p.gone",
      "result  | 1 Exit 1 + 1 {} · 1 + 1",
    ]
  `);
  const one = await debug(faulty, "data.p.gone", text);
  one.debugger.halts = { ...all, onFail: true, exceptions: new Set() };
  expect(await runs(one)).toMatchInlineSnapshot(`
    [
      "failure data.p.gone | 1 Fail data.p.gone {} · data.p.gone",
    ]
  `);
});

test("jumps", async () => {
  const one = await debug(policy, "data.authz.allow", input);
  const stops = stopsOfLine(one.subject.places.stopsIn("/p/policy.rego"), 17);
  const [first, last] = one.debugger.arrivals(stops);
  expect([first!.label, last!.label]).toEqual(["next time", "last time"]);
  one.debugger.moveTo(last!.event);
  expect(stateOf(one)).toMatchInlineSnapshot(
    `"17 Eval action in actions {role: "boss", action: "pay", actions: ["pay", "view"]} · grants(role, action) < allow · clause 1 of 2 < data.authz.allow"`,
  );
  one.debugger.restart(one.debugger.stack()[0]!);
  expect(stateOf(one)).toMatchInlineSnapshot(
    `"15 Enter grants(role, action) {} · grants(role, action) < allow · clause 1 of 2 < data.authz.allow"`,
  );
  const other = await debug(policy, "data.authz.allow", '{"roles": ["boss", "clerk", "boss"], "action": "view"}');
  other.debugger.moveTo(other.debugger.sameEvent(one.debugger, last!.event));
  expect(stateOf(other)).toMatchInlineSnapshot(
    `"17 Eval action in actions {role: "boss", action: "view", actions: ["pay", "view"]} · grants(role, action) < allow · clause 1 of 2 < data.authz.allow"`,
  );
});
