// Repeats an evaluation for a second and reports what one takes, in the formats of `opa bench` and `opa test --bench`.
import type { CompiledTests, TestResult } from "#evaluation/test-runner.ts";
import { boxTable } from "./box-table.ts";
import { goJson } from "./errors.ts";
import type { Io } from "./io.ts";
import { histogram } from "./metrics.ts";
import { jsonTest, prettyTests } from "./test-report.ts";

export type BenchFormat = "pretty" | "json" | "gobench" | "junit";

/** How long one benchmark runs. */
const enoughNanoseconds = 1e9;

export interface BenchResult {
  readonly runs: number;
  readonly nanoseconds: number;
  /** Each run's own time. */
  readonly samples: readonly number[];
}

/** Runs until a second is over; `once` says whether to go on. */
export function benchmark(once: () => boolean): BenchResult {
  const samples: number[] = [];
  const started = process.hrtime.bigint();
  let last = started;
  do {
    if (!once()) break;
    const now = process.hrtime.bigint();
    samples.push(Number(now - last));
    last = now;
  } while (Number(last - started) < enoughNanoseconds);
  return { runs: samples.length, nanoseconds: Number(last - started), samples };
}

function perRun({ runs, nanoseconds }: BenchResult): number {
  return runs === 0 ? 0 : nanoseconds / runs;
}

/** Go's layout for a number of a benchmark: four digits that count. */
function goNumber(value: number): string {
  if (value === 0 || value >= 999.95) return value.toFixed(0).padStart(10);
  const digits = value >= 99.995 ? 1 : value >= 9.9995 ? 2 : value >= 0.99995 ? 3 : 4;
  return value.toFixed(digits).padStart(10 + 1 + digits);
}

function benchLine(result: BenchResult, extra: ReadonlyMap<string, number>): string {
  const parts = [String(result.runs).padStart(8), `${goNumber(perRun(result))} ns/op`];
  for (const [name, value] of [...extra].sort(([a], [b]) => (a < b ? -1 : 1))) parts.push(`${goNumber(value)} ${name}`);
  return parts.join("\t");
}

/** The numbers of one `rw bench`, by OPA's names. */
function histogramExtra(result: BenchResult): ReadonlyMap<string, number> {
  const numbers = Object.entries(histogram(result.samples));
  return new Map(numbers.map(([name, value]) => [`histogram_timer_rego_query_eval_ns_${name}`, value]));
}

/** One benchmark of a query as text. */
export function benchReport(result: BenchResult, format: BenchFormat, metrics: boolean): string {
  const extra = metrics ? histogramExtra(result) : new Map<string, number>();
  switch (format) {
    case "json":
      return `${goJson(benchJson(result, extra))}\n`;
    case "gobench":
      return `BenchmarkOPAEval\t${benchLine(result, extra)}\n`;
    default: {
      const rows = [
        ["samples", String(result.runs)],
        ["ns/op", perRun(result).toFixed(0)],
        ...[...extra].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => [name, goNumber(value).trim()]),
      ];
      return boxTable([], rows, { right: true });
    }
  }
}

function benchJson(result: BenchResult, extra: ReadonlyMap<string, number>): object {
  return { N: result.runs, T: result.nanoseconds, Bytes: 0, MemAllocs: 0, MemBytes: 0, Extra: Object.fromEntries(extra) };
}

/** Benchmarks each test that passes; gives the exit code. */
export function benchmarkTests(compiled: CompiledTests, format: BenchFormat, io: Io): number {
  const done = compiled.tests.map((found) => {
    const first = compiled.run(found);
    const result = first.outcome === "pass" ? benchmark(() => compiled.run(found).outcome === "pass") : undefined;
    // What a benchmark prints is nothing to report.
    const test: TestResult = {
      ...first,
      prints: [],
      ...(result === undefined ? {} : { milliseconds: result.nanoseconds / 1e6 }),
    };
    return { test, result };
  });
  if (format === "json") {
    const items = done.map(({ test, result }) =>
      jsonTest(test, result === undefined ? {} : { benchmark_result: benchJson(result, evalExtra(result)) }),
    );
    io.out(`${goJson(items)}\n`);
  } else {
    const lines = done.flatMap(({ test, result }) => {
      if (result === undefined) return [];
      const name = `${test.package}.${test.name}`;
      return [`${format === "gobench" ? goBenchName(name) : name}\t${benchLine(result, evalExtra(result))}`];
    });
    io.out(
      prettyTests(
        done.map(({ test }) => test),
        { verbose: false, first: lines },
      ),
    );
  }
  return done.some(({ test: { outcome } }) => outcome !== "pass") ? 2 : 0;
}

function evalExtra(result: BenchResult): ReadonlyMap<string, number> {
  return new Map([["timer_rego_query_eval_ns/op", perRun(result)]]);
}

/** `data.a_b.test_c` → `BenchmarkDataABTestC`. */
function goBenchName(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/u).filter((word) => word !== "");
  return `Benchmark${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("")}`;
}
