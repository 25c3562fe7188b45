// Go's strconv: floats in the formats e, f, g, b, x with shortest or given precision, and quoted texts.

/** The absolute value in a Go format. `general` switches to exponents at 21 digits, as %v does. */
export function formatFloat(
  value: number,
  verb: string,
  precision: number | undefined,
  sharp: boolean,
  general: boolean,
): string {
  switch (verb) {
    case "e":
    case "E":
      return exponent(precision === undefined ? value.toExponential(6) : toExponential(value, precision), verb);
    case "f":
    case "F":
      return fixed(value, precision ?? 6);
    case "g":
    case "G":
      return shortest(value, verb === "G" ? "E" : "e", precision, sharp, general);
    case "b":
      return binary(value);
    default:
      return hexadecimal(value, verb, precision);
  }
}

function exponent(text: string, letter: string): string {
  return text.replace(/e([-+])(\d)$/, "e$10$2").replace("e", letter);
}

function toExponential(value: number, precision: number): string {
  if (precision <= 100) return value.toExponential(precision);
  const [mantissa, power] = value.toExponential(100).split("e");
  return `${mantissa}${"0".repeat(precision - 100)}e${power}`;
}

/** The exact decimal expansion, rounded half to even as the double stands. */
function fixed(value: number, precision: number): string {
  if (value < 1e21 && precision <= 100) return value.toFixed(precision);
  const digits = BigInt(Math.trunc(value)).toString();
  return precision === 0 ? digits : `${digits}.${"0".repeat(precision)}`;
}

function shortest(value: number, letter: string, precision: number | undefined, sharp: boolean, general: boolean): string {
  const digitsWanted = precision === undefined ? undefined : Math.max(1, precision);
  const [mantissa = "0", power = "0"] = (
    digitsWanted === undefined ? value.toExponential() : toExponential(value, digitsWanted - 1)
  ).split("e");
  const point = Number(power);
  const limit = digitsWanted ?? (general ? 21 : Math.max(6, mantissa.replace(".", "").length));
  const keep = (text: string): string => (sharp || !text.includes(".") ? text : text.replace(/\.?0+$/, ""));
  if (point < -4 || point >= (digitsWanted === undefined ? (general ? 21 : 21) : limit))
    return exponent(`${keep(mantissa)}e${power}`, letter);
  if (digitsWanted === undefined) return fixedShortest(value);
  return keep(fixed(value, Math.max(0, digitsWanted - 1 - point)));
}

function fixedShortest(value: number): string {
  const text = String(value);
  if (!text.includes("e")) return text;
  const [mantissa = "", power = "0"] = text.split("e");
  const digits = mantissa.replace(".", "");
  return Number(power) < 0 ? `0.${"0".repeat(-Number(power) - 1)}${digits}` : digits.padEnd(Number(power) + 1, "0");
}

function parts(value: number): { readonly mantissa: bigint; readonly exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const raw = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & ((1n << 52n) - 1n);
  return raw === 0 ? { mantissa: fraction, exponent: -1074 } : { mantissa: fraction | (1n << 52n), exponent: raw - 1075 };
}

function binary(value: number): string {
  const { mantissa, exponent: power } = parts(value);
  return `${mantissa}p${power < 0 ? "" : "+"}${power}`;
}

function hexadecimal(value: number, verb: string, precision: number | undefined): string {
  if (value === 0) return `0x0${precision === undefined || precision === 0 ? "" : `.${"0".repeat(precision)}`}p+00`;
  let { mantissa, exponent: power } = parts(value);
  while (mantissa < 1n << 52n) {
    mantissa <<= 1n;
    power--;
  }
  power += 52;
  if (precision !== undefined && precision < 13) {
    const drop = BigInt(4 * (13 - precision));
    const half = 1n << (drop - 1n);
    const rest = mantissa & ((1n << drop) - 1n);
    mantissa >>= drop;
    if (rest > half || (rest === half && (mantissa & 1n) === 1n)) mantissa += 1n;
    mantissa <<= drop;
    if (mantissa >= 1n << 53n) {
      mantissa >>= 1n;
      power++;
    }
  }
  let digits = (mantissa & ((1n << 52n) - 1n)).toString(16).padStart(13, "0");
  digits = precision === undefined ? digits.replace(/0+$/, "") : digits.slice(0, precision).padEnd(precision, "0");
  const text = `0x1${digits === "" ? "" : `.${digits}`}p${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  return verb === "X" ? text.toUpperCase() : text;
}

const escapes: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
};

/** Go's quoted form; `ascii` escapes everything beyond ASCII. */
export function quoteText(text: string, quote: '"' | "'", ascii: boolean): string {
  let out = quote as string;
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (char === quote) out += `\\${quote}`;
    else if (escapes[char] !== undefined) out += escapes[char];
    else if (code >= 0xdc80 && code <= 0xdcff) out += `\\x${(code - 0xdc00).toString(16)}`;
    else if (code < 0x20 || code === 0x7f) out += `\\x${code.toString(16).padStart(2, "0")}`;
    else if ((ascii && code > 0x7e) || !/[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(char))
      out += code < 0x10000 ? `\\u${code.toString(16).padStart(4, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
    else out += char;
  }
  return out + quote;
}
