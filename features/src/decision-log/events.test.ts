// Decision logs in the forms in which OPA and RMS give them.
import { expect, test } from "vitest";
import { canonicalJson } from "#bundles/canonical-json.ts";
import { readDecisionLog } from "./events.ts";

/** What was read, on a line each. */
const shown = (text: string): readonly string[] => {
  return Array.from(readDecisionLog(new TextEncoder().encode(text)), (entry) => {
    if ("fault" in entry) return entry.fault;
    const { id, now, path, input, outcome, erased, masked, answers } = entry;
    return [
      `${id} ${now} ${path}`,
      input === undefined ? "no input" : canonicalJson(input),
      outcome.kind === "value" ? canonicalJson(outcome.value) : outcome.kind === "error" ? `error ${outcome.code}` : "undefined",
      ...erased,
      ...masked,
      ...[...answers].map(([name, calls]) => `${name} ${calls.join(" ")}`),
    ].join(" | ");
  });
};

test("the console of OPA: one event a line, among others and behind what a collector writes", () => {
  expect(
    shown(
      [
        '{"addrs":["127.0.0.1:8181"],"level":"info","msg":"Initializing server."}',
        'orders-7d9 opa {"decision_id":"a","erased":["/input/password"],"input":{"amount":12345678901234567890},"msg":"Decision Log","path":"orders/allow","result":false,"timestamp":"2026-11-30T23:03:03.77845587Z"}',
        '{"decision_id":"b","error":"p.rego:12: eval_conflict_error: rule data.orders.bad produced conflicting values","input":{},"path":"orders/bad","timestamp":"2026-11-30T23:03:03Z"}',
        '{"decision_id":"c","path":"orders/nothing","timestamp":"2026-11-30T23:03:03+01:00"}',
        '{"decision_id":"d","nd_builtin_cache":{"time.now_ns":{"[]":1796079783838379484},"rand.intn":{"[\\"x\\",5]":3}},"path":"/orders/now","result":1,"timestamp":"2026-11-30T23:03:03Z"}',
        "{",
        '  "result": [{',
        '    "decision_id": "what opa exec prints beside its log"',
        "}]}",
        '{"decision_id":"e","error":"undefined_document: document missing: data.system.main","path":"system/main","timestamp":"2026-11-30T23:03:03Z"}',
      ].join("\n"),
    ),
  ).toEqual([
    'a 1796079783778455870 orders/allow | {"amount":12345678901234567890} | false | /input/password',
    "b 1796079783000000000 orders/bad | {} | error eval_conflict_error",
    "c 1796076183000000000 orders/nothing | no input | undefined",
    'd 1796079783838379484 orders/now | no input | 1 | time.now_ns [],1796079783838379484 | rand.intn ["x",5],3',
    "e 1796079783000000000 system/main | no input | undefined",
  ]);
});

const event = '{"decision_id": "a", "path": "p/r", "result": [1], "timestamp": "2026-01-01T00:00:00Z"}';

test.each([
  ["the array that OPA sends", `[${event}]`],
  ["arrays that OPA sent, a line each", `[]\n[${event}]\n`],
  ["an array over several lines", `\n[\n${event}\n]`],
  ["one event over several lines", event.replaceAll(", ", ",\n  ")],
  ["events over several lines, one below the other", `{\n"msg": "Initializing server."\n}\n{\n${event.slice(1, -1)}\n}\n`],
  ["what kubectl puts before each line", `[pod/orders/opa] {"level": "info"}\n[pod/orders/opa] ${event}`],
  ["what RMS lists", `{\n"items": [{"id": "1", "at": "2026-01-01T00:00:00Z", "event": ${event}}], "next": null}`],
])("%s", (_, text) => {
  expect(shown(text)).toEqual(["a 1767225600000000000 p/r | no input | [1]"]);
});

test("what cannot be decided again is told", () => {
  expect(
    shown(
      [
        '{"decision_id":"a","query":"x = 1","timestamp":"2026-01-01T00:00:00Z"}',
        '{"decision_id":"b","path":"","timestamp":"2026-01-01T00:00:00Z"}',
        '{"decision_id":"c","path":"p/r","timestamp":"yesterday"}',
        '{"decision_id":"d","path":"p/r"',
      ].join("\n"),
    ),
  ).toEqual([
    "line 1: a answered a query of its own, which names no rule",
    "line 2: b was asked for all data, not for a rule",
    "line 3: c has no time",
    "line 4: , expected",
  ]);
  expect(shown('[{"decision_id":\n"a"')).toEqual(["line 2: , expected"]);
  expect(shown('{\n"x": 1\n}\n{\n"decision_id": y\n}')).toEqual(['line 5: unexpected "y"']);
  expect(shown('{\n"x": 1\n}\n{\n"decision_id": "a",\n"path": ""\n}')).toEqual([
    "line 4: a was asked for all data, not for a rule",
  ]);
  expect(shown("nothing of the kind")).toEqual([]);
});
