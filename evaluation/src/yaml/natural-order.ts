// The order of keys in written YAML: letters after other characters, runs of digits by their value.
const isLetter = (char: string): boolean => /^\p{L}$/u.test(char);
const isDigit = (char: string): boolean => /^\p{Nd}$/u.test(char);

export function naturallyBefore(left: string, right: string): boolean {
  const a = [...left];
  const b = [...right];
  let digits = false;
  for (let at = 0; at < a.length && at < b.length; at++) {
    const x = a[at]!;
    const y = b[at]!;
    if (x === y) {
      digits = isDigit(x);
      continue;
    }
    const xLetter = isLetter(x);
    const yLetter = isLetter(y);
    if (xLetter && yLetter) return x.codePointAt(0)! < y.codePointAt(0)!;
    if (xLetter || yLetter) return digits ? xLetter : yLetter;
    // A leading 1 keeps the weight of zeros that follow other digits.
    const lead =
      (x === "0" || y === "0") &&
      a
        .slice(0, at)
        .reverse()
        .find((char) => !isDigit(char) || char !== "0");
    const weight = typeof lead === "string" && isDigit(lead) ? 1n : 0n;
    const [xNumber, xEnd] = run(a, at, weight);
    const [yNumber, yEnd] = run(b, at, weight);
    if (xNumber !== yNumber) return xNumber < yNumber;
    if (xEnd !== yEnd) return xEnd < yEnd;
    return x.codePointAt(0)! < y.codePointAt(0)!;
  }
  return a.length < b.length;
}

function run(chars: readonly string[], start: number, weight: bigint): readonly [bigint, number] {
  let at = start;
  let value = weight;
  for (; at < chars.length && isDigit(chars[at]!); at++)
    value = BigInt.asIntN(64, value * 10n + BigInt(chars[at]!.codePointAt(0)! - 48));
  return [value, at];
}
