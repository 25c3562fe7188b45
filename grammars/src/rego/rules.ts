// Rules: a head, its bodies and `else` branches, or a default value.

import type { Head } from "./ast.ts";
import { parseDefault } from "./default-rules.ts";
import { parseElse } from "./else-branches.ts";
import { freshWildcards, parseHead, type ReadHead, refOf } from "./heads.ts";
import { isGround, isRuleKey, rangeOf } from "./nodes.ts";
import type { Reader } from "./reader.ts";
import { bracedBody, parseIfBody } from "./rule-bodies.ts";
import { factsOf, type RuleFacts } from "./rule-facts.ts";

const plainFollowers = [":=", "=", "if", "contains", "("];
const operatorFollowers = [":=", "=", "if", "contains"];
const pathFollowers = [":=", "=", "("];

/** Keywords that, before one of these tokens, can only be meant as the name of a rule. */
const followersOf: Readonly<Record<string, readonly string[]>> = {
  every: plainFollowers,
  if: plainFollowers,
  in: plainFollowers,
  some: plainFollowers,
  as: plainFollowers,
  package: pathFollowers,
  import: pathFollowers,
  not: operatorFollowers,
  and: operatorFollowers,
  or: operatorFollowers,
  contains: ["if", "contains"],
};

/** Reports a keyword that stands where a rule's name must; true when it did. */
export function reportKeywordName(r: Reader, isDefault: boolean): boolean {
  const followers = followersOf[r.kind];
  if (followers === undefined || (!isDefault && !followers.includes(r.peek()))) return false;
  r.error(r.place, `${r.kind} keyword cannot be used for rule name`);
  return true;
}

// rule = [ "default" ] head ( default value | body | nothing )
export function parseRules(r: Reader): readonly RuleFacts[] | undefined {
  const { start } = r.place;
  r.keywordAsRefHead();
  const isDefault = r.is("default");
  if (isDefault) {
    r.scan();
    r.keywordAsRefHead();
  }
  if (!r.is("identifier")) {
    if (isDefault) reportKeywordName(r, true);
    return undefined;
  }
  const read = parseHead(r, isDefault);
  if (read === undefined) return undefined;
  return isDefault ? parseDefault(r, read, start) : parseBodies(r, read, start);
}

/** What follows the head of a rule that is no default. */
function parseBodies(r: Reader, read: ReadHead, start: number): readonly RuleFacts[] | undefined {
  const hasIf = r.is("if");
  const head = finishedHead(read, hasIf);
  if (head === undefined) return undefined;
  const said = { hasIf, valueless: read.valueless };
  if (!hasIf && !r.is("{")) return head.contains ? [factsOf(head, undefined, rangeOf(start, r.place.lastEnd), said)] : undefined;
  const body = hasIf ? parseIfBody(r) : bracedBody(r);
  if (body === undefined) return undefined;
  let otherwise: RuleFacts | undefined;
  if (r.is("else") && !r.keywordAsRefHead()) {
    const fault = elseFault(read, head, hasIf);
    if (fault !== undefined) {
      r.error(r.place, fault);
      return undefined;
    }
    otherwise = parseElse(r, head);
    if (otherwise === undefined) return undefined;
  }
  const rules = [factsOf(head, body, rangeOf(start, r.place.lastEnd), { ...said, else: otherwise })];
  while (r.is("{")) {
    const open = r.place;
    if (otherwise !== undefined) {
      r.error(r.place, "expected else keyword");
      return undefined;
    }
    const next = bracedBody(r);
    if (next === undefined) return undefined;
    const range = rangeOf(open.start, r.place.lastEnd);
    rules.push(factsOf(freshWildcards(r, head), next, range, { ...said, chained: true }));
  }
  return rules;
}

/** `p[x]`, which may be a partial set, an object with that key, or a rule of that ref. */
function isPair({ parts, head }: ReadHead): boolean {
  return parts.length === 2 && (head.args?.length ?? 0) === 0;
}

/** The head with the bracket behind its name as the key of a partial set, where it is one; undefined where no rule can begin so. */
function finishedHead(read: ReadHead, hasIf: boolean): Head | undefined {
  const { head, parts } = read;
  if (head.contains || parts.length !== 2) return head;
  if (parts[0]?.kind !== "var" && (hasIf ? head.value !== undefined : isPair(read))) return undefined;
  if (hasIf || head.value !== undefined || !isPair(read)) return head;
  return { ...head, reference: refOf(parts.slice(0, 1)), key: parts[1] };
}

/** Why no `else` can follow. */
function elseFault(read: ReadHead, { key, contains }: Head, hasIf: boolean): string | undefined {
  const { parts } = read;
  if (parts.length > 1 && (key === undefined || contains) && !parts.slice(1).every(isGround))
    return "else keyword cannot be used on rules with variables in head";
  if (key !== undefined || (isPair(read) && !contains && (!hasIf || isRuleKey(parts[1]!))))
    return "else keyword cannot be used on multi-value rules";
  return undefined;
}
