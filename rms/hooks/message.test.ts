// Messages to hooks: what they hold, and the signature of the Standard Webhooks specification by its own example.
import { expect, test } from "vitest";
import { messageOf, signatureHeaders } from "./message.ts";

const entry = (seq: number) => ({
  seq,
  at: "2026-03-02T12:00:00.000Z",
  actor: "eve",
  action: "member.delete",
  domain: "bank",
  object: "bank/roles/clerk/members/ann",
  requestId: "r1",
  reason: "left",
  detail: '{"role":"clerk"}',
  prev: "p",
  hash: `h${seq}`,
});

test("events as they are in the audit log, under an id that stays", () => {
  const { id, body } = messageOf("iam", "bank", [entry(7), entry(9)]);
  expect(id).toMatch(/^bank\.iam\.7-9\.[0-9a-f]{16}$/);
  expect(messageOf("iam", "bank", [entry(7), entry(9)]).id).toBe(id);
  // As after a restore: other events have these numbers.
  expect(messageOf("iam", "bank", [entry(7), { ...entry(9), hash: "other" }]).id).not.toBe(id);
  const { domain: _domain, prev: _prev, ...told } = entry(7);
  expect(JSON.parse(body)).toEqual({
    type: "audit",
    domain: "bank",
    hook: "iam",
    events: [{ ...told, detail: { role: "clerk" } }, expect.objectContaining({ seq: 9 })],
  });
  expect(messageOf("iam", "bank", [])).toEqual({
    id: "bank.iam.test",
    body: '{"type":"test","domain":"bank","hook":"iam","events":[]}',
  });
});

test("the signature is the specification's", () => {
  const message = { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", body: '{"test": 2432232314}' };
  expect(signatureHeaders("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", message, 1614265330)).toEqual({
    "webhook-id": message.id,
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  });
});

test.each(["whsec_", "whsec_not base64 at all, but long enough", "whsec_c2hvcnQ="])("%j is no key that could sign", (secret) => {
  expect(() => signatureHeaders(secret, { id: "1", body: "{}" }, 1)).toThrow(
    "the secret begins as a key of Standard Webhooks does, but is not base64 of 24 bytes or more behind whsec_",
  );
});
