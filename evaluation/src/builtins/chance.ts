// rand.intn and uuid.rfc4122: chance from the evaluation's seed, the same answer for the same arguments within one evaluation.
import { plainInteger } from "../number.ts";
import { writeRegoText } from "../rego-text.ts";
import { RegoNumber, type Value } from "../value.ts";
import { type BuiltinContext, BuiltinFailure, type Family, operand } from "./builtin.ts";

function cached({ cache }: BuiltinContext, key: string, make: () => Value): Value {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = make();
  cache.set(key, made);
  return made;
}

/** An integer in [0, limit), of 53 random bits and more where the limit asks for them. */
function below(limit: bigint, random: () => number): bigint {
  let bits = 0n;
  for (let have = 1n; have < limit * 1024n; have *= 65536n) bits = bits * 65536n + BigInt(Math.floor(random() * 65536));
  return bits % limit;
}

export const chance: Family = {
  "rand.intn": (args, context) => {
    const name = operand(args, 1, "string");
    const limit = plainInteger(operand(args, 2, "number").text);
    if (limit === undefined) throw new BuiltinFailure("type", "operand 2 must be integer number but got floating-point number");
    const size = limit < 0n ? -limit : limit;
    if (size === 0n) return RegoNumber.of(0);
    return cached(context, `rand.intn ${name} ${size}`, () => RegoNumber.of(below(size, () => context.random())));
  },

  "uuid.rfc4122": ([key = null], context) =>
    cached(context, `uuid.rfc4122 ${writeRegoText(key)}`, () => {
      const hex = Array.from({ length: 32 }, (_, at) => {
        const digit = Math.floor(context.random() * 16);
        return (at === 12 ? 4 : at === 16 ? 8 + (digit % 4) : digit).toString(16);
      }).join("");
      return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
    }),
};
