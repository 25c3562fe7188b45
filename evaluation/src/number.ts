// Decimal number texts compared by exact value, without turning them into doubles.

interface Decimal {
  readonly negative: boolean;
  /** Digits without leading or trailing zeros; empty for zero. */
  readonly digits: string;
  /** The value is 0.digits × 10^point. */
  readonly point: number;
}

// What `to_number` reads besides decimal numbers, `1_000` and `0x1p-2`, as a decimal text.
function respelled(text: string): string {
  const plain = text.replaceAll("_", "");
  const parts = /^([+-]?)0x([0-9a-f]*)\.?([0-9a-f]*)p([+-]?\d+)$/i.exec(plain);
  if (parts === null) return plain;
  const [, sign = "", whole = "", fraction = "", exponent = ""] = parts;
  const power = Number(exponent) - 4 * fraction.length;
  // No float64 is as small.
  if (power < -20_000) return "0";
  const value = BigInt(`0x${whole}${fraction}`);
  return power < 0 ? `${sign}${value * 5n ** BigInt(-power)}e${power}` : `${sign}${value << BigInt(power)}`;
}

function read(text: string): Decimal {
  let at = 0;
  const negative = text.charCodeAt(0) === 45;
  if (negative || text.charCodeAt(0) === 43) at = 1;
  let exponentAt = text.length;
  for (let index = at; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if ((code | 32) === 120 || code === 95) return read(respelled(text));
    if ((code | 32) === 101) {
      exponentAt = index;
      break;
    }
  }
  const exponent = exponentAt < text.length ? Number(text.slice(exponentAt + 1).replaceAll("_", "")) : 0;
  const mantissa = text.slice(at, exponentAt);
  const dot = mantissa.indexOf(".");
  const whole = dot < 0 ? mantissa : mantissa.slice(0, dot);
  const all = dot < 0 ? mantissa : whole + mantissa.slice(dot + 1);
  const leading = /^0*/.exec(all)![0].length;
  const digits = all.slice(leading).replace(/0+$/, "");
  return { negative: negative && digits !== "", digits, point: digits === "" ? 0 : whole.length - leading + exponent };
}

/** Orders two number texts by value. */
export function compareNumbers(a: string, b: string): number {
  if (a === b) return 0;
  const left = read(a);
  const right = read(b);
  if (left.negative !== right.negative) return left.negative ? -1 : 1;
  const sign = left.negative ? -1 : 1;
  if (left.digits === "" || right.digits === "") return (left.digits.length - right.digits.length) * sign;
  if (left.point !== right.point) return (left.point - right.point) * sign;
  return left.digits === right.digits ? 0 : left.digits < right.digits ? -sign : sign;
}

/** The integer that the text means in whatever spelling (`5.0`, `1e2`), or undefined when it is none or has more than `maxDigits` digits. */
export function integerOf(text: string, maxDigits = 100_000): bigint | undefined {
  const { negative, digits, point } = read(text);
  if (digits === "") return 0n;
  if (digits.length > point || point > maxDigits) return undefined;
  const value = BigInt(digits.padEnd(point, "0"));
  return negative ? -value : value;
}

/** An integer as OPA takes it for a count: spelled without an exponent, in 19 characters at most. */
export function plainInteger(text: string): bigint | undefined {
  return /^-?[0-9.]{1,19}$/.test(text) ? integerOf(text, 19) : undefined;
}
