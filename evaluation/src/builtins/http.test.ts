// http.send through ports: recorded answers, refusals, and no port at all.
import { expect, test } from "vitest";
import { recordedHttp } from "../recorded-http.ts";
import { readRegoText, writeRegoText } from "../rego-text.ts";
import { BuiltinFailure, type HostPorts } from "./builtin.ts";
import { hostBuiltins } from "./index.ts";

function send(request: string, ports: HostPorts): string {
  try {
    const context = { now: 0n, random: () => 0, cache: new Map(), print: () => {}, ports };
    return writeRegoText(hostBuiltins.get("http.send")!([readRegoText(request)], context)!);
  } catch (error) {
    if (error instanceof BuiltinFailure) return `error: ${error.message}`;
    throw error;
  }
}

const answer = {
  kind: "response",
  status: "200 OK",
  statusCode: 200,
  headers: [["Content-Type", ["application/json"]]],
  body: new TextEncoder().encode('{"n": 1.50}'),
} as const;
const http = recordedHttp({ answers: [{ method: "get", url: "https://a.test/x", answer }] });

test("a recorded answer is decoded with its digits", () => {
  expect(send('{"method": "GET", "url": "https://a.test/x"}', { http })).toBe(
    '{"body": {"n": 1.50}, "headers": {"content-type": ["application/json"]}, "raw_body": "{\\"n\\": 1.50}", "status": "200 OK", "status_code": 200}',
  );
});

test("a host that is not allowed is refused, and told as a value when errors are not raised", () => {
  expect(send('{"method": "GET", "url": "https://b.test:8443/"}', { http })).toBe("error: disallowed host: b.test");
  expect(send('{"method": "GET", "url": "https://b.test/", "raise_error": false}', { http })).toBe(
    '{"error": {"code": "eval_http_send_internal_error", "message": "http.send: disallowed host: b.test"}, "status_code": 0}',
  );
});

test("without a port nothing is reached", () => {
  expect(send('{"method": "post", "url": "http://c.test/"}', {})).toBe(
    'error: Post "http://c.test/": the host grants no requests',
  );
});
