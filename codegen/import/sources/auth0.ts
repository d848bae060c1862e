// Auth0: users of an export job, password hashes of a support ticket, organizations and members of its API.
// Pure, but for opening files.
import { emailOf, firstText, flagOf, listOf, objectOf, textOf, textsOf } from "../fields.js";
import {
  dropped,
  droppedFactor,
  metadataOf,
  passwordRow,
  providerOf,
  roleOf,
  socialRow,
  timesOf,
  usernameOf,
  userRef,
  userRow,
} from "../rows.js";
import type { ImportStep, Planned, SourceFile, SourceOptions, SourceRecord } from "../types.js";
import { isCsv, namedSteps } from "./named-files.js";

/** @throws CodegenError `UNKNOWN_IMPORT_FILE` */
export function auth0Steps(files: readonly SourceFile[], options: SourceOptions): ImportStep[] {
  // Users of the database that were linked to another one: their passwords are that one's.
  const linked = new Map<string, string>();
  const primaries = new Set<string>();
  // Of each user whom others were linked to, whose password it is: the user's own one, else the first.
  const holders = new Map<string, string>();
  const planPassword = (record: SourceRecord): Planned => {
    const id = passwordIdOf(record);
    const user = linked.get(id) ?? id;
    const planned = planAuth0Password(record, linked);
    if (planned.rows.length === 0 || !primaries.has(user)) return planned;
    const holder = holders.get(user) ?? id;
    holders.set(user, holder);
    if (holder === id) return planned;
    return { rows: [], dropped: [dropped("account", `${id}:credential`, HAS_PASSWORD)] };
  };
  const isLinked = (record: SourceRecord) => linked.has(passwordIdOf(record));
  const plans = [
    [
      "users",
      (record: SourceRecord) => {
        const id = userIdOf(record);
        for (const one of databaseUsersOf(record).filter((other) => other !== id)) {
          linked.set(one, id);
          primaries.add(id);
        }
        return planAuth0User(record, options);
      },
      [{ names: ["user_id", "id"] }, { names: ["email"], isAddress: true }],
    ],
    ["passwords", planPassword, PASSWORD_NEEDS, (record: SourceRecord) => !isLinked(record)],
    ["passwords", planPassword, [], isLinked],
    ["organizations", planAuth0Organization, [{ names: ["id"] }]],
    [
      "members",
      planAuth0Member,
      [{ names: ["organization_id", "org_id"] }, { names: ["user_id"] }],
    ],
  ] as const;
  const steps = namedSteps(files, { kinds: KINDS, fallback: "users", plans, options });
  return steps.map((step) =>
    isCsv(step)
      ? { ...step, keyOf: nameInApi, plan: (record) => step.plan(byNameInApi(record)) }
      : step,
  );
}

/** A line of an export of users. */
export function planAuth0User(record: SourceRecord, options: SourceOptions): Planned {
  const oldId = userIdOf(record);
  const times = timesOf(record);
  const email = emailOf(record.email);
  const phone = textOf(record.phone_number);
  const image = textOf(record.picture);
  // Auth0 makes the address the name of who has not given one.
  const name = [record.name, record.nickname]
    .map(textOf)
    .find((one) => one && emailOf(one) !== email);
  const { app_metadata, user_metadata } = record;
  const user = userRow(oldId, {
    ...metadataOf(options, { own: { app_metadata }, byUsers: { user_metadata } }),
    email,
    name,
    emailVerified: flagOf(record.email_verified),
    ...times,
    ...(image !== undefined && { image }),
    ...usernameOf(record),
    ...(phone !== undefined && {
      phoneNumber: phone,
      phoneNumberVerified: flagOf(record.phone_verified),
    }),
    ...(flagOf(record.blocked) && { banned: true }),
  });
  const listed = listOf(record.identities);
  const identities = listed.length > 0 ? listed : [identityOf(oldId)];
  const accounts = identities.flatMap(({ provider, user_id: id }) => {
    const name = textOf(provider);
    const accountId = textOf(id);
    if (name === undefined || accountId === undefined || OWN.has(name)) return [];
    return [
      socialRow(oldId, { providerId: providerOf(options, name, PROVIDERS), accountId, ...times }),
    ];
  });
  const factors = textsOf(record.multifactor).length + listOf(record.mfa_factors).length;
  return {
    rows: [user, ...accounts],
    dropped: factors > 0 ? [droppedFactor(oldId)] : [],
  };
}

/** A line of the file with password hashes: a document of Auth0's database. `linked`: users by those linked to them. */
export function planAuth0Password(
  record: SourceRecord,
  linked: ReadonlyMap<string, string> = new Map(),
): Planned {
  const id = passwordIdOf(record);
  const user = linked.get(id) ?? id;
  const password = firstText(record.passwordHash, record.password_hash, record.password);
  if (password === undefined)
    return {
      rows: [],
      dropped: [dropped("account", `${user}:credential`, "it has no password hash")],
    };
  return { rows: [passwordRow(user, { password })] };
}

export function planAuth0Organization(record: SourceRecord): Planned {
  const oldId = textOf(record.id) ?? "";
  const slug = textOf(record.name) ?? oldId.toLowerCase();
  const metadata = objectOf(record.metadata);
  const fields = {
    name: textOf(record.display_name) ?? slug,
    slug,
    logo: textOf(objectOf(record.branding).logo_url),
    ...(Object.keys(metadata).length > 0 && { metadata: JSON.stringify(metadata) }),
  };
  return { rows: [{ model: "organization", oldId, fields }] };
}

/** A member as the API lists it, with the id of the organization that it was asked for. */
export function planAuth0Member(record: SourceRecord, options: SourceOptions): Planned {
  const organization = firstText(record.organization_id, record.org_id) ?? "";
  const user = textOf(record.user_id) ?? "";
  const roles = rolesOf(record.roles);
  const role = roles.length > 0 ? roles.join(",") : textOf(record.role);
  return {
    rows: [
      {
        model: "member",
        oldId: `${organization}:${user}`,
        fields: { role: roleOf(options, role) },
        refs: {
          organizationId: { models: ["organization"], oldId: organization },
          userId: userRef(user),
        },
      },
    ],
  };
}

// --- internal ---

const KINDS = {
  passwords: /password|hash/,
  members: /member/,
  organizations: /organi[sz]ation/,
  users: /user/,
} as const;

const PASSWORD_NEEDS = [
  { names: ["_id", "id"] },
  { names: ["passwordHash", "password_hash", "password"] },
] as const;

const HAS_PASSWORD =
  "it is of a user who was linked to another, and that one has a password already";

/** Users of Auth0's own database, whose password is in the other file, and of mail and SMS codes. */
const OWN = new Set(["auth0", "email", "sms"]);

const PROVIDERS: Readonly<Record<string, string>> = {
  "google-oauth2": "google",
  windowslive: "microsoft",
  waad: "microsoft",
};

/** A CSV may have "Email Verified" for what the API calls email_verified. */
function nameInApi(name: string): string {
  return name
    .trim()
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .replace(/[\s-]+/g, "_")
    .toLowerCase();
}

function byNameInApi(record: SourceRecord): SourceRecord {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [nameInApi(name), value]),
  );
}

function userIdOf(record: SourceRecord): string {
  return firstText(record.user_id, record.id) ?? "";
}

function databaseUsersOf(record: SourceRecord): string[] {
  return listOf(record.identities).flatMap(({ provider, user_id: id }) => {
    const own = textOf(provider) === "auth0" ? textOf(id) : undefined;
    return own === undefined ? [] : [databaseId(own)];
  });
}

/** The user of a line of passwords, which a CSV may name in capitals. */
function passwordIdOf(record: SourceRecord): string {
  const { _id, id } = byNameInApi(record);
  return databaseId(firstText(objectOf(_id).$oid, _id, id) ?? "");
}

function databaseId(id: string): string {
  return id.startsWith("auth0|") ? id : `auth0|${id}`;
}

/** Names of a list of objects or texts, or of one text. Auth0's names may have spaces. */
function rolesOf(value: unknown): string[] {
  const named = listOf(value).flatMap(({ name }) => textOf(name) ?? []);
  if (named.length > 0) return named;
  return typeof value === "string" && !/^\s*\[/.test(value)
    ? value.split(/[;,|]/).flatMap((one) => textOf(one) ?? [])
    : textsOf(value);
}

/** "google-oauth2|123", where an export was made without the identities. */
function identityOf(userId: string): SourceRecord {
  const at = userId.indexOf("|");
  return { provider: userId.slice(0, at), user_id: userId.slice(at + 1) };
}
