// The statements of a module. One that breaks costs itself; reading goes on at the next one.
import type { Steps } from "../text/steps.ts";
import type { RegoVersion } from "./ast.ts";
import { mostFaults } from "./fault-list.ts";
import { namesKeywords, switchOn } from "./keyword-imports.ts";
import { hasFeature, type Language } from "./language.ts";
import { noBuiltins, Reader } from "./reader.ts";
import { type Recovered, recoverStatements } from "./recovery.ts";
import { faultOfNoRule } from "./statement.ts";
import { type Dialect, perStep, type SoundStatement, type StatementMemory, StatementReader } from "./statement-memory.ts";

export interface Statements extends Recovered {
  /** How deep the trees can be, in steps of the parser. */
  readonly depth: number;
  /** Where the first broken statement could not be read any more, and where it begins. */
  readonly stopped?: number;
  /** Hints that no fault has taken until there. */
  readonly hints?: readonly string[];
  readonly broken?: number;
}

/** What `ParseOptions` say besides the version. */
interface Options {
  readonly alsoV1?: boolean;
  readonly templateStrings?: boolean;
  readonly language?: Language;
  readonly isBuiltin?: (name: string) => boolean;
  readonly memory?: StatementMemory | undefined;
  readonly allStatements?: boolean;
}

/** Reads statements up to the first error, as OPA does; with `allStatements` again from the broken statement on, so that those behind it are not lost. */
export function* parseStatements(text: string, version: RegoVersion, options: Options): Steps<Statements> {
  const dialect: Dialect = {
    version,
    alsoV1: options.alsoV1 ?? false,
    templateStrings: (options.templateStrings ?? true) && hasFeature(options.language, "template_strings"),
    language: options.language,
    isBuiltin: options.isBuiltin ?? noBuiltins,
  };
  /** A reader behind statements that were read. */
  const readerBehind = (read: readonly SoundStatement[]): Reader => {
    const fresh = new Reader(text, version, dialect.alsoV1);
    fresh.templateStrings = dialect.templateStrings;
    fresh.language = dialect.language;
    fresh.isBuiltin = dialect.isBuiltin;
    fresh.scanner.isKept = options.memory !== undefined;
    for (const { statement, comments } of read) {
      fresh.comments.push(...comments);
      if (statement.kind === "import") switchOn(fresh, statement.import);
    }
    fresh.place = read.at(-1)?.next ?? fresh.place;
    return fresh;
  };
  let r = readerBehind([]);
  const memory = r.scanner.isSuspicious ? undefined : options.memory;
  const known = memory?.of(text, dialect);
  const above = known?.above ?? [];
  if (above.length > 0) r = readerBehind(above);
  const reader = new StatementReader(above.at(-1), known?.below);
  const sound = [...above];
  const statements = sound.map(({ statement }) => statement);
  while (!r.is("eof") && r.place.faults.length < mostFaults) {
    const { statement, noted } = reader.read(r);
    if (statement === undefined) break;
    statements.push(statement);
    const isSound = noted !== undefined && !(statement.kind === "body" && namesKeywords(text, noted.from.start));
    if (isSound && sound.length === statements.length - 1) sound.push(noted);
    r.forget();
    if (statements.length % perStep === 0) yield;
  }
  const faults = r.place.faults.all();
  const { start: stopped, hints } = r.place;
  const whole = faults.length > 0 ? sound : aboveNoRule(sound);
  const recovered =
    whole !== undefined && options.allStatements
      ? yield* recoverStatements(readerBehind(whole), faults, whole, reader)
      : undefined;
  memory?.keep({ text, dialect, above: sound, all: [...above, ...reader.noted] });
  const { depth } = reader;
  const read = recovered ?? { statements, faults, further: [], comments: r.comments };
  if (faults.length === 0) return { ...read, depth, hints };
  return { ...read, depth, stopped, hints, broken: sound.at(-1)?.next.start ?? 0 };
}

/** The statements above one that can be no rule in the middle of a line: what stands before it may have swallowed its beginning. */
function aboveNoRule(sound: readonly SoundStatement[]): readonly SoundStatement[] | undefined {
  const first = sound.findIndex(({ statement, from }) => !from.newline && faultOfNoRule(statement) !== undefined);
  return first < 0 ? undefined : sound.slice(0, first);
}
