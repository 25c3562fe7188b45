// Which tests `--run` names: a pattern of Go's regular expressions, read by the engine of the Wasm runtime.
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { createInstance } from "#evaluation/instance.ts";
import { parseModule } from "#grammars/rego/parse.ts";

export interface TestFilter {
  test(name: string): boolean;
}

/** What both Go and JavaScript read alike, which is most of what is asked for. */
const isSimple = /^\^?[\w.|#-]+\$?$/u;

const policy = "package filter\n\nmatch := regex.match(input[0], input[1])\n";

/** The filter, or what Go says to the pattern. */
export function testFilter(pattern: string): TestFilter | string {
  if (isSimple.test(pattern)) return new RegExp(pattern);
  const { module } = compile(checkModules([parseModule(policy, { file: "filter.rego" })]), { entrypoints: ["filter/match"] });
  if (module === undefined) throw new Error("the policy of test filters does not compile");
  const instance = createInstance(module, { now: () => 0n });
  const ask = (name: string) => instance.evaluate("filter/match", JSON.stringify([pattern, name]));
  const [fault] = ask("").builtinErrors;
  if (fault !== undefined) return fault.message.replace(/^regex\.match: /u, "");
  return {
    test: (name) => {
      const outcome = ask(name);
      return outcome.kind === "result" && outcome.text.includes("true");
    },
  };
}
