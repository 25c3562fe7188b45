// The order of texts in OPA and Go.

/** By UTF-8 bytes, which is the order of code points and not that of UTF-16 units. */
export function compareStrings(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) {
      const astralLeft = left >= 0xd800 && left < 0xe000;
      const astralRight = right >= 0xd800 && right < 0xe000;
      if (astralLeft !== astralRight) return astralLeft ? 1 : -1;
      return left - right;
    }
  }
  return a.length - b.length;
}
