// Hashes and checks passwords in the action, for runs that ask it to. Loads Better Auth's scrypt, bcrypt for
// an imported hash, or auth.ts with functions of the app's own, only where one of them is needed.
import type { Answer, Question } from "../../request/journal.js";
import type { AuthOptions } from "../types.js";
import { isBcrypt } from "./imported-hashes.js";

/** A question about a password. */
export type PasswordQuestion = Extract<
  Question,
  { readonly kind: "hashPassword" | "verifyPassword" }
>;

/** Answers as the options say, else as Better Auth does, or bcrypt for a hash of it. */
export async function answerPassword(
  question: PasswordQuestion,
  options: () => AuthOptions | Promise<AuthOptions>,
): Promise<Answer> {
  const own = question.isCustom ? (await options()).emailAndPassword?.password : undefined;
  if (question.kind === "verifyPassword" && !own?.verify && isBcrypt(question.hash)) {
    const { verifyBcrypt } = await import("./bcrypt.js");
    return { kind: "flag", flag: verifyBcrypt(question) };
  }
  const { hashPassword, verifyPassword } = await import("./scrypt.js");
  const { hash = hashPassword, verify = verifyPassword } = own ?? {};
  return question.kind === "hashPassword"
    ? { kind: "text", text: await hash(question.password) }
    : { kind: "flag", flag: await verify(question) };
}
