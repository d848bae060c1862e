// Checks a password against a bcrypt hash of another library. An action loads it by import(), for such hashes only.
import { compareSync } from "bcryptjs";

/** Whether the password is that of the hash; false where the hash is cut off. */
export function verifyBcrypt({
  hash,
  password,
}: {
  readonly hash: string;
  readonly password: string;
}): boolean {
  // PHP writes "2y" for what others call "2b".
  return compareSync(password, hash.replace(/^\$2[xy]?\$/, "$2b$"));
}
