// A decision that is undefined for a sample, though no expected decision beside the sample says so.
import { ruleName } from "../../names.ts";
import { decisionRule } from "../../rule.ts";
import { headRange } from "../../rule-places.ts";

export const sampleUndefined = decisionRule({
  name: "sample-undefined",
  category: "decision",
  description: "Decision is undefined for a sample",
  level: "ignore",
  evaluates: true,
  *decide({ files, entrypoints, evaluated }) {
    const told = new Set<string>();
    for (const file of files) {
      for (const rule of evaluated === undefined ? [] : file.module.rules) {
        const path = `data.${file.packageName}.${ruleName(rule)}`;
        if (!entrypoints.includes(path) || told.has(path)) continue;
        told.add(path);
        const [first, ...more] = evaluated!.undefinedFor(path);
        if (first === undefined) continue;
        const others = more.length === 0 ? "" : ` and ${more.length} more`;
        yield { file, range: headRange(rule), message: `Decision ${path} is undefined for ${first}${others}` };
      }
    }
  },
});
