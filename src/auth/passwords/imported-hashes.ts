// Tells whose a password hash is: Better Auth's own, or one that `kitcn import` brought. Pure; must import nothing.

/** True for bcrypt's format, of any version. */
export function isBcrypt(hash: string): boolean {
  return /^\$2[abxy]?\$\d\d\$/.test(hash);
}

/** True for what Better Auth's own hash function makes; the scrypt of Convex Auth makes the same. */
export function isOwnHash(hash: string): boolean {
  return /^[0-9a-f]+:[0-9a-f]{128}$/i.test(hash);
}
