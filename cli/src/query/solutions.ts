// The solutions of a query: it is compiled with a call at its end that tells the host of each, in order, equal ones too.
import type { CheckedQuery } from "#analysis/rego/checked.ts";
import { callTerm, exprOf } from "#analysis/rego/tree/make.ts";
import type { Json } from "#bundles/canonical-json.ts";
import type { Family } from "#evaluation/builtins/builtin.ts";
import { writeJson } from "#evaluation/rego-text.ts";
import { hearingCases, testCaseBuiltin } from "#evaluation/test-cases.ts";
import { type UnwritableNumber, unwritableNumber } from "#evaluation/unwritable-number.ts";
import type { Value } from "#evaluation/value.ts";
import type { Term } from "#grammars/rego/ast.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { parseJson } from "../json-text.ts";

export interface Expression {
  readonly value: Json;
  readonly text: string;
  readonly row: number;
  readonly col: number;
}

export interface Solution {
  readonly expressions: readonly Expression[];
  readonly bindings: ReadonlyMap<string, Json>;
}

const solutionMark = "solution";

export class Solutions {
  readonly #query: CheckedQuery;
  readonly #text: string;
  readonly #lines: LineIndex;
  /** The variables of the query whose values are told. */
  readonly #shown: readonly string[];
  #heard: (readonly Value[])[] = [];

  constructor(query: CheckedQuery, text: string) {
    this.#query = query;
    this.#text = text;
    this.#lines = new LineIndex(text);
    this.#shown = [...query.vars.keys(), ...query.captures.values()];
  }

  /** The query with the call that tells. */
  telling(): CheckedQuery {
    const place = { start: 0, end: 0 };
    const values = this.#shown.map((name): Term => ({ kind: "var", ...place, name }));
    const items: readonly Term[] = [{ kind: "string", ...place, value: solutionMark }, ...values];
    const call = exprOf(callTerm(testCaseBuiltin, [{ kind: "array", ...place, items }], place), place, { generated: true });
    return { ...this.#query, body: [...this.#query.body, call] };
  }

  /** The builtin that hears, for the instance that evaluates. */
  hearing(): Family {
    return hearingCases((values) => {
      if (values[0] === solutionMark) this.#heard.push(values.slice(1));
    });
  }

  forget(): void {
    this.#heard = [];
  }

  /** The first number that was heard and that JSON has no way to write. */
  unwritable(): UnwritableNumber | undefined {
    for (const values of this.#heard) {
      const found = values.map(unwritableNumber).find((one) => one !== undefined);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** What was heard since `forget`. */
  all(): readonly Solution[] {
    return this.#heard.map((values) => this.#solution(new Map(this.#shown.map((name, at) => [name, values[at]]))));
  }

  /** The expressions as they were evaluated, without those that the compiler added, and what the query's own variables are. */
  #solution(values: ReadonlyMap<string, Value | undefined>): Solution {
    const { body, vars, captures } = this.#query;
    const shown = (name: string): Json => parseJson(writeJson(values.get(name) ?? null));
    return {
      expressions: body
        .filter(({ generated }) => !generated)
        .map(({ start, end }) => {
          const capture = captures.get(start);
          const value = capture === undefined ? true : shown(capture);
          return { value, text: this.#text.slice(start, end), ...this.#lines.rowCol(start) };
        }),
      bindings: new Map([...vars].map(([name, written]) => [written, shown(name)] as const).sort(([a], [b]) => (a < b ? -1 : 1))),
    };
  }
}
