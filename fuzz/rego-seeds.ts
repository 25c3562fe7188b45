// Valid modules to damage: those of the conformance cases, whole and with a package each.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const cases = "test-fixtures/conformance/rego/cases/v1";

interface CaseFile {
  readonly cases: readonly { readonly case: { readonly modules?: readonly string[] | null } }[];
}

/** The modules of the evaluation cases in v1, each once. */
export const regoModules: readonly string[] = [
  ...new Set(
    readdirSync(cases)
      .filter((name) => name.endsWith(".json") && !name.startsWith("_"))
      .flatMap((name) => (JSON.parse(readFileSync(join(cases, name), "utf8")) as CaseFile).cases)
      .flatMap((one) => one.case.modules ?? []),
  ),
];
