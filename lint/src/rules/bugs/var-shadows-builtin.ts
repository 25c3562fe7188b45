// A variable that is called like a builtin, or like what the names of some begin with: `count`, `http`.
import { builtinNamespaces } from "../../names.ts";
import { fileRule } from "../../rule.ts";
import { varsOfFile } from "../../rule-vars.ts";

export const varShadowsBuiltin = fileRule({
  name: "var-shadows-builtin",
  category: "bugs",
  description: "Variable name shadows built-in",
  check(file) {
    const taken = builtinNamespaces(file);
    return varsOfFile(file).flatMap(({ all }) =>
      all.filter(({ variable }) => taken.has(variable.name)).map(({ variable }) => variable),
    );
  },
});
