// The one table of keywords: which words are keywords in which dialect, and which imports bring them.
import type { RegoVersion } from "./ast.ts";

const v0 = ["as", "default", "else", "false", "import", "not", "null", "package", "some", "true", "with"] as const;
const v1 = [...v0, "contains", "every", "if", "in"] as const;
const v2 = [...v1, "and", "or"] as const;

export type Keyword = (typeof v2)[number];

export const keywordsOf: Readonly<Record<RegoVersion, ReadonlySet<string>>> = {
  v0: new Set(v0),
  v1: new Set(v1),
  v2: new Set(v2),
};

/** What `import future.keywords.X` takes, in OPA's order; `every` brings `in` with it. */
export const futureKeywords = ["and", "contains", "every", "if", "in", "not", "or"] as const;
