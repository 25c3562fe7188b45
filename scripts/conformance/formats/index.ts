// The formats that the runner knows; a file belongs to the first that recognises it.
import type { Format } from "../format.ts";
import { builtinProbes } from "./builtin-probes.ts";
import { diagnostics } from "./diagnostics.ts";
import { evaluation } from "./evaluation.ts";
import { formatter, trees } from "./formatter.ts";
import { hocon } from "./hocon.ts";

export const formats: readonly Format[] = [evaluation, builtinProbes, diagnostics, trees, formatter, hocon];
