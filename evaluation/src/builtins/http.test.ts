// http.send through ports: recorded answers, refusals, and no port at all.
import { expect, test } from "vitest";
import { mockedWorld, noMocks } from "../mocks.ts";
import type { RecordedAnswer } from "../recorded-http.ts";
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
const mocked = (one: Omit<RecordedAnswer, "answer" | "method">, method = "get"): HostPorts =>
  mockedWorld({ ...noMocks, http: [{ method, ...one, answer }] }).ports;

test("a recorded answer is decoded with its digits", () => {
  expect(send('{"method": "GET", "url": "https://a.test/x"}', mocked({ url: "https://a.test/x" }))).toBe(
    '{"body": {"n": 1.50}, "headers": {"content-type": ["application/json"]}, "raw_body": "{\\"n\\": 1.50}", "status": "200 OK", "status_code": 200}',
  );
});

test.each([
  ['"method": "GET", "url": "https://a.test/y"', { url: "https://a.test/x" }],
  ['"method": "POST", "url": "https://a.test/x"', { url: "https://a.test/x" }],
  ['"method": "GET", "url": "https://a.test/x", "headers": {"a": "2"}', { url: "https://a.test/x", headers: [["A", "1"]] }],
  ['"method": "GET", "url": "https://a.test/x", "body": {"a": 2}', { url: "https://a.test/x", requestBody: '{"a": 1}' }],
] as const)("a request that no mock fits has no answer, whatever errors are to be: %s", (request, one) => {
  const [method, url] = [/"method": "(\w+)"/u.exec(request)![1], /"url": "([^"]*)"/u.exec(request)![1]];
  const fault = `error: ${method} ${url} needs a mock: \`mocks\` of rw.conf has none`;
  expect(send(`{${request}}`, mocked(one))).toBe(fault);
  expect(send(`{${request}, "raise_error": false}`, mocked(one))).toBe(fault);
});

test.each([
  ['"headers": {"a": "1", "B": "2"}', { headers: [["A", "1"]] }],
  ['"body": {"b": [1.0], "a": 1}', { requestBody: '{"a":1,"b":[1]}' }],
  ['"raw_body": "a=1"', { requestBody: "a=1" }],
] as const)("a mock fits by what it names of the request: %s", (request, one) => {
  const ports = mocked({ url: "https://a.test/x", ...one });
  expect(send(`{"method": "GET", "url": "https://a.test/x", ${request}}`, ports)).toContain('"status_code": 200');
});

test("without a port nothing is reached", () => {
  expect(send('{"method": "post", "url": "http://c.test/"}', {})).toBe(
    'error: Post "http://c.test/": the host grants no requests',
  );
});

test.each([
  ['"method": "g t", "url": "http://c.test/"', 'net/http: invalid method "G T"'],
  ['"method": "get", "url": "HTP://c.test/"', 'Get "htp://c.test/": unsupported protocol scheme "htp"'],
  ['"method": "get", "url": "c.test"', 'Get "c.test": unsupported protocol scheme ""'],
  ['"method": "delete", "url": "http:///x"', 'Delete "http:///x": http: no Host in request URL'],
  ['"method": "get", "url": "http://me:pw@c.test/a b?c"', 'Get "http://me:***@c.test/a%20b?c": the host grants no requests'],
  [
    '"method": "get", "url": "http://c.test", "headers": {"a b": "c"}',
    'Get "http://c.test": net/http: invalid header field name "a b"',
  ],
  [
    '"method": "get", "url": "http://c.test", "headers": {"x-y": "c\\n"}',
    'Get "http://c.test": net/http: invalid header field value for "X-Y"',
  ],
])("what is no request is not sent: %s", (request, fault) => {
  expect(send(`{${request}}`, {})).toBe(`error: ${fault}`);
});

test("an error of the request that is told as a value says where it is", () => {
  const place = { file: "a.rego", row: 2, col: 6 };
  const context = { now: 0n, random: () => 0, cache: new Map(), print: () => {}, place: () => place, ports: {} };
  const request = readRegoText('{"method": "g t", "url": "http://c.test/", "raise_error": false}');
  expect(writeRegoText(hostBuiltins.get("http.send")!([request], context)!)).toContain(
    '"message": "a.rego:2: eval_builtin_error: http.send: net/http: invalid method',
  );
});
