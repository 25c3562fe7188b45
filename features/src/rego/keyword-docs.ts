// A two-line reminder for each keyword.
const docs: Readonly<Record<string, string>> = {
  package: "`package a.b`\n\nEvery file starts with the package its rules belong to: `data.a.b`.",
  import: "`import data.a.b as name`\n\nGives a package, a rule or a part of the input a short name in this file.",
  as: "`import … as name`, `with … as value`\n\nNames what an import brings, or gives the value that stands in for a target.",
  default: "`default allow := false`\n\nThe value of a rule when none of its clauses holds.",
  if: "`allow if { … }`\n\nThe rule has its value when every expression of the body holds.",
  contains: "`deny contains message if { … }`\n\nThe rule is a set; each way to satisfy the body adds one member.",
  else: "`… else := value if { … }`\n\nTried, in order, when the bodies before it do not hold.",
  some: "`some x in xs`, `some k, v in object`, `some i`\n\nDeclares local variables; with `in` it goes through the members of a collection.",
  every: "`every x in xs { … }`\n\nHolds when the body holds for each member, also when there is none.",
  in: "`x in xs`\n\nHolds when the value is a member of the collection.",
  not: "`not expression`\n\nHolds when the expression is false or undefined; its variables must be bound elsewhere.",
  with: "`allow with input as {…}`\n\nEvaluates one expression with another value for input, data or a function.",
  null: "`null`\n\nJSON's null: a value, unlike undefined.",
  true: "`true`",
  false: "`false`\n\nA value; a body with an expression that is false does not hold.",
  ":=": "`x := value`\n\nGives a local variable, or a rule, its value; a variable can be given one once.",
  "=": "`x = y`\n\nUnifies: holds when both sides can be made equal, and gives the variables in them their values. `:=` assigns, `==` compares.",
  "==": "`x == y`\n\nHolds when both sides, which must have values, are equal.",
  "!=": "`x != y`\n\nHolds when both sides have values that differ; with a value that is undefined it does not hold.",
  "|": "`a | b`\n\nThe union of two sets. In a comprehension it stands before the body: `{x | some x in xs}`.",
  "+": "`a + b`\n\nThe sum of two numbers.",
  "-": "`a - b`\n\nThe difference of two numbers, or of two sets.",
  "*": "`a * b`\n\nThe product of two numbers.",
  "/": "`a / b`\n\nThe quotient of two numbers; undefined when `b` is 0.",
  "%": "`a % b`\n\nThe remainder of a division of two whole numbers.",
  "<": "`a < b`\n\nHolds when `a` comes before `b`; values of different kinds have an order too.",
  "<=": "`a <= b`\n\nHolds when `a` comes before `b`, or equals it.",
  ">": "`a > b`\n\nHolds when `a` comes after `b`; values of different kinds have an order too.",
  ">=": "`a >= b`\n\nHolds when `a` comes after `b`, or equals it.",
  "&": "`a & b`\n\nThe intersection of two sets.",
  input: "What the decision is asked about.",
  data: "The base document together with the values of all rules, by package.",
};

/** Markdown about a keyword or document; undefined for other words. */
export function keywordDoc(word: string): string | undefined {
  return Object.hasOwn(docs, word) ? docs[word] : undefined;
}
