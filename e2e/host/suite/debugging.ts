// The debugger in the editor: a session from a breakpoint over steps, ahead and back, to its end.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { eventually, open, suiteOf, uriOf } from "./support.ts";

const policy = "policy/storage.rego";

interface StackFrame {
  readonly id: number;
  readonly name: string;
  readonly line: number;
}

/** Notes which events of sessions come. */
function heard(): { readonly stops: string[]; readonly output: string[]; dispose(): void } {
  const stops: string[] = [];
  const output: string[] = [];
  const registration = vscode.debug.registerDebugAdapterTrackerFactory("opa-debug", {
    createDebugAdapterTracker: () => ({
      onDidSendMessage: ({ event, body }: { event?: string; body?: { reason?: string; output?: string } }) => {
        if (event === "stopped") stops.push(body?.reason ?? "");
        if (event === "output") output.push(body?.output ?? "");
      },
    }),
  });
  return { stops, output, dispose: () => registration.dispose() };
}

async function top(): Promise<{ readonly frame: StackFrame; readonly locals: readonly string[] }> {
  const session = vscode.debug.activeDebugSession!;
  const { stackFrames } = (await session.customRequest("stackTrace", { threadId: 1 })) as { stackFrames: StackFrame[] };
  const { scopes } = (await session.customRequest("scopes", { frameId: stackFrames[0]!.id })) as {
    scopes: { name: string; variablesReference: number }[];
  };
  const { variables } = (await session.customRequest("variables", {
    variablesReference: scopes.find(({ name }) => name === "Locals")!.variablesReference,
  })) as { variables: { name: string; value: string }[] };
  return { frame: stackFrames[0]!, locals: variables.map(({ name, value }) => `${name} = ${value}`) };
}

async function ended(): Promise<void> {
  await eventually("no session", () => vscode.debug.activeDebugSession === undefined, Boolean);
}

/** Does something that leads to one stop more. */
async function stopAfter(stops: readonly string[], body: () => PromiseLike<unknown>): Promise<void> {
  const before = stops.length;
  await body();
  await eventually(
    "a stop",
    () => stops.length,
    (count) => count > before,
  );
}

export const debugging = suiteOf("Debugging", {
  "a breakpoint, steps, a step back, the rest": async () => {
    const editor = await open(policy);
    const line = editor.document
      .getText()
      .split("\n")
      .findIndex((text) => text.includes("grant.bucket == input.bucket"));
    const breakpoint = new vscode.SourceBreakpoint(new vscode.Location(editor.document.uri, new vscode.Position(line, 0)));
    vscode.debug.addBreakpoints([breakpoint]);
    const { stops, output, dispose } = heard();
    try {
      const configuration = {
        ...{ type: "opa-debug", request: "launch", name: "storage", query: "data.storage.allow", stopOnEntry: false },
        inputPath: uriOf("inputs/client1-reads-bucket2.conf").fsPath,
      };
      const folder = vscode.workspace.workspaceFolders![0]!;
      await stopAfter(stops, async () => assert.ok(await vscode.debug.startDebugging(folder, configuration)));
      const first = await top();
      assert.equal(first.frame.line, line + 1);
      assert.ok(first.locals[0]?.startsWith("grant = {"), first.locals.join());
      // The first grant is for another bucket: the expression fails, and comes again for the second one.
      for (const command of ["stepOver", "stepOver"])
        await stopAfter(stops, () => vscode.commands.executeCommand(`workbench.action.debug.${command}`));
      const second = await top();
      assert.notDeepEqual(second.locals, first.locals);
      for (const command of ["stepBack", "stepBack"])
        await stopAfter(stops, () => vscode.commands.executeCommand(`workbench.action.debug.${command}`));
      assert.deepEqual(await top(), first);
      const { result } = (await vscode.debug.activeDebugSession!.customRequest("evaluate", {
        expression: "grant.bucket",
        frameId: first.frame.id,
        context: "watch",
      })) as { result: string };
      assert.match(result, /^"bucket\d"$/u);
      vscode.debug.removeBreakpoints([breakpoint]);
      await stopAfter(stops, () => vscode.commands.executeCommand("workbench.action.debug.continue"));
      await vscode.commands.executeCommand("workbench.action.debug.continue");
      await ended();
      assert.deepEqual(stops, ["breakpoint", "step", "step", "step", "step", "step"]);
      assert.equal(output.at(-1), "data.storage.allow: true\n");
    } finally {
      dispose();
      vscode.debug.removeBreakpoints([breakpoint]);
      await vscode.debug.stopDebugging();
    }
  },
  "lenses and keys begin at a rule, with unsaved text": async () => {
    const editor = await open(policy);
    const lenses = await eventually(
      "the lens Debug",
      () => vscode.commands.executeCommand<readonly vscode.CodeLens[]>("vscode.executeCodeLensProvider", editor.document.uri),
      (found) => (found ?? []).some(({ command }) => command?.title === "Debug"),
    );
    const { command } = lenses.find((lens) => lens.command?.title === "Debug")!;
    const { stops, dispose } = heard();
    try {
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), "# not saved\n\n"));
      await stopAfter(stops, () => vscode.commands.executeCommand(command!.command, ...(command!.arguments as unknown[])));
      const rule = editor.document
        .getText()
        .split("\n")
        .findIndex((text) => text.startsWith("allow"));
      assert.equal((await top()).frame.line, rule + 1);
      await vscode.debug.stopDebugging();
      await ended();
      editor.selection = new vscode.Selection(rule, 0, rule, 0);
      await stopAfter(stops, () => vscode.commands.executeCommand("rw.debug"));
      assert.equal((await top()).frame.line, rule + 1);
    } finally {
      dispose();
      await vscode.debug.stopDebugging();
      await ended();
    }
  },
  "a test is debugged with the input that it has": async () => {
    const editor = await open("policy/storage_test.rego");
    const lenses = await eventually(
      "the lens Debug test",
      () => vscode.commands.executeCommand<readonly vscode.CodeLens[]>("vscode.executeCodeLensProvider", editor.document.uri),
      (found) => (found ?? []).some(({ command }) => command?.title === "Debug test"),
    );
    const { command } = lenses.find((lens) => lens.command?.title === "Debug test")!;
    const breakpoint = new vscode.FunctionBreakpoint("storage.allow");
    vscode.debug.addBreakpoints([breakpoint]);
    const { stops, output, dispose } = heard();
    try {
      let isOver = false;
      await stopAfter(stops, async () => {
        void vscode.commands.executeCommand(command!.command, ...(command!.arguments as unknown[])).then(() => {
          isOver = true;
        });
      });
      assert.equal((await top()).frame.name, "test_granted_action_is_allowed");
      await stopAfter(stops, () => vscode.commands.executeCommand("workbench.action.debug.continue"));
      const { frame } = await top();
      assert.equal(frame.name, "allow");
      const { result } = (await vscode.debug.activeDebugSession!.customRequest("evaluate", {
        expression: "data.storage.grants[input.client][0].bucket",
        frameId: frame.id,
        context: "repl",
      })) as { result: string };
      assert.equal(result, '"photos"');
      await vscode.commands.executeCommand("workbench.action.debug.continue");
      await ended();
      assert.deepEqual(stops, ["entry", "function breakpoint"]);
      assert.match(output.at(-1) ?? "", /test_granted_action_is_allowed: passed/u);
      await eventually("the end of the command", () => isOver, Boolean);
    } finally {
      dispose();
      vscode.debug.removeBreakpoints([breakpoint]);
      await vscode.debug.stopDebugging();
    }
  },
});
