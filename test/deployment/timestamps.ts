// Timestamps as clients carry them: an unsigned 64-bit number, little endian, base64.

export function encodeTs(ts: bigint): string {
  const bytes = Buffer.alloc(TS_BYTES);
  bytes.writeBigUInt64LE(ts);
  return bytes.toString("base64");
}

export function decodeTs(text: string): bigint {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length !== TS_BYTES) throw new Error("A timestamp has eight bytes.");
  return bytes.readBigUInt64LE();
}

// --- internal ---

const TS_BYTES = 8;
