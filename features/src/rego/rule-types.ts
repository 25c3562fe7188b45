// The types that the checker finds for rules, as far as they tell their reader something.
import type { Maybe } from "#analysis/rego/types/type.ts";
import type { Term } from "#grammars/rego/ast.ts";
import type { Project } from "#workspace/project.ts";
import { typeText } from "./faults/type-words.ts";

/** Characters of all policies up to which they are checked for a hover alone. */
const small = 300_000;
const longest = 120;

/** The type of what stands at a path below `data`, where `*` is any element, such as `set of string`; undefined where nothing is known, or only `any`. */
export function typeAt(project: Project, path: readonly string[]): string | undefined {
  const ready = project.isChecked || project.policies.reduce((sum, file) => sum + file.text.length, 0) <= small;
  const types = ready ? project.checked.compilation.types : undefined;
  if (types === undefined) return undefined;
  const at = { start: 0, end: 0 };
  const parts: Term[] = path.map((part, index) =>
    index === 0 || part === "*" ? { kind: "var", name: part, ...at } : { kind: "string", value: part, ...at },
  );
  return readable(types.typeOfRef(parts));
}

function readable(type: Maybe): string | undefined {
  if (type === undefined || (type.kind === "any" && type.of.length === 0)) return undefined;
  const text = typeText(type.kind === "function" ? type.result : type);
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
