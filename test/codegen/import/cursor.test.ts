// A cursor is used again only where it means the same records; a run that does not add up begins at the first one.
import { organization } from "better-auth/plugins";
import { describe, expect, test } from "vitest";
import { cursorFile } from "../../../codegen/import/cursor.js";
import type { SourceFile } from "../../../codegen/import/types.js";
import {
  importWorld,
  prepareSource,
  runSource,
  tableFile,
  textFile,
  type ImportWorld,
} from "../../support/import/run-source.js";

const CLERK = [
  textFile(
    "users.json",
    JSON.stringify([{ id: "u1", email_addresses: [{ id: "e", email_address: "a@b.co" }] }]),
  ),
  textFile("organizations.json", JSON.stringify([{ id: "o1", name: "Acme", slug: "acme" }])),
];

const plain = importWorld();

/** The deployment of one world, as it is with the auth.ts of another. */
const withAuthOf = (world: ImportWorld, { tables, source }: ImportWorld): ImportWorld => ({
  ...world,
  tables,
  source,
});

const fileOf = (
  { tables, source }: Pick<ImportWorld, "tables" | "source">,
  files: readonly SourceFile[] = CLERK,
  flags: object = {},
) =>
  cursorFile({
    ...{ fingerprint: "f", tables, defaults: new Map(), linkExisting: false },
    mapping: { providers: new Map(), roles: new Map() },
    steps: prepareSource({ tables, source }, "clerk", files).steps,
    ...flags,
  });

describe("what a cursor belongs to", () => {
  test("the same is the same", () => expect(fileOf(importWorld())).toBe(fileOf(plain)));
  test.each<[string, string]>([
    ["another model", fileOf(importWorld({ plugins: [organization()] }))],
    [
      "another field",
      fileOf(importWorld({ user: { additionalFields: { plan: { type: "string" } } } })),
    ],
    ["other steps", fileOf(plain, CLERK.slice(0, 1))],
    ["other files", fileOf(plain, CLERK, { fingerprint: "g" })],
    ["another flag", fileOf(plain, CLERK, { linkExisting: true })],
  ])("%s is another", (_name, other) => expect(other).not.toBe(fileOf(plain)));
});

test("organizations that were dropped come with a second run, once auth.ts has them", async () => {
  const world = importWorld({ plugins: [organization()] });
  const before = withAuthOf(world, plain);
  const first = await runSource(before, "clerk", CLERK, { file: fileOf(before) });
  expect(first.state.counts.organization?.dropped).toEqual({
    'the app has no model "organization": add organization() to auth.ts': 1,
  });
  const second = await runSource(world, "clerk", CLERK, { file: fileOf(world) });
  expect(second.state.counts).toMatchObject({ user: { known: 1 }, organization: { created: 1 } });
  expect(second.verified.problems).toEqual([]);
});

test("auth.ts grows between a killed run and the next: every row is there once", async () => {
  const world = importWorld({ plugins: [organization()] });
  const before = withAuthOf(world, plain);
  const ids = Array.from({ length: 300 }, (_, at) => at);
  const times = { createdAt: 1.7e12, updatedAt: 1.7e12 };
  const at = (table: string) => `_components/betterAuth/${table}`;
  const files = [
    tableFile(
      at("user"),
      ids.map((id) => ({
        _id: `u${id}`,
        email: `${id}@b.co`,
        name: "A",
        emailVerified: true,
        ...times,
      })),
    ),
    tableFile(
      at("account"),
      ids.map((id) => ({
        _id: `a${id}`,
        userId: `u${id}`,
        providerId: "google",
        accountId: `g${id}`,
        ...times,
      })),
    ),
    tableFile(
      at("session"),
      ids.map((id) => ({
        _id: `s${id}`,
        userId: `u${id}`,
        token: `t${id}`,
        expiresAt: 4e12,
        ...times,
      })),
    ),
    tableFile(
      at("organization"),
      ids.map((id) => ({ _id: `o${id}`, name: "O", slug: `o${id}`, createdAt: 1.7e12 })),
    ),
  ];
  let batches = 0;
  const { call } = world.transport;
  const killed = runSource(
    {
      ...before,
      transport: {
        ...world.transport,
        call: (name, args) =>
          name === "importBatch" && ++batches > 3
            ? Promise.reject(new Error("killed"))
            : call(name, args),
      },
    },
    "better-auth-component",
    files,
    { file: fileOf(before) },
  );
  await expect(killed).rejects.toThrow("killed");
  const { verified } = await runSource(world, "better-auth-component", files, {
    file: fileOf(world),
  });
  expect(verified.problems).toEqual([]);
  for (const model of ["user", "account", "session", "organization"])
    expect(await world.store.count({ model, where: [] }), model).toBe(300);
});

test("a user whom the app has deleted since is told of, and no run fails for that", async () => {
  const world = importWorld();
  await runSource(world, "clerk", CLERK);
  await world.store.deleteMany({ model: "user", where: [] });
  const again = await runSource(world, "clerk", CLERK, { file: "another" });
  expect(again.verified.problems).toEqual([]);
  expect(again.verified.changed).toEqual(["user u1 is not in the app any more"]);
});

test("a run that did not add up begins at the first record, and makes what is missing", async () => {
  const world = importWorld({ plugins: [organization()] });
  await runSource(world, "clerk", CLERK);
  await world.store.deleteMany({ model: "importedId", where: [] });
  await world.store.deleteMany({ model: "organization", where: [] });
  const again = await runSource(world, "clerk", CLERK);
  expect(again.verified.problems).not.toEqual([]);
  const anew = await runSource(world, "clerk", CLERK, { restart: true });
  expect(anew.state).toMatchObject({ isDone: true, counts: { organization: { created: 1 } } });
  expect(anew.verified.problems).toEqual([]);
  const after = await runSource(world, "clerk", CLERK);
  expect(after.state).toEqual(anew.state);
});
