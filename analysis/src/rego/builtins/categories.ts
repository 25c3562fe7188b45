// The categories that OPA names for builtins whose own names do not begin with one.

const members: Readonly<Record<string, string>> = {
  aggregates: "count max min product sort sum",
  comparison: "equal gt gte lt lte neq",
  conversions: "to_number",
  encoding:
    "base64.decode base64.encode base64.is_valid base64url.decode base64url.encode base64url.encode_no_pad hex.decode hex.encode json.is_valid json.marshal json.marshal_with_options json.unmarshal urlquery.decode urlquery.decode_object urlquery.encode urlquery.encode_object yaml.is_valid yaml.marshal yaml.unmarshal",
  graph: "walk",
  object: "json.filter json.match_schema json.patch json.remove json.verify_schema",
  "providers.aws": "providers.aws.sign_req",
  sets: "and intersection minus or union",
  numbers: "abs ceil div floor minus mul plus rand.intn rem round",
  strings:
    "concat contains endswith format_int indexof indexof_n lower replace split sprintf startswith strings.any_prefix_match strings.any_suffix_match strings.count strings.render_template strings.reverse strings.split_n substring trim trim_left trim_prefix trim_right trim_space trim_suffix upper",
  tokens:
    "io.jwt.decode io.jwt.decode_verify io.jwt.verify_eddsa io.jwt.verify_es256 io.jwt.verify_es384 io.jwt.verify_es512 io.jwt.verify_hs256 io.jwt.verify_hs384 io.jwt.verify_hs512 io.jwt.verify_ps256 io.jwt.verify_ps384 io.jwt.verify_ps512 io.jwt.verify_rs256 io.jwt.verify_rs384 io.jwt.verify_rs512",
  tokensign: "io.jwt.encode_sign io.jwt.encode_sign_raw",
  tracing: "trace",
  types: "is_array is_boolean is_null is_number is_object is_set is_string type_name",
};

const byName = new Map<string, string[]>();
for (const [category, names] of Object.entries(members))
  for (const name of names.split(" ")) byName.set(name, [...(byName.get(name) ?? []), category]);

/** In OPA's order; none for `time.now_ns` and its like. */
export const categoriesOf = (name: string): readonly string[] => byName.get(name) ?? [];
