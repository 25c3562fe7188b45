// strings.render_template: Go's text templates.
import { readJsonText, writeJsonText } from "../json-text.ts";
import { renderTemplate } from "../template/render.ts";
import { RegoObject } from "../value.ts";
import { type Family, failure, operand } from "./builtin.ts";

export const templates: Family = {
  "strings.render_template": (args) => {
    const source = operand(args, 1, "string");
    // The data reach the template as JSON: sets as arrays, keys as texts.
    const read = readJsonText(writeJsonText(operand(args, 2, "object")));
    if ("fault" in read) throw failure(read.fault);
    const rendered = renderTemplate(source, read.value instanceof RegoObject ? read.value : RegoObject.of([]));
    if ("fault" in rendered) throw failure(rendered.fault);
    return rendered.text;
  },
};
