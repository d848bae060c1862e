// How lists are written in the sentences of this folder. Pure. Lists are iterated, never indexed: the docs print the
// sentences with a placeholder for each list.

/** `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  const all = [...names];
  const last = all.pop() ?? "";
  return all.length === 0 ? last : `${all.join(", ")} and ${last}`;
}

/** One a line, each after two spaces. */
export function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`.trimEnd()).join("\n");
}

/** The first name. */
export function first(names: readonly string[]): string {
  const [name = ""] = [...names];
  return name;
}

/** True where a sentence needs the singular. */
export function isOne(names: readonly string[]): boolean {
  return [...names].length === 1;
}

/** A command of its parts; those that are empty are left out. */
export function spaced(...parts: readonly string[]): string {
  return parts.filter((part) => String(part) !== "").join(" ");
}
