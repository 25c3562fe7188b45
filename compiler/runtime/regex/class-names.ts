// Names of Unicode classes as Go looks them up: without case, blanks, `_` and `-`, and with the long names of categories.

import { classAdd, classAddRuns } from "./classes";
import { nameIs } from "./named-classes";
import { classEnd, findUnicodeClass } from "./unicode-classes";

const LONGEST: u32 = 64;
const canonical: usize = memory.data(64);

// Where the canonical name ends: one capital, then small letters. 0 for names that are longer than any.
function canonicalName(from: usize, to: usize): usize {
  let q = canonical;
  for (let p = from; p < to; p++) {
    const c: u32 = load<u8>(p);
    if (c == 32 || c == 45 || c == 95) continue;
    if (q - canonical >= LONGEST) return 0;
    const isFirst = q == canonical;
    const isLetter = (c | 32) - 97 < 26;
    store<u8>(q++, isLetter ? (isFirst ? c & 0xdf : c | 32) : c);
  }
  return q;
}

// Per long name of a category, in its canonical form: its length, the name, the two letters of the category or one and 0.
const aliases: usize = memory.data<u8>([
  5, 79, 116, 104, 101, 114, 67, 0, // Other: C
  7, 67, 111, 110, 116, 114, 111, 108, 67, 99, // Control: Cc
  5, 67, 110, 116, 114, 108, 67, 99, // Cntrl: Cc
  6, 70, 111, 114, 109, 97, 116, 67, 102, // Format: Cf
  10, 85, 110, 97, 115, 115, 105, 103, 110, 101, 100, 67, 110, // Unassigned: Cn
  10, 80, 114, 105, 118, 97, 116, 101, 117, 115, 101, 67, 111, // Privateuse: Co
  9, 83, 117, 114, 114, 111, 103, 97, 116, 101, 67, 115, // Surrogate: Cs
  6, 76, 101, 116, 116, 101, 114, 76, 0, // Letter: L
  15, 76, 111, 119, 101, 114, 99, 97, 115, 101, 108, 101, 116, 116, 101, 114, 76, 108, // Lowercaseletter: Ll
  14, 77, 111, 100, 105, 102, 105, 101, 114, 108, 101, 116, 116, 101, 114, 76, 109, // Modifierletter: Lm
  11, 79, 116, 104, 101, 114, 108, 101, 116, 116, 101, 114, 76, 111, // Otherletter: Lo
  15, 84, 105, 116, 108, 101, 99, 97, 115, 101, 108, 101, 116, 116, 101, 114, 76, 116, // Titlecaseletter: Lt
  15, 85, 112, 112, 101, 114, 99, 97, 115, 101, 108, 101, 116, 116, 101, 114, 76, 117, // Uppercaseletter: Lu
  4, 77, 97, 114, 107, 77, 0, // Mark: M
  13, 67, 111, 109, 98, 105, 110, 105, 110, 103, 109, 97, 114, 107, 77, 0, // Combiningmark: M
  11, 83, 112, 97, 99, 105, 110, 103, 109, 97, 114, 107, 77, 99, // Spacingmark: Mc
  13, 69, 110, 99, 108, 111, 115, 105, 110, 103, 109, 97, 114, 107, 77, 101, // Enclosingmark: Me
  14, 78, 111, 110, 115, 112, 97, 99, 105, 110, 103, 109, 97, 114, 107, 77, 110, // Nonspacingmark: Mn
  6, 78, 117, 109, 98, 101, 114, 78, 0, // Number: N
  13, 68, 101, 99, 105, 109, 97, 108, 110, 117, 109, 98, 101, 114, 78, 100, // Decimalnumber: Nd
  5, 68, 105, 103, 105, 116, 78, 100, // Digit: Nd
  12, 76, 101, 116, 116, 101, 114, 110, 117, 109, 98, 101, 114, 78, 108, // Letternumber: Nl
  11, 79, 116, 104, 101, 114, 110, 117, 109, 98, 101, 114, 78, 111, // Othernumber: No
  11, 80, 117, 110, 99, 116, 117, 97, 116, 105, 111, 110, 80, 0, // Punctuation: P
  5, 80, 117, 110, 99, 116, 80, 0, // Punct: P
  20, 67, 111, 110, 110, 101, 99, 116, 111, 114, 112, 117, 110, 99, 116, 117, 97, 116, 105, 111, 110, 80, 99, // Connectorpunctuation: Pc
  15, 68, 97, 115, 104, 112, 117, 110, 99, 116, 117, 97, 116, 105, 111, 110, 80, 100, // Dashpunctuation: Pd
  16, 67, 108, 111, 115, 101, 112, 117, 110, 99, 116, 117, 97, 116, 105, 111, 110, 80, 101, // Closepunctuation: Pe
  16, 70, 105, 110, 97, 108, 112, 117, 110, 99, 116, 117, 97, 116, 105, 111, 110, 80, 102, // Finalpunctuation: Pf
  18, 73, 110, 105, 116, 105, 97, 108, 112, 117, 110, 99, 116, 117, 97, 116, 105, 111, 110, 80, 105, // Initialpunctuation: Pi
  16, 79, 116, 104, 101, 114, 112, 117, 110, 99, 116, 117, 97, 116, 105, 111, 110, 80, 111, // Otherpunctuation: Po
  15, 79, 112, 101, 110, 112, 117, 110, 99, 116, 117, 97, 116, 105, 111, 110, 80, 115, // Openpunctuation: Ps
  6, 83, 121, 109, 98, 111, 108, 83, 0, // Symbol: S
  14, 67, 117, 114, 114, 101, 110, 99, 121, 115, 121, 109, 98, 111, 108, 83, 99, // Currencysymbol: Sc
  14, 77, 111, 100, 105, 102, 105, 101, 114, 115, 121, 109, 98, 111, 108, 83, 107, // Modifiersymbol: Sk
  10, 77, 97, 116, 104, 115, 121, 109, 98, 111, 108, 83, 109, // Mathsymbol: Sm
  11, 79, 116, 104, 101, 114, 115, 121, 109, 98, 111, 108, 83, 111, // Othersymbol: So
  9, 83, 101, 112, 97, 114, 97, 116, 111, 114, 90, 0, // Separator: Z
  13, 76, 105, 110, 101, 115, 101, 112, 97, 114, 97, 116, 111, 114, 90, 108, // Lineseparator: Zl
  18, 80, 97, 114, 97, 103, 114, 97, 112, 104, 115, 101, 112, 97, 114, 97, 116, 111, 114, 90, 112, // Paragraphseparator: Zp
  14, 83, 112, 97, 99, 101, 115, 101, 112, 97, 114, 97, 116, 111, 114, 90, 115, // Spaceseparator: Zs
  0,
]);

// Where the letters of the category of a long name stand; 0 for others.
function categoryOf(from: usize, to: usize): usize {
  const length = <u32>(to - from);
  let at = aliases;
  while (true) {
    const n: u32 = load<u8>(at);
    if (n == 0) return 0;
    const letters = at + 1 + n;
    if (n == length && memory.compare(at + 1, from, n) == 0) return letters;
    at = letters + 2;
  }
}

function addCategory(letters: usize, negated: bool): void {
  const runs = findUnicodeClass(letters, letters + (load<u8>(letters + 1) == 0 ? 1 : 2));
  classAddRuns(runs, classEnd, negated);
}

// Every code point has one category: these are all but those of cased letters, and then those.
const UNCASED: u32 = 8;
const partition: usize = memory.data<u8>([
  67, 0, 76, 109, 76, 111, 77, 0, 78, 0, 80, 0, 83, 0, 90, 0, 76, 108, 76, 116, 76, 117, 67, 110,
]);
const UNASSIGNED: u32 = 11;

/** Adds the class named by `from`..`to`, or its complement, to the open class. False when there is none of that name. */
export function addNamedClass(from: usize, to: usize, negated: bool): bool {
  const end = canonicalName(from, to);
  if (end <= canonical) return false;
  if (nameIs(canonical, end, "Any")) {
    if (!negated) classAdd(0, 0x10ffff);
    return true;
  }
  if (nameIs(canonical, end, "Ascii")) {
    classAdd(negated ? 0x80 : 0, negated ? 0x10ffff : 0x7f);
    return true;
  }
  if (nameIs(canonical, end, "Lc") || nameIs(canonical, end, "Casedletter")) {
    const first: u32 = negated ? 0 : UNCASED;
    const last: u32 = negated ? UNCASED : UNASSIGNED;
    for (let i = first; i < last; i++) addCategory(partition + (i << 1), false);
    return true;
  }
  if (nameIs(canonical, end, "Assigned")) {
    addCategory(partition + (UNASSIGNED << 1), !negated);
    return true;
  }
  const letters = categoryOf(canonical, end);
  if (letters != 0) {
    addCategory(letters, negated);
    return true;
  }
  const runs = findUnicodeClass(canonical, end);
  if (runs == 0) return false;
  classAddRuns(runs, classEnd, negated);
  return true;
}
