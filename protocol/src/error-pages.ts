// Where a reader learns more about a finding: the section of `docs/errors.md` about its code.

/** The link of a finding's code, from a form such as `file:///…/errors.md#{code}`; undefined without a form. */
export function linkAbout(code: string, form: string | undefined): string | undefined {
  return form?.replace("{code}", code);
}

/** The section about a code, its heading included; undefined where there is none. */
export function sectionAbout(page: string, code: string): string | undefined {
  const start = `\n${page}`.indexOf(`\n## ${code}\n`);
  if (start < 0) return undefined;
  const end = page.indexOf("\n## ", start + 1);
  return page.slice(start, end < 0 ? page.length : end);
}

/** The codes that the page has sections about, in its order. */
export function codesIn(page: string): readonly string[] {
  return [...page.matchAll(/^## (\S+)$/gmu)].map(([, code = ""]) => code);
}
