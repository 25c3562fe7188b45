// The command of the older server, for clients written for it: one JSON text in, the result shown inline by a notification where they can.
import { type Cancellation, codes, RequestError } from "../rpc/connection.ts";
import type { Session } from "../session.ts";
import type { EvaluationRequests } from "./evaluation.ts";

export async function regalEval(
  { capabilities, connection }: Session,
  evaluate: EvaluationRequests["evaluate"],
  argument: unknown,
  cancellation: Cancellation,
): Promise<unknown> {
  const asked = parseArgument(argument);
  if (asked === undefined) throw new RequestError("regal.eval takes one JSON text: { target, path, row }", codes.invalidParams);
  const { target, path, row } = asked;
  const result = await evaluate({ uri: target, query: path }, cancellation);
  const value: unknown = result.value === undefined ? (result.error ?? {}) : JSON.parse(result.value);
  const shown = { value, isUndefined: result.undefined === true, printOutput: {} };
  const experimental = capabilities.experimental as { inlineEvalProvider?: boolean } | undefined;
  if (experimental?.inlineEvalProvider === true)
    connection.notify("regal/showEvalResult", { line: row ?? 1, target: path, package: path, result: shown });
  return shown;
}

function parseArgument(argument: unknown): { target: string; path: string; row?: number } | undefined {
  if (typeof argument !== "string") return undefined;
  try {
    const asked = JSON.parse(argument) as { target?: unknown; path?: unknown; row?: unknown } | null;
    if (typeof asked?.target !== "string" || typeof asked.path !== "string") return undefined;
    return { target: asked.target, path: asked.path, ...(typeof asked.row === "number" ? { row: asked.row } : {}) };
  } catch {
    return undefined;
  }
}
