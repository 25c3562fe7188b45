// The input of a query: a file of any of our languages, or what stands in stdin.
import { refusedNumber } from "#grammars/text/number-limits.ts";
import type { Invocation } from "../command.ts";
import { assignedInput, readInput } from "../input.ts";
import { jsonValue, yamlTextOf, yamlValue } from "../load-parts.ts";

export type QueryInput = { readonly json: string | undefined } | { readonly fault: string };

export async function readQueryInput(call: Invocation): Promise<QueryInput> {
  if (call.on("stdin-input")) return asInput(await call.io.readStdin());
  const path = call.flag("input")?.replace(/^file:\/\//u, "");
  if (path === undefined) return assignedInput(call) ?? { json: undefined };
  const kind = call.io.kind(path);
  if (kind === undefined) return { fault: `open ${path}: no such file or directory` };
  if (kind === "folder") return { fault: `read ${path}: is a directory` };
  const read = readInput(call, path);
  if (!("fault" in read) || /\.(?:conf|hocon)$/u.test(path) || call.all("input-set").length > 0) return read;
  // OPA reads any input as YAML, whatever its name is.
  const bytes = call.io.readFile(path);
  const again = asInput(new TextDecoder().decode(bytes), yamlTextOf(bytes));
  return "fault" in again && read.fault !== "" && !/\.(?:json|ya?ml)$/u.test(path) ? read : again;
}

function asInput(text: string, asYaml = text): QueryInput {
  const json = jsonValue(text);
  if (!("fault" in json)) return takenInput(text);
  const yaml = yamlValue(asYaml);
  if (!("fault" in yaml)) return takenInput(yaml.text);
  return { fault: `unable to parse input: ${yaml.fault.replace("error converting YAML to JSON: ", "")}` };
}

function takenInput(json: string): QueryInput {
  const refused = refusedNumber(json);
  return refused === undefined ? { json } : { fault: `unable to process input: invalid number: ${refused.fault}` };
}
