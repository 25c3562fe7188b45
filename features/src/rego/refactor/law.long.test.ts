// Refactorings chosen at random in the evaluation cases of the kit: whatever compiles decides as before.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { createInstance } from "#evaluation/instance.ts";
import type { Range } from "#grammars/rego/ast.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { memoryHost } from "#workspace/host.ts";
import { openProject } from "#workspace/workspace.ts";
import { namesOf } from "../project-names.ts";
import { walk } from "../tree.ts";
import { refactoringsAt } from "./index.ts";
import { afterwards } from "./proof.ts";
import type { Refactoring } from "./refactoring.ts";

interface KitCase {
  readonly case: {
    readonly modules?: readonly string[] | null;
    readonly data?: unknown;
    readonly input?: unknown;
    readonly note: string;
  };
  readonly tags: { readonly builtins: readonly string[] };
}

const folder = "test-fixtures/conformance/rego/cases/v1";
const wanted = 1500;
const now = 1_790_000_000_000_000_000n;

/** Results that depend on more than the program. */
const ofTheMoment =
  /^(?:time\.now_ns|rand\.|uuid\.|http\.|opa\.runtime|net\.lookup|test\.|crypto\.x509\.|io\.jwt\.(?:decode_verify|encode)|rego\.)/u;

const cases = readdirSync(folder)
  .filter((name) => name.endsWith(".json") && !name.startsWith("_"))
  .flatMap((name) => (JSON.parse(readFileSync(join(folder, name), "utf8")) as { readonly cases: readonly KitCase[] }).cases)
  .filter((one) => !one.tags.builtins.some((name) => ofTheMoment.test(name)) && (one.case.modules ?? []).length > 0);

/** Small and steady: the same applications in every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** What each rule is, or nothing where the modules do not compile. */
function decide(
  texts: Readonly<Record<string, string>>,
  paths: readonly string[],
  data: string,
  input: string,
): readonly string[] | undefined {
  const checked = checkModules(Object.entries(texts).map(([file, text]) => parseModule(text, { file })));
  const compiled = checked.complete ? compile(checked, { entrypoints: paths }) : undefined;
  if (compiled?.module === undefined) return undefined;
  const instance = createInstance(compiled.module, { now: () => now });
  if (instance.setData(data) !== undefined) return undefined;
  return paths.map((path) => {
    const outcome = instance.evaluate(path, input, { now, seed: 1, fuel: 20_000_000n });
    return outcome.kind === "error" ? outcome.error.code : inOneOrder(JSON.parse(outcome.text));
  });
}

/** An array that goes through a set has the set's order, which is that of its making. */
function inOneOrder(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inOneOrder).sort().join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, one]) => `${JSON.stringify(key)}:${inOneOrder(one)}`)
    .sort()
    .join()}}`;
}

/** The refactorings of a policy, one list for each kind. */
function offered(project: Awaited<ReturnType<typeof openProject>>, path: string): readonly (readonly Refactoring[])[] {
  const file = project.files.get(path)!;
  const ranges = new Map<string, Range>();
  walk(project.parsed(file).module, ({ start, end }) => {
    ranges.set(`${start}:${end}`, { start, end });
    ranges.set(`${start}:${start}`, { start, end: start });
  });
  const found = new Map<string, Refactoring>();
  for (const range of ranges.values())
    for (const one of refactoringsAt(project, file, range)) found.set(JSON.stringify([one.title, one.edits]), one);
  return [...Map.groupBy(found.values(), kindOf).values()];
}

/** What packages have that they had not, or have no more. */
const names = ({ name, moved }: Refactoring): readonly string[] =>
  [name, moved?.from.split(".").at(-1)].filter((one) => one !== undefined);

const kindOf = ({ title }: Refactoring): string => title.replace(/[`\d].*$/u, "");

test("decisions stay, and hardly one is offered that does not compile", async () => {
  const pick = random(20_261_130);
  const applied = new Map<string, number>();
  const differing: string[] = [];
  let [count, refused] = [0, 0];
  for (let tries = 0; count < wanted && tries < 10 * wanted; tries++) {
    const { modules, data, input, note } = cases[pick(cases.length)]!.case;
    const files: Record<string, string> = Object.fromEntries((modules ?? []).map((text, at) => [`/p/m${at}.rego`, text]));
    const project = await openProject(memoryHost(files), "/p");
    const paths = [...namesOf(project).rules].flatMap(([path, clauses]) =>
      clauses.every(
        ({ rule, file }) => rule.head.args === undefined && rule.head.reference.kind === "var" && project.files.has(file.path),
      )
        ? [path]
        : [],
    );
    const asked = [JSON.stringify(data ?? {}), JSON.stringify(input ?? {})] as const;
    const before = decide(files, paths, ...asked);
    const [path = ""] = Object.keys(files).slice(pick(Object.keys(files).length));
    const kinds = before === undefined ? [] : offered(project, path);
    const kind = kinds[pick(Math.max(1, kinds.length))];
    const one = kind?.[pick(kind.length)];
    if (before === undefined || one === undefined || one.caution !== undefined) continue;
    count += 1;
    applied.set(kindOf(one), (applied.get(kindOf(one)) ?? 0) + 1);
    const changed = afterwards(project, project.files.get(path)!, one);
    const texts = Object.fromEntries(changed.policies.map((file) => [file.path, file.text]));
    // A rule that is inlined is there no more.
    const gone = /^Inline rule `(.*)`$/u.exec(one.title)?.[1];
    const kept = paths.flatMap((name, at) => (gone !== undefined && name.endsWith(`.${gone}`) ? [] : [at]));
    const now = kept.map((at) => (paths[at] === one.moved?.from ? (one.moved?.to ?? "") : paths[at]!));
    const after = decide(texts, now, ...asked);
    if (after === undefined) refused += 1;
    // The document of a package has a new rule of it.
    else if (after.some((value, at) => value !== before[kept[at]!] && !names(one).some((name) => value.includes(name))))
      differing.push(`${note}: ${one.title}\n${JSON.stringify(files, undefined, 1)}\n→\n${JSON.stringify(texts, undefined, 1)}`);
  }
  expect(differing).toEqual([]);
  expect(count).toBe(wanted);
  expect(refused / count).toBeLessThan(0.01);
  // Every kind had its turn.
  expect([...applied.keys()].sort()).toMatchInlineSnapshot(`
    [
      "Add METADATA to ",
      "Add METADATA to package",
      "Extract function ",
      "Extract rule ",
      "Extract variable ",
      "Inline rule ",
      "Inline variable ",
      "Make it a rule: ",
      "Move ",
      "Name what ",
      "Split into a clause for each of ",
      "Write it with sprintf",
      "Write the branches of ",
    ]
  `);
}, 240_000);
