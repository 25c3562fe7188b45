// Where a reader learns more about a finding: OPA's page about the message, else its list of errors; HOCON's specification.
import type { Diagnostic } from "#grammars/diagnostic.ts";

const opaPages = "https://www.openpolicyagent.org/docs/errors";
const hoconPage = "https://github.com/lightbend/config/blob/main/HOCON.md";

/** Pages that OPA's documentation has about single messages, by code and form of the message. */
const pages: readonly (readonly [code: string, message: RegExp, page: string])[] = [
  ["rego_unsafe_var_error", /./u, "rego-unsafe-var-error/var-name-is-unsafe"],
  ["rego_recursion_error", /./u, "rego-recursion-error/rule-name-is-recursive"],
  ["rego_type_error", /arity mismatch/u, "rego-type-error/arity-mismatch"],
  ["rego_type_error", /^conflicting rules/u, "rego-type-error/conflicting-rules-name-found"],
  ["rego_type_error", /has arity/u, "rego-type-error/function-has-arity-got-argument"],
  ["rego_type_error", /^match error/u, "rego-type-error/match-error"],
  ["rego_type_error", /^multiple default rules/u, "rego-type-error/multiple-default-rules-name-found"],
  ["rego_type_error", /^unsafe built-in/u, "rego-type-error/unsafe-built-in-function-calls-in-expression-name"],
  ["rego_compile_error", /^assigned var .* unused/u, "rego-compile-error/assigned-var-name-unused"],
  ["rego_parse_error", /unexpected assign token/u, "rego-parse-error/unexpected-assign-token"],
  ["rego_parse_error", /unexpected identifier token/u, "rego-parse-error/unexpected-identifier-token"],
  ["rego_parse_error", /unexpected \{ token/u, "rego-parse-error/unexpected-left-curly-token"],
  ["rego_parse_error", /unexpected \} token/u, "rego-parse-error/unexpected-right-curly-token"],
  ["rego_parse_error", /unexpected string token/u, "rego-parse-error/unexpected-string-token"],
  ["rego_parse_error", /unexpected \w+ keyword/u, "rego-parse-error/unexpected-name-keyword"],
  ["rego_parse_error", /var cannot be used for rule name/u, "rego-parse-error/var-cannot-be-used-for-rule-name"],
];

/** The page about a finding; undefined for findings of our own. */
export function pageAbout({ code, message, explanation }: Diagnostic): string | undefined {
  if (code.startsWith("hocon_")) return hoconPage;
  if (!code.startsWith("rego_")) return undefined;
  const said = `${message}\n${explanation ?? ""}`;
  const page = pages.find(([of, form]) => of === code && form.test(said))?.[2];
  return page === undefined ? opaPages : `${opaPages}/${page}`;
}
