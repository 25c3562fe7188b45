// What the innermost open bracket around an offset holds, told from tokens: right also where the text is broken.
import type { ParsedModule } from "#grammars/rego/parse.ts";
import type { Token } from "#grammars/rego/tokens.ts";

export interface Inside {
  /** `body` where expressions stand, in `{ … }` of a rule or behind the `|` of a comprehension; `term` in any other bracket. */
  readonly kind: "body" | "term" | "none";
  /** Directly behind the `|` that begins the body of a comprehension. */
  readonly isBehindBar: boolean;
  /** Where a key of an object may begin. */
  readonly isKey: boolean;
  /** For an object, or one in it, that stands for a document (`with input as {`): the path of the innermost one. */
  readonly document: readonly string[] | undefined;
  /** The keys that the innermost object has before the offset. */
  readonly keys: readonly string[];
}

interface Open {
  readonly token: Token;
  /** The place of the bracket among the tokens. */
  readonly at: number;
  readonly keys: string[];
  isBody: boolean;
  isKey: boolean;
}

const openers = new Set(["LParen", "LBracket", "LBrace", "HoleStart"]);
/** What a comprehension begins with; in others `|` is a union. */
const comprehensions = new Set(["LBracket", "LBrace"]);
const closers = new Set(["RParen", "RBracket", "RBrace", "HoleEnd"]);

export function insideAt({ tokens, text }: ParsedModule, offset: number): Inside {
  const stack: Open[] = [];
  let isBehindBar = false;
  for (const [at, token] of tokens.entries()) {
    if (token.startOffset + token.image.length > offset || isWordAt(token, offset)) break;
    isBehindBar = false;
    const { name } = token.tokenType;
    const top = stack.at(-1);
    if (openers.has(name)) {
      const isBody = name === "LBrace" && endsTerm(tokens[at - 1]);
      stack.push({ token, at, keys: [], isBody, isKey: name === "LBrace" && !isBody });
    } else if (closers.has(name)) stack.pop();
    else if (top === undefined) continue;
    else if (token.image === "|" && comprehensions.has(top.token.tokenType.name)) {
      isBehindBar = !top.isBody;
      top.isBody = true;
    } else if (token.image === ":") {
      const key = tokens[at - 1]!;
      if (key.tokenType.name === "StringLiteral") top.keys.push(key.image.slice(1, -1));
      top.isKey = false;
    } else if (token.image === ",") top.isKey = top.token.image === "{" && !top.isBody;
    // A statement that starts in the first column ends whatever was left open above.
    else if (token.newlineBefore && (text[token.startOffset - 1] ?? "\n") === "\n" && /^[A-Za-z_]/u.test(token.image)) {
      stack.length = 0;
    }
  }
  const innermost = stack.at(-1);
  if (innermost === undefined) return { kind: "none", isBehindBar, isKey: false, document: undefined, keys: [] };
  const { isBody, isKey, keys } = innermost;
  return { kind: isBody ? "body" : "term", isBehindBar, isKey: isKey && !isBody, document: documentOf(tokens, stack), keys };
}

/** True for the word that is being typed. */
const isWordAt = ({ startOffset, image }: Token, offset: number): boolean =>
  startOffset + image.length === offset && /^[A-Za-z_]/u.test(image);

/** True for what no object can follow, so that `{` begins a body: `if`, `else`, the end of a head or of a domain. */
function endsTerm(before: Token | undefined): boolean {
  if (before === undefined) return false;
  const { image, tokenType } = before;
  if (image === "if" || image === "else") return true;
  return /^[)\]}]$/u.test(image) || tokenType.name === "Identifier" || /^["`\d]|^(?:true|false|null)$/u.test(image);
}

/** The path that the innermost object stands for, when one around it is what `with` puts in the place of a document. */
function documentOf(tokens: readonly Token[], stack: readonly Open[]): readonly string[] | undefined {
  const first = stack.findLastIndex(({ at }) => tokens[at - 1]?.image === "as");
  const outermost = stack[first];
  if (outermost === undefined || stack.slice(first).some(({ token, isBody }) => isBody || !/^[{[]$/u.test(token.image))) {
    return undefined;
  }
  const path: string[] = [];
  let at = outermost.at - 2;
  for (; at >= 0 && tokens[at]!.image !== "with"; at--) {
    const { image, tokenType } = tokens[at]!;
    if (tokenType.name === "StringLiteral") path.unshift(image.slice(1, -1));
    else if (/^\w+$/u.test(image)) path.unshift(image);
    else if (!/^[.[\]]$/u.test(image)) return undefined;
  }
  if (path[0] !== "input" && path[0] !== "data") return undefined;
  for (const { token, keys } of stack.slice(first, -1)) path.push(token.image === "[" ? "*" : (keys.at(-1) ?? "*"));
  return path;
}
