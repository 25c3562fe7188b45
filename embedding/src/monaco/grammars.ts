// The grammars of the two languages.
import hocon from "../../../syntaxes/hocon.tmLanguage.json" with { type: "json" };
import rego from "../../../syntaxes/rego.tmLanguage.json" with { type: "json" };
import type { Grammar } from "./text-mate.ts";

export const grammars: Readonly<Record<"rego" | "hocon", Grammar>> = { rego, hocon };
