// Which category each rule of Regal is in: the address of a rule's page names it.

const categories: Readonly<Record<string, string>> = {
  bugs: "annotation-without-metadata argument-always-wildcard constant-condition deprecated-builtin duplicate-rule if-empty-object if-object-literal import-shadows-rule impossible-not inconsistent-args internal-entrypoint invalid-metadata-attribute invalid-regexp leaked-internal-reference not-equals-in-loop redundant-existence-check redundant-loop-count rule-assigns-default rule-named-if rule-shadows-builtin sprintf-arguments-mismatch time-now-ns-twice top-level-iteration unassigned-return-value unused-output-variable var-shadows-builtin zero-arity-function",
  custom:
    "chained-rule-body disallow-rego-v1 forbidden-function-call missing-metadata naming-convention narrow-argument one-liner-rule prefer-value-in-head",
  idiomatic:
    "ambiguous-scope boolean-assignment custom-has-key-construct custom-in-construct directory-package-mismatch equals-pattern-matching in-wildcard-key no-defined-entrypoint non-raw-regex-pattern prefer-equals-comparison prefer-set-or-object-rule single-item-in superfluous-object-get use-array-flatten use-contains use-if use-in-operator use-object-keys use-object-union-n use-some-for-output-vars use-strings-count",
  imports:
    "avoid-importing-input circular-import confusing-alias ignored-import implicit-future-keywords import-after-rule import-shadows-builtin import-shadows-import pointless-import prefer-package-imports redundant-alias redundant-data-import unresolved-import unresolved-reference use-rego-v1",
  performance: "defer-assignment equals-over-count non-loop-expression walk-no-path with-outside-test-context",
  style:
    "avoid-get-and-list-prefix comprehension-term-assignment default-over-else default-over-not detached-metadata double-negative external-reference file-length function-arg-return line-length messy-rule mixed-iteration no-whitespace-comment opa-fmt pointless-reassignment prefer-snake-case prefer-some-in-iteration rule-length rule-name-repeats-package todo-comment trailing-default-rule unconditional-assignment unnecessary-some use-assignment-operator yoda-condition",
  testing:
    "dubious-print-sprintf file-missing-test-suffix identically-named-tests metasyntactic-variable print-or-trace-call test-outside-test-package todo-test",
};

const categoryOf = new Map(
  Object.entries(categories).flatMap(([category, rules]) => rules.split(" ").map((rule) => [rule, category] as const)),
);

/** The page about a rule; for names that Regal does not have, the list of all. */
export function pageOfRule(rule: string): string {
  const category = categoryOf.get(rule);
  const all = "https://www.openpolicyagent.org/projects/regal/rules";
  return category === undefined ? all : `${all}/${category}/${rule}`;
}
