// What the author reads when RMS, or what stands before it, answers otherwise than asked: what, where, and what to do.
import { expect, test } from "vitest";
import { type Activation, type Fetch, noneRuns, RmsClient } from "./rms-client.ts";

const answering =
  (status: number, body: string): Fetch =>
  () =>
    Promise.resolve({ status, headers: { get: () => null }, text: () => Promise.resolve(body) });

async function told(fetch: Fetch): Promise<string> {
  const reply = await new RmsClient({ url: "http://rms.test", token: "secret" }, fetch).channel("d", "p", "dev");
  return reply.ok ? "ok" : reply.failure.message;
}

test.each(["two\nlines", "two words", "zoë", ""])("a token that cannot be one is not sent, nor shown: %j", async (token) => {
  const fetch: Fetch = () => Promise.reject(new Error(`invalid header value ${token}`));
  const reply = await new RmsClient({ url: "http://rms.test", token }, fetch).channel("d", "p", "dev");
  expect(reply).toMatchObject({
    ok: false,
    failure: { status: 401, message: "what is given as a token is none: a token is one word of ASCII letters, digits and signs" },
  });
});

test.each([
  ["RMS's own words", answering(409, '{"detail": "dev is frozen until Monday"}'), "dev is frozen until Monday"],
  [
    "a token that is not known",
    answering(401, "{}"),
    "RMS at http://rms.test does not know this token: sign in again, or check that it has not expired",
  ],
  [
    "a gateway without its server",
    answering(502, "<html>Bad Gateway</html>"),
    "RMS at http://rms.test, or what stands before it, has a fault of its own (status 502): try again; its log says why",
  ],
  [
    "another service",
    answering(404, "Not Found"),
    "what answers at http://rms.test (status 404) does not look like RMS: is the address right?",
  ],
  [
    "a page",
    answering(200, "<html>Welcome</html>"),
    "what answers at http://rms.test (status 200) does not look like RMS: is the address right?",
  ],
  ["null", answering(400, "null"), "what answers at http://rms.test (status 400) does not look like RMS: is the address right?"],
  [
    "nobody",
    () => Promise.reject(new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } })),
    "RMS does not answer at http://rms.test (ECONNREFUSED): is it running, and is the address right?",
  ],
] as const)("%s", async (_, fetch, message) => {
  expect(await told(fetch)).toBe(message);
});

test("an input is sent as it is written, with all digits of its numbers", async () => {
  const sent: (string | undefined)[] = [];
  const client = new RmsClient({ url: "http://rms.test", token: "secret" }, (_, { body }) => {
    sent.push(body);
    return Promise.resolve({ status: 200, headers: { get: () => null }, text: () => Promise.resolve('{"result": true}') });
  });
  await client.decide("d", "p", { channel: "dev", input: '{"n":12345678901234567890123}' });
  await client.decide("d", "p", { channel: "dev", hocon: "n = 1" });
  expect(sent).toEqual(['{"channel":"dev","input":{"n":12345678901234567890123}}', '{"channel":"dev","hocon":"n = 1"}']);
});

test("that nobody runs what a channel serves is told with those that did", () => {
  const gone: Activation = {
    instance: "a",
    bundle: "d/p",
    labels: { channel: "dev" },
    opaVersion: "1.22.2",
    activatedAt: "2026-03-02T12:00:00Z",
    lastSeen: "2026-03-02T12:00:00Z",
    revision: "d/p@1.0.0",
    state: "gone",
  };
  expect(noneRuns([], "dev")).toBe("no sidecar of dev has reported yet");
  expect(noneRuns([gone], "dev")).toBe("no sidecar of dev reports any more: 1 is gone");
  expect(noneRuns([gone, gone], undefined)).toBe("no sidecar reports any more: 2 are gone");
  expect(noneRuns([gone], "prod")).toBe("no sidecar of prod has reported yet");
});
