// YAML text → JSON text, read as OPA reads its YAML.
import { writeJsonText } from "#evaluation/json-text.ts";
import { readYaml } from "#evaluation/yaml/read.ts";

export interface YamlFault {
  /** UTF-16 offset in the YAML text: the line that the fault names, the start without one. */
  readonly offset: number;
  readonly message: string;
}

export type YamlOutcome = { readonly json: string } | { readonly fault: YamlFault };

/** Converts the one document of `text`; several documents are a fault. */
export function yamlToJson(text: string): YamlOutcome {
  const read = readYaml(text);
  if ("fault" in read) return { fault: placed(read.fault, text) };
  if (read.documents > 1) {
    return { fault: { offset: secondDocument(text), message: "only one YAML document is allowed in a file" } };
  }
  return { json: writeJsonText(read.value) };
}

function placed(fault: string, text: string): YamlFault {
  const [, line, message] = /^yaml: (?:line (\d+): )?(.*)$/su.exec(fault) ?? [undefined, undefined, fault];
  return { offset: line === undefined ? 0 : startOfLine(text, Number(line)), message: message ?? fault };
}

/** The library counts lines from 0 or from 1, by the kind of fault; beyond the end it means the last one. */
function startOfLine(text: string, line: number): number {
  const lines = text.split("\n");
  return lines.slice(0, Math.min(line, lines.length) - 1).reduce((sum, one) => sum + one.length + 1, 0);
}

function secondDocument(text: string): number {
  const marks = [...text.matchAll(/^---(?=\s|$)/gmu)].map(({ index }) => index);
  return marks.find((at) => /^\s*[^\s#%]/mu.test(text.slice(0, at))) ?? 0;
}
