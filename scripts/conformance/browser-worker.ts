// The worker that judges case files in a browser: the text of a file in, its results out.
import { parseCases } from "./case-file.ts";
import type { CaseResult } from "./format.ts";
import { regoFormats } from "./formats/rego.ts";

interface WorkerScope {
  onmessage: ((event: { readonly data: { readonly path: string; readonly source: string } }) => void) | null;
  /** The results, or what broke. */
  postMessage(answer: readonly CaseResult[] | string): void;
}

const scope = globalThis as unknown as WorkerScope;

scope.onmessage = ({ data: { path, source } }) => {
  judge(path, source).then(
    (results) => scope.postMessage(results),
    (error) => scope.postMessage(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  );
};

async function judge(path: string, source: string): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  const file = parseCases(path, source);
  const format = typeof file === "string" ? undefined : regoFormats.find((one) => one.recognises(file));
  if (typeof file !== "string" && format !== undefined) for await (const result of format.run(file)) results.push(result);
  return results;
}
