// `# TODO: …` and `# FIXME …`
import { fileRule } from "../../rule.ts";

export const todoComment = fileRule({
  name: "todo-comment",
  category: "style",
  description: "Avoid TODO and FIXME comments",
  check: ({ module }) => module.comments.filter(({ text }) => /^\s*(?:todo|fixme)/iu.test(text)),
});
