// Every change of the API: one transaction with the check of `If-Match`, the work, its audit event and the answer that a key keeps.
import type { Transaction } from "../../store/store.ts";
import type { Answer } from "./answer.ts";
import type { Call } from "./route.ts";

/** Thrown to end the transaction of a dry run: it did everything, and nothing of it stays. */
class DryRun extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super("dry run");
    this.answer = answer;
  }
}

export const isDryRun = ({ query }: Pick<Call, "query">): boolean => query.get("dryRun") === "true";

/**
 * Runs `work` in one transaction; with `?dryRun=true` it is undone and the answer tells what it would have been.
 * What `work` hands to `after` runs once the change is on the disk.
 */
export async function write(
  call: Call,
  work: (tx: Transaction, after: (then: () => void) => void) => Promise<Answer>,
): Promise<Answer> {
  let then: (() => void)[] = [];
  try {
    const answer = await call.rms.store.transaction(async (tx) => {
      then = [];
      await call.precondition(tx);
      const done = await work(tx, (next) => then.push(next));
      if (isDryRun(call)) throw new DryRun(done);
      await call.keep(tx, done);
      return done;
    });
    for (const next of then) next();
    return answer;
  } catch (error) {
    if (!(error instanceof DryRun)) throw error;
    const { body, headers } = error.answer;
    const shown = typeof body === "object" && body !== null ? body : {};
    return { status: 200, ...(headers === undefined ? {} : { headers }), body: { ...shown, dryRun: true } };
  }
}
