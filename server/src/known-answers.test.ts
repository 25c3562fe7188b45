// Which answers are given again.
import { expect, test } from "vitest";
import type { EvaluationAnswer } from "./evaluator.ts";
import { type AskedQuestion, KnownAnswers } from "./known-answers.ts";

type KnownAnswer = EvaluationAnswer["answers"][number];

const value = (json: string): KnownAnswer => ({ answer: { kind: "value", json }, prints: [], cases: [], ms: 1 });
const allow: AskedQuestion = { entrypoint: "p/allow", input: "{}", mocks: undefined, stamp: 7, dataKey: "data:1" };

test("an answer holds for the same code, data and input", () => {
  const known = new KnownAnswers();
  known.keep(allow, value("true"));
  known.keep({ ...allow, input: undefined }, value("false"));
  expect(known.find(allow)).toEqual(value("true"));
  expect(known.find({ ...allow, input: undefined })).toEqual(value("false"));
  for (const other of [{ entrypoint: "p/deny" }, { input: "[]" }, { stamp: 8 }, { dataKey: "data:2" }, { stamp: undefined }])
    expect(known.find({ ...allow, ...other })).toBeUndefined();
});

test("what varies by itself, fails or prints is asked again", () => {
  const known = new KnownAnswers();
  const error = { code: "eval_error", message: "no" } as never;
  const printed: KnownAnswer = { ...value("true"), prints: [{ text: "seen", place: undefined }] };
  const faulty: readonly KnownAnswer["answer"][] = [
    { kind: "error", error },
    { kind: "undefined", builtinErrors: [error] },
  ];
  for (const answer of [printed, ...faulty.map((one) => ({ ...value(""), answer: one }))]) {
    known.keep(allow, answer);
    expect(known.find(allow)).toBeUndefined();
  }
  known.keep({ ...allow, stamp: undefined }, value("true"));
  expect(known.find({ ...allow, stamp: undefined })).toBeUndefined();
});

test("what nobody asked for the longest time makes room: other inputs first, then other code", () => {
  const large = value("x".repeat(1_700_000));
  const kept = (asked: readonly AskedQuestion[]): readonly number[] => {
    const known = new KnownAnswers();
    for (const question of asked) {
      known.keep(question, large);
      known.find(asked[0]!);
    }
    return asked.flatMap((question, at) => (known.find(question) === undefined ? [] : [at]));
  };
  const six = Array.from({ length: 6 }, (_, nth) => nth);
  expect(kept(six.map((stamp) => ({ ...allow, stamp })))).toEqual([0, 3, 4, 5]);
  expect(kept(six.map((nth) => ({ ...allow, input: `[${nth}]` })))).toEqual([0, 3, 4, 5]);
  // Inputs count once, whatever is asked for them.
  const input = "x".repeat(290_000);
  expect(kept(six.slice(0, 4).map((stamp) => ({ ...allow, stamp, input })))).toEqual([0, 1, 2, 3]);
  expect(kept([{ ...allow, input: "x".repeat(2_000_000) }])).toEqual([]);
});
