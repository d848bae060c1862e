// What each source's records become: tables of given and want. Every record is synthetic.
import { Readable } from "node:stream";
import { apiKey } from "@better-auth/api-key";
import { getAuthTables } from "better-auth/db";
import { admin, organization, twoFactor, username } from "better-auth/plugins";
import { describe, expect, test } from "vitest";
import { fitPlanned } from "../../../codegen/import/fit.js";
import {
  auth0Steps,
  planAuth0Member,
  planAuth0Password,
  planAuth0User,
} from "../../../codegen/import/sources/auth0.js";
import {
  clerkSteps,
  planClerkInvitation,
  planClerkMembership,
  planClerkOrganization,
  planClerkUser,
} from "../../../codegen/import/sources/clerk.js";
import {
  componentSteps,
  modelOrder,
  planDocument,
} from "../../../codegen/import/sources/component.js";
import {
  planConvexAuthAccount,
  planConvexAuthUser,
} from "../../../codegen/import/sources/convex-auth.js";
import { planRecord, planUser } from "../../../codegen/import/sources/csv.js";
import {
  planSupabaseIdentity,
  planSupabaseUser,
} from "../../../codegen/import/sources/supabase.js";
import type {
  ImportStep,
  Planned,
  SourceFile,
  SourceOptions,
  SourceRecord,
} from "../../../codegen/import/types.js";
import type { DroppedRow } from "../../../src/import/types.js";
import { planTables } from "../../../codegen/plan/plan-tables.js";

const OPTIONS: SourceOptions = { providers: new Map(), roles: new Map() };

const { tables } = planTables(
  getAuthTables({ plugins: [organization({ teams: { enabled: true } }), twoFactor(), admin()] }),
  { placement: "app" },
);

const NOW = Date.UTC(2026, 0, 1);
const document = (model: string) => (record: SourceRecord) =>
  planDocument(record, { model, tables, options: OPTIONS, now: NOW });

const user = (oldId: string) => ({ models: ["user"], oldId });

type Case = {
  readonly plan: (record: SourceRecord) => Planned;
  readonly given: SourceRecord;
  readonly want: object;
};

const BCRYPT = `$2b$10$${"a".repeat(53)}`;
const SCRYPT = `${"0".repeat(32)}:${"f".repeat(128)}`;

const CASES: Readonly<Record<string, Readonly<Record<string, Case>>>> = {
  "better-auth-component": {
    "a user keeps its fields and loses Convex's own": {
      plan: document("user"),
      given: { _id: "u1", _creationTime: 5.5, email: "a@b.co", name: "A", createdAt: 4 },
      want: {
        rows: [
          {
            model: "user",
            oldId: "u1",
            fields: { email: "a@b.co", name: "A", createdAt: 4 },
            refs: {},
          },
        ],
      },
    },
    "the account of a password belongs to the new id": {
      plan: document("account"),
      given: {
        _id: "a1",
        userId: "u1",
        providerId: "credential",
        accountId: "u1",
        password: SCRYPT,
      },
      want: {
        rows: [
          {
            fields: { providerId: "credential", password: SCRYPT },
            refs: { userId: user("u1"), accountId: user("u1") },
          },
        ],
      },
    },
    "a social account keeps its account id": {
      plan: document("account"),
      given: { _id: "a1", userId: "u1", providerId: "github", accountId: "77" },
      want: {
        rows: [{ fields: { providerId: "github", accountId: "77" }, refs: { userId: user("u1") } }],
      },
    },
    "a session knows its active organization by the new id": {
      plan: document("session"),
      given: {
        _id: "s1",
        userId: "u1",
        token: "t",
        expiresAt: NOW + 1,
        activeOrganizationId: "o1",
      },
      want: {
        rows: [
          {
            fields: { token: "t", expiresAt: NOW + 1 },
            refs: {
              userId: user("u1"),
              activeOrganizationId: { models: ["organization"], oldId: "o1" },
            },
          },
        ],
      },
    },
    "a session that has expired is dropped": {
      plan: document("session"),
      given: { _id: "s1", userId: "u1", token: "t", expiresAt: NOW },
      want: { rows: [], dropped: [{ model: "session", oldId: "s1", reason: "it has expired" }] },
    },
  },
  "convex-auth": {
    "a user, verified, with a field of the app's own": {
      plan: (record) => planConvexAuthUser(record, OPTIONS),
      given: {
        _id: "u1",
        _creationTime: 1_700_000_000_000,
        email: "A@b.co",
        emailVerificationTime: 1,
        plan: "pro",
      },
      want: {
        rows: [
          {
            model: "user",
            oldId: "u1",
            fields: {
              email: "a@b.co",
              name: "a",
              emailVerified: true,
              createdAt: 1_700_000_000_000,
              plan: "pro",
            },
          },
        ],
      },
    },
    "a password": {
      plan: (record) => planConvexAuthAccount(record, OPTIONS),
      given: {
        _id: "a1",
        userId: "u1",
        provider: "password",
        providerAccountId: "a@b.co",
        secret: SCRYPT,
      },
      want: {
        rows: [
          {
            oldId: "a1",
            fields: { providerId: "credential", password: SCRYPT },
            refs: { accountId: user("u1"), userId: user("u1") },
          },
        ],
      },
    },
    "a password of a hash of the app's own": {
      plan: (record) => planConvexAuthAccount(record, OPTIONS),
      given: {
        ...{ _id: "a1", userId: "u1", provider: "password", providerAccountId: "a@b.co" },
        secret: BCRYPT,
      },
      want: {
        rows: [
          {
            oldId: "a1",
            fields: { providerId: "credential", password: BCRYPT },
            refs: { accountId: user("u1"), userId: user("u1") },
          },
        ],
      },
    },
    "an account that is to be of a password, and has none": {
      plan: (record) =>
        planConvexAuthAccount(record, {
          ...OPTIONS,
          providers: new Map([["password", "credential"]]),
        }),
      given: { _id: "a1", userId: "u1", provider: "password", providerAccountId: "a@b.co" },
      want: { rows: [], dropped: [{ model: "account", reason: "it has no password hash" }] },
    },
    "a social account, under Better Auth's name": {
      plan: (record) => planConvexAuthAccount(record, OPTIONS),
      given: { _id: "a1", userId: "u1", provider: "microsoft-entra-id", providerAccountId: "77" },
      want: { rows: [{ fields: { providerId: "microsoft", accountId: "77" } }] },
    },
    "a provider that the user names": {
      plan: (record) =>
        planConvexAuthAccount(record, { ...OPTIONS, providers: new Map([["corp", "okta"]]) }),
      given: { _id: "a1", userId: "u1", provider: "corp", providerAccountId: "a@b.co" },
      want: { rows: [{ fields: { providerId: "okta", accountId: "a@b.co" } }] },
    },
    "a code by mail needs no account": {
      plan: (record) => planConvexAuthAccount(record, OPTIONS),
      given: { _id: "a1", userId: "u1", provider: "resend-otp", providerAccountId: "a@b.co" },
      want: { rows: [], dropped: [{ model: "account", oldId: "a1" }] },
    },
  },
  clerk: {
    "a line of the dashboard's CSV": {
      plan: (record) => planClerkUser(record, OPTIONS),
      given: {
        id: "user_1",
        first_name: "Ada",
        last_name: "L",
        primary_email_address: "Ada@b.co",
        verified_email_addresses: "ada@b.co",
        totp_secret: "ABC",
        password_digest: BCRYPT,
      },
      want: {
        rows: [
          { model: "user", fields: { email: "ada@b.co", name: "Ada L", emailVerified: true } },
          { model: "account", oldId: "user_1:credential", fields: { password: BCRYPT } },
        ],
        dropped: [{ model: "twoFactor", oldId: "user_1" }],
      },
    },
    "a user of the API": {
      plan: (record) => planClerkUser(record, OPTIONS),
      given: {
        id: "user_1",
        username: "Ada",
        primary_email_address_id: "2",
        email_addresses: [
          { id: "1", email_address: "old@b.co", verification: { status: "verified" } },
          { id: "2", email_address: "new@b.co", verification: { status: "unverified" } },
        ],
        external_accounts: [
          { provider: "oauth_google", provider_user_id: "77", approved_scopes: "email profile" },
          { provider: "oauth_x", provider_user_id: "78" },
        ],
        created_at: 1_700_000_000_000,
        banned: true,
      },
      want: {
        rows: [
          {
            fields: {
              email: "new@b.co",
              name: "Ada",
              emailVerified: false,
              username: "ada",
              displayUsername: "Ada",
              banned: true,
              createdAt: 1_700_000_000_000,
            },
          },
          { fields: { providerId: "google", accountId: "77", scope: "email,profile" } },
          { fields: { providerId: "twitter", accountId: "78" } },
        ],
        dropped: [],
      },
    },
    "an organization": {
      plan: planClerkOrganization,
      given: { id: "org_1", name: "Co", slug: "co", public_metadata: { a: 1 } },
      want: { rows: [{ fields: { name: "Co", slug: "co", metadata: '{"a":1}' } }] },
    },
    "a member: Clerk's admin is an owner": {
      plan: (record) => planClerkMembership(record, OPTIONS),
      given: {
        id: "m",
        role: "org:admin",
        organization: { id: "org_1" },
        public_user_data: { user_id: "user_1" },
      },
      want: {
        rows: [
          {
            fields: { role: "owner" },
            refs: {
              organizationId: { models: ["organization"], oldId: "org_1" },
              userId: user("user_1"),
            },
          },
        ],
      },
    },
    "a role that the user names": {
      plan: (record) =>
        planClerkMembership(record, { ...OPTIONS, roles: new Map([["org:admin", "admin"]]) }),
      given: { id: "m", role: "org:admin" },
      want: { rows: [{ fields: { role: "admin" } }] },
    },
    "an invitation that nobody sent": {
      plan: (record) => planClerkInvitation(record, OPTIONS),
      given: { id: "i", status: "pending", email_address: "a@b.co", organization_id: "org_1" },
      want: { rows: [], dropped: [{ model: "invitation", oldId: "i" }] },
    },
  },
  supabase: {
    "a user, of Postgres' texts": {
      plan: (record) => planSupabaseUser(record, OPTIONS),
      given: {
        id: "1",
        email: "a@b.co",
        encrypted_password: BCRYPT,
        email_confirmed_at: "2024-01-02 03:04:05.6+00",
        created_at: "2024-01-01 01:00:00+01",
        raw_user_meta_data: '{"full_name":"Ada"}',
        phone: "4915100",
      },
      want: {
        rows: [
          {
            fields: {
              email: "a@b.co",
              name: "Ada",
              emailVerified: true,
              createdAt: Date.UTC(2024, 0, 1),
              phoneNumber: "+4915100",
              phoneNumberVerified: false,
            },
          },
          { fields: { password: BCRYPT } },
        ],
      },
    },
    "a user that is deleted": {
      plan: (record) => planSupabaseUser(record, OPTIONS),
      given: { id: "1", email: "a@b.co", deleted_at: "2024-01-01" },
      want: { rows: [], dropped: [{ model: "user", oldId: "1" }] },
    },
    "a social identity": {
      plan: (record) => planSupabaseIdentity(record, OPTIONS),
      given: { user_id: "1", provider: "azure", provider_id: "77" },
      want: { rows: [{ fields: { providerId: "microsoft", accountId: "77" } }] },
    },
    "the identity of an address": {
      plan: (record) => planSupabaseIdentity(record, OPTIONS),
      given: { user_id: "1", provider: "email", provider_id: "1" },
      want: { rows: [] },
    },
  },
  auth0: {
    "a user with two identities; a name that is the address is not one": {
      plan: (record) => planAuth0User(record, OPTIONS),
      given: {
        user_id: "auth0|1",
        email: "a@b.co",
        name: "a@b.co",
        email_verified: true,
        created_at: "2024-01-01T00:00:00.000Z",
        identities: [
          { provider: "auth0", user_id: "1" },
          { provider: "google-oauth2", user_id: "77" },
        ],
      },
      want: {
        rows: [
          {
            oldId: "auth0|1",
            fields: { name: "a", emailVerified: true, createdAt: Date.UTC(2024, 0, 1) },
          },
          { fields: { providerId: "google", accountId: "77" } },
        ],
      },
    },
    "an export without identities": {
      plan: (record) => planAuth0User(record, OPTIONS),
      given: { user_id: "github|77", email: "a@b.co" },
      want: { rows: [{}, { fields: { providerId: "github", accountId: "77" } }] },
    },
    "a line of the passwords": {
      plan: planAuth0Password,
      given: { _id: { $oid: "1" }, passwordHash: BCRYPT },
      want: {
        rows: [
          {
            oldId: "auth0|1:credential",
            fields: { password: BCRYPT },
            refs: { userId: user("auth0|1") },
          },
        ],
      },
    },
  },
  csv: {
    "a user, with headers of any style": {
      plan: (record) => planUser(record, { tables, options: OPTIONS }),
      given: {
        ID: "1",
        Email: "A@b.co",
        "Password Hash": BCRYPT,
        email_verified: "true",
        plan: "pro",
      },
      want: {
        rows: [
          { oldId: "1", fields: { email: "a@b.co", emailVerified: "true", plan: "pro" } },
          { fields: { password: BCRYPT } },
        ],
      },
    },
    "a moment of verification says that it was verified; an unclear date stays for the report": {
      plan: (record) => planUser(record, { tables, options: OPTIONS }),
      given: {
        id: "1",
        email: "a@b.co",
        emailVerified: "2024-01-02 03:04:05.000",
        created_at: "31/12/2020",
      },
      want: { rows: [{ fields: { emailVerified: true, createdAt: "31/12/2020" } }] },
    },
    "a moment of verification in ms": {
      plan: (record) => planUser(record, { tables, options: OPTIONS }),
      given: { id: "1", email: "a@b.co", emailVerified: "1704164645000" },
      want: { rows: [{ fields: { emailVerified: true } }] },
    },
    "an account without an id goes by what is not secret": {
      plan: (record) => planRecord(record, { model: "account", tables, options: OPTIONS }),
      given: { user_id: "2", provider_id: "credential", password: BCRYPT },
      want: { rows: [{ oldId: "2:credential", fields: { password: BCRYPT } }] },
    },
    "an invitation without an id goes by a hash": {
      plan: (record) => planRecord(record, { model: "invitation", tables, options: OPTIONS }),
      given: { email: "a@b.co", organization_id: "o", role: "", status: "pending" },
      want: { rows: [{ oldId: expect.stringMatching(/^[0-9a-f]{32}$/) }] },
    },
    "JSON keeps values that are no text": {
      plan: (record) => planRecord(record, { model: "organization", tables, options: OPTIONS }),
      given: { id: "o", name: "O", metadata: { a: 1 }, isOpen: false, logo: null },
      want: { rows: [{ fields: { name: "O", metadata: { a: 1 }, isOpen: false } }] },
    },
    "a line that says nothing has no id": {
      plan: (record) => planRecord(record, { model: "invitation", tables, options: OPTIONS }),
      given: { email: "", organization_id: "" },
      want: { rows: [{ oldId: "" }] },
    },
    "seconds in JSON": {
      plan: (record) => planUser(record, { tables, options: OPTIONS }),
      given: { id: "1", email: "a@b.co", createdAt: 1_700_000_000 },
      want: { rows: [{ fields: { createdAt: 1_700_000_000_000 } }] },
    },
    "a member": {
      plan: (record) => planRecord(record, { model: "member", tables, options: OPTIONS }),
      given: { userId: "1", organization_id: "o", role: "owner" },
      want: {
        rows: [
          {
            model: "member",
            oldId: "1:o:owner",
            fields: { role: "owner" },
            refs: { userId: user("1"), organizationId: { models: ["organization"], oldId: "o" } },
          },
        ],
      },
    },
  },
};

describe.each(Object.entries(CASES))("%s", (_source, cases) => {
  test.each(Object.entries(cases))("%s", (_name, { plan, given, want }) => {
    expect(plan(given)).toMatchObject(want);
  });
});

test("a username of a CSV is found by the username plugin; without the plugin it stays as it is", () => {
  const { tables: withPlugin } = planTables(getAuthTables({ plugins: [username()] }), {
    placement: "app",
  });
  const given = { id: "1", email: "a@b.co", username: "Alice" };
  expect(planUser(given, { tables: withPlugin, options: OPTIONS }).rows[0]?.fields).toMatchObject({
    username: "alice",
    displayUsername: "Alice",
  });
  expect(planUser(given, { tables, options: OPTIONS }).rows[0]?.fields).toMatchObject({
    username: "Alice",
  });
});

test("API keys of Better Auth 1.4 and older keep their owner, under the name that it has now", () => {
  const { tables: withKeys } = planTables(getAuthTables({ plugins: [apiKey()] }), {
    placement: "app",
  });
  const old = { _id: "k1", key: "hash", userId: "u1" };
  const [row] = planDocument(old, {
    model: "apikey",
    tables: withKeys,
    options: OPTIONS,
    now: NOW,
  }).rows;
  expect(row).toMatchObject({
    fields: { key: "hash" },
    refs: { referenceId: { oldId: "u1" } },
  });
  expect(row?.refs).not.toHaveProperty("userId");
});

test("tables and fields of a component of the app's own have the names of its options", async () => {
  const source = getAuthTables({
    user: { modelName: "person", fields: { name: "fullName" } },
    account: { fields: { userId: "personId" } },
  });
  const file = (table: string, rows: readonly object[]) => ({
    name: `_components/people/${table}/documents.jsonl`,
    open: () => Promise.resolve(Readable.from(rows.map((row) => `${JSON.stringify(row)}\n`))),
  });
  const files = [
    file("person", [{ _id: "p1", _creationTime: 1, fullName: "Ada", email: "ada@example.com" }]),
    file("account", [{ _id: "a1", _creationTime: 1, providerId: "credential", personId: "p1" }]),
  ];
  for (const placement of ["app", "component"] as const) {
    const { tables: own } = planTables(source, { placement });
    const steps = componentSteps(files, OPTIONS, { tables: own, source }) ?? [];
    const planned: Planned["rows"][number][] = [];
    for (const { records, plan } of steps)
      for await (const record of records()) planned.push(...plan(record).rows);
    expect(planned).toMatchObject([
      { model: "user", oldId: "p1", fields: { name: "Ada", email: "ada@example.com" } },
      { model: "account", oldId: "a1", refs: { userId: user("p1"), accountId: user("p1") } },
    ]);
  }
});

test("each model comes after those it references, and what is short-lived does not come", () => {
  const order = modelOrder(tables);
  for (const [before, after] of [
    ["user", "account"],
    ["organization", "session"],
    ["organization", "member"],
    ["team", "teamMember"],
    ["team", "invitation"],
    ["user", "twoFactor"],
  ] as const)
    expect(order.indexOf(before), `${before} before ${after}`).toBeLessThan(order.indexOf(after));
  expect(order).not.toContain("verification");
});

const textFile = (name: string, text: string): SourceFile => ({
  name,
  open: () => Promise.resolve(Readable.from([Buffer.from(text)])),
});

async function plannedBy(steps: readonly ImportStep[]): Promise<Required<Planned>> {
  const rows: Planned["rows"][number][] = [];
  const dropped: DroppedRow[] = [];
  for (const { records, plan } of steps)
    for await (const record of records()) {
      const planned = plan(record);
      rows.push(...planned.rows);
      dropped.push(...(planned.dropped ?? []));
    }
  return { rows, dropped };
}

const ADDED = { ...OPTIONS, additional: { plan: { input: false }, city: { input: true } } };

test.each<[string, (record: SourceRecord) => Planned, SourceRecord, object, readonly string[]]>([
  [
    "Clerk",
    (record) => planClerkUser(record, ADDED),
    {
      ...{ id: "1", external_id: "7", passkeys: [{ id: "p" }], web3_wallets: [] },
      email_addresses: [{ email_address: "a@b.co" }, { email_address: "b@b.co" }],
      public_metadata: { plan: "pro", role: "admin" },
      private_metadata: {},
      unsafe_metadata: { plan: "free", city: "Bonn" },
    },
    { plan: "pro", city: "Bonn", public_metadata: { role: "admin" } },
    ["external_id", "other email addresses", "passkeys", "public_metadata", "unsafe_metadata"],
  ],
  [
    "Supabase",
    (record) => planSupabaseUser(record, ADDED),
    {
      ...{ id: "1", email: "a@b.co" },
      raw_app_meta_data: '{"provider":"email","providers":["email"],"plan":"pro"}',
      raw_user_meta_data: { sub: "1", full_name: "A", city: "Bonn", plan: "free", role: "admin" },
    },
    { plan: "pro", city: "Bonn", raw_user_meta_data: { plan: "free", role: "admin" } },
    ["raw_user_meta_data"],
  ],
  [
    "Auth0",
    (record) => planAuth0User(record, ADDED),
    {
      ...{ user_id: "auth0|1", email: "a@b.co" },
      ...{ app_metadata: { plan: "pro", role: "admin" }, user_metadata: { city: "Bonn" } },
    },
    { plan: "pro", city: "Bonn", app_metadata: { role: "admin" } },
    ["app_metadata"],
  ],
])(
  "%s: metadata becomes fields of the app, and the rest is listed; users fill no field that is kept from them",
  (_name, plan, given, want, left) => {
    const planned = plan(given);
    expect(planned.rows[0]?.fields).toMatchObject(want);
    expect(planned.rows[0]?.fields).not.toHaveProperty("role");
    const source = getAuthTables({
      user: { additionalFields: { plan: { type: "string" }, city: { type: "string" } } },
    });
    const { tables: own } = planTables(source, { placement: "app" });
    const { ignored } = fitPlanned(planned, { tables: own, source, defaults: new Map() });
    expect([...ignored].sort()).toEqual(left.map((name) => `user.${name}`));
  },
);

const NAMED: SourceOptions = {
  providers: new Map([
    ["corp", "okta"],
    ["password", "credential"],
  ]),
  // Each is given its name once.
  roles: new Map([
    ["boss", "admin"],
    ["admin", "owner"],
  ]),
};

describe("--provider and --role give the names of", () => {
  const csv = { tables, options: NAMED };
  const component = (model: string) => ({ ...csv, model, now: NOW });
  test.each<[string, Planned, object]>([
    ["a user of a CSV", planUser({ id: "1", role: "boss, x" }, csv), { role: "admin, x" }],
    [
      "a member of a CSV",
      planRecord({ id: "1", role: "boss,admin" }, { ...csv, model: "member" }),
      { role: "admin,owner" },
    ],
    [
      "an account of a CSV",
      planRecord({ id: "1", provider_id: "corp" }, { ...csv, model: "account" }),
      { providerId: "okta" },
    ],
    [
      "a user of the component",
      planDocument({ _id: "1", role: "boss" }, component("user")),
      { role: "admin" },
    ],
    [
      "a member of the component",
      planDocument({ _id: "1", role: "member,boss" }, component("member")),
      { role: "member,admin" },
    ],
    [
      "an account of the component",
      planDocument({ _id: "1", providerId: "corp" }, component("account")),
      { providerId: "okta" },
    ],
    [
      "a user of Convex Auth",
      planConvexAuthUser({ _id: "1", role: "boss" }, NAMED),
      { role: "admin" },
    ],
  ])("%s", (_name, { rows }, want) => expect(rows[0]?.fields).toMatchObject(want));

  test("the account of a password, which then belongs to the new id", () => {
    const given = { id: "a", userId: "1", accountId: "a@b.co", providerId: "password" };
    for (const { rows } of [
      planRecord(given, { ...csv, model: "account" }),
      planDocument(given, component("account")),
    ])
      expect(rows).toMatchObject([
        { fields: { providerId: "credential" }, refs: { accountId: user("1") } },
      ]);
  });

  test("nobody who has no role, and without them nothing changes", () => {
    expect(planUser({ id: "1" }, csv).rows[0]?.fields).not.toHaveProperty("role");
    const own = { ...csv, options: OPTIONS };
    expect(planUser({ id: "1", role: "boss, x" }, own).rows[0]?.fields.role).toBe("boss, x");
  });
});

test("Supabase: what a provider says fills a field of that name; what became no field is listed", () => {
  const raw_user_meta_data = {
    ...{ sub: "7", email_verified: true, full_name: "A B", name: "A B", user_name: "ab" },
    ...{ picture: "https://b.co/1.png", avatar_url: "https://b.co/2.png", display_name: "Ab" },
  };
  const record = { id: "1", email: "a@b.co", raw_user_meta_data };
  const image = "https://b.co/2.png";
  expect(planSupabaseUser(record, OPTIONS).rows[0]?.fields).toMatchObject({
    ...{ name: "A B", image },
    raw_user_meta_data: { user_name: "ab", picture: "https://b.co/1.png", display_name: "Ab" },
  });
  const additional = { full_name: {}, user_name: {}, sub: {}, picture: {}, display_name: {} };
  const { fields } = planSupabaseUser(record, { ...OPTIONS, additional }).rows[0] ?? {};
  expect(fields).toMatchObject({ name: "A B", image, full_name: "A B", user_name: "ab", sub: "7" });
  expect(fields).not.toHaveProperty("raw_user_meta_data");
});

test.each([
  { given: [{ name: "Org Admin" }, { name: "editor" }], want: "owner,editor" },
  { given: '[{"name":"Org Admin"}]', want: "owner" },
  { given: ["editor", "Org Admin"], want: "editor,owner" },
  { given: "Org Admin; editor", want: "owner,editor" },
  { given: "", want: "member" },
])("Auth0: every role of a member is kept: $given", ({ given, want }) => {
  const options = { ...OPTIONS, roles: new Map([["Org Admin", "owner"]]) };
  const record = { organization_id: "org_1", user_id: "auth0|1", roles: given };
  expect(planAuth0Member(record, options).rows[0]?.fields.role).toBe(want);
});

test("Auth0: a CSV with headings of a person", async () => {
  const text =
    "Id,Given Name,Name,Email,Email Verified,Created At\nauth0|1,A,A B,a@b.co,true,2020-01-01T00:00:00Z\n";
  const steps = auth0Steps([textFile("users.csv", text)], OPTIONS);
  expect(steps[0]?.keyOf?.("Email Verified")).toBe("email_verified");
  const { rows } = await plannedBy(steps);
  expect(rows).toMatchObject([
    {
      oldId: "auth0|1",
      fields: {
        ...{ email: "a@b.co", name: "A B", emailVerified: true },
        createdAt: Date.UTC(2020, 0, 1),
      },
    },
  ]);
});

test("Auth0: the password of a database user that was linked to another belongs to that one", async () => {
  const files = [
    textFile(
      "users.json",
      JSON.stringify([
        {
          ...{ user_id: "google-oauth2|1", email: "a@b.co" },
          identities: [
            { provider: "google-oauth2", user_id: "1" },
            { provider: "auth0", user_id: "abc" },
          ],
        },
      ]),
    ),
    textFile("passwords.json", JSON.stringify([{ _id: { $oid: "abc" }, passwordHash: BCRYPT }])),
  ];
  const { rows } = await plannedBy(auth0Steps(files, OPTIONS));
  expect(rows).toMatchObject([
    { model: "user", oldId: "google-oauth2|1" },
    { model: "account", fields: { providerId: "google", accountId: "1" } },
    {
      ...{ model: "account", oldId: "google-oauth2|1:credential" },
      fields: { password: BCRYPT },
      refs: { userId: user("google-oauth2|1"), accountId: user("google-oauth2|1") },
    },
  ]);
});

test("Auth0: a user keeps the own password, whatever was linked and wherever it is", async () => {
  const identity = (id: string) => ({ provider: "auth0", user_id: id });
  const users = [
    { user_id: "auth0|a", email: "a@b.co", identities: ["a", "b"].map(identity) },
    { user_id: "google-oauth2|1", email: "c@b.co", identities: ["c", "d"].map(identity) },
  ];
  const line = (id: string) => `${JSON.stringify({ _id: { $oid: id }, passwordHash: `h${id}` })}\n`;
  const steps = auth0Steps(
    [
      textFile("users.json", JSON.stringify(users)),
      textFile("passwords-1.jsonl", ["b", "c"].map(line).join("")),
      textFile("passwords-2.jsonl", ["d", "a"].map(line).join("")),
    ],
    OPTIONS,
  );
  // A source is read once to count it, and once to send it.
  for (let pass = 0; pass < 2; pass++) {
    const { rows, dropped } = await plannedBy(steps);
    const accounts = rows.filter(({ model }) => model === "account");
    expect(accounts.map(({ oldId, fields }) => [oldId, fields.password])).toEqual([
      ["auth0|a:credential", "ha"],
      ["google-oauth2|1:credential", "hc"],
    ]);
    expect(dropped.map(({ oldId }) => oldId)).toEqual(["auth0|b:credential", "auth0|d:credential"]);
  }
});

test("Clerk: a user of the CSV and of the API is counted once, and keeps ban, picture and date of the API", async () => {
  const header =
    "id,primary_email_address,verified_email_addresses,unverified_email_addresses,totp_secret,password_digest";
  const csv = textFile(
    "users.csv",
    `${header}\nuser_1,a@b.co,a@b.co,,S,${BCRYPT}\nuser_2,c@b.co,,c@b.co,,\n`,
  );
  const api = textFile(
    "users.json",
    JSON.stringify([
      {
        ...{ id: "user_1", banned: true, image_url: "https://b.co/1.png", created_at: 1e12 },
        ...{ email_addresses: [{ email_address: "a@b.co" }], totp_enabled: true },
      },
    ]),
  );
  for (const files of [
    [csv, api],
    [api, csv],
  ]) {
    const steps = clerkSteps(files, OPTIONS);
    // A source is read once to count it, and once to send it.
    for (let pass = 0; pass < 2; pass++) {
      const { rows, dropped } = await plannedBy(steps);
      expect(rows).toMatchObject([
        {
          ...{ model: "user", oldId: "user_1" },
          fields: { banned: true, image: "https://b.co/1.png", createdAt: 1e12 },
        },
        { model: "account", oldId: "user_1:credential", fields: { password: BCRYPT } },
        { model: "user", oldId: "user_2" },
      ]);
      expect(dropped).toMatchObject([{ model: "twoFactor", oldId: "user_1" }]);
    }
  }
});
