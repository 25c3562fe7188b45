// What is wrong with a YAML text, in the words and with the line of the library that OPA reads it with.

export interface Mark {
  readonly index: number;
  /** From 0. */
  readonly line: number;
  /** From 0, in characters. */
  readonly column: number;
}

/** Thrown inside of this folder only; `readYaml` turns it into a value. */
export class YamlFault extends Error {}

/** A fault of scanning: the line of the context, or that of the place when the context stands on the first line. */
export function scanFault(problem: string, context: Mark | undefined, place: Mark): YamlFault {
  const line = context !== undefined && context.line > 0 ? context.line : place.line;
  return new YamlFault(line > 0 ? `yaml: line ${line + 1}: ${problem}` : `yaml: ${problem}`);
}

/** A fault of parsing counts its lines from 0. */
export function parseFault(problem: string, context: Mark | undefined, place: Mark): YamlFault {
  const line = context !== undefined && context.line > 0 ? context.line : place.line;
  return new YamlFault(line > 0 ? `yaml: line ${line}: ${problem}` : `yaml: ${problem}`);
}
