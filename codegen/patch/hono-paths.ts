// Paths of Hono routers, as their middleware has them. Pure text.

/** True for a path of Hono that every path below another one matches. */
export function covers(path: string, basePath: string): boolean {
  const parts = path.split("/").filter(Boolean);
  const wanted = `${basePath}/ok`.split("/").filter(Boolean);
  const isOpen = parts.at(-1) === "*";
  const fixed = isOpen ? parts.slice(0, -1) : parts;
  const fits = fixed.every((part, at) => /^[*:]/.test(part) || part === wanted[at]);
  return fits && isOpen && fixed.length < wanted.length;
}
