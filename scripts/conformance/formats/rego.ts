// The formats of the Rego kits: all that they need stands in the case file, so they run in a browser, too.
import type { Format } from "../format.ts";
import { builtinProbes } from "./builtin-probes.ts";
import { diagnostics } from "./diagnostics.ts";
import { evaluation } from "./evaluation.ts";
import { formatter, trees } from "./formatter.ts";

export const regoFormats: readonly Format[] = [evaluation, builtinProbes, diagnostics, trees, formatter];
