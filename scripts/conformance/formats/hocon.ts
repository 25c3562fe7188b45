// The HOCON kit: JSON lines, each a virtual folder (or a real one) with the outcome of the reference library.
import { dirname } from "node:path";
import { type ExactJson, writeExact } from "../exact-json.ts";
import { type CaseFile, type CaseResult, type Format, isObject, text } from "../format.ts";
import { runHoconCase } from "../hocon.ts";
import type { HoconCase } from "../hocon-case.ts";

function isCase(value: ExactJson): boolean {
  return isObject(value) && isObject(value["expect"]) && ["files", "dir", "api"].some((key) => key in value);
}

export const hocon: Format = {
  name: "hocon",
  recognises: ({ lines, content }) => lines && Array.isArray(content) && content.length > 0 && content.every(isCase),
  *run(file: CaseFile): Iterable<CaseResult> {
    const folder = dirname(file.path);
    for (const one of file.content as readonly ExactJson[]) {
      const testCase = JSON.parse(writeExact(one)) as HoconCase;
      const { ok, error } = runHoconCase(testCase, folder);
      yield { id: text(testCase.id), outcome: ok ? "passed" : "failed", ...(error !== undefined && { why: error }) };
    }
  },
};
