// strings.render_template: Go's text templates.
import { readJsonText } from "../json-text.ts";
import { writeTerm } from "../rego-text.ts";
import { renderTemplate } from "../template/render.ts";
import { RegoObject } from "../value.ts";
import { type Family, failure, operand } from "./builtin.ts";

export const templates: Family = {
  "strings.render_template": (args) => {
    const source = operand(args, 1, "string");
    // OPA reads the object's Rego text as JSON: what is Rego alone, such as a set, is no JSON.
    const read = readJsonText(writeTerm(operand(args, 2, "object")));
    if ("fault" in read) throw failure(read.fault);
    const rendered = renderTemplate(source, read.value instanceof RegoObject ? read.value : RegoObject.of([]));
    if ("fault" in rendered) throw failure(rendered.fault);
    return rendered.text;
  },
};
