// A template and its data → text, as OPA renders it.
import type { RegoObject } from "../value.ts";
import { execute } from "./execute.ts";
import { TemplateFault } from "./fault.ts";
import { parseTemplate } from "./parser.ts";

/** The data is a JSON object; what is missing shows as `<undefined>`. Steps, nesting and the length of the text are bounded. */
export function renderTemplate(source: string, data: RegoObject): { readonly text: string } | { readonly fault: string } {
  try {
    return { text: execute(parseTemplate(source), source, data).replaceAll("<no value>", "<undefined>") };
  } catch (error) {
    if (error instanceof TemplateFault) return { fault: error.message };
    throw error;
  }
}
