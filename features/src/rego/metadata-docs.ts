// What the keys of METADATA mean: for hover and completion.
export const metadataDocs: Readonly<Record<string, string>> = {
  title: "A short name of what stands below, for readers and for `data` that lists policies.",
  description: "What the rule or package decides, in as many sentences as it takes.",
  scope:
    "What the block is about: `rule` (the default above a rule), `document` (all rules of this name), `package` (the default above a package) or `subpackages` (this package and those below).",
  entrypoint:
    "`true` makes the rule, or the package, one that programs ask: bundles are built for it, and its decisions are compared before a publish.",
  related_resources: "Pages that say more: a list of URLs, or of `ref` and `description`.",
  authors: "Who wrote it: a list of `Name <mail>`, or of `name` and `email`.",
  organizations: "The organizations behind it: a list of names.",
  schemas:
    "JSON Schemas of what the rule reads: a list of `path: schema.name`, or of `path: { … }` with the schema in place. The type checker uses them.",
  custom: "Anything else, by names of your own; policies read it with `rego.metadata.rule()` and `rego.metadata.chain()`.",
};
