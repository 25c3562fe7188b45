// Makes the generated sources (`*.generated.ts`) that tests and builds import; each step is skipped when its inputs did not change.
import { buildRuntime } from "./build-runtime.ts";
import { embedRmsLibrary } from "./embed-rms-library.ts";
import { listLintRules } from "./list-lint-rules.ts";

await buildRuntime();
embedRmsLibrary();
listLintRules();
