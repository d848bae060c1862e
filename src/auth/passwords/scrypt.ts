// Better Auth's own password functions, apart from the rest of it, so that they can be loaded alone.
// Must be loaded by import() only, in an action.
export { hashPassword, verifyPassword } from "better-auth/crypto";
