// Copies of objects that are not ours to change, such as a user's plugins. Pure; must import nothing.

/** A copy with the same prototype, getters and hidden properties, and with some properties replaced. */
export function copyWith<Original extends object>(
  original: Original,
  changes: Readonly<Record<string, unknown>>,
): Original {
  const copy = Object.create(
    Object.getPrototypeOf(original) as object,
    Object.getOwnPropertyDescriptors(original),
  ) as Original; // the same properties and prototype
  for (const [name, value] of Object.entries(changes))
    Object.defineProperty(copy, name, { value, enumerable: true, writable: true });
  return copy;
}
