// ustar archives: written the same for the same files, read with bounds.

export interface ArchiveFile {
  /** Relative, with `/`. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const block = 512;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Bytes of an archive of the files. */
export function tarSize(files: readonly ArchiveFile[]): number {
  const size = files.reduce((total, { bytes }) => total + block + padded(bytes.length), 2 * block);
  return Math.ceil(size / (20 * block)) * 20 * block;
}

/**
 * Mode 0644, owner 0, time 0; the files in the order given. `room` has bytes enough that are all 0, or the archive of files that these begin with.
 */
export function writeTar(files: readonly ArchiveFile[], room = new Uint8Array(tarSize(files))): Uint8Array {
  let at = 0;
  for (const { name, bytes } of files) {
    room.set(header(name, bytes.length), at);
    room.set(bytes, at + block);
    at += block + padded(bytes.length);
  }
  return room.subarray(0, tarSize(files));
}

function padded(length: number): number {
  return Math.ceil(length / block) * block;
}

function header(name: string, size: number): Uint8Array {
  const out = new Uint8Array(block);
  const { prefix, base } = splitName(name);
  const put = (at: number, text: string): void => out.set(encoder.encode(text), at);
  const octal = (at: number, width: number, value: number): void => put(at, `${value.toString(8).padStart(width - 1, "0")}\0`);
  put(0, base);
  octal(100, 8, 0o644);
  octal(108, 8, 0);
  octal(116, 8, 0);
  octal(124, 12, size);
  octal(136, 12, 0);
  put(148, "        ");
  put(156, "0");
  put(257, "ustar\0");
  put(263, "00");
  put(345, prefix);
  const sum = out.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, "0")}\0 `);
  return out;
}

function splitName(name: string): { readonly prefix: string; readonly base: string } {
  if (encoder.encode(name).length <= 100) return { prefix: "", base: name };
  for (let slash = name.indexOf("/"); slash >= 0; slash = name.indexOf("/", slash + 1)) {
    const prefix = name.slice(0, slash);
    const base = name.slice(slash + 1);
    if (encoder.encode(prefix).length <= 155 && encoder.encode(base).length <= 100) return { prefix, base };
  }
  throw new RangeError(`the name ${name} is too long for an archive`);
}

/** True when an archive can hold the name. */
export function fitsArchive(name: string): boolean {
  try {
    splitName(name);
    return true;
  } catch {
    return false;
  }
}

export type ReadTar = { readonly files: readonly ArchiveFile[] } | { readonly fault: string };

/** Reads regular files; links, devices and names that leave the archive are faults. */
export function readTar(bytes: Uint8Array): ReadTar {
  const files: ArchiveFile[] = [];
  for (let at = 0; at + block <= bytes.length; ) {
    const head = bytes.subarray(at, at + block);
    if (head.every((byte) => byte === 0)) break;
    const text = (from: number, length: number): string =>
      decoder.decode(head.subarray(from, from + length)).replace(/\0.*$/s, "");
    const size = Number.parseInt(text(124, 12).trim(), 8);
    const prefix = text(345, 155);
    const name = (prefix === "" ? text(0, 100) : `${prefix}/${text(0, 100)}`).replace(/^(?:\.?\/)+/, "");
    const type = text(156, 1);
    if (!Number.isSafeInteger(size) || size < 0 || at + block + size > bytes.length) return { fault: "the archive is cut short" };
    if (name.split("/").includes("..")) return { fault: `the archive holds the name ${JSON.stringify(name)}` };
    if (type === "0" || type === "") files.push({ name, bytes: new Uint8Array(bytes.subarray(at + block, at + block + size)) });
    else if (type !== "5" && type !== "g" && type !== "x")
      return { fault: `the archive holds ${JSON.stringify(name)}, which is no regular file` };
    at += block + padded(size);
  }
  return { files };
}
