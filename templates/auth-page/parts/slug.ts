// The name of a new organization in addresses.

/** A name for addresses that nobody else has. */
export function slugOf(name: string): string {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const words = plain.match(/[a-z0-9]+/g) ?? [];
  return [...words, Math.random().toString(36).slice(2, 8)].join("-");
}
