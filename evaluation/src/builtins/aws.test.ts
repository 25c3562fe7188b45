// providers.aws.sign_req: which headers a signed request gets; the signatures themselves are judged by the conformance kit.
import { expect, test } from "vitest";
import { readRegoText, writeRegoText } from "../rego-text.ts";
import { hostBuiltins } from "./index.ts";

const context = { now: 0n, random: () => 0, cache: new Map(), print: () => {}, ports: {} };

test("an instant may be spelled with a point", () => {
  const args = [
    `{"method": "get", "url": "https://x.amazonaws.com/"}`,
    `{"aws_access_key": "A", "aws_secret_access_key": "b", "aws_service": "ec2", "aws_region": "eu-north-1"}`,
    "2.0",
  ].map(readRegoText);
  expect(writeRegoText(hostBuiltins.get("providers.aws.sign_req")!(args, context)!)).toContain(
    '"x-amz-date": "19700101T000000Z"',
  );
});

test("a request gets the headers that prove who sends it", () => {
  const args = [
    `{"method": "get", "url": "https://x.amazonaws.com/", "body": {"a": 1}}`,
    `{"aws_access_key": "A", "aws_secret_access_key": "b", "aws_service": "ec2", "aws_region": "eu-north-1"}`,
    "1440938160000000000",
  ].map(readRegoText);
  const text = writeRegoText(hostBuiltins.get("providers.aws.sign_req")!(args, context)!);
  expect(text).toContain(
    "AWS4-HMAC-SHA256 Credential=A/20150830/eu-north-1/ec2/aws4_request,SignedHeaders=host;x-amz-date,Signature=",
  );
  expect(text).toContain(`"host": "x.amazonaws.com", "x-amz-date": "20150830T123600Z"`);
});
