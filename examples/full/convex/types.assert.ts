// Assertions about types. Convex bundles no file with two dots in its name.

export type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
export type IsAny<T> = 0 extends 1 & T ? true : false;

export const yes = <T extends true>(_: T) => undefined;
export const no = <T extends false>(_: T) => undefined;
