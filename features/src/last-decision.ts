// What live evaluation found last for a rule, as its hover tells it.

export interface LastDecision {
  readonly kind: "value" | "undefined" | "error";
  /** The value as indented JSON text, or what went wrong. */
  readonly text: string;
  /** The name of the sample input; undefined where there was none. */
  readonly input: string | undefined;
}

/** As Markdown: the decision always with the input it belongs to. */
export function lastDecisionMarkdown({ kind, text, input }: LastDecision): string {
  const where = input === undefined ? "without an input" : `for \`${input}\``;
  switch (kind) {
    case "value":
      return `Last value ${where}:\n\`\`\`json\n${text}\n\`\`\``;
    case "undefined":
      return `Undefined ${where}`;
    case "error":
      return `Last evaluation ${where}: ${text}`;
  }
}
