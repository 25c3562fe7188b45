// Chains of `else`.
import type { Body, Head, Term } from "./ast.ts";
import { freshWildcards } from "./heads.ts";
import { parseLiteral } from "./literals.ts";
import { rangeOf } from "./nodes.ts";
import type { Reader } from "./reader.ts";
import { bracedBody } from "./rule-bodies.ts";
import { factsOf, type RuleFacts } from "./rule-facts.ts";
import { parseTermIn } from "./terms.ts";

/** What one `else` says; its place ends with the last branch of the chain. */
interface ElseBranch {
  readonly head: Head;
  readonly body: Body | undefined;
  readonly hasIf: boolean;
}

// else-chain = else { else }
export function parseElse(r: Reader, head: Head): RuleFacts | undefined {
  const branches: ElseBranch[] = [];
  // Chains of thousands are read without going deeper.
  do {
    const branch = parseElseBranch(r, head);
    if (branch === undefined) return undefined;
    branches.push(branch);
  } while (r.is("else") && branches.at(-1)?.body !== undefined);
  return branches.reduceRight<RuleFacts | undefined>(
    (otherwise, { head, body, hasIf }) =>
      factsOf(head, body, rangeOf(head.start, r.place.lastEnd), { hasIf, valueless: head.value === undefined, else: otherwise }),
    undefined,
  );
}

// else = "else" [ ( ":=" | "=" ) term ] [ body ]
function parseElseBranch(r: Reader, head: Head): ElseBranch | undefined {
  const { start } = r.place;
  const fresh = freshWildcards(r, head);
  r.scan();
  let value: Term | undefined;
  // Without a value of its own it has the sign of the first head.
  let { assign } = head;
  let headEnd = r.place.lastEnd;
  if (r.is(":=") || r.is("=")) {
    assign = r.is(":=");
    r.scan();
    value = parseTermIn(r);
    if (value === undefined) return undefined;
    headEnd = r.place.lastEnd;
  } else if (!r.is("{") && !r.is("if")) {
    r.unexpected("expected else value term or rule body");
    return undefined;
  }
  const elseHead: Head = { ...fresh, start, end: headEnd, value, assign };
  const hasIf = r.is("if");
  let body: Body | undefined;
  if (hasIf || r.is("{")) {
    if (hasIf) r.scan();
    if (r.is("{")) body = bracedBody(r);
    else if (r.is("eof")) r.unexpected("rule body expected");
    else {
      const literal = parseLiteral(r);
      body = literal === undefined ? undefined : [{ ...literal, start, end: literal.end }];
    }
    if (body === undefined) return undefined;
  }
  return { head: elseHead, body, hasIf };
}
