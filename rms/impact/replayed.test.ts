// Logged decisions by two versions: what a log hides of an input is not decided, what it hides of a result is not told.
import { expect, test } from "vitest";
import { type Replayed, replayed } from "./replayed.ts";

const canary = "123-45-6789";

/** Decides one event of `orders/decision` by versions that give these results, as JSON texts. */
function one(before: string, after: string, event: object): Replayed {
  const whole = { bundles: { main: {} }, path: "orders/decision", input: { user: "ann" }, ...event };
  const logged = [{ domain: "orders", id: "a", at: 0, event: JSON.stringify(whole) }];
  const by = { policy: "main", entrypoints: ["orders/decision"], refusals: [], deadline: Number.POSITIVE_INFINITY } as const;
  const found = replayed(
    () => before,
    () => after,
    logged,
    by,
  );
  expect(JSON.stringify(found)).not.toContain(canary);
  return found;
}

test("what is shown of two decisions leaves out what the log erased and masks what it masked", () => {
  const before = `{"allow":false,"ssn":"${canary}","note":{"of":"${canary}"}}`;
  const after = `{"allow":true,"ssn":"${canary}","note":{"of":"${canary}"}}`;
  expect(one(before, after, { erased: ["/result/ssn"], masked: ["/result/note/of"] })).toMatchObject({
    gained: 1,
    shown: [{ before: '{"allow":false,"note":{"of":"***"}}', after: '{"allow":true,"note":{"of":"***"}}' }],
  });
});

test("versions that differ in nothing but what is hidden count as masked", () => {
  const [before, after] = [`{"allow":true,"ssn":"${canary}"}`, '{"allow":true,"ssn":"none"}'];
  expect(one(before, after, { erased: ["/result/ssn"] })).toMatchObject({ read: 1, masked: 1, changed: 0, shown: [] });
  expect(one(before, after, { masked: ["/result/ssn"] })).toMatchObject({ read: 1, masked: 1, changed: 0, shown: [] });
  expect(one(`"${canary}"`, '"none"', { erased: ["/result"] })).toMatchObject({ masked: 1, shown: [] });
  expect(one(`"${canary}"`, '"none"', { masked: ["/result"] })).toMatchObject({ masked: 1, shown: [] });
});

test("an error of a decision that is hidden in part does not tell its words", () => {
  const { shown } = one('{"allow":true}', `error: ${canary} is no number`, { erased: ["/result/ssn"] });
  expect(shown).toMatchObject([{ before: '{"allow":true}', after: "error: not told" }]);
});

test("where the log hides a part of the input, or of the result of another rule, nothing is decided", () => {
  expect(one('"a"', '"b"', { erased: ["/input/ssn"] })).toMatchObject({ read: 1, masked: 1, changed: 0 });
  expect(one(`"${canary}"`, '"b"', { path: "orders", erased: ["/result/decision"] })).toMatchObject({ masked: 1, changed: 0 });
  expect(one('"a"', '"b"', { path: "orders" })).toMatchObject({ masked: 0, changed: 1 });
});
