// What each released OPA could do, for policies that are written for an older one: what the releases added to the table of builtins.
import { type Builtin, type BuiltinRow, unnamed } from "./builtins/builtin.ts";
import { builtins } from "./builtins/index.ts";
import type { Capabilities } from "./capabilities.ts";
import { ANY, arrayOf, STRING, type Type, union } from "./types/type.ts";

/** The capabilities of one release. */
export interface Release extends Capabilities {
  /** Minor versions of the first Wasm ABI. */
  readonly wasmAbi: readonly number[];
}

/** The releases that OPA 1.22.2 has capabilities of, oldest first. */
export const releaseNames: readonly string[] = `
v0.17.0 v0.17.1 v0.17.2 v0.17.3 v0.18.0 v0.19.0-rc1 v0.19.0 v0.19.1 v0.19.2 v0.20.0 v0.20.1 v0.20.2 v0.20.3 v0.20.4 v0.20.5
v0.21.0 v0.21.1 v0.22.0 v0.23.0 v0.23.1 v0.23.2 v0.24.0 v0.25.0-rc1 v0.25.0-rc2 v0.25.0-rc3 v0.25.0-rc4 v0.25.0 v0.25.1
v0.25.2 v0.26.0 v0.27.0 v0.27.1 v0.28.0 v0.29.0 v0.29.1 v0.29.2 v0.29.3 v0.29.4 v0.30.0 v0.30.1 v0.30.2 v0.31.0 v0.32.0
v0.32.1 v0.33.0 v0.33.1 v0.34.0 v0.34.1 v0.34.2 v0.35.0 v0.36.0 v0.36.1 v0.37.0 v0.37.1 v0.37.2 v0.38.0 v0.38.1 v0.39.0
v0.40.0 v0.41.0 v0.42.0 v0.42.1 v0.42.2 v0.43.0 v0.43.1 v0.44.0 v0.45.0 v0.46.0 v0.46.1 v0.46.2 v0.46.3 v0.47.0 v0.47.1
v0.47.2 v0.47.3 v0.47.4 v0.48.0 v0.49.0 v0.49.1 v0.49.2 v0.50.0 v0.50.1 v0.50.2 v0.51.0 v0.52.0 v0.53.0 v0.53.1 v0.54.0
v0.55.0 v0.56.0 v0.57.0 v0.57.1 v0.58.0 v0.59.0 v0.60.0 v0.61.0 v0.62.0 v0.62.1 v0.63.0 v0.64.0 v0.64.1 v0.65.0 v0.66.0
v0.67.0 v0.67.1 v0.68.0 v0.69.0 v0.70.0 v1.0.0 v1.0.1 v1.1.0 v1.2.0 v1.3.0 v1.4.0 v1.4.1 v1.4.2 v1.5.0 v1.5.1 v1.6.0 v1.7.0
v1.8.0 v1.9.0 v1.10.0 v1.11.0 v1.11.1 v1.12.0 v1.12.1 v1.12.2 v1.12.3 v1.13.0 v1.13.1 v1.13.2 v1.14.0 v1.14.1 v1.15.0
v1.15.1 v1.16.0 v1.16.1 v1.16.2 v1.17.0 v1.17.1 v1.18.0 v1.18.1 v1.18.2 v1.19.0 v1.19.1 v1.20.0 v1.20.1 v1.20.2 v1.21.0
v1.21.1 v1.21.2 v1.21.3 v1.21.4 v1.22.0 v1.22.1 v1.22.2
`
  .trim()
  .split(/\s+/u);

/** Builtins by the release that brought them; all others were there from the first one. */
const added: readonly (readonly [release: string, names: string])[] = [
  ["v0.17.2", "object.filter object.remove object.union"],
  ["v0.18.0", "bits.and bits.lsh bits.negate bits.or bits.rsh bits.xor json.remove"],
  ["v0.19.0-rc1", "net.cidr_contains_matches"],
  ["v0.19.0", "time.add_date"],
  [
    "v0.20.0",
    "graph.reachable io.jwt.verify_es384 io.jwt.verify_es512 io.jwt.verify_hs384 io.jwt.verify_hs512 io.jwt.verify_ps384 io.jwt.verify_ps512 io.jwt.verify_rs384 io.jwt.verify_rs512 uuid.rfc4122",
  ],
  ["v0.21.0", "crypto.x509.parse_certificate_request"],
  ["v0.22.0", "numbers.range semver.compare semver.is_valid"],
  ["v0.23.0", "regex.is_valid regex.match"],
  ["v0.24.0", "base64.is_valid net.cidr_merge urlquery.decode_object"],
  ["v0.25.0-rc1", "json.is_valid yaml.is_valid"],
  ["v0.25.0-rc2", "base64url.encode_no_pad hex.decode hex.encode"],
  ["v0.25.0", "json.patch"],
  ["v0.26.0", "ceil floor"],
  ["v0.28.0", "time.diff"],
  ["v0.31.0", "crypto.x509.parse_and_verify_certificates rand.intn"],
  ["v0.33.0", "crypto.x509.parse_rsa_private_key"],
  ["v0.34.0", "internal.member_2 internal.member_3 internal.print print"],
  ["v0.35.0", "net.lookup_ip_addr"],
  ["v0.36.0", "array.reverse crypto.hmac.md5 crypto.hmac.sha1 crypto.hmac.sha256 crypto.hmac.sha512 strings.reverse"],
  ["v0.37.0", "graph.reachable_paths indexof_n object.union_n"],
  ["v0.40.0", "rego.metadata.chain rego.metadata.rule"],
  ["v0.41.0", "graphql.is_valid graphql.parse graphql.parse_and_verify graphql.parse_query graphql.parse_schema units.parse"],
  ["v0.42.0", "object.subset"],
  ["v0.44.0", "strings.any_prefix_match strings.any_suffix_match"],
  ["v0.45.0", "regex.replace"],
  ["v0.46.0", "graphql.schema_is_valid net.cidr_is_valid"],
  ["v0.47.0", "object.keys providers.aws.sign_req"],
  ["v0.48.0", "time.format"],
  ["v0.50.0", "json.match_schema json.verify_schema"],
  ["v0.52.0", "crypto.hmac.equal"],
  ["v0.53.0", "crypto.x509.parse_keypair"],
  ["v0.55.0", "crypto.parse_private_keys"],
  ["v0.56.0", "numbers.range_step"],
  ["v0.57.0", "uuid.parse"],
  ["v0.59.0", "strings.render_template"],
  ["v0.63.0", "crypto.x509.parse_and_verify_certificates_with_options"],
  ["v0.64.0", "json.marshal_with_options"],
  ["v0.67.0", "strings.count"],
  ["v1.2.0", "internal.test_case"],
  ["v1.8.0", "io.jwt.verify_eddsa"],
  ["v1.12.0", "internal.template_string"],
  ["v1.13.0", "array.flatten"],
  ["v1.16.0", "uri.is_valid uri.parse"],
  ["v1.19.0", "strings.split_n"],
];

const addedIn: ReadonlyMap<string, string> = new Map(
  added.flatMap(([release, names]) => names.split(" ").map((name) => [name, release] as const)),
);

/** What was said otherwise of a builtin before a release. */
interface Earlier {
  readonly until: string;
  readonly names: string;
  readonly row: (now: Builtin) => Partial<BuiltinRow>;
}

const text = unnamed(STRING);
const withResult = (type: Type) => (): Partial<BuiltinRow> => ({ result: unnamed(type) });

const earlier: readonly Earlier[] = [
  { until: "v0.43.0", names: "glob.match", row: ({ args }) => ({ args: [text, unnamed(arrayOf(STRING)), ...args.slice(2)] }) },
  { until: "v0.43.0", names: "type_name", row: () => ({ args: [unnamed(union(ANY))] }) },
  {
    until: "v0.44.0",
    names:
      "http.send io.jwt.decode_verify io.jwt.encode_sign io.jwt.encode_sign_raw net.lookup_ip_addr opa.runtime rand.intn time.now_ns uuid.rfc4122",
    row: () => ({ nondeterministic: false }),
  },
  {
    until: "v0.45.0",
    names: "graphql.is_valid graphql.parse graphql.parse_and_verify",
    row: () => ({ args: [text, text] }),
  },
  {
    until: "v1.11.0",
    names: "all any cast_array cast_boolean cast_null cast_object cast_set cast_string net.cidr_overlap re_match set_diff",
    row: () => ({ deprecated: false }),
  },
  {
    until: "v1.19.0",
    names: "json.filter json.remove object.filter object.remove object.subset object.union object.union_n",
    row: withResult(ANY),
  },
  { until: "v1.21.0", names: "json.match_schema json.verify_schema", row: () => ({ nondeterministic: false }) },
];

/** From a release on, until the next one in the list. */
type Since<T> = readonly (readonly [release: string, value: T])[];

const features: Since<string> = [
  ["v0.46.0", "rule_head_ref_string_prefixes"],
  ["v0.59.0", "rule_head_ref_string_prefixes rule_head_refs rego_v1_import"],
  ["v1.0.0", "rego_v1"],
  ["v1.6.0", "keywords_in_refs rego_v1"],
  ["v1.12.0", "keywords_in_refs rego_v1 template_strings"],
  ["v1.22.0", "keywords_in_refs rego_v1 rego_v2 rego_v2_import template_strings"],
];

const futureKeywords: Since<string | undefined> = [
  ["v0.34.0", "in"],
  ["v0.38.0", "every in"],
  ["v0.42.0", "contains every if in"],
  ["v1.0.0", undefined],
  ["v1.17.0", "not"],
  ["v1.20.0", "and not or"],
];

const wasmAbi: Since<readonly number[]> = [
  ["v0.27.0", [1]],
  ["v0.31.0", [1, 2]],
];

/** The capabilities of a release, named as `v1.22.0`; undefined when there is no such release. */
export function release(name: string): Release | undefined {
  const at = releaseNames.indexOf(name);
  if (at < 0) return undefined;
  const isBefore = (other: string): boolean => at < releaseNames.indexOf(other);
  const last = <T>(list: Since<T>): T | undefined => list.findLast(([since]) => !isBefore(since))?.[1];
  const rows = builtins
    .filter((row) => !isBefore(addedIn.get(row.name) ?? releaseNames[0]!))
    .map((row) => asBefore(row, isBefore));
  return {
    builtins: new Map(rows.map((row) => [row.name, row])),
    features: new Set(last(features)?.split(" ") ?? []),
    futureKeywords: last(futureKeywords)?.split(" ") ?? [],
    wasmAbi: last(wasmAbi) ?? [],
  };
}

function asBefore(row: Builtin, isBefore: (release: string) => boolean): Builtin {
  let now = row;
  for (const { until, names, row: before } of earlier)
    if (isBefore(until) && names.split(" ").includes(row.name)) now = { ...now, ...before(now) };
  // OPA's files of capabilities name no arguments.
  return { ...now, args: now.args.map(({ type }) => unnamed(type)), result: now.result && unnamed(now.result.type) };
}

/** What is said of a version that is none. */
export function unknownRelease(version: string): string {
  return `there is no release ${version} of OPA`;
}
