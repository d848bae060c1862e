// Better Auth's `password` option for an instance: a run asks the action for each hash and each check, and a wrong
// password costs one of the account's tries. Loads Better Auth; passwords.ts is the light half, in the action.
import { hashPassword, verifyPassword } from "better-auth/crypto";
import { toError } from "../../request/answers.js";
import { answerOf } from "../../request/scope.js";
import { assertAllowed, missingAccountLimits, signInLimit } from "../limits/account-limits.js";
import type { RateLimiter } from "../limits/rate-limit.js";
import type { AuthOptions } from "../types.js";
import { verifyBcrypt } from "./bcrypt.js";
import { isBcrypt, isOwnHash } from "./imported-hashes.js";
import type { Rehash } from "./rehash.js";

type PasswordOptions = NonNullable<NonNullable<AuthOptions["emailAndPassword"]>["password"]>;

/** What an instance knows about the passwords it checks. */
export type PasswordNotes = {
  /** Undefined where tries cannot be given back. */
  readonly limiter: RateLimiter | undefined;
  readonly rehash: Pick<Rehash, "note" | "isRight">;
};

/**
 * The functions that Better Auth calls. A try of the account is taken before its password is checked, and given back
 * in the transaction of the sign-in if the password was right. An imported hash is noted then, so that it is replaced.
 */
export function passwordOptions(
  { emailAndPassword }: AuthOptions,
  { limiter, rehash }: PasswordNotes,
): Required<PasswordOptions> {
  const own = emailAndPassword?.password;
  const { hash = hashPassword, verify = verifyAny } = own ?? {};
  return {
    hash: async (password) => {
      // A right password that is hashed anew is no guess.
      const isGuess = !rehash.isRight(password);
      if (limiter && isGuess)
        for (const limit of await missingAccountLimits())
          assertAllowed(await limiter.take(limit), TOO_MANY);
      const isCustom = own?.hash && ({ isCustom: true } as const);
      const question = { kind: "hashPassword", password, ...isCustom } as const;
      const perform = async () => ({ kind: "text", text: await hash(password) }) as const;
      const answer = await answerOf(question, perform);
      if (answer.kind === "text") return answer.text;
      throw toError(answer);
    },
    verify: async (data) => {
      const limit = limiter && (await signInLimit(data.hash));
      const taken = limit && (await limiter.take(limit));
      if (taken) assertAllowed(taken, TOO_MANY);
      const isCustom = own?.verify && ({ isCustom: true } as const);
      const question = { kind: "verifyPassword", ...data, ...isCustom } as const;
      const perform = async () => ({ kind: "flag", flag: await verify(data) }) as const;
      const answer = await answerOf(question, perform);
      if (answer.kind !== "flag") throw toError(answer);
      if (answer.flag && !own?.hash && !isOwnHash(data.hash)) rehash.note(data);
      if (answer.flag && taken) await limiter.giveBack(taken);
      return answer.flag;
    },
  };
}

// --- internal ---

const TOO_MANY = "Too many failed sign-ins. Please try again later.";

const verifyAny: Required<PasswordOptions>["verify"] = (data) =>
  isBcrypt(data.hash) ? Promise.resolve(verifyBcrypt(data)) : verifyPassword(data);
