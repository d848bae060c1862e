import { compareValues } from "convex/values";
import { describe, expect, it } from "vitest";
import { random as createRandom, type Random } from "../../support/random.js";
import { withOrm, type Orm } from "./fixture.js";

type Note = Awaited<ReturnType<Orm["query"]["notes"]["findMany"]>>[number];

/** Every page of a query; `between` runs after each. */
async function pagesOf(
  orm: Orm,
  options: Parameters<Orm["query"]["notes"]["findMany"]>[0],
  { limit, between }: { limit: number; between?: (page: readonly Note[]) => Promise<void> },
): Promise<Note[]> {
  const after = async (cursor: string | null): Promise<Note[]> => {
    const { page, isDone, continueCursor } = await orm.query.notes.findMany({
      ...options,
      cursor,
      limit,
    });
    expect(page.length).toBeLessThanOrEqual(limit);
    await between?.(page);
    return isDone ? page : [...page, ...(await after(continueCursor))];
  };
  return after(null);
}

async function seed(orm: Orm, count: number, random: Random) {
  const { _id: authorId } = await orm.insert("user", { email: "ada@x.y", name: "Ada" });
  const other = await orm.insert("user", { email: "bob@x.y", name: "Bob" });
  for (let at = 0; at < count; at++) {
    const rank = random.pick([undefined, null, 1, 2, 2, 3]);
    await orm.insert("notes", {
      authorId: random.pick([authorId, authorId, other._id]),
      title: random.pick(["a", "b", "c"]),
      tags: [],
      ...(rank !== undefined && { rank }),
    });
  }
  return authorId;
}

describe("pages", () => {
  const orders = [
    {},
    { _creationTime: "desc" },
    { rank: "asc" },
    { rank: "desc" },
    { title: "asc" },
    { title: "desc" },
  ] as const;

  it.each(orders)("have every document once, in order: %j", async (orderBy) => {
    const random = createRandom(7);
    for (let round = 0; round < 12; round++) {
      await withOrm(async (orm) => {
        const authorId = await seed(orm, 25, random);
        const where = random.pick([
          {},
          { authorId },
          { rank: { gt: 1 } },
          { authorId, rank: { ne: null } },
          { rank: { in: [null, 2] } },
          {
            OR: [
              { authorId, title: "a" },
              { rank: 2, title: "b" },
            ],
          },
        ]);
        const limit = random.pick([1, 2, 3, 7, 25, 40]);
        const all = await orm.query.notes.findMany({ where });
        const [column = "_creationTime", direction = "asc"] = Object.entries(orderBy)[0] ?? [];
        const sign = direction === "asc" ? 1 : -1;
        const read = (note: Note) => note[column as "rank"] ?? null; // any column of orders
        const want = all.toSorted(
          (a, b) => sign * (compareValues(read(a), read(b)) || a._creationTime - b._creationTime),
        );
        const found = await pagesOf(orm, { where, orderBy }, { limit });
        expect(
          found.map(({ _id }) => _id),
          JSON.stringify({ where, limit }),
        ).toEqual(want.map(({ _id }) => _id));
      });
    }
  });

  it("neither repeat nor lose a document when others come and go", async () => {
    await withOrm(async (orm) => {
      const authorId = await seed(orm, 30, createRandom(3));
      const before = await orm.query.notes.findMany();
      const removed = new Set<string>();
      const found = await pagesOf(
        orm,
        { orderBy: { rank: "desc" } },
        {
          limit: 4,
          between: async (page) => {
            await orm.insert("notes", { authorId, title: "new", tags: [], rank: 9 });
            const [first] = page;
            if (!first) return;
            removed.add((await orm.delete("notes", first._id))._id);
          },
        },
      );
      expect(new Set(found.map(({ _id }) => _id)).size).toBe(found.length);
      expect(found.map(({ _id }) => _id).sort()).toEqual(before.map(({ _id }) => _id).sort());
      expect(removed.size).toBeGreaterThan(5);
    });
  });

  it.each([
    ["a cursor of another kind", { cursor: "eyJhIjoxfQ", limit: 3 }, "INVALID_CURSOR"],
    ["no limit", { cursor: null }, "INVALID_LIMIT"],
    ["an offset", { cursor: null, limit: 3, offset: 2 }, "INVALID_LIMIT"],
  ])("refuse %s", async (_title, options, code) => {
    const page = withOrm((orm) => orm.query.notes.findMany(options as never)); // the types refuse most of it
    await expect(page).rejects.toMatchObject({ data: { code } });
  });
});
