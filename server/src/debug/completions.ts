// What can be typed into the debug console: variables, rules of the package, documents, builtins; behind a dot the keys of a value.

import { headName } from "#analysis/rego/tree/refs.ts";
import { RegoObject } from "#evaluation/value.ts";
import type { Frame } from "#features/debug/frames.ts";
import { isPlainName } from "#grammars/rego/print-terms.ts";
import type { Arguments } from "./protocol.ts";
import type { Questions } from "./questions.ts";
import type { Recorded } from "./recorder.ts";

interface Target {
  readonly label: string;
  readonly type: "variable" | "function" | "property" | "module";
}

const most = 200;

export async function completionsAt(
  { subject, debugger: one }: Recorded,
  questions: Questions,
  frame: Frame,
  sent: Arguments,
): Promise<readonly Target[]> {
  const text = (sent.text("text") ?? "").slice(0, Math.max(0, (sent.number("column") ?? 1) - 1));
  const [, path = "", begun = ""] = /((?:[A-Za-z_]\w*(?:\[[^\]]*\]|\.)*)*\.)?([A-Za-z_]*\w*)$/u.exec(text) ?? [];
  if (path !== "") {
    const told = await questions.at(path.slice(0, -1), frame.event);
    const entries = "value" in told && told.value instanceof RegoObject ? told.value.entries : [];
    const keys = entries.flatMap(([key]) => (typeof key === "string" && isPlainName(key) ? [key] : []));
    return keys
      .filter((key) => key.startsWith(begun))
      .slice(0, most)
      .map((label) => ({ label, type: "property" }));
  }
  const module = subject.checked.modules.find(({ file }) => file === frame.stop?.file);
  const rules = new Set(module?.source.rules.map(({ head }) => headName(head)) ?? []);
  const all: readonly Target[] = [
    ...[...one.frames.localsAt(frame.event).keys()].map((label): Target => ({ label, type: "variable" })),
    ...["input", "data"].map((label): Target => ({ label, type: "module" })),
    ...[...rules].map((label): Target => ({ label, type: "function" })),
    ...[...subject.checked.builtins.values()]
      .filter(({ name, infix }) => infix === undefined && !name.startsWith("internal."))
      .map(({ name }): Target => ({ label: name, type: "function" })),
  ];
  return all.filter(({ label }) => label.startsWith(begun)).slice(0, most);
}
