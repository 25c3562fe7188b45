// `npm run fuzz -- engine --optimised`: a real OPA decides the entrypoints of a program and those of what `build -O` makes of it alike.
import type { Checked } from "#analysis/rego/checked.ts";
import { optimisedPolicies } from "#cli/bundle-build/optimised.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import type { Random } from "../random.ts";
import type { Oracle } from "./oracle.ts";
import type { FuzzProgram } from "./program.ts";
import { type Answer, type Answers, type Question, questionsOf } from "./questions.ts";

export interface Compared {
  /** True where rules were written anew that are more than moved. */
  readonly isChanged: boolean;
  /** The first question that is decided otherwise. */
  readonly wrong: { readonly path: string; readonly plain: Answer; readonly optimised: Answer } | undefined;
}

/** Most rules of the program are its entrypoints, sometimes its package too. */
export async function compareOptimised(one: FuzzProgram, checked: Checked, oracle: Oracle, random: Random): Promise<Compared> {
  const path = one.package.replaceAll(".", "/");
  const rules = one.rules.filter(() => random.below(3) > 0);
  const isWhole = random.below(4) === 0;
  const modules = one.dealt.map((text, at) => parseModule(text, { file: `m${at}`, version: "v1" }));
  const optimised = optimisedPolicies(checked, {
    modules,
    entrypoints: [...rules.map((rule) => `${path}/${rule}`), ...(isWhole ? [path] : [])],
    roots: [""],
    data: one.data,
    options: { printing: true },
  });
  const texts = optimised.modules.map(({ text }) => text);
  const asked = { ...one, rules: isWhole ? one.rules : rules };
  const before = await oracle.ask(asked);
  const after = await oracle.ask({ ...asked, texts, dealt: texts });
  for (const question of questionsOf(asked)) {
    if (!isWhole && question.path === one.package) continue;
    const [plain, other] = [answerTo(before, question), answerTo(after, question)];
    if (plain === undefined || other === undefined) continue;
    const isUndecided = optimised.undecided.includes(question.path.replaceAll(".", "/"));
    if (!isSame(plain, other) || (isUndecided && plain.kind !== "undefined"))
      return { isChanged: true, wrong: { path: question.path, plain, optimised: other } };
  }
  const lines = new Set(one.dealt.flatMap((text) => text.split("\n")));
  const isChanged = texts.some((text) => text.split("\n").some((line) => !lines.has(line)));
  return { isChanged, wrong: undefined };
}

function answerTo(answers: Answers, { path, input, strict }: Question): Answer | undefined {
  return [...answers].find(([one]) => one.path === path && one.input === input && one.strict === strict)?.[1];
}

/** Places are other ones, and which of several errors is met first. */
function isSame(plain: Answer, optimised: Answer): boolean {
  if (plain.kind === "error" && optimised.kind === "error") return plain.code === optimised.code;
  if (plain.kind === "value" && optimised.kind === "value") return plain.text === optimised.text;
  // A builtin that OPA gives what it has not evaluated yet.
  if (plain.kind === "error" && plain.message.includes("requires evaluation")) return true;
  return plain.kind === optimised.kind;
}
