// An attribute of a METADATA block that OPA does not know: it belongs below `custom`.
import { metadataAttributes } from "#analysis/rego/metadata-yaml.ts";
import { commentBlocks } from "../../comment-blocks.ts";
import { fileRule } from "../../rule.ts";
import { yamlKeys } from "../../yaml-keys.ts";

export const invalidMetadataAttribute = fileRule({
  name: "invalid-metadata-attribute",
  category: "bugs",
  description: "Invalid attribute in metadata annotation",
  *check(file) {
    for (const { comments } of commentBlocks(file)) {
      const [first, ...lines] = comments;
      if (!/^\s*METADATA/u.test(first.text)) continue;
      if (!lines.some(({ text }) => isUnknown(/^ (\S.*?):(?:\s|$)/u.exec(text)?.[1]))) continue;
      const unknown = yamlKeys(lines.map(({ text }) => text).join("\n")).filter(isUnknown);
      for (const key of unknown) {
        const line = comments.find(({ text }) => text.startsWith(` ${key}:`));
        if (line !== undefined) yield line;
      }
    }
  },
});

function isUnknown(key: string | undefined): boolean {
  return key !== undefined && !metadataAttributes.has(key);
}
