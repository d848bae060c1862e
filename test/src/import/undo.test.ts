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
