// `# title: …` in a block that does not begin with `# METADATA`: a comment like any other.
import { metadataAttributes } from "#analysis/rego/metadata-yaml.ts";
import { commentBlocks } from "../../comment-blocks.ts";
import { fileRule } from "../../rule.ts";

const attribute = new RegExp(`^\\s*(?:${[...metadataAttributes].join("|")})\\s*:`, "u");

export const annotationWithoutMetadata = fileRule({
  name: "annotation-without-metadata",
  category: "bugs",
  description: "Annotation without metadata",
  check: (file) =>
    commentBlocks(file)
      .filter(({ col, comments: [first] }) => col === 1 && attribute.test(first.text))
      .map(({ comments: [first] }) => first),
});
