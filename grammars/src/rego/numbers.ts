// Number literals by value.

/** One text for all spellings of a number: `1.0`, `1` and `10e-1` give the same. */
export function normalNumber(text: string): string {
  if (/^(0|[1-9]\d*)$/.test(text)) return text;
  const match = /^(-?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text);
  if (match === null) return text;
  const [, sign, whole, fraction, exponent] = match;
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  const power = Number(exponent ?? 0) - fraction!.length + (digits.length - significant.length);
  if (power >= 0 && power < 30) return `${sign}${significant}${"0".repeat(power)}`;
  return `${sign}${significant}e${power}`;
}

/** Compares decimal texts by value; integers of any size exactly. */
export function compareNumberText(a: string, b: string): number {
  if (a === b) return 0;
  if (/^-?\d+$/.test(a) && /^-?\d+$/.test(b)) {
    const x = BigInt(a);
    const y = BigInt(b);
    return x < y ? -1 : x > y ? 1 : 0;
  }
  return Number(a) - Number(b);
}
