// HTTP requests.
import { ANY, NUMBER, objectOf, STRING } from "../types/type.ts";
import { arg, type BuiltinRow } from "./builtin.ts";

export const http: readonly BuiltinRow[] = [
  {
    name: "http.send",
    description: "Sends an HTTP request and gives the response.",
    args: [arg("request", objectOf(STRING, ANY))],
    result: arg("response", objectOf(ANY, ANY)),
    where: "host",
    nondeterministic: true,
  },
  {
    name: "providers.aws.sign_req",
    description: "Signs an HTTP request for AWS (signature version 4).",
    args: [arg("request", objectOf(STRING, ANY)), arg("aws_config", objectOf(STRING, ANY)), arg("time_ns", NUMBER)],
    result: arg("signed_request", objectOf(ANY, ANY)),
    where: "host",
  },
];
