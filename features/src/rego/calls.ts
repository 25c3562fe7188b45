// The call around an offset, told from tokens: right also where the text is broken, nested, or holds commas in strings.
import type { ParsedModule } from "#grammars/rego/parse.ts";

export interface OpenCall {
  /** The callee as written: `time.clock`. */
  readonly name: string;
  readonly nameStart: number;
  /** 0 for the first argument. */
  readonly argument: number;
  /** The arguments before the offset that are one literal, by their number. */
  readonly literals: ReadonlyMap<number, string>;
  /** True where nothing but the call's own parentheses is open around the offset. */
  readonly direct: boolean;
}

/** The innermost call whose parentheses hold the offset. */
export function callAt(parsed: ParsedModule, offset: number): OpenCall | undefined {
  const stack: { name: string; nameStart: number; argument: number; literals: Map<number, string>; call: boolean }[] = [];
  const open = (callee: { name: string; start: number } | undefined): void => {
    const { name, start: nameStart } = callee ?? { name: "", start: 0 };
    stack.push({ name, nameStart, argument: 0, literals: new Map(), call: callee !== undefined });
  };
  const { tokens, text } = parsed;
  for (const [at, token] of tokens.entries()) {
    if (token.startOffset >= offset) break;
    switch (token.tokenType.name) {
      case "LParen":
        open(token.adjacent ? calleeBefore(text, token.startOffset) : undefined);
        break;
      case "LBracket":
      case "LBrace":
      case "HoleStart":
        open(undefined);
        break;
      case "RParen":
      case "RBracket":
      case "RBrace":
      case "HoleEnd":
        stack.pop();
        break;
      case "Comma": {
        const top = stack.at(-1);
        if (top !== undefined) top.argument += 1;
        break;
      }
      case "StringLiteral":
      case "NumberLiteral":
      case "true":
      case "false":
      case "null": {
        const top = stack.at(-1);
        if (top !== undefined && /^[(,]$/u.test(tokens[at - 1]?.image ?? "")) top.literals.set(top.argument, token.image);
        break;
      }
      default:
        // A statement that starts in the first column ends whatever was left open above.
        if (at > 0 && token.newlineBefore && (text[token.startOffset - 1] ?? "\n") === "\n" && /^[A-Za-z_]/u.test(token.image)) {
          stack.length = 0;
        }
    }
  }
  for (let at = stack.length - 1; at >= 0; at--) {
    const { call, ...found } = stack[at]!;
    if (call) return { ...found, direct: at === stack.length - 1 };
  }
  return undefined;
}

function calleeBefore(text: string, paren: number): { name: string; start: number } | undefined {
  const match = /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/u.exec(text.slice(Math.max(0, paren - 200), paren));
  if (match === null || /^(?:if|in|not|some|every|else|with|as)$/u.test(match[0])) return undefined;
  return { name: match[0], start: paren - match[0].length };
}
