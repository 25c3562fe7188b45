// Numbers as other languages write them: leading zeros, hexadecimal, digits in groups, a dot or exponent without digits.
import type { FaultKind } from "./fault.ts";

export const leadingZero: FaultKind = ({ parsed: { text }, error: { range, message } }) => {
  if (!message.includes("expected number without leading zero")) return [];
  const digits = text.slice(range.start, range.end);
  const repair = [{ range, newText: digits.replace(/^0+(?=\d)/u, "") }];
  return [{ range, message: "a number must not start with 0", title: "Remove leading zeros", repair, certain: true }];
};

/** `0x1F`, `1_000`, `1.`, `1e`. */
export const foreignNumber: FaultKind = ({ token, error: { message } }) => {
  if (token === undefined || !/(?:illegal number format|expected fraction|expected exponent)/u.test(message)) return [];
  const { image } = token;
  const range = { start: token.startOffset, end: token.startOffset + image.length };
  const [wanted, why] = /^0[xob]/iu.test(image)
    ? [readWhole(image), "numbers are decimal"]
    : image.includes("_")
      ? [image.replaceAll("_", ""), "digits stand without `_` between them"]
      : [undefined, "digits are missing at the end of the number"];
  if (wanted === undefined) return [{ range, message: `\`${image}\`: ${why}`, certain: true }];
  return [{ range, message: `\`${image}\`: ${why}`, title: `Use \`${wanted}\``, repair: [{ range, newText: wanted }] }];
};

function readWhole(image: string): string | undefined {
  try {
    return BigInt(image.replaceAll("_", "")).toString();
  } catch {
    return undefined;
  }
}
