// Natural numbers of any size in the arena: a count of 32-bit limbs, then the limbs, lowest first, the highest not 0.
// Results are new blocks; whoever calculates releases the arena afterwards.

import { alloc, copyBytes, release } from "../memory";

@inline
export function limbs(m: usize): u32 {
  return load<u32>(m);
}

@inline
export function limb(m: usize, i: u32): u32 {
  return load<u32>(m + 4 + (<usize>i << 2));
}

@inline
function setLimb(m: usize, i: u32, value: u32): void {
  store<u32>(m + 4 + (<usize>i << 2), value);
}

function make(count: u32): usize {
  const m = alloc(4 + (<usize>count << 2));
  store<u32>(m, count);
  return m;
}

/** Moves a magnitude to `mark` and releases what was calculated since. */
export function moveDown(m: usize, mark: usize): usize {
  const to = (mark + 7) & ~7;
  const bytes = 4 + (<usize>limbs(m) << 2);
  memory.copy(to, m, bytes);
  release(to + bytes);
  return to;
}

/** Drops the highest limbs that are 0. */
export function trim(m: usize): usize {
  let n = limbs(m);
  while (n > 0 && limb(m, n - 1) == 0) n--;
  store<u32>(m, n);
  return m;
}

@inline
export function isZero(m: usize): bool {
  return limbs(m) == 0;
}

export function fromU64(value: u64): usize {
  const m = make(2);
  setLimb(m, 0, <u32>value);
  setLimb(m, 1, <u32>(value >> 32));
  return trim(m);
}

/** The low 64 bits. */
export function lowU64(m: usize): u64 {
  const n = limbs(m);
  const low: u64 = n > 0 ? <u64>limb(m, 0) : 0;
  return n > 1 ? low | (<u64>limb(m, 1) << 32) : low;
}

export function bitLength(m: usize): u32 {
  const n = limbs(m);
  return n == 0 ? 0 : (n << 5) - <u32>clz(limb(m, n - 1));
}

/** Whether any of the lowest `bits` bits is set. */
export function anyBelow(m: usize, bits: u32): bool {
  const n = limbs(m);
  const whole = bits >> 5;
  for (let i: u32 = 0; i < whole; i++) {
    if (i >= n) return false;
    if (limb(m, i) != 0) return true;
  }
  const rest = bits & 31;
  return rest != 0 && whole < n && limb(m, whole) << (32 - rest) != 0;
}

export function bitAt(m: usize, bit: u32): bool {
  const i = bit >> 5;
  return i < limbs(m) && ((limb(m, i) >> (bit & 31)) & 1) != 0;
}

export function compareMagnitudes(a: usize, b: usize): i32 {
  const n = limbs(a);
  if (n != limbs(b)) return n < limbs(b) ? -1 : 1;
  for (let i = n; i > 0; i--) {
    const x = limb(a, i - 1);
    const y = limb(b, i - 1);
    if (x != y) return x < y ? -1 : 1;
  }
  return 0;
}

export function add(a: usize, b: usize): usize {
  if (limbs(a) < limbs(b)) {
    const t = a;
    a = b;
    b = t;
  }
  const n = limbs(a);
  const m = make(n + 1);
  let carry: u64 = 0;
  for (let i: u32 = 0; i < n; i++) {
    carry += <u64>limb(a, i);
    if (i < limbs(b)) carry += <u64>limb(b, i);
    setLimb(m, i, <u32>carry);
    carry >>= 32;
  }
  setLimb(m, n, <u32>carry);
  return trim(m);
}

/** Zero with room for sums of up to 2^32 magnitudes of `most` limbs. */
export function makeSum(most: u32): usize {
  const m = make(most + 1);
  memory.fill(m + 4, 0, <usize>(most + 1) << 2);
  return m;
}

/** A sum so far, with room for magnitudes of `most` limbs. */
export function widened(sum: usize, most: u32): usize {
  const m = makeSum(most);
  copyBytes(m + 4, sum + 4, <usize>limbs(sum) << 2);
  return m;
}

/** Adds to a block of `makeSum`; `trim` it before it is read as a magnitude. */
export function addTo(sum: usize, a: usize): void {
  const n = limbs(a);
  let carry: u64 = 0;
  let i: u32 = 0;
  for (; i < n; i++) {
    carry += <u64>limb(sum, i) + <u64>limb(a, i);
    setLimb(sum, i, <u32>carry);
    carry >>= 32;
  }
  for (; carry != 0; i++) {
    carry += <u64>limb(sum, i);
    setLimb(sum, i, <u32>carry);
    carry >>= 32;
  }
}

/** `a - b` for `a >= b`. */
export function subtract(a: usize, b: usize): usize {
  const n = limbs(a);
  const m = make(n);
  let borrow: i64 = 0;
  for (let i: u32 = 0; i < n; i++) {
    let d = <i64>limb(a, i) + borrow;
    if (i < limbs(b)) d -= <i64>limb(b, i);
    setLimb(m, i, <u32>d);
    borrow = d >> 32;
  }
  return trim(m);
}

export function multiply(a: usize, b: usize): usize {
  const n = limbs(a);
  const k = limbs(b);
  const m = make(n + k);
  memory.fill(m + 4, 0, <usize>(n + k) << 2);
  for (let i: u32 = 0; i < n; i++) {
    const x = <u64>limb(a, i);
    let carry: u64 = 0;
    for (let j: u32 = 0; j < k; j++) {
      carry += x * <u64>limb(b, j) + <u64>limb(m, i + j);
      setLimb(m, i + j, <u32>carry);
      carry >>= 32;
    }
    setLimb(m, i + k, <u32>carry);
  }
  return trim(m);
}

export function shiftLeft(a: usize, bits: u32): usize {
  const n = limbs(a);
  if (n == 0) return a;
  const whole = bits >> 5;
  const rest = bits & 31;
  const m = make(n + whole + 1);
  memory.fill(m + 4, 0, <usize>whole << 2);
  let carry: u64 = 0;
  for (let i: u32 = 0; i < n; i++) {
    carry |= <u64>limb(a, i) << rest;
    setLimb(m, i + whole, <u32>carry);
    carry >>= 32;
  }
  setLimb(m, n + whole, <u32>carry);
  return trim(m);
}

/** Drops the lowest `bits` bits. */
export function shiftRight(a: usize, bits: u32): usize {
  const whole = bits >> 5;
  const rest = bits & 31;
  const n = limbs(a);
  if (whole >= n) return make(0);
  const m = make(n - whole);
  for (let i = whole; i < n; i++) {
    let w = <u64>limb(a, i);
    if (i + 1 < n) w |= <u64>limb(a, i + 1) << 32;
    setLimb(m, i - whole, <u32>(w >> rest));
  }
  return trim(m);
}

/** Remainder of the last `divide`. */
export let remainder: usize = 0;

/** Quotient of `a` and `b` (not 0); the rest is in `remainder`. */
export function divide(a: usize, b: usize): usize {
  if (compareMagnitudes(a, b) < 0) {
    remainder = a;
    return make(0);
  }
  const k = limbs(b);
  const n = limbs(a);
  if (k == 1) {
    const d = <u64>limb(b, 0);
    const q = make(n);
    let rest: u64 = 0;
    for (let i = n; i > 0; i--) {
      rest = (rest << 32) | <u64>limb(a, i - 1);
      const digit = rest / d;
      setLimb(q, i - 1, <u32>digit);
      rest -= digit * d;
    }
    remainder = fromU64(rest);
    return trim(q);
  }
  // Knuth's algorithm D: the divisor's top bit set, quotient digits guessed from three limbs.
  const shift = <u32>clz(limb(b, k - 1));
  const v = shiftLeft(b, shift);
  const u = make(n + 1);
  setLimb(u, n, 0);
  copyBytes(u + 4, a + 4, <usize>n << 2);
  if (shift > 0) {
    let carry: u64 = 0;
    for (let i: u32 = 0; i <= n; i++) {
      carry |= <u64>limb(u, i) << shift;
      setLimb(u, i, <u32>carry);
      carry >>= 32;
    }
  }
  const q = make(n - k + 1);
  const top = <u64>limb(v, k - 1);
  const second = <u64>limb(v, k - 2);
  for (let j: i32 = <i32>(n - k); j >= 0; j--) {
    const head = (<u64>limb(u, j + k) << 32) | <u64>limb(u, j + k - 1);
    let guess = head / top;
    let rest = head % top;
    while (guess >> 32 != 0 || guess * second > ((rest << 32) | <u64>limb(u, j + k - 2))) {
      guess--;
      rest += top;
      if (rest >> 32 != 0) break;
    }
    let borrow: i64 = 0;
    let carry: u64 = 0;
    for (let i: u32 = 0; i < k; i++) {
      carry += guess * <u64>limb(v, i);
      const d = <i64>limb(u, i + j) - <i64>(carry & 0xffffffff) + borrow;
      setLimb(u, i + j, <u32>d);
      borrow = d >> 32;
      carry >>= 32;
    }
    const d = <i64>limb(u, j + k) - <i64>carry + borrow;
    setLimb(u, j + k, <u32>d);
    if (d < 0) {
      guess--;
      let c: u64 = 0;
      for (let i: u32 = 0; i < k; i++) {
        c += <u64>limb(u, i + j) + <u64>limb(v, i);
        setLimb(u, i + j, <u32>c);
        c >>= 32;
      }
      setLimb(u, j + k, limb(u, j + k) + <u32>c);
    }
    setLimb(q, j, <u32>guess);
  }
  remainder = shiftRight(trim(u), shift);
  return trim(q);
}

const POWERS: usize = memory.data<u32>([1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000]);

@inline
function smallPower(n: u32): u32 {
  return load<u32>(POWERS + (<usize>n << 2));
}

// m = m * factor + summand, in the room that `m` has.
function multiplyAdd(m: usize, factor: u32, summand: u32): void {
  let carry = <u64>summand;
  const n = limbs(m);
  for (let i: u32 = 0; i < n; i++) {
    carry += <u64>limb(m, i) * factor;
    setLimb(m, i, <u32>carry);
    carry >>= 32;
  }
  if (carry != 0) {
    setLimb(m, n, <u32>carry);
    store<u32>(m, n + 1);
  }
}

/** From decimal digits (a point among them is stepped over) followed by `zeros` zeros. */
export function fromDigits(from: usize, to: usize, zeros: u32): usize {
  const digits = <u32>(to - from) + zeros;
  const m = make(digits / 9 + 2);
  store<u32>(m, 0);
  let chunk: u32 = 0;
  let held: u32 = 0;
  for (let p = from; p < to; p++) {
    const d = <u32>load<u8>(p) - 48;
    if (d > 9) continue;
    chunk = chunk * 10 + d;
    if (++held == 9) {
      multiplyAdd(m, 1000000000, chunk);
      chunk = 0;
      held = 0;
    }
  }
  if (held > 0) multiplyAdd(m, smallPower(held), chunk);
  for (; zeros >= 9; zeros -= 9) multiplyAdd(m, 1000000000, 0);
  if (zeros > 0) multiplyAdd(m, smallPower(zeros), 0);
  return trim(m);
}

/** From decimal digits and nothing else; 0 where another character is among them. */
export function fromPlainDigits(from: usize, to: usize): usize {
  for (let p = from; p < to; p++) if (<u32>load<u8>(p) - 48 > 9) return 0;
  return fromDigits(from, to, 0);
}

/** Writes the decimal digits into a new block that ends at `digitsEnd`; gives where they begin. Zero is "0". */
export function toDigits(a: usize): usize {
  let n = limbs(a);
  const room = <usize>n * 10 + 10;
  const block = alloc(room);
  let p = block + room;
  digitsEnd = p;
  if (n == 0) {
    store<u8>(--p, 48);
    return p;
  }
  const m = make(n);
  copyBytes(m + 4, a + 4, <usize>n << 2);
  while (n > 0) {
    let rest: u64 = 0;
    for (let i = n; i > 0; i--) {
      rest = (rest << 32) | <u64>limb(m, i - 1);
      const q = rest / 1000000000;
      setLimb(m, i - 1, <u32>q);
      rest -= q * 1000000000;
    }
    while (n > 0 && limb(m, n - 1) == 0) n--;
    let chunk = <u32>rest;
    for (let i = 0; i < 9 && (n > 0 || chunk > 0); i++) {
      store<u8>(--p, <u8>(48 + (chunk % 10)));
      chunk /= 10;
    }
  }
  return p;
}

export let digitsEnd: usize = 0;

/** 5 to the `n`. */
export function powerOfFive(n: u32): usize {
  let result = fromU64(1);
  let square = fromU64(5);
  while (n > 0) {
    if ((n & 1) != 0) result = multiply(result, square);
    n >>= 1;
    if (n > 0) square = multiply(square, square);
  }
  return result;
}
