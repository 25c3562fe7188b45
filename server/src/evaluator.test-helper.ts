// The real engine in the process of the test.
import { answerApart, answerJob, type JobAnswer, loadModule } from "./evaluate-job.ts";
import { type EvaluationJob, EvaluationTimeout, type Evaluator } from "./evaluator.ts";

export const evaluator: Evaluator = {
  run: (job) => {
    const answer = answerHere(job);
    return {
      answer:
        "answers" in answer
          ? Promise.resolve(answer)
          : Promise.reject("fault" in answer ? new Error(answer.fault) : new EvaluationTimeout(0, answer.stoppedAt)),
      stop: () => undefined,
    };
  },
  dispose: () => undefined,
};

function answerHere(job: EvaluationJob): JobAnswer {
  const ports = { clock: () => performance.now(), cancelled: () => false };
  const apart = answerApart(job.module, job.data, job, ports);
  if (apart !== undefined) return apart;
  const instance = loadModule(job.module);
  instance.setData(job.data);
  return answerJob(instance, job, ports);
}
