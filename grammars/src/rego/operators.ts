// The one table of infix operators: the builtin that a call names → the operator that stands for it.

export const infixOperators: Readonly<Record<string, string>> = {
  eq: "=",
  assign: ":=",
  equal: "==",
  neq: "!=",
  lt: "<",
  lte: "<=",
  gt: ">",
  gte: ">=",
  plus: "+",
  minus: "-",
  mul: "*",
  div: "/",
  rem: "%",
  and: "&",
  or: "|",
};

/** True for what `in` calls, with one operand before it or two. */
export function isMembership(name: string): boolean {
  return name === "internal.member_2" || name === "internal.member_3";
}
