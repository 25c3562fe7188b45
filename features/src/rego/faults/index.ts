// Syntax faults as their reader needs them: one per fault, at the place to mend, each proved by reading the mended statement again.
import type { Diagnostic, QuickFix, TextEdit } from "#grammars/diagnostic.ts";
import { oncePer } from "#grammars/once-per.ts";
import type { Module, Range } from "#grammars/rego/ast.ts";
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import { basename, dirname } from "#workspace/paths.ts";
import { complaintBehindIn } from "./behind-in.ts";
import { missingCloser, missingOpener, openAtEnd, wrongCloser } from "./brackets.ts";
import { assignedKey, keyWithoutValue, missingBar, missingBody, severalTerms } from "./collections.ts";
import { foreignComments } from "./comments.ts";
import { commaBetweenConditions, ifInBody, updateInPlace } from "./conditions.ts";
import { elseAlone, elseValue } from "./else-value.ts";
import { illegalEscape, shortEscape } from "./escapes.ts";
import { type Broken, closerOf, type FaultKind, insertion, lineEnd, type Suspicion } from "./fault.ts";
import { foreignWords } from "./foreign-words.ts";
import { migrationOf, missingIf } from "./head-keywords.ts";
import { importRoot, quotedImport, severalImports, wildcardImport } from "./imports.ts";
import { lookAlikes, replaceAllIn } from "./look-alikes.ts";
import { begunWord, missingAs, missingTerm, missingWord, strayToken } from "./missing-word.ts";
import { bareArgument, hyphenatedName, loneColon } from "./name-forms.ts";
import { notIn } from "./not-in.ts";
import { foreignNumber, leadingZero } from "./numbers.ts";
import { foreignOperators, secondAssignment } from "./operators.ts";
import {
  conditionAsRule,
  keywordAsName,
  nameAlone,
  noArguments,
  rulesOnOneLine,
  variableInDefault,
  wordBehindName,
} from "./rule-heads.ts";
import { missingSeparator } from "./separators.ts";
import { singleQuotes } from "./single-quotes.ts";
import { soundUntil, statementRanges } from "./statements.ts";
import {
  shiftedQuotes,
  swallowedQuote,
  unclosedHole,
  unclosedRawTemplate,
  unclosedString,
  unclosedTemplate,
  unopenedString,
} from "./strings.ts";

/** In the order of trial: what the text says plainly first, guesses last. */
const kinds: readonly FaultKind[] = [
  unclosedHole,
  unclosedTemplate,
  unclosedRawTemplate,
  unopenedString,
  shortEscape,
  swallowedQuote,
  shiftedQuotes,
  unclosedString,
  illegalEscape,
  lookAlikes,
  singleQuotes,
  foreignComments,
  foreignOperators,
  secondAssignment,
  notIn,
  nameAlone,
  variableInDefault,
  missingIf,
  leadingZero,
  foreignNumber,
  importRoot,
  quotedImport,
  wildcardImport,
  severalImports,
  foreignWords,
  updateInPlace,
  keywordAsName,
  hyphenatedName,
  bareArgument,
  loneColon,
  conditionAsRule,
  rulesOnOneLine,
  commaBetweenConditions,
  ifInBody,
  severalTerms,
  missingBar,
  keyWithoutValue,
  assignedKey,
  missingBody,
  elseAlone,
  elseValue,
  missingAs,
  wrongCloser,
  missingCloser,
  missingOpener,
  missingSeparator,
  begunWord,
  missingTerm,
  missingWord,
  noArguments,
  wordBehindName,
  openAtEnd,
  strayToken,
];

/** What the parser says of text that reads well and means nothing: there is no better word for it. */
const plain =
  /^(?:illegal default rule(?! \(value cannot contain var\))|else keyword cannot|unexpected import alias|unexpected import path, must not|invalid import|unexpected keyword, must be|illegal ref|number too big|found empty body|empty parenthesized group)/u;

/** Faults told of one statement. */
const mostPerStatement = 3;
/** Faults of one line that are told as one. */
const mostMerged = 20;
/** Statements longer than this are not read again on trial. */
const longest = 20_000;
/** Characters that are read on trial for one module: what is still unexplained then is told in the parser's words. */
const mostOnTrial = 400_000;
/** What a fault costs beside the characters. */
const costOfFault = 100;

/** Broken statements that are read each by itself: nobody is shown what is wrong in more. */
const mostBroken = 1000;

/** Reads a text as mended; undefined when enough was tried. */
type Trial = (text: string) => ParsedModule | undefined;

/** A broken statement as it reads once mended: nodes count in a text that begins with a header of ours. */
export interface MendedStatement {
  readonly range: Range;
  readonly module: Module;
  /** False when some fault in it is left. */
  readonly sound: boolean;
  /** True when it lies behind so many others that nothing was read of it. */
  readonly unread?: true;
  readonly header: string;
  /** The offset in the file of an offset in the mended text. */
  back(offset: number): number;
}

interface Reading {
  readonly faults: readonly Diagnostic[];
  readonly mended: readonly MendedStatement[];
}

/** What is wrong with the text of a module. */
export function faultsOf(parsed: ParsedModule): readonly Diagnostic[] {
  return parsed.diagnostics.length === 0 ? [] : readingOf(parsed).faults;
}

/** The broken statements of a module, each as far as it could be mended. */
export function mendedStatements(parsed: ParsedModule): readonly MendedStatement[] {
  return parsed.diagnostics.length === 0 ? [] : readingOf(parsed).mended;
}

const readingOf = oncePer(read);

function read(parsed: ParsedModule): Reading {
  const whole = wholeFaults(parsed);
  const header = parsed.module.imports
    .map((item) => parsed.text.slice(item.start, item.end))
    .filter((text) => /^import\s+(?:rego|future)\b/u.test(text) && isSound(`package p\n${text}`, parsed))
    .join("\n");
  const statements = statementRanges(parsed, soundUntil(parsed));
  // Without a package the first statement is judged as part of that fault.
  const ofPackage = whole.some((one) => one.message.startsWith("package expected")) ? 1 : 0;
  const isSoundOne = soundStatements(parsed);
  const judged = statements.slice(ofPackage).filter((range) => !isSoundOne(range));
  let left = mostOnTrial;
  const trial: Trial = (text) => {
    if (left < 0) return undefined;
    const after = readLike(parsed, text);
    left -= text.length + costOfFault * after.diagnostics.length;
    return after;
  };
  const readings = judged.slice(0, mostBroken).map((range) => readStatement(parsed, range, header, trial));
  const found = readings.flatMap((one) => one.faults);
  // Nothing is mended in it on trial.
  const first = statements.slice(0, ofPackage).map((range) => readStatement(parsed, range, header, () => undefined));
  const nothing = { ...parsed.module, imports: [], rules: [] };
  const unread = judged
    .slice(mostBroken)
    .map((range) => ({ range, module: nothing, sound: false, unread: true, header: "", back: (at: number) => at }) as const);
  const mended = [...[...first, ...readings].flatMap((one) => one.mended), ...unread];
  if (found.length + whole.length === 0) return { faults: onePerPlace(parsed.diagnostics), mended };
  const edits = migrationOf(parsed);
  const migration = edits.length === 0 ? undefined : { title: "Migrate file to v1", edits };
  const replaceAll = replaceAllIn(parsed.text);
  const faults = [...whole, ...found.map((one) => withNextStatement(parsed, statements, one))].map((one) => {
    const isOld = one.message.startsWith("`if` is required") || one.message.startsWith("a partial set rule");
    const whole = isOld ? migration : replaceAll(one.range.start);
    return whole === undefined ? one : { ...one, fixes: [...(one.fixes ?? []), whole] };
  });
  return { faults, mended };
}

/** A bracket that is not closed, with the statement that shows it where nothing nearer does. */
function withNextStatement(parsed: ParsedModule, statements: readonly Range[], fault: Diagnostic): Diagnostic {
  if (fault.related !== undefined || !/^missing `[)\]}]`/u.test(fault.message)) return fault;
  const next = statements.find(({ start }) => start > fault.range.start);
  if (next === undefined) return fault;
  const range = { start: next.start, end: lineEnd(parsed.text, next.start) };
  return { ...fault, related: [{ file: parsed.file, range, message: "the next rule starts here" }] };
}

/** Tells the statements, asked for in the order of the text, that the parser read as they stand and complains of nothing in. */
function soundStatements({ module, diagnostics }: ParsedModule): (range: Range) => boolean {
  const held = new Set([...module.rules, ...module.imports].map(({ start }) => start));
  const complaints = diagnostics.map(({ range }) => range.start).sort((a, b) => a - b);
  let next = 0;
  return ({ start, end }) => {
    while (next < complaints.length && complaints[next]! < start) next += 1;
    // What is missing at the end shows where the next statement begins.
    return held.has(start) && !(next < complaints.length && complaints[next]! <= end);
  };
}

function readLike({ file, version }: ParsedModule, text: string): ParsedModule {
  return parseModule(text, { file, version, allStatements: true });
}

function isSound(text: string, like: ParsedModule): boolean {
  return readLike(like, text).diagnostics.length === 0;
}

/** What no single statement can show: a missing or second package. */
function wholeFaults(parsed: ParsedModule): readonly Diagnostic[] {
  const { text, module } = parsed;
  const found = parsed.diagnostics.filter(({ message }) => message === "unexpected package" || message === "empty module");
  // Tokens are made for who asks for them: a module with a package need not.
  const first = module.package === undefined ? parsed.tokens[0] : undefined;
  if (first === undefined || first.image === "package") return onePerPlace(found);
  const name = packageOf(parsed.file);
  const missing: Diagnostic = {
    file: parsed.file,
    range: { start: first.startOffset, end: first.startOffset + first.image.length },
    severity: "error",
    code: "rego_parse_error",
    message: "package expected: every file starts with one",
    fixes: [
      {
        title: `Insert \`package ${name}\``,
        edits: [insertion(leadingComments(text, first.startOffset), `package ${name}\n\n`)],
        preferred: true,
      },
    ],
  };
  return [missing];
}

/** A METADATA block above the first rule stays with the rule. */
function leadingComments(text: string, first: number): number {
  return /^\s*(?:#[^\n]*\n\s*)*$/u.test(text.slice(0, first)) ? startOf(text) : first;
}

/** Behind a byte order mark. */
const startOf = (text: string): number => (text.startsWith("\ufeff") ? 1 : 0);

function packageOf(path: string): string {
  const folder = basename(dirname(path)).replaceAll(/\W/gu, "_");
  return /^[A-Za-z_]/u.test(folder) ? folder : "main";
}

function readStatement(parsed: ParsedModule, range: Range, imports: string, trial: Trial): Reading {
  const statement = parsed.text.slice(range.start, range.end);
  const isPackage = /^package\b/u.test(statement);
  const header = isPackage ? "" : `package p\n${/^import\b/u.test(statement) ? "" : `${imports}\n`}`;
  const found: Diagnostic[] = [];
  const applied: TextEdit[] = [];
  let merged = 0;
  let now = readLike(parsed, header + statement);
  const shift = range.start - header.length;
  const back = (offset: number): number => Math.min(parsed.text.length, shift + applied.reduceRight(undo, offset));
  const reading = (): Reading => {
    const { module, diagnostics } = now;
    return { faults: found, mended: [{ range, module, sound: diagnostics.length === 0, header, back }] };
  };
  while (now.diagnostics.length > 0 && found.length < mostPerStatement) {
    const first = firstOf(now.diagnostics);
    const error = complaintBehindIn(now, first, trial) ?? first;
    const best = statement.length > longest || plain.test(error.message) ? undefined : judge(now, error, trial, header.length);
    if (best === undefined) {
      if (found.length === 0) found.push(moved(error, back, parsed));
      return reading();
    }
    const next = toDiagnostic(best.suspicion, error, back, parsed);
    const last = found.at(-1);
    if (last !== undefined && !parsed.text.slice(last.range.start, next.range.start).includes("\n")) {
      // The same fault again on the line belongs to the first; another one is mostly an echo of it.
      const joined = best.after === undefined || merged >= mostMerged ? undefined : withFixOf(last, next);
      if (joined === undefined) return reading();
      found[found.length - 1] = joined;
      merged += 1;
    } else found.push(next);
    if (best.after === undefined) return reading();
    applied.push(...best.edits);
    now = best.after;
  }
  return reading();
}

/** A finding whose fix does what the fix of another one does too; undefined when the two differ. */
function withFixOf(one: Diagnostic, other: Diagnostic): Diagnostic | undefined {
  const [fix, ...more] = one.fixes ?? [];
  const [second] = other.fixes ?? [];
  if (fix === undefined || fix.title !== second?.title) return undefined;
  return { ...one, fixes: [{ ...fix, edits: [...fix.edits, ...second.edits] }, ...more] };
}

function firstOf(diagnostics: readonly Diagnostic[]): Diagnostic {
  return [...diagnostics].sort((a, b) => a.range.start - b.range.start)[0]!;
}

interface Verdict {
  readonly suspicion: Suspicion;
  readonly edits: readonly TextEdit[];
  /** The statement as mended; undefined when nothing mends it. */
  readonly after: ParsedModule | undefined;
}

/** The first suspicion whose repair leaves nothing to complain about; else the certain one, else the one that gets furthest. */
function judge(parsed: ParsedModule, error: Diagnostic, trial: Trial, header: number): Verdict | undefined {
  const broken = brokenAt(parsed, error);
  let partial: { readonly verdict: Verdict; readonly reach: number } | undefined;
  for (const kind of kinds) {
    for (const suspicion of kind(broken)) {
      if (suspicion.range.start < header) continue;
      const edits = [...(suspicion.repair ?? [])].sort((a, b) => b.range.start - a.range.start);
      if (edits.length === 0) {
        if (suspicion.certain === true) return { suspicion, edits, after: undefined };
        continue;
      }
      const after = trial(applyAll(parsed.text, edits));
      if (after === undefined) return partial?.verdict;
      if (after.diagnostics.length === 0) return { suspicion, edits, after };
      const reach = edits.reduceRight((at, edit) => undo(at, edit), firstOf(after.diagnostics).range.start);
      const beyond = reach > (broken.token === undefined ? parsed.text.length : error.range.start + broken.token.image.length);
      const farther = beyond && reach > (partial?.reach ?? 0) + 1;
      if (suspicion.certain === true) return { suspicion: beyond ? suspicion : untitled(suspicion), edits, after };
      if (farther)
        partial = { verdict: { suspicion: suspicion.guess === true ? untitled(suspicion) : suspicion, edits, after }, reach };
    }
  }
  return partial?.verdict;
}

/** A guess that does not mend everything is not offered, nor a repair that leaves the complaint where it was. */
function untitled({ title: _, ...rest }: Suspicion): Suspicion {
  return rest;
}

function brokenAt(parsed: ParsedModule, error: Diagnostic): Broken {
  const { tokens } = parsed;
  const at = tokens.findIndex((token) => token.startOffset + token.image.length > error.range.start);
  const index = at < 0 ? tokens.length : at;
  const open: number[] = [];
  for (let i = 0; i < index; i++) {
    const { image, tokenType } = tokens[i]!;
    if (/^[LR](?:Paren|Bracket|Brace)$/u.test(tokenType.name)) {
      if (closerOf.has(image)) open.push(i);
      else open.pop();
    }
  }
  return { parsed, error, token: tokens[index], before: tokens[index - 1], opener: tokens[open.at(-1) ?? -1] };
}

function applyAll(text: string, edits: readonly TextEdit[]): string {
  let out = text;
  for (const { range, newText } of edits) out = out.slice(0, range.start) + newText + out.slice(range.end);
  return out;
}

/** Where an offset behind an edit stood before it. */
function undo(offset: number, { range, newText }: TextEdit): number {
  if (offset < range.start) return offset;
  if (offset < range.start + newText.length) return Math.min(offset, range.end);
  return offset - newText.length + (range.end - range.start);
}

function toDiagnostic(
  suspicion: Suspicion,
  error: Diagnostic,
  back: (offset: number) => number,
  parsed: ParsedModule,
): Diagnostic {
  const place = (range: Range): Range => ({ start: back(range.start), end: Math.max(back(range.start), back(range.end)) });
  const edit = ({ range, newText }: TextEdit): TextEdit => ({ range: place(range), newText });
  const fixes: QuickFix[] = [];
  if (suspicion.title !== undefined && suspicion.repair !== undefined) {
    fixes.push({ title: suspicion.title, edits: suspicion.repair.map(edit), preferred: suspicion.guess !== true });
  }
  for (const { title, edits } of suspicion.more ?? []) fixes.push({ title, edits: edits.map(edit) });
  const related = (suspicion.related ?? []).map(({ range, message }) => ({ file: parsed.file, range: place(range), message }));
  const told = suspicion.message.startsWith(error.message);
  return {
    file: parsed.file,
    range: place(suspicion.range),
    severity: "error",
    code: error.code,
    message: suspicion.message,
    ...(told ? {} : { explanation: `OPA: ${error.message}` }),
    ...(related.length === 0 ? {} : { related }),
    ...(fixes.length === 0 ? {} : { fixes }),
  };
}

/** The parser's own words, at their place in the file. */
function moved(error: Diagnostic, back: (offset: number) => number, parsed: ParsedModule): Diagnostic {
  const feed = parsed.text.indexOf("\n", back(error.range.start));
  const end = Math.min(back(error.range.end), feed < 0 ? parsed.text.length : feed);
  const { details: _, related: __, fixes: ___, explanation: ____, ...rest } = error;
  return { ...rest, range: { start: back(error.range.start), end: Math.max(end, back(error.range.start)) } };
}

/** OPA tells some faults two or three times at one place; the first time is enough. */
function onePerPlace(found: readonly Diagnostic[]): readonly Diagnostic[] {
  const places = new Set<number>();
  return found.filter(({ range }) => !places.has(range.start) && places.add(range.start));
}
