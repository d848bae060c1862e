// Makes synthetic exports of every source: people with a password, a social account and organizations. Every password
// is the same, so that one hash serves all of them; no row is of a real person.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hashSync } from "bcryptjs";
import { hashPassword } from "better-auth/crypto";
import { SOURCES, type SourceName } from "../../../codegen/import/types.js";
import { writeZip } from "./zip.js";

export const PASSWORD = "an old password";

export type Export = {
  /** What `kitcn import <source>` is given. */
  readonly paths: readonly string[];
  readonly users: number;
  readonly accounts: number;
  readonly organizations: number;
  readonly members: number;
  readonly emailOf: (at: number) => string;
};

const ORGANIZATION_SIZE = 10;
const BEGAN = Date.UTC(2024, 0, 1);

/** An export of `count` users below a folder. Every second has a GitHub account; tens are one organization. */
export async function writeExport(
  source: SourceName,
  folder: string,
  count: number,
): Promise<Export> {
  mkdirSync(folder, { recursive: true });
  const people = Array.from({ length: count }, (_, at) => personOf(source, at));
  const social = people.filter(({ hasSocial }) => hasSocial).length;
  const hasOrganizations = source !== "convex-auth" && source !== "supabase";
  const organizations = hasOrganizations ? Math.ceil(count / ORGANIZATION_SIZE) : 0;
  return {
    paths: await WRITERS[source](folder, people),
    users: count,
    accounts: count + social,
    organizations,
    members: hasOrganizations ? count : 0,
    emailOf: (at) => people[at]?.email ?? "",
  };
}

/** Hashes take long to make on purpose. */
let scryptHash: Promise<string> | undefined;
const scrypt = () => (scryptHash ??= hashPassword(PASSWORD));
const bcrypt = () => hashSync(PASSWORD, 4);

// --- internal ---

type Person = ReturnType<typeof personOf>;

function personOf(source: string, at: number) {
  return {
    at,
    id: `${source}-user-${at}`,
    email: `person-${at}@${source}.example.com`,
    name: `Person ${at}`,
    gitHubId: 1_000_000 * (1 + SOURCES.findIndex((one) => one === source)) + at,
    isVerified: at % 3 !== 0,
    hasSocial: at % 2 === 0,
    createdAt: BEGAN + at * 1000,
    organization: Math.floor(at / ORGANIZATION_SIZE),
    slug: `${source}-${Math.floor(at / ORGANIZATION_SIZE)}`,
    isOwner: at % ORGANIZATION_SIZE === 0,
  };
}

type Writer = (folder: string, people: readonly Person[]) => Promise<string[]>;

const lines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

const owners = (people: readonly Person[]) => people.filter(({ isOwner }) => isOwner);

function write(folder: string, files: Readonly<Record<string, string>>): string[] {
  return Object.entries(files).map(([name, text]) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  });
}

function csv(rows: readonly Readonly<Record<string, unknown>>[]): string {
  const names = Object.keys(rows[0] ?? {});
  const cell = (value: unknown) => `"${String(value ?? "").replaceAll('"', '""')}"`;
  return (
    [names.join(","), ...rows.map((row) => names.map((name) => cell(row[name])).join(","))].join(
      "\n",
    ) + "\n"
  );
}

const WRITERS: Readonly<Record<SourceName, Writer>> = {
  "better-auth-component": async (folder, people) => {
    const password = await scrypt();
    const times = ({ createdAt }: Person) => ({ createdAt, updatedAt: createdAt });
    const at = "_components/betterAuth";
    const files = {
      "notes/documents.jsonl": lines([{ _id: "n1", _creationTime: 1, userId: people[0]?.id }]),
      [`${at}/user/documents.jsonl`]: lines(
        people.map((one) => ({
          _id: one.id,
          _creationTime: one.createdAt + 0.5,
          ...{ name: one.name, email: one.email, emailVerified: one.isVerified },
          ...times(one),
          userId: null,
          twoFactorEnabled: one.at === 1,
        })),
      ),
      [`${at}/account/documents.jsonl`]: lines(
        people.flatMap((one) => [
          {
            ...{ _id: `${one.id}-password`, _creationTime: one.createdAt, userId: one.id },
            ...{ providerId: "credential", accountId: one.id, password },
            ...times(one),
          },
          ...(one.hasSocial
            ? [
                {
                  ...{ _id: `${one.id}-github`, _creationTime: one.createdAt, userId: one.id },
                  ...{ providerId: "github", accountId: `${one.gitHubId}`, accessToken: "token" },
                  ...times(one),
                },
              ]
            : []),
        ]),
      ),
      [`${at}/session/documents.jsonl`]: lines(
        people.map((one) => ({
          ...{ _id: `${one.id}-session`, _creationTime: one.createdAt, userId: one.id },
          token: `${one.id}-token`,
          expiresAt: one.at % 4 === 0 ? 1000 : Date.UTC(2099, 0, 1),
          ...times(one),
        })),
      ),
      [`${at}/twoFactor/documents.jsonl`]: lines([
        {
          ...{ _id: "two-factor", _creationTime: 1, userId: people[1]?.id },
          ...{ secret: "sealed secret", backupCodes: "sealed codes" },
        },
      ]),
      [`${at}/organization/documents.jsonl`]: lines(
        owners(people).map((one) => ({
          ...{ _id: `org-${one.organization}`, _creationTime: 1, createdAt: one.createdAt },
          ...{ name: `Company ${one.organization}`, slug: one.slug },
        })),
      ),
      [`${at}/member/documents.jsonl`]: lines(
        people.map((one) => ({
          ...{ _id: `${one.id}-member`, _creationTime: 1, createdAt: one.createdAt },
          ...{ userId: one.id, organizationId: `org-${one.organization}` },
          role: one.isOwner ? "owner" : "member",
        })),
      ),
      [`${at}/jwks/documents.jsonl`]: lines([{ _id: "key", _creationTime: 1, publicKey: "x" }]),
    };
    writeZip(join(folder, "backup.zip"), files);
    return [join(folder, "backup.zip")];
  },
  "convex-auth": async (folder, people) => {
    const secret = await scrypt();
    writeZip(join(folder, "backup.zip"), {
      "users/documents.jsonl": lines(
        people.map((one) => ({
          ...{ _id: one.id, _creationTime: one.createdAt, name: one.name, email: one.email },
          ...(one.isVerified && { emailVerificationTime: one.createdAt }),
        })),
      ),
      "authAccounts/documents.jsonl": lines(
        people.flatMap((one) => [
          {
            ...{ _id: `${one.id}-password`, _creationTime: one.createdAt, userId: one.id },
            ...{ provider: "password", providerAccountId: one.email, secret },
          },
          ...(one.hasSocial
            ? [
                {
                  ...{ _id: `${one.id}-github`, _creationTime: one.createdAt, userId: one.id },
                  ...{ provider: "github", providerAccountId: `${one.gitHubId}` },
                },
              ]
            : []),
        ]),
      ),
      "authSessions/documents.jsonl": "",
    });
    return [join(folder, "backup.zip")];
  },
  clerk: async (folder, people) => {
    const password = bcrypt();
    return write(folder, {
      "users.csv": csv(
        people.map((one) => ({
          id: one.id,
          ...{ first_name: "Person", last_name: one.at, username: "" },
          ...{ primary_email_address: one.email, primary_phone_number: "" },
          verified_email_addresses: one.isVerified ? one.email : "",
          unverified_email_addresses: one.isVerified ? "" : one.email,
          ...{ totp_secret: one.at === 1 ? "JBSWY3DPEHPK3PXP" : "", password_digest: password },
          password_hasher: "bcrypt",
        })),
      ),
      "users-of-api.json": JSON.stringify(
        people
          .filter(({ hasSocial }) => hasSocial)
          .map((one) => ({
            ...{ id: one.id, first_name: "Person", last_name: `${one.at}` },
            primary_email_address_id: "mail",
            email_addresses: [
              {
                ...{ id: "mail", email_address: one.email },
                verification: { status: one.isVerified ? "verified" : "unverified" },
              },
            ],
            external_accounts: [
              {
                provider: "oauth_github",
                provider_user_id: `${one.gitHubId}`,
                approved_scopes: "a b",
              },
            ],
            ...{ created_at: one.createdAt, image_url: `https://example.com/${one.at}.png` },
            banned: one.at === 2,
          })),
        null,
        2,
      ),
      "organizations.json": JSON.stringify({
        data: owners(people).map((one) => ({
          ...{ id: `org-${one.organization}`, name: `Company ${one.organization}` },
          ...{ slug: one.slug, created_at: one.createdAt },
        })),
        total_count: 1,
      }),
      "memberships.json": JSON.stringify({
        data: people.map((one) => ({
          ...{ id: `${one.id}-member`, role: one.isOwner ? "org:admin" : "org:member" },
          organization: { id: `org-${one.organization}` },
          ...{ public_user_data: { user_id: one.id }, created_at: one.createdAt },
        })),
      }),
    });
  },
  supabase: async (folder, people) =>
    write(folder, {
      "users.csv": csv(
        people.map((one) => ({
          ...{ id: one.id, email: one.email, encrypted_password: bcryptOnce(), phone: "" },
          email_confirmed_at: one.isVerified ? "2024-01-02 03:04:05.6+00" : "",
          created_at: "2024-01-01 00:00:00+00",
          raw_user_meta_data: JSON.stringify({ full_name: one.name }),
        })),
      ),
      "identities.json": JSON.stringify(
        people.flatMap((one) => [
          { provider: "email", user_id: one.id, provider_id: one.id },
          ...(one.hasSocial
            ? [
                {
                  provider: "github",
                  user_id: one.id,
                  provider_id: `${one.gitHubId}`,
                  identity_data: {},
                },
              ]
            : []),
        ]),
      ),
    }),
  auth0: async (folder, people) =>
    write(folder, {
      "users.json": lines(
        people.map((one) => ({
          ...{ user_id: `auth0|${one.id}`, email: one.email, email_verified: one.isVerified },
          ...{ name: one.name, created_at: new Date(one.createdAt).toISOString() },
          identities: [
            { provider: "auth0", user_id: one.id },
            ...(one.hasSocial ? [{ provider: "github", user_id: one.gitHubId }] : []),
          ],
        })),
      ),
      "passwords.json": lines(
        people.map((one) => ({
          ...{ _id: { $oid: one.id }, email: one.email, passwordHash: bcryptOnce() },
        })),
      ),
      "organizations.json": JSON.stringify(
        owners(people).map((one) => ({
          ...{ id: `org-${one.organization}`, name: one.slug },
          display_name: `Company ${one.organization}`,
        })),
      ),
      "members.json": JSON.stringify(
        people.map((one) => ({
          ...{ organization_id: `org-${one.organization}`, user_id: `auth0|${one.id}` },
          roles: [{ name: one.isOwner ? "owner" : "member" }],
        })),
      ),
    }),
  csv: async (folder, people) => {
    const hash = bcryptOnce();
    write(folder, {
      "users.csv": csv(
        people.map((one) => ({
          ...{ id: one.id, email: one.email, name: one.name, email_verified: one.isVerified },
          ...{ created_at: new Date(one.createdAt).toISOString(), password_hash: hash },
        })),
      ),
      "accounts.csv": csv(
        people
          .filter(({ hasSocial }) => hasSocial)
          .map((one) => ({ userId: one.id, providerId: "github", accountId: one.gitHubId })),
      ),
      "organizations.csv": csv(
        owners(people).map((one) => ({
          ...{ id: `org-${one.organization}`, name: `Company ${one.organization}` },
          ...{ slug: one.slug, createdAt: one.createdAt },
        })),
      ),
      "members.csv": csv(
        people.map((one) => ({
          ...{ userId: one.id, organizationId: `org-${one.organization}` },
          role: one.isOwner ? "owner" : "member",
        })),
      ),
    });
    return [folder];
  },
};

let bcryptHash: string | undefined;
function bcryptOnce(): string {
  return (bcryptHash ??= bcrypt());
}
