// Reads brackets one by one from a queue, so that any depth of nesting is read without recursion.
import type { BodyActions, OpenBody } from "./body-actions.ts";
import { BodyParser, type BodyTokens, TOKENS } from "./grammar.ts";
import { isTrivia, TokenKind, tokenEnd } from "./tokens.ts";

let shared: BodyParser | undefined;

/** Reads every bracket that waits in `actions`, and those inside them; `done` is called with each. */
export function readBodies(actions: BodyActions, done: (body: OpenBody) => void): void {
  shared ??= new BodyParser();
  const content: BodyTokens = { types: [], places: [] };
  for (let body = actions.pending.pop(); body !== undefined; body = actions.pending.pop()) {
    actions.begin(body);
    listTokens(actions, body, content);
    shared.read(body.node.kind, content, actions);
    actions.finish();
    done(body);
  }
}

/** Lists the tokens of one bracket's content, nested brackets folded into one token each. */
function listTokens({ tokens, json, text }: BodyActions, { first, last, node }: OpenBody, { types, places }: BodyTokens): void {
  const { kinds, starts, partners } = tokens;
  types.length = 0;
  places.length = 0;
  let keyPosition = node.kind === "object" && !json;
  for (let index = first; index < last; index++) {
    const kind = kinds[index] as TokenKind;
    if (isTrivia(kind)) continue;
    places.push(index);
    switch (kind) {
      case TokenKind.newline: {
        const before = types.at(-1);
        types.push(TOKENS.newline);
        if (before !== TOKENS.separator && before !== TOKENS.newline) keyPosition = node.kind === "object" && !json;
        continue;
      }
      case TokenKind.comma:
        types.push(TOKENS.comma);
        keyPosition = node.kind === "object" && !json;
        continue;
      case TokenKind.colon:
      case TokenKind.equals:
      case TokenKind.plusEquals:
        types.push(json && kind !== TokenKind.colon ? TOKENS.stray : TOKENS.separator);
        break;
      case TokenKind.openBrace:
      case TokenKind.openBracket: {
        types.push(kind === TokenKind.openBrace ? TOKENS.object : TOKENS.array);
        const partner = partners[index]!;
        const closed = kinds[partner] === (kind === TokenKind.openBrace ? TokenKind.closeBrace : TokenKind.closeBracket);
        index = closed ? partner : partner - 1;
        break;
      }
      case TokenKind.closeBrace:
      case TokenKind.closeBracket:
        types.push(TOKENS.stray);
        break;
      case TokenKind.substitution:
        types.push(TOKENS.substitution);
        break;
      case TokenKind.unquoted:
        types.push(keyPosition && isIncludeKeyword(text, starts[index]!, tokenEnd(tokens, index)) ? TOKENS.include : TOKENS.word);
        break;
      default:
        types.push(TOKENS.word);
    }
    keyPosition = false;
  }
}

function isIncludeKeyword(text: string, start: number, end: number): boolean {
  return end - start === 7 && text.startsWith("include", start);
}
