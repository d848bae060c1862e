// What an export must have: names of columns or keys, and records. Every refusal comes before anything is written.
import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { getAuthTables } from "better-auth/db";
import { organization } from "better-auth/plugins";
import { stepsOf } from "../../../codegen/import/sources/index.js";
import { surveySource } from "../../../codegen/import/survey.js";
import type { SourceName } from "../../../codegen/import/types.js";
import { planTables } from "../../../codegen/plan/plan-tables.js";

const source = getAuthTables({ plugins: [organization()] });
const { tables } = planTables(source, { placement: "app" });

function survey(
  name: SourceName,
  files: Readonly<Record<string, string>>,
  placeholderDomain?: string,
) {
  const steps = stepsOf(name, {
    files: Object.entries(files).map(([file, text]) => ({
      name: file,
      open: async () => Readable.from([Buffer.from(text)]),
    })),
    options: { providers: new Map(), roles: new Map() },
    tables,
  });
  const fit = { tables, source, defaults: new Map<string, string>(), placeholderDomain };
  return surveySource(steps, { ...fit, onRecord: () => {} });
}

const zip = (users: string, accounts = "") => ({
  "users/documents.jsonl": users,
  "authAccounts/documents.jsonl": accounts,
});

describe("an export without the names that are needed is refused", () => {
  test.each<{
    source: SourceName;
    files: Readonly<Record<string, string>>;
    needed: string;
    found: string;
  }>([
    { source: "csv", files: { "bad.csv": "hello" }, needed: "email", found: "hello" },
    { source: "csv", files: { "bad.csv": "" }, needed: "email", found: "no names" },
    { source: "csv", files: { "u.csv": "id,name\n1,A\n" }, needed: "email", found: "id, name" },
    { source: "csv", files: { "u.json": '[{"id":1}]' }, needed: "email", found: "id" },
    {
      source: "clerk",
      files: { "bad.csv": "hello\nyou\n" },
      needed: "id, primary_email_address or verified_email_addresses",
      found: "hello",
    },
    {
      // As Clerk's own CLI exports users: without social accounts, and without saying which addresses are verified.
      source: "clerk",
      files: { "users.json": '[{"id":"user_1","primary_email_address":"a@b.co"}]' },
      needed: "email_addresses",
      found: "id, primary_email_address",
    },
    {
      source: "clerk",
      files: { "package.json": '{\n  "name": "x",\n  "files": ["a"]\n}\n' },
      needed: "id, email_addresses",
      found: "name, files",
    },
    {
      source: "clerk",
      files: { "package.json": '{"name":"x","version":"1"}' },
      needed: "id, email_addresses",
      found: "name, version",
    },
    {
      source: "clerk",
      files: { "memberships.json": '{"data":[{"id":"m","role":"admin"}]}' },
      needed: "organization or organization_id, public_user_data or user_id",
      found: "id, role",
    },
    { source: "auth0", files: { "u.json": '[{"a":1}]' }, needed: "user_id or id", found: "a" },
    { source: "supabase", files: { "u.csv": "id,mail\n" }, needed: "email", found: "id, mail" },
    { source: "convex-auth", files: zip('{"a":1}'), needed: "_id, email", found: "a" },
    {
      source: "better-auth-component",
      files: {
        "_components/auth/user/documents.jsonl": '{"_id":"1"}',
        "_components/auth/account/documents.jsonl": "",
      },
      needed: "email",
      found: "_id",
    },
  ])("$source $files", async ({ source: name, files, needed, found }) => {
    const failure = await survey(name, files).catch((error: Error) => error);
    expect(failure).toMatchObject({ code: "EMPTY_IMPORT" });
    const [first, needs, has] = (failure as Error).message.split("\n");
    expect(first).toContain(Object.keys(files)[0]);
    expect(needs).toContain(`needed: ${needed}`);
    expect(has).toBe(`  found: ${found}`);
  });
});

test("one user as an object over several lines is no list of users", async () => {
  const files = { "user.json": '{\n "id": "1",\n "email_addresses": []\n}' };
  await expect(survey("clerk", files)).rejects.toMatchObject({ code: "BAD_IMPORT_FILE" });
});

test("a first line that is a record is not shown", async () => {
  const files = { "users.csv": "1,a@b.co,$2b$10$abcdefghijklmnopqrstuv,Name\n" };
  const failure = await survey("csv", files).catch((error: Error) => error);
  expect((failure as Error).message).toContain("found: Name, and 3 more");
});

test("records that are all left out are refused, with the reasons", async () => {
  await expect(survey("csv", { "users.csv": "id,email\n1,\n2,\n" })).rejects.toMatchObject({
    code: "EMPTY_IMPORT",
    message: expect.stringMatching(/user, it has no email address .*: 2 rows/),
  });
});

test.each<{ source: SourceName; files: Readonly<Record<string, string>> }>([
  { source: "csv", files: { "users.csv": "ID,E-Mail,Email\n" } },
  { source: "clerk", files: { "users.csv": "id,primary_email_address\n" } },
  { source: "clerk", files: { "users.json": "[]" } },
  { source: "clerk", files: { "users.json": '{"data":[],"totalCount":0}' } },
  { source: "auth0", files: { "users.jsonl": "" } },
  { source: "convex-auth", files: zip("") },
])("an empty export of the right form has no records: $source $files", async (given) => {
  expect(await survey(given.source, given.files)).toMatchObject({ records: 0, rows: {} });
});

test("--placeholder-email makes up for an address", async () => {
  const files = { "users.csv": "id,name\n1,A\n" };
  expect(await survey("csv", files, "x.co")).toMatchObject({ rows: { user: 1 } });
  await expect(survey("csv", { "users.csv": "name\nA\n" }, "x.co")).rejects.toMatchObject({
    message: expect.stringContaining("needed: id or email"),
  });
});
