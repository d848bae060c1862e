// Hashes of other libraries: which is whose, and that each is checked. The passwords are made up.
import { verifyPassword } from "better-auth/crypto";
import { hashSync } from "bcryptjs";
import { expect, test } from "vitest";
import { verifyBcrypt } from "../../../../src/auth/passwords/bcrypt.js";
import { isBcrypt, isOwnHash } from "../../../../src/auth/passwords/imported-hashes.js";
import { answerPassword } from "../../../../src/auth/passwords/passwords.js";

const PASSWORD = "correct horse battery";

/** Made by the Scrypt of lucia 3.2.2, which Convex Auth uses. */
const OF_CONVEX_AUTH =
  "677404de0a1b7b050b06349f72924c02:d3ba563489338b1f7e53fdc4eaee3009dcc6513a2423116b58cb8c7f0abad333e1694e1cd6a5ea41ed314af08086abdafc5c39f7a6cd841dc98de0c52bcdb4a6";

test("Convex Auth's hash is Better Auth's own", async () => {
  expect(isOwnHash(OF_CONVEX_AUTH)).toBe(true);
  expect(isBcrypt(OF_CONVEX_AUTH)).toBe(false);
  expect(await verifyPassword({ hash: OF_CONVEX_AUTH, password: PASSWORD })).toBe(true);
});

test.each(["$2a$", "$2b$", "$2y$", "$2$"])("bcrypt as %s", (version) => {
  const hash = hashSync(PASSWORD, 4).replace("$2b$", version);
  expect(isBcrypt(hash)).toBe(true);
  expect(isOwnHash(hash)).toBe(false);
  expect(verifyBcrypt({ hash, password: PASSWORD })).toBe(true);
  expect(verifyBcrypt({ hash, password: "another" })).toBe(false);
  expect(verifyBcrypt({ hash: hash.slice(0, -1), password: PASSWORD })).toBe(false);
});

test("the action checks each by its own, unless auth.ts has a function for it", async () => {
  const bcrypt = hashSync(PASSWORD, 4);
  const ask = (hash: string, isCustom?: true) =>
    answerPassword(
      { kind: "verifyPassword", hash, password: PASSWORD, ...(isCustom && { isCustom }) },
      () => ({ emailAndPassword: { enabled: true, password: { verify: async () => false } } }),
    );
  expect(await ask(bcrypt)).toEqual({ kind: "flag", flag: true });
  expect(await ask(OF_CONVEX_AUTH)).toEqual({ kind: "flag", flag: true });
  expect(await ask(bcrypt, true)).toEqual({ kind: "flag", flag: false });
});
