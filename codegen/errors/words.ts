// How lists are written in the sentences of this folder. Pure.

/** `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  return names.length < 2
    ? names.join("")
    : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}

/** One a line, each after two spaces. */
export function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`.trimEnd()).join("\n");
}
