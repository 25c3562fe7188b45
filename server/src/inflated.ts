// Bytes packed with gzip, and unpacked as far as there is room.

/** Nothing that is unpacked is larger. */
const mostBytes = 256 * 1024 * 1024;

export function isPacked(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

export async function inflated(bytes: Uint8Array): Promise<Uint8Array | { readonly problem: string }> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new DecompressionStream("gzip")).getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      length += part.value.length;
      if (length > mostBytes) {
        await reader.cancel();
        return { problem: `unpacked, it is larger than ${mostBytes / 1024 / 1024} MB` };
      }
      parts.push(part.value);
    }
  } catch (error) {
    return { problem: `it cannot be unpacked: ${error instanceof Error ? error.message : String(error)}` };
  }
  return joined(parts, length);
}

export async function packed(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
