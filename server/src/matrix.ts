// The decision matrix: every input of a project's samples against every rule that decides. What an edit cannot have changed is not decided again.
import { decisionMatrixSteps, type MatrixQuestion, type MatrixRow } from "#features/decision-matrix.ts";
import { shownProblem } from "#features/rego/faults/shown.ts";
import type * as messages from "#protocol/messages.ts";
import { compareDecision } from "#workspace/expected.ts";
import { dirname, relative } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import { decisionOf, expectedText, textsOf } from "./answer-texts.ts";
import type { Asking } from "./asking.ts";
import { type Answer, EvaluationTimeout, type Running, unwanted } from "./evaluator.ts";
import type { Inputs } from "./inputs.ts";
import { KnownAnswers, type KnownOrEvaluated } from "./known-answers.ts";
import { type PublishedDecisions, PublishedVersions } from "./published-decisions.ts";
import { targetOf } from "./rms-target.ts";
import type { Session } from "./session.ts";
import { inTurns, turn } from "./turns.ts";

/** A cell that is decided. */
interface Asked extends MatrixQuestion {
  readonly row: MatrixRow;
  readonly json: string;
}

/** An answer, or why there is none. */
type Decided = Answer | { readonly kind: "none"; readonly problem: string };

/** What happens around a run. */
export interface MatrixRun {
  readonly signal: AbortSignal;
  readonly decided: (count: number, all: number) => void;
}

/** Milliseconds that some cells may take together, and one alone. */
const patience = 2000;

/** Cells that are asked together: few at first, more while they take less than so many milliseconds, so that others get between. */
const first = 20;
const most = 500;
const brief = 100;

/** Letters of a difference that are told; the rest is in the decision itself. */
const longestDifference = 500;

export class Matrix {
  readonly #session: Session;
  readonly #asking: Asking;
  readonly #inputs: Inputs;
  readonly #versions: PublishedVersions;
  /** By root. */
  readonly #known = new Map<string, KnownAnswers>();

  constructor(session: Session, asking: Asking, inputs: Inputs) {
    this.#session = session;
    this.#asking = asking;
    this.#inputs = inputs;
    this.#versions = new PublishedVersions(session);
  }

  async decide(project: Project, params: messages.MatrixParams, run: MatrixRun): Promise<messages.MatrixResult> {
    const { pace, ports, uris, settings } = this.#session;
    const start = ports.now();
    const steps = decisionMatrixSteps(project, this.#inputs.profileOf(project.root));
    const made = await inTurns(pace, steps, turn, () => !run.signal.aborted);
    if (made === undefined) throw new Error(unwanted);
    const matrix = made.result;
    const { url, channel } = targetOf(this.#session, project);
    const { again, token, url: address } = params;
    if (again === "all") this.#known.delete(project.root);
    const asked = matrix.rows.flatMap((row) => askedOf(row));
    const isAgain = ({ row }: Asked): boolean =>
      typeof again === "object" && uris.uri(row.sample.file.path) === again.uri && row.profile === (again.profile ?? undefined);
    const broken = await this.#stopped(project, matrix.columns, run);
    const compiled = matrix.columns.filter((column) => !broken.has(column));
    const ready = asked.filter(({ query }) => !broken.has(query));
    const inChunks = new Chunks(pace.now, run);
    const before = ready.filter((one) => !isAgain(one));
    const answers = await inChunks.ask(before, (some) => this.#ask(project, some, compiled, this.#knownOf(project)));
    const anew = await inChunks.ask(ready.filter(isAgain), (some) => this.#ask(project, some, compiled, forOnce()));
    const decided = new Map<Asked, Decided>([...answers, ...anew]);
    const byRow = Map.groupBy(asked, ({ row }) => row);
    for (const one of asked) {
      const problem = broken.get(one.query);
      if (problem !== undefined) decided.set(one, { kind: "none", problem });
    }
    const isCompared = token !== undefined && address !== undefined && channel !== undefined && settings.trusted;
    const published = isCompared
      ? await this.#versions.inChannel(project, { url: address, token }, matrix.columns, {
          signal: run.signal,
          isFresh: again === "all",
        })
      : undefined;
    const held =
      published === undefined || "problem" in published ? undefined : await this.#publishedAnswers(published, asked, run);
    return {
      root: uris.uri(project.root),
      columns: matrix.columns,
      rows: matrix.rows.map((row) => this.#row(project, row, byRow.get(row) ?? [], decided, held)),
      ...(published === undefined ? {} : { published: "problem" in published ? published : { name: published.name } }),
      ...(url === undefined || channel === undefined ? {} : { rms: url }),
      evaluated: inChunks.evaluated,
      ms: ports.now() - start,
      ...(matrix.columns.length > 0 && broken.size === matrix.columns.length ? { problem: [...broken.values()][0]! } : {}),
    };
  }

  #knownOf({ root }: Project): KnownAnswers {
    const known = this.#known.get(root) ?? new KnownAnswers({ room: 64_000_000, tellsPlaces: false });
    this.#known.set(root, known);
    return known;
  }

  #ask(project: Project, some: readonly Asked[], together: readonly string[], known: KnownAnswers): Running<KnownOrEvaluated> {
    const questions = some.map(({ query, json, row }) => ({ path: query, input: json, profile: row.profile }));
    return this.#asking.ask(project, questions, patience, { together, known });
  }

  /** The columns that errors keep from being decided, and why. */
  async #stopped(project: Project, columns: readonly string[], { signal }: MatrixRun): Promise<ReadonlyMap<string, string>> {
    const steps = project.compilation.stoppedSteps(columns);
    const found = await inTurns(this.#session.pace, steps, turn, () => !signal.aborted);
    if (found === undefined) throw new Error(unwanted);
    return new Map([...found.result].map(([column, why]) => [column, shownProblem(project, why)]));
  }

  #publishedAnswers(
    published: PublishedDecisions,
    asked: readonly Asked[],
    run: MatrixRun,
  ): Promise<ReadonlyMap<Asked, Decided>> {
    const ask = (some: readonly Asked[]): Running<KnownOrEvaluated> =>
      published.ask(
        some.map(({ query, json, row }) => ({ path: query, input: json, profile: row.profile })),
        patience,
      );
    return new Chunks(this.#session.pace.now, { signal: run.signal, decided: () => undefined }).ask(asked, ask);
  }

  #row(
    project: Project,
    row: MatrixRow,
    own: readonly Asked[],
    decided: ReadonlyMap<Asked, Decided>,
    published: ReadonlyMap<Asked, Decided> | undefined,
  ): messages.MatrixRow {
    const { sample, name, profile, problem } = row;
    const cells = row.cells.map((question) => {
      const one = own.find(({ query }) => query === question?.query);
      const found = one && decided.get(one);
      return one === undefined || found === undefined ? null : cellOf(one, found, published?.get(one));
    });
    return {
      uri: this.#session.uris.uri(sample.file.path),
      name,
      folder: relative(project.root, dirname(sample.file.path)),
      profile: profile ?? null,
      ...(problem === undefined ? {} : { problem }),
      cells,
    };
  }
}

/** Answers that nobody asks for again. */
const forOnce = (): KnownAnswers => new KnownAnswers({ room: 0, tellsPlaces: false });

function askedOf(row: MatrixRow): readonly Asked[] {
  const { json } = row;
  return json === undefined ? [] : row.cells.flatMap((cell) => (cell === undefined ? [] : [{ ...cell, row, json }]));
}

function cellOf({ expectation }: Asked, decided: Decided, published: Decided | undefined): messages.MatrixCell {
  const { kind, text } = cellTexts(decided);
  return {
    kind,
    text,
    ...(expectation === undefined ? {} : { expected: expectedOf(expectation, decided) }),
    ...(published === undefined
      ? {}
      : { published: { text: cellTexts(published).text, same: wholeText(published) === wholeText(decided) } }),
  };
}

function expectedOf(
  expectation: NonNullable<MatrixQuestion["expectation"]>,
  decided: Decided,
): NonNullable<messages.MatrixCell["expected"]> {
  const difference = decided.kind === "none" ? decided.problem : compareDecision(expectation, decisionOf(decided));
  const text = expectedText(expectation.outcome);
  return difference === undefined ? { text } : { text, difference: difference.slice(0, longestDifference) };
}

function cellTexts(decided: Decided): Pick<messages.MatrixCell, "kind" | "text"> {
  if (decided.kind === "none") return { kind: "error", text: `error: ${decided.problem}` };
  const { kind, text } = textsOf(decided);
  return { kind, text };
}

function wholeText(decided: Decided): string {
  switch (decided.kind) {
    case "value":
    case "solutions":
      return decided.json;
    case "undefined":
      return "undefined";
    case "error":
      return `error: ${decided.error.message}`;
    case "none":
      return `error: ${decided.problem}`;
  }
}

/** Asks cells some at a time. A rule that takes too long for one input is not asked for the others: it may take as long for each of them. */
class Chunks {
  readonly #now: () => number;
  readonly #run: MatrixRun;
  readonly #slow = new Map<string, string>();
  evaluated = 0;

  constructor(now: () => number, run: MatrixRun) {
    this.#now = now;
    this.#run = run;
  }

  async ask(
    all: readonly Asked[],
    ask: (some: readonly Asked[]) => Running<KnownOrEvaluated>,
  ): Promise<ReadonlyMap<Asked, Decided>> {
    const decided = new Map<Asked, Decided>();
    let size = first;
    for (let at = 0; at < all.length; ) {
      const some = all.slice(at, at + size);
      const start = this.#now();
      if (!(await this.#together(some, ask, decided))) for (const one of some) await this.#alone(one, ask, decided);
      at += some.length;
      this.#run.decided(at, all.length);
      size = this.#now() - start < brief ? Math.min(size * 2, most) : Math.max(first, size >> 1);
    }
    return decided;
  }

  /** False when they take too long together. */
  async #together(
    some: readonly Asked[],
    ask: (some: readonly Asked[]) => Running<KnownOrEvaluated>,
    decided: Map<Asked, Decided>,
  ): Promise<boolean> {
    const open = some.filter(({ query }) => !this.#slow.has(query));
    for (const one of some) {
      const problem = this.#slow.get(one.query);
      if (problem !== undefined) decided.set(one, { kind: "none", problem });
    }
    if (open.length === 0) return true;
    try {
      const answer = await this.#answer(ask(open));
      for (const [at, one] of open.entries()) decided.set(one, answer.answers[at]!.answer);
      this.evaluated += answer.evaluated;
      return true;
    } catch (error) {
      if (error instanceof EvaluationTimeout && !this.#run.signal.aborted) return false;
      throw error;
    }
  }

  async #alone(
    one: Asked,
    ask: (some: readonly Asked[]) => Running<KnownOrEvaluated>,
    decided: Map<Asked, Decided>,
  ): Promise<void> {
    if (await this.#together([one], ask, decided)) return;
    const problem = `longer than ${patience} ms`;
    decided.set(one, { kind: "none", problem });
    this.#slow.set(one.query, `not asked: ${problem} for ${one.row.name}`);
  }

  async #answer<T>(running: Running<T>): Promise<T> {
    const stop = (): void => running.stop();
    this.#run.signal.addEventListener("abort", stop, { once: true });
    try {
      if (this.#run.signal.aborted) stop();
      return await running.answer;
    } finally {
      this.#run.signal.removeEventListener("abort", stop);
    }
  }
}
