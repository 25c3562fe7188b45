// Requests beyond LSP about tests: the tree of them, and running them.
import { type TestNode, testsOf, testTree } from "#features/tests.ts";
import type * as messages from "#protocol/messages.ts";
import type { Running } from "../evaluator.ts";
import { withFailures } from "../failed-tests.ts";
import { type Cancellation, codes, RequestError } from "../rpc/connection.ts";
import type { Session } from "../session.ts";
import { testCoverage } from "../test-coverage.ts";
import type { TestRuns } from "../test-runs.ts";

export interface TestRequests {
  tests(): Promise<messages.TestsResult>;
  runTests(params: messages.RunTestsParams, cancellation?: Cancellation): Promise<messages.RunTestsResult>;
}

export function testRequests(session: Session, testRuns: TestRuns): TestRequests {
  const { uris } = session;

  const tests = async (): Promise<messages.TestsResult> => {
    await session.loaded;
    const convert = (node: TestNode): messages.TestInfo => ({
      id: node.id,
      label: node.label,
      kind: node.kind,
      uri: uris.uri(node.file),
      range: session.range(node.file, node.range),
      children: node.children.map(convert),
    });
    const roots = (await session.projects())
      .map((project) => ({ root: project.root, nodes: testTree(project).map(convert) }))
      .filter(({ nodes }) => nodes.length > 0);
    if (roots.length === 1) return { tests: roots[0]!.nodes };
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    return {
      tests: roots.map(({ root, nodes }) => ({
        id: root,
        label: root.slice(root.lastIndexOf("/") + 1),
        kind: "root",
        uri: uris.uri(root),
        range,
        children: nodes,
      })),
    };
  };

  const runTests = async (
    { ids, coverage: isCovered }: messages.RunTestsParams,
    cancellation?: Cancellation,
  ): Promise<messages.RunTestsResult> => {
    const began = (running: Pick<Running, "stop">): void => cancellation?.onCancel(() => running.stop());
    const wanted = new Set(ids);
    const outcomes: messages.TestOutcome[] = [];
    const coverage: messages.PolicyCoverage[] = [];
    for (const project of await session.projects()) {
      const chosen = testsOf(project).filter((test) => ids.length === 0 || wanted.has(test.id));
      const skipped = chosen.filter((test) => test.kind === "rule" && test.skipped);
      for (const test of skipped) outcomes.push({ id: test.id, outcome: "skipped", output: [], ms: 0 });
      const active = chosen.filter((test) => !skipped.includes(test));
      try {
        const { outcomes: found, stopped } = await testRuns.run(project, active, { began });
        outcomes.push(...(await withFailures(session, project, active, found, testRuns.profileOf(project), cancellation)));
        const ran = active.filter(({ id }) => !stopped.has(id));
        if (isCovered === true) coverage.push(...(await testCoverage(session, project, ran, testRuns.profileOf(project), began)));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        for (const test of active) outcomes.push({ id: test.id, outcome: "errored", message, output: [], ms: 0 });
      }
      if (cancellation?.cancelled === true) throw new RequestError("the tests were cancelled", codes.requestCancelled);
    }
    return { outcomes, ...(isCovered === true ? { coverage } : {}) };
  };

  return { tests, runTests };
}
