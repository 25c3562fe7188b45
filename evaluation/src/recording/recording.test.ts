// A recording is what an explanation tells, event by event, whichever thread evaluated.
import { describe, expect, test } from "vitest";
import { checkModules, checkQuery } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule, parseQuery } from "#grammars/rego/parse.ts";
import { finish } from "#grammars/text/steps.ts";
import { CourseListener, courseRequest } from "../course.ts";
import { explain } from "../explanation.ts";
import { createInstance } from "../instance.ts";
import { lookedAtOf, marksFor, recordingSteps } from "./recording.ts";
import { recordTape } from "./tape.ts";

const policy = `package p

default allow := false

allow if {
	some role in input.roles
	print("role", role)
	grants(role)
	every tag in input.tags { tag != "bad" }
}

grants(role) if data.grants[role][_] == input.action

sum := to_number(input.text) + 1

names := [upper(role) | some role in input.roles; role != "dev"]

mocked if allow with input.roles as ["ops"]

clash := 1 if input.text == "x"

clash := 2 if count(input.roles) == 2
`;

const data = '{"grants": {"dev": ["read"], "ops": ["read", "write"]}}';
const input = '{"roles": ["dev", "ops"], "action": "write", "tags": ["a", "b"], "text": "x"}';

function compiled(query: string) {
  const checked = checkModules([parseModule(policy, { file: "p.rego" })], { printing: true });
  const parsed = checkQuery(checked, parseQuery(query, { file: "" }));
  return compile(checked, { queries: [{ name: "query", text: query, query: parsed }], ...courseRequest }).module!;
}

function recorded(query: string, most = 1000, marks = marksFor(most)) {
  const module = compiled(query);
  const asked = { entrypoint: "query", data, input };
  const limits = { marks, characters: 1_000_000 };
  const made = recordTape({ ...module, marks: [] }, lookedAtOf(module), asked, limits, { now: () => 0n }, {});
  if ("fault" in made) throw new Error(made.fault);
  const { tape, outcome } = made;
  const recording = finish(
    recordingSteps(module, [{ tape, isEnded: outcome.kind === "error", builtinErrors: outcome.builtinErrors }], most),
  );
  return { tape, outcome, recording, module };
}

const lines = (events: ReturnType<typeof explain>): string[] =>
  events.map(({ op, query, parent, locals, message, path }) =>
    [op, query, parent, JSON.stringify([...locals]), message, path?.join(".") ?? ""].join(" "),
  );

describe("a recording", () => {
  test.each(["data.p", "data.p.allow", "data.p.mocked", "data.p.clash", "x := data.p.names[i]"])("%s", (query) => {
    const { recording, module, outcome } = recorded(query);
    const listener = new CourseListener(module);
    const instance = createInstance(module, { now: () => 0n, onMark: listener.onMark, onNote: listener.onNote });
    listener.attach(instance);
    instance.setData(data);
    const told = instance.evaluate("query", input);
    expect(lines(recording.events)).toEqual(lines(explain(listener.reached, "full", told.kind === "error" ? "cut" : undefined)));
    expect(outcome).toEqual(told);
    expect([recording.isCut, recording.dropped]).toEqual([false, 0]);
  });

  test("keeps the last events of too many", () => {
    const whole = recorded("data.p.allow").recording;
    const { recording } = recorded("data.p.allow", 10, 1000);
    expect(lines(recording.events)).toEqual(lines(whole.events).slice(-10));
    expect(recording.dropped).toBe(whole.events.length - 10);
  });

  test("has no more marks than fit into memory", () => {
    expect([marksFor(1000), marksFor(2_000_000)]).toEqual([2000, 600_000]);
  });

  test("ends the evaluation when it tells too much", () => {
    const query = "numbers.range(1, 100000)[_] == 100001";
    const { recording, outcome } = recorded(query, 1000, 5);
    expect(recording.isCut).toBe(true);
    expect(recording.events.map(({ op }) => op)).toEqual(["Enter", "Eval", "Eval", "Eval", "Fail", "Redo", "Eval"]);
    expect(outcome.kind === "error" ? outcome.error.code : outcome.kind).toBe("eval_cancel_error");
  });

  test("knows what was printed and complained of at which event", () => {
    const { recording } = recorded("[data.p.allow, [1 | data.p.sum]]");
    const told = (at: number): string => `${recording.events[at]!.op} ${recording.events[at]!.query}`;
    expect([...recording.prints].map(([at, said]) => `${told(at)} ${said.join("|")}`)).toMatchInlineSnapshot(`
      [
        "Eval 1 role dev",
        "Eval 1 role ops",
      ]
    `);
    expect([...recording.errors].map(([at, said]) => `${told(at)} ${said[0]!.message}`)).toMatchInlineSnapshot(`
      [
        "Fail 12 to_number: strconv.ParseFloat: parsing "x": invalid syntax",
      ]
    `);
  });

  test("knows the values of rules", () => {
    const { recording } = recorded("data.p.mocked");
    expect(recording.known.map(({ event, added }) => `${event} ${added?.join(" = ") ?? "forgotten"}`)).toMatchInlineSnapshot(`
      [
        "45 data.p.allow = true",
        "46 data.p.mocked = true",
        "50 forgotten",
      ]
    `);
  });
});
