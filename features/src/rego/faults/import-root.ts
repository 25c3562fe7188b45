// `import foo.bar`: imports start at one of four roots.
import type { FaultKind } from "./fault.ts";

export const importRoot: FaultKind = ({ parsed: { text }, error: { range, message } }) => {
  if (!message.startsWith("unexpected import path, must begin with one of")) return [];
  const path = text.slice(range.start, range.end);
  const root = /^\w+/u.exec(path)?.[0] ?? path;
  return [
    {
      range: { start: range.start, end: range.start + root.length },
      message: `imports start with \`data\`, \`input\`, \`rego\` or \`future\`: did you mean \`data.${path}\`?`,
      title: `Use \`data.${path}\``,
      repair: [{ range: { start: range.start, end: range.start }, newText: "data." }],
      certain: true,
    },
  ];
};
