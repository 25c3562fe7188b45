// One debug session: the requests of a client, answered from a recorded evaluation.

import type { Value } from "#evaluation/value.ts";
import type { Debugger, Halt, HaltOptions } from "#features/debug/debugger.ts";
import type { Frame } from "#features/debug/frames.ts";
import { inputPath, withInputAt } from "#features/debug/input-edit.ts";
import { documentScope, knownAt, localsIn, resultsAt } from "#features/debug/scopes.ts";
import { inside, type Shown, shown, shownAbsence, wholeText } from "#features/debug/values.ts";
import { BreakpointRequests } from "./breakpoint-requests.ts";
import { capabilities, exceptionFilters } from "./capabilities.ts";
import { completionsAt } from "./completions.ts";
import type { Ground } from "./ground.ts";
import { Handles, type Origin } from "./handles.ts";
import { type Launch, launchOf } from "./launch.ts";
import { type Arguments, Refusal, type Source } from "./protocol.ts";
import { Questions } from "./questions.ts";
import { type Recorded, Recorder } from "./recorder.ts";
import { stopBody } from "./stops.ts";

/** What a session sends besides its answers. */
export type SendEvent = (event: string, body?: object) => void;

/** What is there once a launch was prepared. */
interface Running {
  readonly launch: Launch;
  readonly recorder: Recorder;
  recorded: Recorded;
  questions: Questions;
}

const thread = 1;
/** The query stands in no file: its text is given on request. */
const querySource: Source = { name: "query", sourceReference: 1 };

export class DebugSession {
  readonly #ground: Ground;
  readonly #send: SendEvent;
  readonly #handles = new Handles();
  readonly #breakpoints: BreakpointRequests;
  #lineBase = 1;
  #columnBase = 1;
  #running: Running | undefined;
  #exceptions: readonly string[] = exceptionFilters.filter((one) => one.default).map(({ filter }) => filter);
  #frames: readonly Frame[] = [];
  #targets: readonly number[] = [];
  /** How far the cursor has been: what was printed until there was told. */
  #furthest = -1;
  #halt: Halt = { why: "entry" };
  #data: { readonly json: string; readonly members: readonly Shown[] } | undefined;
  #isMoving = false;
  #isPausing = false;
  #isOver = false;

  constructor(ground: Ground, send: SendEvent) {
    this.#ground = ground;
    this.#send = send;
    this.#breakpoints = new BreakpointRequests(ground, () => ({ line: this.#lineBase, column: this.#columnBase }));
  }

  /** The body of the answer; throws a Refusal for what cannot be done. */
  async answer(command: string, sent: Arguments): Promise<object | undefined> {
    switch (command) {
      case "initialize":
        this.#lineBase = sent.flag("linesStartAt1") === false ? 0 : 1;
        this.#columnBase = sent.flag("columnsStartAt1") === false ? 0 : 1;
        return capabilities;
      case "launch":
        await this.#launch(sent);
        return undefined;
      case "attach":
        throw new Refusal("there is nothing to attach to: an evaluation is launched");
      case "setBreakpoints":
        return this.#withBreakpoints((one) => this.#breakpoints.onLines(one, sent));
      case "setFunctionBreakpoints":
        return this.#withBreakpoints((one) => this.#breakpoints.onRules(one, sent));
      case "setDataBreakpoints":
        return this.#withBreakpoints(() => this.#breakpoints.onData(sent));
      case "setExceptionBreakpoints":
        this.#exceptions = [
          ...(sent.texts("filters") ?? []),
          ...sent.list("filterOptions").flatMap((one) => one.text("filterId") ?? []),
        ];
        this.#applyHalts();
        return undefined;
      case "breakpointLocations":
        return { breakpoints: this.#breakpoints.locations(this.#debugger, sent) };
      case "dataBreakpointInfo":
        return this.#dataInfo(sent);
      case "configurationDone":
        void this.#ready;
        this.#after(() => this.#begin());
        return undefined;
      case "threads":
        return { threads: [{ id: thread, name: this.#running?.recorder.command === "test" ? "tests" : "evaluation" }] };
      case "stackTrace":
        return this.#stackTrace(sent);
      case "scopes":
        return { scopes: this.#scopes(this.#frame(sent.number("frameId"))) };
      case "variables":
        return this.#variables(sent);
      case "setVariable":
        return this.#setVariable(sent);
      case "setExpression":
        return this.#setExpression(sent);
      case "evaluate":
        return this.#evaluate(sent);
      case "completions":
        return { targets: await completionsAt(this.#ready.recorded, this.#ready.questions, this.#frameOrTop(sent), sent) };
      case "exceptionInfo":
        return { exceptionId: this.#halt.why, description: this.#halt.text ?? "", breakMode: "always" };
      case "continue":
      case "reverseContinue":
        void this.#ready;
        this.#after(() => this.#run(command === "continue" ? 1 : -1));
        return { allThreadsContinued: true };
      case "next":
        return this.#step(sent, 1, (one) => one.stepOver());
      case "stepIn":
        return this.#step(sent, 1, (one) => one.stepIn());
      case "stepOut":
        return this.#step(sent, 1, (one) => one.stepOut());
      case "stepBack":
        return this.#step(sent, -1, (one) => one.stepBack());
      case "restartFrame": {
        const frame = this.#frame(sent.number("frameId"));
        this.#after(() => this.#stopped(this.#debugger.restart(frame)));
        return undefined;
      }
      case "gotoTargets":
        return this.#gotoTargets(sent);
      case "goto": {
        const event = this.#targets[(sent.number("targetId") ?? 0) - 1];
        if (event === undefined) throw new Refusal("there is no such place");
        this.#debugger.moveTo(event);
        this.#after(() => this.#stopped({ why: "goto" }));
        return undefined;
      }
      case "pause":
        this.#isPausing = true;
        return undefined;
      case "loadedSources":
        return { sources: this.#debugger.subject.checked.modules.map(({ file }) => this.#ground.sourceOf(file)) };
      case "source":
        return { content: this.#debugger.subject.query, mimeType: "text/x-rego" };
      case "terminate":
        this.#after(() => this.#end());
        return undefined;
      case "disconnect":
        this.dispose();
        return undefined;
      case "cancel":
        return undefined;
      default:
        throw new Refusal(`${command} is not supported`);
    }
  }

  dispose(): void {
    this.#isOver = true;
    this.#isPausing = true;
    this.#running?.recorder.stop();
    this.#running = undefined;
  }

  get #ready(): Running {
    if (this.#running === undefined) throw new Refusal("nothing is being debugged");
    return this.#running;
  }

  get #debugger(): Debugger {
    return this.#ready.recorded.debugger;
  }

  /** What happens when the answer has gone out. */
  #after(work: () => void | Promise<void>): void {
    this.#ground.session.ports.later(0, () => void Promise.resolve(work()).catch((error: unknown) => this.#failed(error)));
  }

  #failed(error: unknown): void {
    if (!this.#isOver) this.#say(error instanceof Error ? (error.stack ?? error.message) : String(error), "stderr");
  }

  async #launch(sent: Arguments): Promise<void> {
    const launch = launchOf(sent);
    if ("problem" in launch) throw new Refusal(launch.problem);
    const recorder = new Recorder(this.#ground, launch);
    const prepared = await recorder.prepare();
    if ("problem" in prepared) throw new Refusal(prepared.problem);
    const recorded = await recorder.record(prepared.subject, prepared.input);
    if ("problem" in recorded) throw new Refusal(recorded.problem);
    this.#running = { launch, recorder, recorded, questions: new Questions(this.#ground, recorded) };
    this.#breakpoints.forgetTexts();
    this.#furthest = -1;
    this.#applyHalts();
    this.#after(() => this.#send("initialized"));
  }

  #begin(): void | Promise<void> {
    const { launch, recorded } = this.#ready;
    for (const remark of recorded.remarks) this.#say(remark, "important");
    if (launch.noDebug) {
      recorded.debugger.moveTo(recorded.debugger.timeline.length - 1);
      return this.#finish();
    }
    if (recorded.debugger.isEmpty) return this.#finish();
    if (launch.stopOnEntry) return this.#stopped(recorded.debugger.enter());
    return this.#run(1);
  }

  #applyHalts(): void {
    if (this.#running === undefined) return;
    const { launch, recorded } = this.#running;
    const wanted = new Set(this.#exceptions);
    const exceptions = new Set((["builtin", "error", "undefined"] as const).filter((name) => wanted.has(name)));
    const halts: HaltOptions = { onFail: launch.stopOnFail || wanted.has("fail"), onResult: launch.stopOnResult, exceptions };
    recorded.debugger.halts = halts;
    recorded.debugger.breakpoints = this.#breakpoints.all;
  }

  #withBreakpoints(set: (one: Debugger) => readonly object[]): object {
    const breakpoints = set(this.#debugger);
    this.#debugger.breakpoints = this.#breakpoints.all;
    return { breakpoints };
  }

  async #run(direction: 1 | -1): Promise<void> {
    if (this.#isMoving) return;
    this.#isMoving = true;
    this.#isPausing = false;
    const { questions } = this.#ready;
    const asking = {
      holds: (condition: string, event: number) =>
        questions.holds(condition, event, (problem) => this.#say(problem, "stderr", event)),
      tell: async (message: string, event: number) => {
        this.#printUntil(event - 1);
        this.#say(await questions.filled(message, event), "console", event);
      },
    };
    const pausing = { isWanted: () => this.#isPausing, rest: () => this.#ground.session.pace.next() };
    try {
      this.#stopped(await this.#debugger.run(direction, asking, pausing));
    } finally {
      this.#isMoving = false;
    }
  }

  #step(sent: Arguments, direction: 1 | -1, move: (one: Debugger) => Halt): undefined {
    const isEvent = sent.text("granularity") === "instruction";
    const one = this.#debugger;
    this.#after(() => this.#stopped(isEvent ? one.stepEvent(direction) : move(one)));
    return undefined;
  }

  #stopped(halt: Halt): void {
    if (this.#isOver) return;
    if (halt.why === "end") return this.#finish();
    this.#halt = halt;
    this.#handles.clear();
    this.#frames = this.#debugger.stack();
    // What is printed where it stands comes with the next step.
    this.#printUntil(this.#debugger.cursor - 1);
    this.#send("stopped", { ...stopBody(halt, this.#breakpoints.all), threadId: thread, allThreadsStopped: true });
  }

  /** Tells what was printed up to an event, once. */
  #printUntil(event: number): void {
    const { launch, recorded } = this.#ready;
    const { prints } = recorded.debugger.timeline.recording;
    if (launch.enablePrint)
      for (const [at, lines] of prints)
        if (at > this.#furthest && at <= event) for (const line of lines) this.#say(line, "stdout", at);
    this.#furthest = Math.max(this.#furthest, event);
  }

  #finish(): void {
    const { recorded } = this.#ready;
    this.#printUntil(recorded.debugger.timeline.length);
    for (const { text, isError } of recorded.outcomes) this.#say(text, isError ? "stderr" : "stdout");
    this.#end();
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#send("terminated");
    this.#send("exited", { exitCode: 0 });
  }

  #say(text: string, category: "console" | "stdout" | "stderr" | "important", event?: number): void {
    const stop = event === undefined ? undefined : this.#debugger.timeline.stop(event);
    const place =
      stop === undefined || stop.file === ""
        ? {}
        : { source: this.#ground.sourceOf(stop.file), line: this.#breakpoints.placeOf(this.#debugger, stop).line };
    this.#send("output", { category, output: `${text}\n`, ...place });
  }

  #stackTrace(sent: Arguments): object {
    const start = Math.max(0, sent.number("startFrame") ?? 0);
    const levels = sent.number("levels") ?? 0;
    const wanted = this.#frames.slice(start, levels > 0 ? start + levels : undefined);
    return {
      stackFrames: wanted.map((frame, at) => this.#stackFrame(frame, start + at + 1)),
      totalFrames: this.#frames.length,
    };
  }

  #stackFrame({ name, stop, kind }: Frame, id: number): object {
    if (stop === undefined) return { id, name, line: 0, column: 0, presentationHint: "subtle", canRestart: true };
    const place = this.#breakpoints.placeOf(this.#debugger, stop);
    const source = stop.file === "" ? querySource : this.#ground.sourceOf(stop.file);
    // An editor shows neither the place nor the variables of a subtle frame when the reason is an entry, an error or a jump.
    const isSubtle = kind === "query" && id > 1;
    return { id, name, source, ...place, canRestart: true, ...(isSubtle ? { presentationHint: "subtle" } : {}) };
  }

  #frame(id: number | undefined): Frame {
    const frame = this.#frames[(id ?? 1) - 1];
    if (frame === undefined) throw new Refusal("the frame is not there any more");
    return frame;
  }

  #frameOrTop(sent: Arguments): Frame {
    return this.#frame(sent.number("frameId"));
  }

  #scopes(frame: Frame): readonly object[] {
    const { recorded, questions } = this.#ready;
    const { frames, cursor } = recorded.debugger;
    const file = frame.stop?.file ?? "";
    const scope = (
      name: string,
      origin: Origin,
      members: () => readonly Shown[] | Promise<readonly Shown[]>,
      more: object = {},
    ): object => {
      const paged = async (start = 0, count = 0): Promise<readonly Shown[]> => {
        const all = await members();
        return count > 0 ? all.slice(start, start + count) : all;
      };
      return { name, variablesReference: this.#handles.open({ origin, members: paged }), expensive: false, ...more };
    };
    const input = async (): Promise<readonly Shown[]> => {
      const whole = await questions.document("input", frame);
      return whole.named > 0 ? inside(whole) : [whole];
    };
    return [
      scope("Locals", { kind: "locals", file }, () => localsIn(frames, frame), { presentationHint: "locals" }),
      scope("Input", { kind: "input", path: [] }, input),
      scope("Data", { kind: "other" }, () => this.#dataOf(recorded), { expensive: true }),
      scope("Virtual Cache", { kind: "known" }, () => knownAt(frames, cursor)),
      scope("Result Set", { kind: "other" }, () => resultsAt(frames, recorded.subject, cursor)),
    ];
  }

  /** The base document, read once. */
  #dataOf({ subject }: Recorded): readonly Shown[] {
    const { json } = subject.project.data;
    if (this.#data?.json !== json) this.#data = { json, members: documentScope("data", json) };
    return this.#data.members;
  }

  async #variables(sent: Arguments): Promise<object> {
    const opened = this.#handles.get(sent.number("variablesReference") ?? 0);
    if (opened === undefined) return { variables: [] };
    const members = await opened.members(sent.number("start"), sent.number("count"));
    const { origin } = opened;
    // What is in a scope has its name as the first step; what is absent is not looked into.
    return { variables: members.map((one) => this.#handles.variable(one, origin)) };
  }

  async #evaluate(sent: Arguments): Promise<object> {
    const { questions } = this.#ready;
    const text = sent.text("expression") ?? "";
    const frame = this.#frameOrTop(sent);
    const context = sent.text("context") ?? "";
    const told = await questions.at(text, frame.event);
    if ("problem" in told) throw new Refusal(told.problem);
    if (told.value === undefined) {
      if (context === "hover") throw new Refusal("undefined");
      return { ...this.#result(shownAbsence(text)) };
    }
    if (context === "clipboard" || context === "variables") return { result: wholeText(told.value), variablesReference: 0 };
    return this.#result(shown(text, told.value, text));
  }

  #result(one: Shown): object {
    const { value, name: _, evaluateName: __, ...rest } = this.#handles.variable(one, { kind: "other" });
    return { result: value, ...rest };
  }

  async #setVariable(sent: Arguments): Promise<object> {
    const origin = this.#handles.get(sent.number("variablesReference") ?? 0)?.origin;
    if (origin?.kind !== "input") throw new Refusal("only the input can be changed: everything else follows from it");
    const name = sent.text("name") ?? "";
    return this.#setInput(name === "input" && origin.path.length === 0 ? [] : [...origin.path, name], sent);
  }

  async #setExpression(sent: Arguments): Promise<object> {
    const path = inputPath(sent.text("expression") ?? "");
    if (path === undefined) throw new Refusal("only the input can be changed: name a part of it, such as input.user");
    return this.#setInput(path, sent);
  }

  /** The evaluation is recorded again for another input; the cursor stays at its place. */
  async #setInput(path: readonly string[], sent: Arguments): Promise<object> {
    const running = this.#ready;
    const { recorded, recorder, questions } = running;
    const told = await questions.at(sent.text("value") ?? "", (this.#frames[0] ?? this.#frame(undefined)).event);
    if ("problem" in told) throw new Refusal(told.problem);
    if (told.value === undefined) throw new Refusal("the value is undefined");
    const again = await recorder.record(recorded.subject, withInputAt(recorded.input, path, told.value));
    if ("problem" in again) throw new Refusal(again.problem);
    again.debugger.moveTo(again.debugger.sameEvent(recorded.debugger, recorded.debugger.cursor));
    running.recorded = again;
    running.questions = new Questions(this.#ground, again);
    this.#furthest = again.debugger.cursor - 1;
    this.#applyHalts();
    const result = this.#resultOf(told.value);
    this.#after(() => this.#stopped({ why: "restart", text: "evaluated again with another input" }));
    return result;
  }

  #resultOf(value: Value): object {
    const { text, type } = shown("", value);
    return { value: text, type, variablesReference: 0 };
  }

  #gotoTargets(sent: Arguments): object {
    const source = { path: sent.inner("source").text("path") ?? "" };
    const line = sent.number("line") ?? 0;
    const stops = this.#breakpoints.stopsOn(this.#debugger, source, line);
    const found = this.#debugger.arrivals(stops);
    this.#targets = found.map(({ event }) => event);
    const place = stops[0] === undefined ? { line } : this.#breakpoints.placeOf(this.#debugger, stops[0]);
    return { targets: found.map(({ label }, at) => ({ id: at + 1, label, ...place })) };
  }

  #dataInfo(sent: Arguments): object {
    const origin = this.#handles.get(sent.number("variablesReference") ?? 0)?.origin;
    const name = sent.text("name") ?? "";
    if (origin?.kind === "locals" && !name.startsWith("→"))
      return {
        dataId: `variable\n${name}\n${origin.file}`,
        description: `${name} gets a value`,
        accessTypes: ["write"],
        canPersist: true,
      };
    if (origin?.kind === "known")
      return { dataId: `known\n${name}`, description: `${name} has a value`, accessTypes: ["write"], canPersist: true };
    return { dataId: null, description: "only variables and rules get values" };
  }
}
