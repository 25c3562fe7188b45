// Evaluates a query once more with an ear for its course: which error OPA's interpreter meets first, and which queries were open then.
import { CourseListener, courseRequest } from "#evaluation/course.ts";
import type { Explained } from "#evaluation/explanation-text.ts";
import type { EvaluateOptions, EvaluationError, Instance, Outcome } from "#evaluation/instance.ts";
import { isRepeatable, type StackFrame, stackFrames } from "#evaluation/stack-trace.ts";
import { unheardCases, withTestCases } from "#evaluation/test-cases.ts";
import { type ErrorItem, stackOf } from "../errors.ts";
import { evaluationItem } from "./evaluation-item.ts";
import { compileQuestion, evaluateQuestion, explainedBy, instanceOf, type Question } from "./question.ts";

/** Marks that are gone through for the queries that were open at errors of builtins. */
const mostRetold = 2_000_000;

function isEndless(ended: Outcome): boolean {
  return ended.kind === "error" && !isRepeatable(ended.error);
}

/** An evaluation that tells its course. */
interface Heard {
  readonly course: CourseListener;
  readonly explained: Explained;
  readonly instance: Instance;
}

export class Retelling {
  readonly #question: Question;
  readonly #texts: ReadonlyMap<string, string>;

  constructor(question: Question) {
    this.#question = question;
    this.#texts = new Map([{ file: "", text: question.text }, ...question.modules].map(({ file, text }) => [file, text]));
  }

  /** An error that ended an evaluation, as OPA's interpreter meets it first, with the queries that were open then. */
  error(found: EvaluationError, options: EvaluateOptions): ErrorItem {
    const heard = isRepeatable(found) ? this.#hear(options) : undefined;
    if (heard?.ended.kind !== "error") return evaluationItem(found, this.#question.text);
    const { error } = heard.ended;
    const told = isRepeatable(error) ? error : found;
    return { ...evaluationItem(told, this.#question.text), ...stackOf(this.#frames(heard, told)) };
  }

  /**
   * Errors of builtins beside what was found, or beside the error that ended the evaluation: as OPA's
   * interpreter meets them, with the queries that were open at each, as far as they are retold in a short time.
   */
  builtinErrors(found: readonly EvaluationError[], hasEnded: boolean, options: EvaluateOptions): readonly ErrorItem[] {
    if (found.length === 0 && !hasEnded) return [];
    const stacks: (readonly StackFrame[])[] = [];
    let left = mostRetold;
    const note = (heard: Heard): void => {
      while (stacks.length < heard.instance.complaints()) {
        left -= heard.course.count;
        stacks.push(left < 0 ? [] : this.#frames(heard));
      }
    };
    const heard = this.#hear(options, note);
    if (heard !== undefined) note(heard);
    const errors = heard === undefined || isEndless(heard.ended) ? found : heard.ended.builtinErrors;
    return errors.map((one, at) => ({ ...evaluationItem(one, this.#question.text), ...stackOf(stacks[at] ?? []) }));
  }

  #frames({ explained, course }: Heard, error?: EvaluationError): readonly StackFrame[] {
    return stackFrames(explained, course, (file) => this.#texts.get(file), error);
  }

  /** `before` is called before each mark is heard. */
  #hear(options: EvaluateOptions, before: (heard: Heard) => void = () => {}): (Heard & { readonly ended: Outcome }) | undefined {
    const { checked, data } = this.#question;
    const policies = withTestCases(checked, (rule) => rule);
    const { module } = compileQuestion(this.#question, policies, courseRequest);
    if (module === undefined) return undefined;
    const course = new CourseListener(module);
    const onMark = (mark: number): void => {
      before(heard);
      course.onMark(mark);
    };
    const instance = instanceOf(this.#question, module, unheardCases, { onMark });
    course.attach(instance);
    instance.setData(data);
    const heard: Heard = { course, explained: explainedBy(this.#question, policies, module), instance };
    return { ...heard, ended: evaluateQuestion(this.#question, instance, options) };
  }
}
