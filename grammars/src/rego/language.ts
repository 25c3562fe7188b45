// What of the language an OPA has: an older one refuses what came later.
import { futureKeywords, keywordsOf } from "./keywords.ts";

/** As capabilities files say it, in OPA's words: `rego_v1`, `template_strings`, … */
export interface Language {
  readonly features: ReadonlySet<string>;
  /** Keywords that can be imported. */
  readonly futureKeywords: readonly string[];
}

/** The keywords that `future` has: those of v1 are there wherever v1 is. */
export function importable(language: Language | undefined): readonly string[] {
  if (language === undefined) return futureKeywords;
  const isOfV1 = (word: string): boolean => keywordsOf.v1.has(word) && !keywordsOf.v0.has(word);
  const isV1 = language.features.has("rego_v1");
  return futureKeywords.filter((word) => language.futureKeywords.includes(word) || (isV1 && isOfV1(word)));
}

/** True when the language has one of the features. */
export function hasFeature(language: Language | undefined, ...names: readonly string[]): boolean {
  return language === undefined || names.some((name) => language.features.has(name));
}
