// The requests beyond LSP: samples, evaluation, resolved inputs, tests, expected decisions. Each is a command too, for other clients.
import type { ExecuteCommandParams } from "vscode-languageserver";
import { pinEdit } from "#features/pinned-input.ts";
import { namesOf } from "#features/rego/project-names.ts";
import { type TestNode, testsOf, testTree } from "#features/tests.ts";
import * as messages from "#protocol/messages.ts";
import { type Decision, writeExpectations } from "#workspace/expected.ts";
import { dirname, relative } from "#workspace/paths.ts";
import { pinnedSample } from "#workspace/pins.ts";
import type { Project } from "#workspace/project.ts";
import { compileQuery, queryEntrypoint } from "#workspace/query.ts";
import { libraryFiles } from "#workspace/rms.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { type Answer, type EvaluationAnswer, type Running, reasonOf } from "../evaluator.ts";
import { withFailures } from "../failed-tests.ts";
import { type Choice, type ChosenInput, decisionOf, type Live, resolvedSample } from "../live.ts";
import { type Cancellation, codes, RequestError } from "../rpc/connection.ts";
import { commandFits } from "../rpc/params.ts";
import type { Session } from "../session.ts";
import { pathOf } from "../uris.ts";
import { workspaceEdit } from "../workspace-edit.ts";
import { hoconRequests } from "./hocon.ts";

const evaluateTimeout = 10_000;

export function registerRw(session: Session, live: Live): void {
  const { connection, uris, workspace } = session;

  const projectOf = async (uri: string): Promise<{ project: Project; path: string; file: SourceFile | undefined }> => {
    const path = uris.path(uri);
    const project = await session.projectOf(path);
    return { project, path, file: workspace.file(path) };
  };

  const samples = async ({ uri, recent }: messages.SamplesParams): Promise<messages.SamplesResult> => {
    const { project, path } = await projectOf(uri);
    const chosen = live.inputOf(project, path).sample;
    return {
      root: uris.uri(project.root),
      samples: live.offered(project, path, recent?.map(pathOf)).map((sample) => ({
        uri: uris.uri(sample.file.path),
        label: sample.name,
        folder: relative(project.root, dirname(sample.file.path)),
        kind: sample.file.kind === "json" || sample.file.kind === "yaml" ? sample.file.kind : "hocon",
        chosen: sample === chosen,
      })),
      profiles: project.config.profiles.map((profile) => profile.name),
      profile: live.profileOf(project.root),
      pins: [...project.config.inputs.pins.keys()].flatMap((rule) => {
        const sample = pinnedSample(project, rule);
        return sample === undefined ? [] : [{ rule, uri: uris.uri(sample.file.path) }];
      }),
    };
  };

  /** The edit of `rw.conf` that a pin is, with the rule that it is about. */
  const pin = async ({ uri, path: named, range, sample }: messages.PinSampleParams) => {
    const { project, file } = await projectOf(uri);
    const rule = named ?? queryAt(project, file, range);
    const target = sample === null || sample === undefined ? undefined : uris.path(sample);
    if (target !== undefined && !target.startsWith(`${project.root}/`))
      return { rule, problem: `${target} is not in the folder of the project, whose rw.conf would name it` };
    return { rule, edit: pinEdit(project, rule, target && relative(project.configFolder, target)) };
  };

  const pinResult = ({ rule, edit, problem }: Awaited<ReturnType<typeof pin>>): messages.PinSampleResult => {
    if (edit === undefined) return { rule, ...(problem === undefined ? {} : { problem }) };
    const before = workspace.file(edit.file)?.text;
    const text = before ?? "";
    const after = text.slice(0, edit.range.start) + edit.newText + text.slice(edit.range.end);
    return { rule, uri: uris.uri(edit.file), ...(before === undefined ? {} : { before }), after };
  };

  const pinSample = async (params: messages.PinSampleParams): Promise<messages.PinSampleResult> => pinResult(await pin(params));

  /** The same for clients that write nothing themselves. */
  const applyPin = async (params: messages.PinSampleParams): Promise<messages.PinSampleResult> => {
    const pinned = await pin(params);
    const result = pinResult(pinned);
    const { edit } = pinned;
    if (edit === undefined || !session.client.applyEdit) return result;
    const whole = workspaceEdit(session, [edit]);
    await connection.request("workspace/applyEdit", { label: `Pin an input to ${result.rule}`, edit: whole });
    return result;
  };

  const selectSample = async ({ uri, sample, inline, profile }: messages.SelectSampleParams): Promise<null> => {
    const { project } = await projectOf(uri);
    let choice: Choice | undefined;
    if (inline !== undefined) choice = { kind: "inline", json: inline };
    else if (sample === null) choice = { kind: "none" };
    else if (sample !== undefined) choice = { kind: "sample", path: uris.path(sample) };
    live.choose(project.root, choice, profile);
    return null;
  };

  const evaluate = async (params: messages.EvaluateParams, cancellation?: Cancellation): Promise<messages.EvaluateResult> => {
    const { project, path, file } = await projectOf(params.uri);
    const query = params.query ?? queryAt(project, file, params.range);
    const input = inputOf(project, path, params, query);
    const commandLine = commandLineOf(project, query, input);
    const base = { query, inputUsed: input.name ?? "no input", commandLine, prints: [], ms: 0 };
    if (input.problem !== undefined) return { ...base, error: input.problem };
    const compiled = compileQuery(project, query, file);
    if ("problem" in compiled) return { ...base, error: compiled.problem };
    const running = session.ports.evaluator.run({
      key: `query:${nextQuery++}`,
      module: compiled.module,
      dataKey: project.data.key,
      data: project.data.json,
      questions: [{ entrypoint: queryEntrypoint, input: input.json }],
      now: project.now(),
      timeout: evaluateTimeout,
    });
    cancellation?.onCancel(() => running.stop());
    try {
      const { answers } = await running.answer;
      return { ...base, ...resultOf(answers[0]!, compiled.expression) };
    } catch (error) {
      if (cancellation?.cancelled === true) throw new RequestError("the evaluation was cancelled", codes.requestCancelled);
      return { ...base, error: reasonOf(error, project.root) };
    }
  };

  const inputOf = (project: Project, path: string, params: messages.EvaluateParams, query: string): ChosenInput => {
    if (params.input !== undefined) return { name: "given input", sample: undefined, json: params.input, problem: undefined };
    if (params.sample === undefined) return live.inputOfRule(project, path, query);
    const wanted = uris.path(params.sample);
    const sample = project.inputs.samples.find((item) => item.file.path === wanted);
    if (sample === undefined)
      return { name: wanted, sample: undefined, json: undefined, problem: `${wanted} is no sample of this project` };
    return resolvedSample(project, sample, params.profile ?? live.profileOf(project.root));
  };

  const queryAt = (project: Project, file: SourceFile | undefined, range: messages.Range | undefined): string => {
    if (file === undefined) return "data";
    const names = namesOf(project).names(file);
    if (range === undefined) return names.package.join(".");
    const offset = session.lines(file).offsetAt(range.start);
    const rule = names.rules.find(
      (found) => found.rule.start <= offset && offset <= found.rule.end && found.rule.head.args === undefined,
    );
    return (rule?.path ?? names.package).join(".");
  };

  const hocon = hoconRequests(session, (root) => live.profileOf(root));

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

  const runTests = async ({ ids }: messages.RunTestsParams, cancellation?: Cancellation): Promise<messages.RunTestsResult> => {
    const began = (running: Running): void => cancellation?.onCancel(() => running.stop());
    const wanted = new Set(ids);
    const outcomes: messages.TestOutcome[] = [];
    for (const project of await session.projects()) {
      const chosen = testsOf(project).filter((test) => ids.length === 0 || wanted.has(test.id));
      const skipped = chosen.filter((test) => test.kind === "rule" && test.skipped);
      for (const test of skipped) outcomes.push({ id: test.id, outcome: "skipped", output: [], ms: 0 });
      const active = chosen.filter((test) => !skipped.includes(test));
      try {
        const found = await live.runTests(project, active, { began });
        outcomes.push(...(await withFailures(session, project, active, found, cancellation)));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        for (const test of active) outcomes.push({ id: test.id, outcome: "errored", message, output: [], ms: 0 });
      }
      if (cancellation?.cancelled === true) throw new RequestError("the tests were cancelled", codes.requestCancelled);
    }
    return { outcomes };
  };

  const acceptDecision = async ({ uri, sample, path }: messages.AcceptDecisionParams): Promise<messages.AcceptDecisionResult> => {
    const { project, path: asked } = await projectOf(uri);
    // Asked from a sample, or from its expected decisions, it is about that one.
    const own = project.inputs.samples.find(({ file, expected }) => file.path === asked || expected?.path === asked);
    const wanted = sample ?? (own && uris.uri(own.file.path));
    const input = inputOf(project, asked, { uri, ...(wanted === undefined ? {} : { sample: wanted }) }, path ?? "");
    if (input.sample === undefined) return { problem: "choose a sample input first: an expected decision belongs to one" };
    const stem = input.sample.file.path.replace(/\.\w+$/u, "");
    const target = input.sample.expected?.path ?? `${stem}.expected.json`;
    const before = input.sample.expected?.text;
    const held = project.inputs.expectationsOf(input.sample).expectations.map((item) => item.query);
    const queries = path !== undefined ? [path] : [...new Set([...held, ...project.entrypoints])];
    const { answers } = await live.ask(
      project,
      queries.map((query) => ({ path: query, input: input.json })),
      evaluateTimeout,
    ).answer;
    const decisions = new Map<string, Decision>(queries.map((query, at) => [query, decisionOf(answers[at]!.answer)]));
    return { uri: uris.uri(target), ...(before === undefined ? {} : { before }), after: writeExpectations(before, decisions) };
  };

  connection.onRequest(
    messages.library,
    ({ uri }: messages.LibraryParams): messages.LibraryResult => ({
      text: libraryFiles.find((file) => file.path === uri)?.text ?? "",
    }),
  );
  connection.onRequest(messages.samples, samples);
  connection.onRequest(messages.selectSample, selectSample);
  connection.onRequest(messages.pinSample, pinSample);
  connection.onRequest(messages.evaluate, evaluate);
  connection.onRequest(messages.resolve, hocon.resolve);
  connection.onRequest(messages.convert, hocon.convert);
  connection.onRequest(messages.moveEntry, hocon.moveEntry);
  connection.onRequest(messages.tests, tests);
  connection.onRequest(messages.runTests, runTests);
  connection.onRequest(messages.acceptDecision, acceptDecision);

  connection.onRequest(
    "workspace/executeCommand",
    async ({ command, arguments: given }: ExecuteCommandParams, cancellation: Cancellation) => {
      const [first] = given ?? [];
      if (!commandFits(command, first)) throw new RequestError(`${command}: the argument has not its shape`, codes.invalidParams);
      switch (command) {
        case "rw.applyEdit":
          return connection.request("workspace/applyEdit", first).then(() => null);
        case "rw.evaluate":
          return evaluate(first as messages.EvaluateParams, cancellation);
        case "rw.samples":
          return samples(first as messages.SamplesParams);
        case "rw.selectSample":
          return selectSample(first as messages.SelectSampleParams);
        case "rw.pinSample":
          return applyPin(first as messages.PinSampleParams);
        case "rw.resolve":
          return hocon.resolve(first as messages.ResolveParams);
        case "rw.convert":
          return hocon.convert(first as messages.ConvertParams);
        case "rw.moveEntry":
          return hocon.moveEntry(first as messages.MoveEntryParams);
        case "rw.tests":
          return tests();
        case "rw.runTests":
          return runTests((first ?? { ids: [] }) as messages.RunTestsParams, cancellation);
        case "rw.acceptDecision":
          return acceptDecision(first as messages.AcceptDecisionParams);
        case "regal.eval":
          return regalEval(first, cancellation);
        default:
          throw new RequestError(`unknown command ${command}`, codes.invalidParams);
      }
    },
  );

  /** The command of the older server: one JSON string in, and the result shown inline by a notification where the client can. */
  const regalEval = async (argument: unknown, cancellation: Cancellation): Promise<unknown> => {
    const asked = parseRegalArgument(argument);
    if (asked === undefined) throw new RequestError("regal.eval takes one JSON text: { target, path, row }", codes.invalidParams);
    const { target, path, row } = asked;
    const result = await evaluate({ uri: target, query: path }, cancellation);
    const value: unknown = result.value === undefined ? (result.error ?? {}) : JSON.parse(result.value);
    const experimental = session.capabilities.experimental as { inlineEvalProvider?: boolean } | undefined;
    const shown = { value, isUndefined: result.undefined === true, printOutput: {} };
    if (experimental?.inlineEvalProvider === true) {
      connection.notify("regal/showEvalResult", { line: row ?? 1, target: path, package: path, result: shown });
    }
    return shown;
  };
}

/** The argument of `regal.eval`: one JSON text. */
function parseRegalArgument(argument: unknown): { target: string; path: string; row?: number } | undefined {
  if (typeof argument !== "string") return undefined;
  try {
    const asked = JSON.parse(argument) as { target?: unknown; path?: unknown; row?: unknown } | null;
    if (typeof asked?.target !== "string" || typeof asked.path !== "string") return undefined;
    return { target: asked.target, path: asked.path, ...(typeof asked.row === "number" ? { row: asked.row } : {}) };
  } catch {
    return undefined;
  }
}

let nextQuery = 1;

function resultOf(
  { answer, prints, ms }: EvaluationAnswer["answers"][number],
  expression: boolean,
): Pick<messages.EvaluateResult, "value" | "undefined" | "error" | "prints" | "ms"> {
  const base = { prints: prints.map((print) => print.text), ms };
  if (answer.kind === "error") return { ...base, error: answer.error.message };
  const solutions = solutionsOf(answer);
  if (solutions === undefined || solutions.length === 0) return { ...base, undefined: true };
  const values = expression ? solutions.map((solution) => solution["value"]) : solutions;
  return { ...base, value: JSON.stringify(values.length === 1 ? values[0] : values, null, 2) };
}

function solutionsOf(answer: Answer): readonly Record<string, unknown>[] | undefined {
  if (answer.kind !== "solutions") return undefined;
  const value: unknown = JSON.parse(answer.json);
  return Array.isArray(value) ? (value as Record<string, unknown>[]) : undefined;
}

function commandLineOf(project: Project, query: string, input: ChosenInput): string {
  const quote = (text: string) => (/^[\w./-]+$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
  const given = input.sample === undefined ? "" : ` --input ${quote(input.sample.file.path)}`;
  return `rw eval --data ${quote(project.root)}${given} ${quote(query)}`;
}
