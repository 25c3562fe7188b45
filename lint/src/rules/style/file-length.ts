// Files of more lines than `max-file-length`.

import { fileRule } from "../../rule.ts";
import { wordRange } from "../../rule-places.ts";

export const fileLength = fileRule({
  name: "file-length",
  category: "style",
  description: "Max file length exceeded",
  options: { "max-file-length": 500 },
  check({ lines, module }, { "max-file-length": most }) {
    return lines.lineCount > most && module.package !== undefined ? [wordRange(module.package, "package")] : [];
  },
});
