// In which order records come, and that an address goes to the user who has verified it.
import { expect, test } from "vitest";
import { fittedRecords, surveySource } from "../../../codegen/import/survey.js";
import {
  importWorld,
  prepareSource,
  runSource,
  tableFile,
  textFile,
} from "../../support/import/run-source.js";

test("of one file, users with a verified address come first, and each record once", async () => {
  const world = importWorld();
  const users = ["1,a@b.co,false", "2,b@b.co,true", "3,c@b.co,", "4,d@b.co,true"];
  const files = [
    textFile("users.csv", ["id,email,email_verified", ...users].join("\n")),
    textFile("accounts.csv", "id,user_id,provider_id,account_id\n1,1,google,g1\n"),
  ];
  const { steps, fit } = prepareSource(world, "csv", files);
  const order: string[] = [];
  for await (const { position, rows } of fittedRecords(steps, fit))
    order.push(...rows.map(({ model, oldId }) => `${position} ${model} ${oldId}`));
  expect(order).toEqual(["1 user 2", "2 user 4", "3 user 1", "4 user 3", "5 account 1"]);
  const { records, rows } = await surveySource(steps, { ...fit, onRecord: () => {} });
  expect({ records, rows }).toEqual({ records: 5, rows: { user: 4, account: 1 } });
});

test("of several files of users, the verified ones of all come first", async () => {
  const world = importWorld();
  const line = (id: string, email: string, isVerified: boolean) =>
    JSON.stringify({ user_id: `auth0|${id}`, email, email_verified: isVerified });
  const files = [
    textFile("users-1.json", [line("1", "v@b.co", false), line("2", "w@b.co", true)].join("\n")),
    textFile("users-2.json", line("3", "v@b.co", true)),
    textFile("passwords.json", JSON.stringify({ _id: "3", passwordHash: "$2b$04$x" })),
  ];
  const { steps, fit } = prepareSource(world, "auth0", files);
  const order: string[] = [];
  for await (const { rows } of fittedRecords(steps, fit))
    order.push(...rows.map(({ model, oldId }) => `${model} ${oldId}`));
  expect(order).toEqual([
    ...["user auth0|2", "user auth0|3", "user auth0|1"],
    "account auth0|3:credential",
  ]);
});

test("Clerk's CSV gives the password of a user whose address the API's file has as unverified", async () => {
  const world = importWorld();
  const address = { id: "e1", email_address: "v@b.co", verification: { status: "unverified" } };
  const user = { id: "user_1", primary_email_address_id: "e1", email_addresses: [address] };
  const columns = "id,primary_email_address,password_digest,password_hasher";
  const { state, verified } = await runSource(world, "clerk", [
    textFile("users.json", JSON.stringify([user])),
    textFile("users.csv", `${columns}\nuser_1,v@b.co,$2b$04$${"a".repeat(53)},bcrypt\n`),
  ]);
  expect(state.dropped).toEqual([]);
  expect(verified.problems).toEqual([]);
  const accounts = await world.store.findMany({ model: "account", where: [] });
  expect(accounts).toMatchObject([{ providerId: "credential" }]);
});

test("an abandoned sign-up does not keep the user out who has verified the address", async () => {
  const world = importWorld();
  const email = "v@b.co";
  const made = { _creationTime: 1.7e12 };
  const { state, verified } = await runSource(world, "convex-auth", [
    tableFile("users", [
      { _id: "u1", email, ...made },
      { _id: "u2", email, name: "Vera", emailVerificationTime: 1.71e12, ...made },
    ]),
    tableFile("authAccounts", [
      {
        ...{ _id: "a1", userId: "u1", provider: "password", providerAccountId: email },
        ...{ secret: `${"0".repeat(32)}:${"f".repeat(128)}`, ...made },
      },
      { _id: "a2", userId: "u2", provider: "google", providerAccountId: "g1", ...made },
    ]),
  ]);
  expect(state.dropped.map(({ oldId }) => oldId)).toEqual([
    "u1",
    expect.stringMatching(/^(a1|u1:)/),
  ]);
  expect(verified.problems).toEqual([]);
  const users = await world.store.findMany({ model: "user", where: [] });
  expect(users).toMatchObject([{ email, name: "Vera", emailVerified: true }]);
  const accounts = await world.store.findMany({ model: "account", where: [] });
  expect(accounts).toMatchObject([{ providerId: "google", accountId: "g1", userId: users[0]?.id }]);
});
