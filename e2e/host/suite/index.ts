// The tests module that VS Code's extension host runs: mocha over the suites beside, each result on a line that the runner can tell from others.
import Mocha from "mocha";
import { around } from "./around.ts";
import { crash } from "./crash.ts";
import { debugging } from "./debugging.ts";
import { files } from "./files.ts";
import { hocon } from "./hocon.ts";
import { keys } from "./keys.ts";
import { linted } from "./linting.ts";
import { rego } from "./rego.ts";
import { typing } from "./typing.ts";

/** Marks the lines of the suite among everything else that the workbench logs. */
const mark = "▸ ";

function say(text: string): void {
  for (const line of text.split("\n")) console.log(`${mark}${line}`);
}

class Report extends Mocha.reporters.Base {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    let good = 0;
    let bad = 0;
    runner.on("pass", (test) => {
      good++;
      say(`ok    ${test.fullTitle()} (${test.duration} ms)`);
    });
    runner.on("fail", (test, error) => {
      bad++;
      say(`FAIL  ${test.fullTitle()}\n${(error as Error).stack ?? String(error)}`);
    });
    runner.on("end", () => say(`${good} passed, ${bad} failed`));
  }
}

/** Called by VS Code; a rejection is a failed run. */
export function run(): Promise<void> {
  return new Promise((passed, failed) => {
    const mocha = new Mocha({ ui: "tdd", timeout: 180_000, reporter: Report });
    for (const suite of [rego, linted, hocon, typing, keys, files, debugging, around, crash]) suite(mocha);
    mocha.run((failures) => (failures === 0 ? passed() : failed(new Error(`${failures} failed`))));
  });
}
