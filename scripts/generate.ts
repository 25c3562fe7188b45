// Makes the generated sources (`*.generated.ts`) that tests and builds import; each step is skipped when its inputs did not change.
import { buildRuntime } from "./build-runtime.ts";
import { embedConsole, embedLibraries } from "./embed-libraries.ts";
import { listLintRules } from "./list-lint-rules.ts";

await buildRuntime();
embedLibraries();
embedConsole();
listLintRules();
