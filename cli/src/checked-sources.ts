// A check of loaded policies beside loaded documents.
import type { Checked, CheckOptions } from "#analysis/rego/checked.ts";
import type { Sources } from "./load-flags.ts";

/** What `check` says of the policies; of bundles, whose documents are there after that, conflicts with documents only when it says nothing else. */
export function checkedBeside({ data, bundles }: Sources, check: (documents: Pick<CheckOptions, "hasData">) => Checked): Checked {
  const together = check({ hasData: (path) => data.forbids(path) });
  if (together.complete || bundles.length === 0) return together;
  const alone = check({});
  return alone.complete ? together : alone;
}
