// Supabase: the tables auth.users and auth.identities, as CSV or JSON of a query. Pure, but for opening files.
import { emailOf, firstText, flagOf, momentOf, objectOf, textOf } from "../fields.js";
import {
  dropped,
  droppedFactor,
  metadataOf,
  passwordRow,
  providerOf,
  socialRow,
  timesOf,
  userRow,
} from "../rows.js";
import type { ImportStep, Planned, SourceFile, SourceOptions, SourceRecord } from "../types.js";
import { namedSteps } from "./named-files.js";

/** @throws CodegenError `UNKNOWN_IMPORT_FILE` */
export function supabaseSteps(files: readonly SourceFile[], options: SourceOptions): ImportStep[] {
  const plans = [
    ["users", planSupabaseUser, [{ names: ["id"] }, { names: ["email"], isAddress: true }]],
    ["identities", planSupabaseIdentity, [{ names: ["user_id"] }, { names: ["provider"] }]],
    ["mfa_factors", planSupabaseFactor, [{ names: ["id"] }, { names: ["status"] }]],
  ] as const;
  return namedSteps(files, { kinds: KINDS, fallback: "users", plans, options });
}

/** A row of auth.users. */
export function planSupabaseUser(record: SourceRecord, options: SourceOptions): Planned {
  const oldId = textOf(record.id) ?? "";
  if (textOf(record.deleted_at) !== undefined)
    return { rows: [], dropped: [dropped("user", oldId, "it is deleted")] };
  const profile = objectOf(record.raw_user_meta_data);
  const times = timesOf(record);
  const phone = textOf(record.phone);
  const image = firstText(...valuesAt(profile, IMAGES));
  const name = firstText(...valuesAt(profile, NAMES));
  const bannedUntil = momentOf(record.banned_until);
  const isUsed = (key: string, value: unknown) =>
    OF_PROVIDERS.has(key) ||
    (NAMES.includes(key) && textOf(value) === name) ||
    (IMAGES.includes(key) && textOf(value) === image);
  const { additional = {} } = options;
  // A field of the app with such a name gets the value, too.
  const leftIn = (metadata: unknown, isKnown: (key: string, value: unknown) => boolean) =>
    Object.fromEntries(
      Object.entries(objectOf(metadata)).filter(
        ([key, value]) => Object.hasOwn(additional, key) || !isKnown(key, value),
      ),
    );
  const user = userRow(oldId, {
    ...metadataOf(options, {
      own: { raw_app_meta_data: leftIn(record.raw_app_meta_data, (key) => OF_SUPABASE.has(key)) },
      byUsers: { raw_user_meta_data: leftIn(profile, isUsed) },
    }),
    email: emailOf(record.email),
    name,
    emailVerified: firstText(record.email_confirmed_at, record.confirmed_at) !== undefined,
    ...times,
    ...(image !== undefined && { image }),
    ...(phone !== undefined && {
      phoneNumber: phone.startsWith("+") ? phone : `+${phone}`,
      phoneNumberVerified: textOf(record.phone_confirmed_at) !== undefined,
    }),
    ...(flagOf(record.is_anonymous) && { isAnonymous: true }),
    ...(bannedUntil !== undefined &&
      bannedUntil > Date.now() && { banned: true, banExpires: bannedUntil }),
  });
  const password = textOf(record.encrypted_password);
  return {
    rows: [user, ...(password === undefined ? [] : [passwordRow(oldId, { password, ...times })])],
  };
}

/** A row of auth.identities; those of an address or a number need no account beside the password. */
export function planSupabaseIdentity(record: SourceRecord, options: SourceOptions): Planned {
  const user = textOf(record.user_id) ?? "";
  const name = textOf(record.provider) ?? "";
  if (name === "email" || name === "phone") return { rows: [] };
  const data = objectOf(record.identity_data);
  const accountId = firstText(record.provider_id, data.sub, record.id) ?? "";
  const providerId = providerOf(options, name, PROVIDERS);
  const times = timesOf(record);
  return { rows: [socialRow(user, { providerId, accountId, ...times })] };
}

// --- internal ---

const KINDS = { identities: /identit/, mfa_factors: /factor/, users: /user/ } as const;

const PROVIDERS: Readonly<Record<string, string>> = {
  azure: "microsoft",
  linkedin_oidc: "linkedin",
  slack_oidc: "slack",
};

/** What Supabase itself writes into the metadata; its columns, or the identities, say the same. */
const OF_SUPABASE = new Set(["provider", "providers"]);
const OF_PROVIDERS = new Set([
  "email",
  "email_verified",
  "phone_verified",
  "sub",
  "iss",
  "provider_id",
]);

/** The first one is the user's. */
const NAMES: readonly string[] = ["full_name", "name", "display_name"];
const IMAGES: readonly string[] = ["avatar_url", "picture"];

function valuesAt(record: SourceRecord, names: readonly string[]): unknown[] {
  return names.map((name) => record[name]);
}

function planSupabaseFactor(record: SourceRecord): Planned {
  if (textOf(record.status) !== "verified") return { rows: [] };
  return { rows: [], dropped: [droppedFactor(textOf(record.id) ?? "")] };
}
