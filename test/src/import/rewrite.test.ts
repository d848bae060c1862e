// Documents of the app that get new ids, and the old ones again; and what is noted of it.
import type { GenericDataModel, GenericMutationCtx } from "convex/server";
import { beforeEach, expect, test } from "vitest";
import { rewritePage, rewrittenFields } from "../../../src/import/rewrite.js";
import type { RewriteBatch } from "../../../src/import/types.js";
import { undoPage } from "../../../src/import/undo.js";
import {
  importWorld,
  runSource,
  textFile,
  type ImportWorld,
} from "../../support/import/run-source.js";

let world: ImportWorld;
let own: string;
let made: string;

beforeEach(async () => {
  world = importWorld();
  const data = { name: "V", email: "v@b.co", emailVerified: true, createdAt: 1, updatedAt: 1 };
  own = (await world.store.create({ model: "user", data })).id;
  const users = textFile(
    "users.csv",
    "id,email,email_verified\nold1,a@b.co,true\nold9,v@b.co,true\n",
  );
  await runSource(world, "csv", [users], { link: true });
  const row = await world.store.findOne({
    model: "user",
    where: [{ column: "email", value: "a@b.co" }],
  });
  made = row?.id ?? "";
});

type Note = Record<string, string>;

/** The one table of the app that a rewrite sees, in pages of one document. */
function ctxOf(notes: Note[]) {
  const db = {
    query: () => ({
      paginate: ({ cursor }: { cursor: string | null }) => {
        const at = Number(cursor ?? 0);
        return Promise.resolve({
          page: notes.slice(at, at + 1).map((note, index) => ({ _id: `${at + index}`, ...note })),
          isDone: at + 1 >= notes.length,
          continueCursor: `${at + 1}`,
        });
      },
    }),
    patch: (id: string, data: Note) =>
      Promise.resolve(void Object.assign(notes[Number(id)] ?? {}, data)),
  };
  return { db } as object as GenericMutationCtx<GenericDataModel>; // all that a rewrite uses
}

async function rewrite(notes: Note[], more: Partial<RewriteBatch> = {}) {
  const total = { rewritten: 0, unknown: 0, kept: 0, found: 0 };
  for (let cursor: string | null = "0"; cursor !== null;) {
    const batch = {
      table: "notes",
      field: "userId",
      cursor,
      limit: 1,
      dryRun: false,
      back: false,
      ...more,
    };
    const page = await rewritePage(world.scope, ctxOf(notes), batch);
    for (const name of ["rewritten", "unknown", "kept", "found"] as const)
      total[name] += page[name];
    cursor = page.cursor;
  }
  return total;
}

test("--back gives old ids to documents of users that the import made, and to no others", async () => {
  const notes = [{ userId: "old1" }, { userId: "old9" }, { userId: own }, { userId: "x" }];
  expect(await rewrite(notes)).toEqual({ rewritten: 2, unknown: 1, kept: 0, found: 4 });
  expect(notes.map(({ userId }) => userId)).toEqual([made, own, own, "x"]);
  expect(await rewrite(notes, { back: true })).toEqual({
    rewritten: 1,
    unknown: 1,
    kept: 2,
    found: 4,
  });
  expect(notes.map(({ userId }) => userId)).toEqual(["old1", own, own, "x"]);
});

test("--back does not guess of which system an id was, where another import has linked the user", async () => {
  const users = textFile("users.csv", "id,email,email_verified\nx,a@b.co,true\n");
  await runSource(world, "csv", [users], { link: true, key: "csv:shop" });
  const notes = [{ userId: "x" }];
  await rewrite(notes, { source: "csv:shop" });
  expect(notes).toEqual([{ userId: made }]);
  await expect(rewrite(notes, { back: true })).rejects.toMatchObject({ code: "AMBIGUOUS_OLD_ID" });
  expect(await rewrite(notes, { back: true, source: "csv:shop" })).toMatchObject({ kept: 1 });
  expect(notes).toEqual([{ userId: made }]);
  expect(await rewrite(notes, { back: true, source: "csv" })).toMatchObject({ rewritten: 1 });
  expect(notes).toEqual([{ userId: "old1" }]);
});

test("a field without ids is not noted as rewritten", async () => {
  expect(await rewrite([{ userId: "x" }], { field: "userID" })).toMatchObject({
    rewritten: 0,
    found: 0,
  });
  expect(await rewrite([{ userId: "old1" }], { dryRun: true })).toMatchObject({ rewritten: 1 });
  expect(await rewrittenFields(world.scope)).toEqual([]);
});

test("a field is noted with the first id, though the run ends there", async () => {
  const notes = [{ userId: "old1" }, { userId: "old1" }];
  const batch = {
    table: "notes",
    field: "userId",
    cursor: null,
    limit: 1,
    dryRun: false,
    back: false,
  };
  await rewritePage(world.scope, ctxOf(notes), batch);
  expect(await rewrittenFields(world.scope)).toEqual([{ field: "notes.userId" }]);
});

test("what was asked for is noted with a field, and forgotten once the old ids are back", async () => {
  const check = async (source: string) => {
    const step = { source, limit: 10, cursor: null, step: "check" as const };
    return (await undoPage(world.scope, step)).rewritten;
  };
  const notes = [{ userId: "old1", by: "old1" }];
  await rewrite(notes, { model: "user", source: "csv" });
  await rewrite(notes, { field: "by" });
  const any = { field: "notes.by" };
  const one = { field: "notes.userId", model: "user", source: "csv" };
  expect(await check("csv")).toEqual(expect.arrayContaining([any, one]));
  expect(await check("clerk")).toEqual([any]);
  await rewrite(notes, { back: true });
  await rewrite(notes, { field: "by", back: true, model: "user" });
  expect(await check("csv")).toEqual([any]);
  await rewrite(notes, { field: "by", back: true });
  expect(await check("csv")).toEqual([]);
});
