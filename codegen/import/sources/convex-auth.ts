// Convex Auth: its tables in a `convex export`, among those of the app. Pure, but for opening files.
import { readRecords } from "../read/records.js";
import { emailOf, momentOf, textOf } from "../fields.js";
import {
  dropped,
  passwordRow,
  providerOf,
  socialRow,
  userRef,
  userRow,
  withGivenNames,
} from "../rows.js";
import type { ImportStep, Planned, SourceFile, SourceOptions, SourceRecord } from "../types.js";

/** The steps of an export that has the tables of Convex Auth; undefined for another. */
export function convexAuthSteps(
  files: readonly SourceFile[],
  options: SourceOptions,
): ImportStep[] | undefined {
  const users = tableFile(files, "users");
  const accounts = tableFile(files, "authAccounts");
  if (!users || !accounts) return undefined;
  return [
    {
      name: users.name,
      records: (onKeys) => readRecords(users, onKeys),
      plan: (record) => planConvexAuthUser(record, options),
      needs: [{ names: ["_id"] }, { names: ["email"], isAddress: true }],
    },
    {
      name: accounts.name,
      records: (onKeys) => readRecords(accounts, onKeys),
      needs: [{ names: ["userId"] }, { names: ["provider"] }],
      plan: (record) => planConvexAuthAccount(record, options),
    },
  ];
}

/** The documents of a table of the app itself. */
export function tableFile(files: readonly SourceFile[], table: string): SourceFile | undefined {
  const path = `${table}/documents.jsonl`;
  return files.find(
    ({ name }) => name === path || (name.endsWith(`/${path}`) && !name.includes("_components/")),
  );
}

/** A document of `users`. Fields that the app added keep their names. */
export function planConvexAuthUser(record: SourceRecord, options: SourceOptions): Planned {
  const {
    _id,
    _creationTime,
    email: address,
    name,
    emailVerificationTime,
    phone,
    phoneVerificationTime,
    ...own
  } = record;
  const oldId = textOf(_id) ?? "";
  const number = textOf(phone);
  return {
    rows: [
      userRow(oldId, {
        ...withGivenNames(options, "user", own),
        email: emailOf(address),
        name: textOf(name),
        emailVerified: emailVerificationTime !== undefined && emailVerificationTime !== null,
        createdAt: momentOf(_creationTime),
        ...(number !== undefined && {
          phoneNumber: number,
          phoneNumberVerified:
            phoneVerificationTime !== undefined && phoneVerificationTime !== null,
        }),
      }),
    ],
  };
}

/** A document of `authAccounts`: a password, a social account, or a way to sign in by mail, which needs no row. */
export function planConvexAuthAccount(record: SourceRecord, options: SourceOptions): Planned {
  const { _id, _creationTime, userId, provider, providerAccountId, secret } = record;
  const oldId = textOf(_id) ?? "";
  const user = textOf(userId) ?? "";
  const name = textOf(provider) ?? "";
  const account = textOf(providerAccountId) ?? "";
  const times = { createdAt: momentOf(_creationTime) };
  const password = textOf(secret);
  // A hash of whatever made it: `crypto.hashSecret` of the provider may be the app's own.
  if (password !== undefined)
    return { rows: [{ ...passwordRow(user, { password, ...times }), oldId }] };
  const isKnown = options.providers.has(name);
  if (!isKnown && (name === "anonymous" || NO_ACCOUNT.test(account)))
    return {
      rows: [],
      dropped: [
        dropped(
          "account",
          oldId,
          `"${name}" needs no account in Better Auth: magicLink(), emailOTP(), phoneNumber() and anonymous() find the user`,
        ),
      ],
    };
  const providerId = providerOf(options, name, PROVIDERS);
  if (providerId === "credential")
    return { rows: [], dropped: [dropped("account", oldId, "it has no password hash")] };
  const row = socialRow(user, { providerId, accountId: account, ...times });
  return { rows: [{ ...row, oldId, refs: { userId: userRef(user) } }] };
}

// --- internal ---

/** What codes and links were sent to: an address, or a number. */
const NO_ACCOUNT = /@|^\+\d{5,15}$/;

/** Names of Auth.js that Better Auth spells otherwise. */
const PROVIDERS: Readonly<Record<string, string>> = {
  "azure-ad": "microsoft",
  "microsoft-entra-id": "microsoft",
};
