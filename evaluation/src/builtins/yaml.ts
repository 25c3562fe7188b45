// yaml.*: YAML text to values and back.

import { invalidLiteral, unwritableNumber } from "../unwritable-number.ts";
import type { Value } from "../value.ts";
import { readYaml, writeYaml } from "../yaml/read.ts";
import { type Family, failure, operand } from "./builtin.ts";

export const yaml: Family = {
  "yaml.unmarshal": (args) => {
    const read = readYaml(operand(args, 1, "string"));
    if ("fault" in read) throw failure(read.fault);
    return read.value;
  },

  "yaml.is_valid": ([text]: readonly Value[]) => typeof text === "string" && "value" in readYaml(text),

  "yaml.marshal": ([value = null]: readonly Value[]) => {
    const unwritable = unwritableNumber(value);
    if (unwritable !== undefined) {
      const why = invalidLiteral(unwritable.text);
      throw failure(unwritable.isKey ? why : `error marshaling into JSON: ${why}`);
    }
    const written = writeYaml(value);
    if ("fault" in written) throw failure(written.fault);
    return written.text;
  },
};
