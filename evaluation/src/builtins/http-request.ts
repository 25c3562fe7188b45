// What http.send and providers.aws.sign_req take for a request: the names of its parameters.
import { writeTerm } from "../rego-text.ts";
import { RegoObject, RegoSet, type Value } from "../value.ts";
import { BuiltinFailure, operand } from "./builtin.ts";

const allowed: ReadonlySet<Value> = new Set([
  ...["method", "url", "body", "raw_body", "headers", "timeout", "enable_redirect", "raise_error", "max_retry_attempts"],
  ...["force_json_decode", "force_yaml_decode"],
  ...["cache", "force_cache", "force_cache_duration_seconds", "caching_mode", "cache_ignored_headers"],
  ...["tls_use_system_certs", "tls_insecure_skip_verify", "tls_server_name"],
  ...["tls_ca_cert", "tls_client_cert", "tls_client_key"].flatMap((name) => [name, `${name}_file`, `${name}_env_variable`]),
]);

/** The first operand with known parameters only, and with those that must be there. */
export function requestOperand(args: readonly Value[]): RegoObject {
  const request = operand(args, 1, "object");
  const unknown = request.entries.map(([key]) => key).filter((key) => !allowed.has(key));
  if (unknown.length > 0) throw operandFault(1, `invalid request parameters(s): ${writeTerm(RegoSet.of(unknown))}`);
  const missing = ["method", "url"].filter((name) => request.get(name) === undefined);
  if (missing.length > 0) throw operandFault(1, `missing required request parameters(s): ${writeTerm(RegoSet.of(missing))}`);
  return request;
}

/** An error about an operand that is not about its type alone. */
export function operandFault(position: number, message: string): BuiltinFailure {
  return new BuiltinFailure("type", `operand ${position} ${message}`);
}

/** The object with the entries of the second put over those of the first. */
export function withEntries(object: RegoObject, entries: readonly (readonly [Value, Value])[]): RegoObject {
  return RegoObject.of([...object.entries, ...entries]);
}
