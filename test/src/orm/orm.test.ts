import { describe, expect, expectTypeOf, it } from "vitest";
import type { GenericId } from "convex/values";
import { withOrm, type Orm } from "./fixture.js";

async function seed(orm: Orm) {
  const ada = await orm.insert("user", { email: "ada@x.y", name: "Ada" });
  const bob = await orm.insert("user", { email: "bob@x.y", name: "Bob" });
  const note = (authorId: typeof ada._id, title: string, rank?: number | null) => ({
    authorId,
    title,
    tags: [title],
    ...(rank !== undefined && { rank }),
  });
  const notes = await orm.insert("notes", [
    note(ada._id, "a1", 3),
    note(ada._id, "a2", 1),
    note(bob._id, "b1", 2),
    note(bob._id, "b2", null),
    note(bob._id, "b3"),
  ]);
  return { ada, bob, notes };
}

const titles = (found: readonly { title: string }[]) => found.map(({ title }) => title);

describe("findMany", () => {
  type Case = { given: Parameters<Orm["query"]["notes"]["findMany"]>[0]; want: string[] };
  const cases: [string, Case][] = [
    ["everything, by creation", { given: {}, want: ["a1", "a2", "b1", "b2", "b3"] }],
    ["a value", { given: { where: { title: "b1" } }, want: ["b1"] }],
    ["null and absent alike", { given: { where: { rank: null } }, want: ["b2", "b3"] }],
    ["not null", { given: { where: { rank: { ne: null } } }, want: ["a1", "a2", "b1"] }],
    [
      "two bounds of one column",
      { given: { where: { rank: { gt: 1, lte: 3 } } }, want: ["b1", "a1"] },
    ],
    ["in", { given: { where: { title: { in: ["b1", "a1"] } } }, want: ["a1", "b1"] }],
    ["an empty in", { given: { where: { title: { in: [] } } }, want: [] }],
    [
      "part of a text, in any case",
      {
        given: { where: { title: { contains: "A", mode: "insensitive" } } },
        want: ["a1", "a2"],
      },
    ],
    ["an element of an array", { given: { where: { tags: { contains: "a2" } } }, want: ["a2"] }],
    ["a whole array", { given: { where: { tags: ["a2"] } }, want: ["a2"] }],
    [
      "OR of columns",
      { given: { where: { OR: [{ title: "a1" }, { rank: 2 }] } }, want: ["a1", "b1"] },
    ],
    [
      "OR of several conditions each",
      {
        given: {
          where: {
            OR: [
              { title: "a1", rank: 3 },
              { title: "b1", rank: 3 },
              { title: { startsWith: "b" }, rank: null },
            ],
          },
        },
        want: ["a1", "b2", "b3"],
      },
    ],
    [
      "AND of ORs",
      {
        given: {
          where: {
            AND: [{ OR: [{ rank: 1 }, { rank: 3 }] }, { OR: [{ title: "a1" }, { title: "b1" }] }],
          },
        },
        want: ["a1"],
      },
    ],
    ["no alternatives", { given: { where: { OR: [] } }, want: [] }],
    [
      "an order",
      {
        given: { where: { rank: { ne: null } }, orderBy: { rank: "asc" } },
        want: ["a2", "b1", "a1"],
      },
    ],
    [
      "an order without an index",
      { given: { orderBy: { title: "desc" }, limit: 2 }, want: ["b3", "b2"] },
    ],
    [
      "limit and offset",
      { given: { orderBy: { title: "asc" }, limit: 2, offset: 1 }, want: ["a2", "b1"] },
    ],
  ];

  it.each(cases)("%s", async (_title, { given, want }) => {
    const found = await withOrm(async (orm) => {
      await seed(orm);
      return orm.query.notes.findMany(given);
    });
    // Without an order, documents come as the way into the table has them.
    const isOrdered = given?.orderBy !== undefined;
    expect(isOrdered ? titles(found) : titles(found).sort()).toEqual(
      isOrdered ? want : [...want].sort(),
    );
  });

  it.each([
    ["a column", { where: { titel: "a" } }, "UNKNOWN_COLUMN"],
    ["an operator", { where: { title: { like: "a" } } }, "UNKNOWN_OPERATOR"],
    ["undefined", { where: { title: undefined } }, "UNDEFINED_IN_WHERE"],
    ["undefined in a comparison", { where: { rank: { gt: undefined } } }, "UNDEFINED_IN_WHERE"],
    ["an object without an operator", { where: { title: {} } }, "UNDEFINED_IN_WHERE"],
    ["a mode alone", { where: { title: { mode: "insensitive" } } }, "UNDEFINED_IN_WHERE"],
    ["an undefined mode alone", { where: { title: { mode: undefined } } }, "UNDEFINED_IN_WHERE"],
    ["the same for an id", { where: { _id: {} } }, "UNDEFINED_IN_WHERE"],
    ["the same in AND", { where: { AND: [{ title: "a1" }, { rank: {} }] } }, "UNDEFINED_IN_WHERE"],
    ["the same in OR", { where: { OR: [{ title: {} }, { rank: 1 }] } }, "UNDEFINED_IN_WHERE"],
    [
      "the same in an OR of an AND",
      { where: { AND: [{ OR: [{ AND: [{ tags: { mode: "sensitive" } }] }] }] } },
      "UNDEFINED_IN_WHERE",
    ],
    ["the same in a page", { where: { title: {} }, cursor: null, limit: 1 }, "UNDEFINED_IN_WHERE"],
    ["the same in a with", { with: { comments: { where: { text: {} } } } }, "UNDEFINED_IN_WHERE"],
    ["NOT", { where: { NOT: { title: {} } } }, "UNKNOWN_COLUMN"],
    ["a list of conditions", { where: [] }, "UNDEFINED_IN_WHERE"],
    ["a Map of conditions", { where: new Map([["title", "a1"]]) }, "UNDEFINED_IN_WHERE"],
    ["null", { where: null }, "UNDEFINED_IN_WHERE"],
    ["two orders", { orderBy: { title: "asc", rank: "asc" } }, "INVALID_ORDER"],
    ["half a document", { limit: 0.5 }, "INVALID_LIMIT"],
    ["a relation", { with: { writer: true } }, "UNKNOWN_RELATION"],
  ])("refuses what it does not know: %s", async (_title, given, code) => {
    const found = withOrm((orm) => orm.query.notes.findMany(given as never)); // the types refuse it, too
    await expect(found).rejects.toMatchObject({ data: { code } });
  });

  it.each([
    ["an empty comparison", { where: { title: {} } }],
    ["a mode alone", { where: { title: { mode: "insensitive" } } }],
    ["the same in an OR", { where: { OR: [{ title: {} }] } }],
    ["an undefined where", { where: undefined }],
    ["a where that is no object", { where: [] }],
    ["no where", {}],
    ["undefined", undefined],
  ])("writes to no document by %s", async (_title, given) => {
    const left = await withOrm(async (orm) => {
      await seed(orm);
      const target = given as never; // the types refuse it, too
      const refusal = { data: { code: "UNDEFINED_IN_WHERE" } };
      await expect(orm.update("notes", target, { rank: 9 })).rejects.toMatchObject(refusal);
      await expect(orm.delete("notes", target)).rejects.toMatchObject(refusal);
      return orm.query.notes.findMany();
    });
    expect(left.length).toBeGreaterThan(0);
    expect(left.filter(({ rank }) => rank === 9)).toEqual([]);
  });

  it("an empty where is every document, where somebody says so", async () => {
    const left = await withOrm(async (orm) => {
      await seed(orm);
      await orm.delete("notes", { where: {} });
      return orm.query.notes.findMany({ where: {} });
    });
    expect(left).toEqual([]);
  });

  it.each([
    ["a value", new Date()],
    ["a comparison", { lt: new Date() }],
    ["a comparison that all would pass", { ne: new Date() }],
    ["a list", { in: [new Date()] }],
  ])("refuses a date, which no column holds: %s", async (_title, given) => {
    const where = { title: given } as never; // the types refuse it, too
    await expect(withOrm((orm) => orm.query.notes.findMany({ where }))).rejects.toThrow(
      "is not a supported Convex type",
    );
  });

  it("refuses tables it cannot know", async () => {
    const found = withOrm(async (orm) => orm.query.untyped.findMany());
    await expect(found).rejects.toMatchObject({ data: { code: "UNKNOWN_TABLE" } });
  });
});

describe("with and columns", () => {
  it("loads related documents, nested, each with its own options", async () => {
    const found = await withOrm(async (orm) => {
      const { notes } = await seed(orm);
      for (const text of ["first", "second"]) {
        for (const { _id } of notes) await orm.insert("comments", { noteId: _id, text });
      }
      return orm.query.user.findMany({
        columns: { name: true },
        with: {
          notes: {
            columns: { title: true },
            where: { rank: { gt: 0 } },
            orderBy: { rank: "asc" },
            limit: 1,
            with: {
              comments: { columns: { text: true }, orderBy: { text: "desc" }, limit: 1 },
              author: true,
            },
          },
        },
      });
    });
    expect(found).toMatchObject([
      {
        name: "Ada",
        notes: [{ title: "a2", comments: [{ text: "second" }], author: { email: "ada@x.y" } }],
      },
      {
        name: "Bob",
        notes: [{ title: "b1", comments: [{ text: "second" }], author: { email: "bob@x.y" } }],
      },
    ]);
    expect(Object.keys(found[0] ?? {}).sort()).toEqual(["name", "notes"]);
    expectTypeOf(found).toEqualTypeOf<
      {
        name: string;
        notes: {
          title: string;
          comments: { text: string }[];
          author: {
            id: GenericId<"user">;
            _id: GenericId<"user">;
            _creationTime: number;
            email: string;
            name: string;
          } | null;
        }[];
      }[]
    >();
  });

  it("gives null for one that is gone, and leaves out what is not wanted", async () => {
    const found = await withOrm(async (orm, { db }) => {
      const { ada } = await seed(orm);
      await db.delete(ada._id);
      return orm.query.notes.findFirst({
        where: { title: "a1" },
        columns: { tags: false, _id: false, _creationTime: false },
        with: { author: true },
      });
    });
    expect(found).toMatchObject({ title: "a1", rank: 3, author: null });
    expect(found).not.toHaveProperty("tags");
    expectTypeOf(found!).toHaveProperty("author");
    // @ts-expect-error tags were not asked for
    void found?.tags;
  });
});

describe("writes", () => {
  it("return documents", async () => {
    const [inserted, updated, several, deleted] = await withOrm(async (orm) => {
      const { ada, notes } = await seed(orm);
      const first = notes[0]!;
      return [
        first,
        await orm.update("notes", first._id, { title: "new", rank: undefined }),
        await orm.update("notes", { where: { authorId: ada._id } }, { tags: [] }),
        await orm.delete("notes", { where: { rank: null } }),
      ] as const;
    });
    expect(inserted).toMatchObject({ title: "a1", rank: 3 });
    expect(updated).toEqual({ ...inserted, title: "new", rank: undefined });
    expect(titles(several)).toEqual(["new", "a2"]);
    expect(titles(deleted).sort()).toEqual(["b2", "b3", "new"]);
    expectTypeOf(updated).toEqualTypeOf(inserted);
    expectTypeOf(several).toEqualTypeOf<(typeof inserted)[]>();
  });

  it("keep unique columns of auth tables unique", async () => {
    const twice = withOrm(async (orm) => {
      await orm.insert("user", { email: "ada@x.y", name: "Ada" });
      await orm.insert("user", { email: "ada@x.y", name: "Other" });
    });
    await expect(twice).rejects.toMatchObject({ data: { code: "UNIQUE_VIOLATION" } });
  });

  it("delete what references an auth document", async () => {
    const left = await withOrm(async (orm) => {
      const { ada, bob } = await seed(orm);
      await orm.insert(
        "session",
        [ada, bob].map(({ _id, name }) => ({ userId: _id, token: name })),
      );
      await orm.delete("user", ada._id);
      return orm.query.session.findMany({ columns: { token: true } });
    });
    expect(left).toEqual([{ token: "Bob" }]);
  });

  it.each([
    [
      "an id that is gone",
      async (orm: Orm) => {
        const { notes } = await seed(orm);
        await orm.delete("notes", notes[0]!._id);
        await orm.update("notes", notes[0]!._id, { title: "x" });
      },
      "NOT_FOUND",
    ],
    [
      "an id of another table",
      async (orm: Orm) => {
        const { ada } = await seed(orm);
        await orm.delete("notes", ada._id as never); // the types refuse it, too
      },
      "NOT_FOUND",
    ],
    [
      "a column",
      async (orm: Orm) => {
        const { ada } = await seed(orm);
        await orm.update("user", ada._id, { nmae: "x" } as never); // as above
      },
      "UNKNOWN_COLUMN",
    ],
  ])("refuse %s", async (_title, work, code) => {
    await expect(withOrm(work)).rejects.toMatchObject({ data: { code } });
  });
});
