// Clerk: users of the dashboard's CSV (with password hashes) or of its API (with social accounts), organizations,
// memberships and invitations of its API. Pure, but for opening files.
import {
  emailOf,
  firstText,
  flagOf,
  fullName,
  listOf,
  momentOf,
  objectOf,
  textOf,
  textsOf,
} from "../fields.js";
import {
  dropped,
  droppedFactor,
  leftOf,
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
import type {
  ImportStep,
  Need,
  Planned,
  SourceFile,
  SourceOptions,
  SourceRecord,
} from "../types.js";
import { isCsv, namedSteps } from "./named-files.js";

/**
 * The steps of files whose names say what they hold.
 *
 * @throws CodegenError `UNKNOWN_IMPORT_FILE`
 */
export function clerkSteps(files: readonly SourceFile[], options: SourceOptions): ImportStep[] {
  const plans = [
    ["users", planClerkUser, [ID, ADDRESS_OF_API]],
    ["organizations", planClerkOrganization, [ID]],
    [
      "memberships",
      planClerkMembership,
      [{ names: ["organization", "organization_id"] }, { names: ["public_user_data", "user_id"] }],
    ],
    ["invitations", planClerkInvitation, [ID, { names: ["status"] }, { names: ["email_address"] }]],
  ] as const;
  // The CSV lists everybody again, but without bans, pictures and dates.
  const ordered = [...files.filter((one) => !isCsv(one)), ...files.filter(isCsv)];
  const steps = namedSteps(ordered, { kinds: KINDS, fallback: "users", plans, options });
  return steps.some(isCsv) ? onceEach(steps.map(withNeedsOfCsv)) : steps;
}

/** A user as the dashboard's CSV, or as the API has it. */
export function planClerkUser(record: SourceRecord, options: SourceOptions): Planned {
  const oldId = textOf(record.id) ?? "";
  const { email, isVerified } = primaryEmail(record);
  const phone = primaryPhone(record);
  const times = timesOf(record);
  const image = firstText(record.image_url, record.profile_image_url);
  const { public_metadata, private_metadata, unsafe_metadata } = record;
  const user = userRow(oldId, {
    ...metadataOf(options, {
      own: { private_metadata, public_metadata },
      byUsers: { unsafe_metadata },
    }),
    ...leftOf(record, LEFT),
    "other email addresses": otherEmails(record, email),
    email,
    name: fullName(record.first_name, record.last_name) ?? textOf(record.username),
    emailVerified: isVerified,
    ...times,
    ...(image !== undefined && { image }),
    ...usernameOf(record),
    ...(phone && { phoneNumber: phone.number, phoneNumberVerified: phone.isVerified }),
    ...(flagOf(record.banned) && { banned: true }),
  });
  const password = textOf(record.password_digest);
  const accounts = listOf(record.external_accounts).flatMap((account) => {
    const accountId = textOf(account.provider_user_id);
    const name = textOf(account.provider)?.replace(/^oauth_/, "");
    if (accountId === undefined || name === undefined) return [];
    const providerId = providerOf(options, name, PROVIDERS);
    const scope = textOf(account.approved_scopes)?.split(/\s+/).join(",");
    return [socialRow(oldId, { providerId, accountId, ...times, ...(scope && { scope }) })];
  });
  return {
    rows: [
      user,
      ...(password === undefined ? [] : [passwordRow(oldId, { password, ...times })]),
      ...accounts,
    ],
    dropped:
      textOf(record.totp_secret) === undefined && !flagOf(record.totp_enabled)
        ? []
        : [droppedFactor(oldId)],
  };
}

export function planClerkOrganization(record: SourceRecord): Planned {
  const oldId = textOf(record.id) ?? "";
  const metadata = objectOf(record.public_metadata);
  const fields = {
    name: textOf(record.name) ?? oldId,
    slug: textOf(record.slug) ?? oldId.toLowerCase(),
    logo: firstText(record.image_url, record.logo_url),
    createdAt: momentOf(record.created_at),
    ...(Object.keys(metadata).length > 0 && { metadata: JSON.stringify(metadata) }),
    ...leftOf(record, ["private_metadata"]),
  };
  return { rows: [{ model: "organization", oldId, fields }] };
}

export function planClerkMembership(record: SourceRecord, options: SourceOptions): Planned {
  const organization = firstText(objectOf(record.organization).id, record.organization_id) ?? "";
  const user = firstText(objectOf(record.public_user_data).user_id, record.user_id) ?? "";
  const oldId = textOf(record.id) ?? `${organization}:${user}`;
  return {
    rows: [
      {
        model: "member",
        oldId,
        fields: {
          role: roleOf(options, textOf(record.role), ROLES),
          createdAt: momentOf(record.created_at),
          ...leftOf(record, ["public_metadata", "private_metadata"]),
        },
        refs: {
          organizationId: { models: ["organization"], oldId: organization },
          userId: userRef(user),
        },
      },
    ],
  };
}

export function planClerkInvitation(record: SourceRecord, options: SourceOptions): Planned {
  const oldId = textOf(record.id) ?? "";
  if (textOf(record.status) !== "pending")
    return { rows: [], dropped: [dropped("invitation", oldId, "it is not pending any more")] };
  const inviter = firstText(
    objectOf(record.public_inviter_data).user_id,
    record.inviter_user_id,
    record.inviter_id,
  );
  if (inviter === undefined)
    return {
      rows: [],
      dropped: [dropped("invitation", oldId, "the export does not say who invited")],
    };
  const createdAt = momentOf(record.created_at);
  return {
    rows: [
      {
        model: "invitation",
        oldId,
        fields: {
          email: emailOf(record.email_address),
          role: roleOf(options, textOf(record.role), ROLES),
          status: "pending",
          createdAt,
          expiresAt: momentOf(record.expires_at) ?? (createdAt ?? Date.now()) + THIRTY_DAYS_MS,
        },
        refs: {
          organizationId: {
            models: ["organization"],
            oldId: firstText(record.organization_id, objectOf(record.organization).id) ?? "",
          },
          inviterId: userRef(inviter),
        },
      },
    ],
  };
}

// --- internal ---

/** Of a user whom the API's files have, the CSV gives the password only. */
function onceEach(steps: readonly ImportStep[]): ImportStep[] {
  const known = new Set<string>();
  return steps.map((step) => ({
    ...step,
    plan: (record) => {
      const { rows, dropped: left = [] } = step.plan(record);
      if (!isCsv(step)) {
        for (const { model, oldId } of rows) if (model === "user") known.add(oldId);
        return { rows, dropped: left };
      }
      return {
        rows: rows.filter(({ model, oldId }) => model !== "user" || !known.has(oldId)),
        dropped: left.filter(({ oldId }) => !known.has(oldId)),
      };
    },
  }));
}

const KINDS = {
  users: /user/,
  memberships: /member/,
  invitations: /invitation/,
  organizations: /organi[sz]ation/,
} as const;

const ID = { names: ["id"] } as const;

/** JSON without it is of Clerk's CLI, which leaves out social accounts and which addresses are verified. */
const ADDRESS_OF_API: Need = { names: ["email_addresses"], isAddress: true };

const ADDRESS_OF_CSV: Need = {
  names: ["primary_email_address", "verified_email_addresses", "unverified_email_addresses"],
  isAddress: true,
};

function withNeedsOfCsv(step: ImportStep): ImportStep {
  if (!isCsv(step)) return step;
  const needs = step.needs?.map((need) => (need === ADDRESS_OF_API ? ADDRESS_OF_CSV : need));
  // A password in it is of a user of the API's files, so all of these come before.
  return { ...step, kind: `CSV of ${step.kind ?? step.name}`, ...(needs && { needs }) };
}

const THIRTY_DAYS_MS = 30 * 24 * 3600 * 1000;

/** What Better Auth has no place for, to be listed. */
const LEFT = ["external_id", "passkeys", "web3_wallets", "enterprise_accounts", "saml_accounts"];

/** Clerk's admin may do everything, as Better Auth's owner. */
const ROLES: Readonly<Record<string, string>> = {
  "org:admin": "owner",
  admin: "owner",
  "org:member": "member",
  basic_member: "member",
};

const PROVIDERS: Readonly<Record<string, string>> = { x: "twitter", linkedin_oidc: "linkedin" };

function primaryEmail(record: SourceRecord): { email: string | undefined; isVerified: boolean } {
  const addresses = listOf(record.email_addresses);
  const primary =
    addresses.find(({ id }) => id === record.primary_email_address_id) ?? addresses[0];
  if (primary)
    return {
      email: emailOf(primary.email_address),
      isVerified: objectOf(primary.verification).status === "verified",
    };
  const verified = textsOf(record.verified_email_addresses).map(emailOf);
  const email = emailOf(record.primary_email_address) ?? verified[0];
  const any = email ?? emailOf(textsOf(record.unverified_email_addresses)[0]);
  return { email: any, isVerified: any !== undefined && verified.includes(any) };
}

function otherEmails(record: SourceRecord, email: string | undefined): string[] {
  const all = [
    ...listOf(record.email_addresses).map((one) => emailOf(one.email_address)),
    ...textsOf(record.verified_email_addresses).map(emailOf),
  ];
  return all.flatMap((one) => (one === undefined || one === email ? [] : [one]));
}

function primaryPhone(record: SourceRecord): { number: string; isVerified: boolean } | undefined {
  const numbers = listOf(record.phone_numbers);
  const primary = numbers.find(({ id }) => id === record.primary_phone_number_id) ?? numbers[0];
  const number = firstText(primary?.phone_number, record.primary_phone_number);
  if (number === undefined) return undefined;
  const isVerified = primary
    ? objectOf(primary.verification).status === "verified"
    : textsOf(record.verified_phone_numbers).includes(number);
  return { number, isVerified };
}
