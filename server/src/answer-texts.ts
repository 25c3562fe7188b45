// What an answer is: for comparing with expectations, and in words.
import { fullText, shortText } from "#features/live.ts";
import type { LiveRule } from "#protocol/messages.ts";
import type { Decision } from "#workspace/expected.ts";
import type { Answer } from "./evaluator.ts";

export type AnswerTexts = Pick<LiveRule, "text" | "full" | "kind">;

/** What an answer is for comparing with expectations. */
export function decisionOf(answer: Answer): Decision {
  switch (answer.kind) {
    case "value":
    case "solutions":
      return { kind: "value", value: JSON.parse(answer.json) };
    case "undefined":
      return { kind: "undefined" };
    case "error":
      return { kind: "error", code: answer.error.code, message: answer.error.message };
  }
}

export function textsOf(answer: Answer, gathered = false): AnswerTexts {
  switch (answer.kind) {
    case "value":
    case "solutions":
      return { kind: "value", text: shortText(answer.json, gathered), full: fullText(answer.json) };
    case "undefined": {
      const errors = answer.builtinErrors.map((error) => error.message);
      return { kind: "undefined", text: "undefined", full: ["undefined", ...errors].join("\n") };
    }
    case "error": {
      const [first] = answer.error.message.split("\n");
      return { kind: "error", text: `error: ${first}`, full: `${answer.error.code}: ${answer.error.message}` };
    }
  }
}

/** Of a question that was not asked. */
export function unanswered(problem: string): AnswerTexts {
  return { kind: "error", text: `error: ${problem}`, full: problem };
}

export function expectedText(
  outcome:
    | { readonly kind: "value"; readonly value: unknown }
    | { readonly kind: "undefined" }
    | { readonly kind: "error"; readonly code: string },
): string {
  if (outcome.kind === "value") return shortText(JSON.stringify(outcome.value));
  return outcome.kind === "undefined" ? "undefined" : `error ${outcome.code}`;
}
