// The thread that answers questions, on a reading store of its own.
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { Blobs } from "../store/blobs.ts";
import { openSqliteStore } from "../store/sqlite/store.ts";
import { answerAccess } from "./answer-access.ts";
import { Decider } from "./answer-decision.ts";
import { answerImpact } from "./answer-impact.ts";
import { answerRender } from "./answer-render.ts";
import { library } from "./library.ts";
import type { Answers, Question } from "./questions.ts";
import type { Reply } from "./worker-pool.ts";

const { folder } = workerData as { readonly folder: string };
const store = openSqliteStore(join(folder, "rms.db"));
const source = { store, blobs: new Blobs(join(folder, "blobs")), library };
const decider = new Decider(source);

parentPort?.on("message", async (question: Question) => {
  parentPort?.postMessage(await reply(question));
});

async function reply(question: Question): Promise<Reply<Answers[keyof Answers]>> {
  try {
    return { result: await answer(question) };
  } catch (error) {
    if (error instanceof RangeError && /call stack/i.test(error.message)) return { fault: "it is nested too deep" };
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

function answer(question: Question): Answers[keyof Answers] | Promise<Answers[keyof Answers]> {
  switch (question.kind) {
    case "impact":
      return answerImpact(source, question);
    case "decision":
      return decider.decide(question);
    case "render":
      return answerRender(store, question);
    case "access":
      return answerAccess(store, question);
  }
}
