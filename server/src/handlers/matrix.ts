// The decision matrix of a project, with progress, until it is not wanted any more.
import type * as messages from "#protocol/messages.ts";
import type { Asking } from "../asking.ts";
import type { Inputs } from "../inputs.ts";
import { Matrix } from "../matrix.ts";
import { type Cancellation, codes, RequestError } from "../rpc/connection.ts";
import type { Session } from "../session.ts";
import { placeOf } from "./asked-place.ts";

export function matrixRequest(session: Session, asking: Asking, inputs: Inputs) {
  const matrix = new Matrix(session, asking, inputs);
  return async (params: messages.MatrixParams, cancellation?: Cancellation): Promise<messages.MatrixResult> => {
    const { project } = await placeOf(session, params.uri);
    const abort = new AbortController();
    cancellation?.onCancel(() => abort.abort());
    const token = params.workDoneToken;
    const decided = (count: number, all: number): void => {
      if (token === undefined) return;
      session.connection.notify("$/progress", { token, value: { decided: count, all } satisfies messages.MatrixProgress });
    };
    try {
      return await matrix.decide(project, params, { signal: abort.signal, decided });
    } catch (error) {
      if (abort.signal.aborted) throw new RequestError("the decisions are not wanted any more", codes.requestCancelled);
      throw error;
    }
  };
}
