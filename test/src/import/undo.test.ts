// Taking an import back: it deletes what it made as long as nobody has used it.
import { organization } from "better-auth/plugins";
import { expect, test, vi } from "vitest";
import { passkey } from "@better-auth/passkey";
import { undoPage } from "../../../src/import/undo.js";
import type { Value } from "convex/values";
import {
  importWorld,
  runSource,
  tableFile,
  textFile,
  type ImportWorld,
} from "../../support/import/run-source.js";

const SOURCE = "better-auth-component";
const OLD = { createdAt: 1.7e12, updatedAt: 1.7e12 };
const DAY_MS = 24 * 60 * 60 * 1000;

async function imported(): Promise<ImportWorld & { readonly userId: string }> {
  const world = importWorld({ plugins: [organization(), passkey()] });
  const at = (table: string) => `_components/betterAuth/${table}`;
  await runSource(world, SOURCE, [
    tableFile(at("user"), [{ _id: "u", name: "A", email: "a@b.co", emailVerified: true, ...OLD }]),
    tableFile(at("account"), [
      { _id: "x", userId: "u", providerId: "google", accountId: "1", ...OLD },
    ]),
    tableFile(at("session"), [{ _id: "s", userId: "u", token: "t", expiresAt: 4e12, ...OLD }]),
  ]);
  const user = await world.store.findOne({ model: "user", where: [] });
  return { ...world, userId: user?.id ?? "" };
}

const undo = ({ scope }: ImportWorld, step: "check" | "delete") =>
  undoPage(scope, { source: SOURCE, limit: 10, cursor: null, step });

const later = () => Date.now() + DAY_MS;

const change = ({ store }: ImportWorld, model: string, data: Record<string, Value>) =>
  store.updateMany({ model, where: [], data });

test.each<[string, (world: Awaited<ReturnType<typeof imported>>) => Promise<unknown>]>([
  [
    "signed in",
    ({ store, userId }) =>
      store.create({ model: "session", data: { userId, token: "n", expiresAt: 5e12, ...OLD } }),
  ],
  [
    "went on with an imported session",
    (world) => change(world, "session", { expiresAt: 5e12, updatedAt: later() }),
  ],
  [
    "signed in by an imported account, and out",
    (world) => change(world, "account", { accessToken: "n", updatedAt: later() }),
  ],
  ["has another name", (world) => change(world, "user", { name: "B", updatedAt: later() })],
  [
    "added a passkey",
    ({ store, userId }) =>
      store.create({
        model: "passkey",
        data: {
          userId,
          publicKey: "k",
          credentialID: "c",
          counter: 0,
          deviceType: "d",
          backedUp: true,
          createdAt: later(),
        },
      }),
  ],
])("a user who %s stays", async (_name, use) => {
  const world = await imported();
  await use(world);
  expect(await undo(world, "check")).toMatchObject({ used: ["u"] });
  expect(await undo(world, "delete")).toMatchObject({ used: ["u"], deleted: 0 });
  expect(await world.store.count({ model: "user", where: [] })).toBe(1);
});

test("whom nobody has used goes, also with rows that a trigger made along with the user", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  try {
    const world = await imported();
    const { store, userId } = world;
    await store.create({
      model: "passkey",
      data: {
        userId,
        publicKey: "k",
        credentialID: "c",
        counter: 0,
        deviceType: "d",
        backedUp: true,
        createdAt: Date.now(),
      },
    });
    expect(await undo(world, "check")).toMatchObject({ used: [], isDone: true });
    while (!(await undo(world, "delete")).isDone);
    for (const model of ["user", "account", "session", "passkey", "importedId"])
      expect(await store.count({ model, where: [] }), model).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

const BCRYPT = `$2b$10$${"a".repeat(53)}`;
const LINKED = { name: "V", email: "v@b.co", emailVerified: true, createdAt: 1, updatedAt: 1 };

/** A user of the app, whom an import has linked and given a password. */
async function linked() {
  const world = importWorld();
  const { id: userId } = await world.store.create({ model: "user", data: LINKED });
  const users = `id,email,email_verified,password_hash\n9,v@b.co,true,${BCRYPT}\n`;
  await runSource(world, "csv", [textFile("users.csv", users)], { link: true });
  const step = (step: "check" | "delete") =>
    undoPage(world.scope, { source: "csv", limit: 10, cursor: null, step });
  const session = { userId, token: "n", expiresAt: 5e12 };
  return { ...world, userId, step, session };
}

test.each<[string, (world: Awaited<ReturnType<typeof linked>>) => Promise<unknown>]>([
  ["changed the imported password", (w) => change(w, "account", { updatedAt: later() })],
  [
    "signed in, perhaps with the imported password",
    ({ store, session }) =>
      store.create({
        model: "session",
        data: { ...session, createdAt: later(), updatedAt: later() },
      }),
  ],
])("a linked user who has %s keeps it", async (_name, use) => {
  const world = await linked();
  await use(world);
  expect(await world.step("check")).toMatchObject({ used: ["9"] });
  expect(await world.step("delete")).toMatchObject({ used: ["9"], deleted: 0 });
  expect(await world.store.count({ model: "account", where: [] })).toBe(1);
});

test("a linked user stays with what the import did not make", async () => {
  const world = await linked();
  const { store, userId, session, step } = world;
  await store.create({ model: "session", data: { ...session, createdAt: 1, updatedAt: 1 } });
  const google = { userId, providerId: "google", accountId: "g", createdAt: later() };
  await store.create({ model: "account", data: { ...google, updatedAt: later() } });
  await store.updateMany({ model: "user", where: [], data: { name: "W", updatedAt: later() } });
  expect(await step("check")).toMatchObject({ used: [] });
  while (!(await step("delete")).isDone);
  expect(await store.count({ model: "user", where: [] })).toBe(1);
  const accounts = await store.findMany({ model: "account", where: [] });
  expect(accounts).toMatchObject([{ providerId: "google" }]);
});

test("users whom a later import has linked stay until that one is taken back", async () => {
  const world = importWorld();
  const { store, scope } = world;
  const of = (source: string, step: "check" | "delete") =>
    undoPage(scope, { source, limit: 10, cursor: null, step });
  const user = (id: string) => `id,email,email_verified\n${id},a@b.co,true\n`;
  await runSource(world, "csv", [textFile("users.csv", user("1"))]);
  const hash = "password_hash";
  const users = `id,email,email_verified,${hash}\nx,a@b.co,true,${BCRYPT}\n`;
  await runSource(world, "csv", [textFile("users.csv", users)], { link: true, key: "csv:shop" });
  const shared = { used: [], sharers: ["csv:shop"], deleted: 0 };
  expect(await of("csv", "check")).toMatchObject(shared);
  expect(await of("csv", "delete")).toMatchObject(shared);
  expect(await of("csv:shop", "check")).toMatchObject({ used: [], sharers: [] });
  while (!(await of("csv:shop", "delete")).isDone);
  expect(await store.count({ model: "account", where: [] })).toBe(0);
  expect(await of("csv", "check")).toMatchObject({ used: [], sharers: [] });
  while (!(await of("csv", "delete")).isDone);
  for (const model of ["user", "importedId"])
    expect(await store.count({ model, where: [] }), model).toBe(0);
});

test("whoever sent many invitations in the old system has not used the app", async () => {
  const world = importWorld({ plugins: [organization()] });
  const { store, scope } = world;
  const invitations = Array.from(
    { length: 150 },
    (_, at) => `${at},i${at}@b.co,1,1,pending,2030-01-01,2024-01-01`,
  );
  const header = "id,email,inviter_id,organization_id,status,expires_at,created_at";
  await runSource(world, "csv", [
    textFile("users.csv", "id,email,email_verified\n1,a@b.co,true\n"),
    textFile("organizations.csv", "id,name,slug\n1,Acme,acme\n"),
    textFile("invitations.csv", [header, ...invitations].join("\n")),
  ]);
  expect(await store.count({ model: "invitation", where: [] })).toBe(150);
  const check = () => undoPage(scope, { source: "csv", limit: 10, cursor: null, step: "check" });
  expect(await check()).toMatchObject({ used: [] });
  const last = [{ column: "email", value: "i149@b.co" }];
  await store.updateMany({ model: "invitation", where: last, data: { createdAt: later() } });
  expect(await check()).toMatchObject({ used: ["1"] });
});
