// An export whose ids were imported before, for rows of another system, is refused before anything of it is written.
import { organization } from "better-auth/plugins";
import { beforeEach, expect, test } from "vitest";
import { assertSameRows } from "../../../codegen/import/same-rows.js";
import type { SourceFile } from "../../../codegen/import/types.js";
import {
  importWorld,
  prepareSource,
  runSource,
  textFile,
  type ImportWorld,
} from "../../support/import/run-source.js";

const users = (...lines: string[]) =>
  textFile("users.csv", ["id,email,email_verified", ...lines].join("\n"));
const accounts = (...lines: string[]) =>
  textFile("accounts.csv", ["id,user_id,provider_id,account_id", ...lines].join("\n"));
const organizations = (...lines: string[]) =>
  textFile("organizations.csv", ["id,name,slug", ...lines].join("\n"));
const members = (...lines: string[]) =>
  textFile("members.csv", ["id,organization_id,user_id,role", ...lines].join("\n"));

const FIRST = [
  users("1,a@b.co,true", "2,b@b.co,true"),
  accounts("1,1,google,g1"),
  organizations("1,Acme,acme"),
  members("1,1,1,owner"),
];

let world: ImportWorld;

beforeEach(async () => {
  world = importWorld({ plugins: [organization()] });
  await world.store.create({
    model: "user",
    data: { name: "B", email: "b@b.co", emailVerified: true, createdAt: 1 },
  });
  await runSource(world, "csv", FIRST, { link: true });
});

const compare = (files: readonly SourceFile[]) =>
  assertSameRows({ ...prepareSource(world, "csv", files), ...world, source: "csv" });

test("more rows of the same system, and names that changed, are the same", async () => {
  await world.store.update({
    model: "user",
    where: [{ column: "email", value: "a@b.co" }],
    data: { name: "Ada" },
  });
  await compare([...FIRST, users("3,c@b.co,true"), accounts("2,2,google,g2")]);
});

test.each<[string, SourceFile[], string]>([
  ["a user", [users("1,z@shop.co,true")], "somebody or something else: user 1 (1 in all)."],
  ["a user who was linked", [users("2,z@shop.co,true")], ": user 2 (1 in all)."],
  ["an account", [users("7,z@b.co,true"), accounts("1,7,google,g7")], ": account 1 (1 in all)."],
  ["an organization", [organizations("1,Other,other")], ": organization 1 (1 in all)."],
  ["a member", [users("2,b@b.co,true"), members("1,1,2,owner")], ": member 1 (1 in all)."],
])("%s of another system", async (_name, files, want) => {
  const refused = compare(files);
  await expect(refused).rejects.toMatchObject({ code: "IMPORT_OTHER_ROWS", exitCode: 2 });
  await expect(refused).rejects.toThrow(want);
});

test("rows are compared in pages of what the deployment takes", async () => {
  const lines = Array.from({ length: 600 }, (_, at) => `${at},u${at}@shop.co,true`);
  const sizes: number[] = [];
  const { transport } = world;
  const call: typeof transport.call = (name, args) => {
    sizes.push((args as { rows: object[] }).rows.length); // of importCompare
    return transport.call(name, args);
  };
  const input = { ...prepareSource(world, "csv", [users(...lines)]), source: "csv" };
  const refused = assertSameRows({ ...input, transport: { ...transport, call } });
  await expect(refused).rejects.toThrow(": user 1, user 2 (2 in all).");
  expect(sizes).toEqual([250, 250, 100]);
});
