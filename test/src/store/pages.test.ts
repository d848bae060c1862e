// Reads in pages: what they keep, where they end, and what happens beside them. That they are right over random
// tables and queries is what test/src/query/property.test.ts holds.
import { describe, expect, it } from "vitest";
import type { AuthTables } from "../../../src/metadata.js";
import { KEPT_BUDGET, PAGES_BUDGET, TRY_BUDGET } from "../../../src/store/budgets.js";
import { dbStore } from "../../../src/store/db-store.js";
import { pagedStore, readInPages } from "../../../src/store/pages.js";
import type { Row, ScanInput, ScanPage, Store } from "../../../src/store/store.js";
import { fakeDb } from "../../support/fake-db.js";

const tables: AuthTables = {
  note: {
    table: "notes",
    placement: "app",
    fields: {
      text: { column: "text", type: "string", required: false },
      rank: { column: "rank", type: "number", required: false },
    },
    indexes: { by_rank: ["rank"] },
  },
};

async function filled(rows: number) {
  const fake = fakeDb({ notes: { by_rank: ["rank"] } });
  const store = dbStore({ db: fake.db, tables });
  for (let at = 0; at < rows; at++)
    await store.create({ model: "note", data: { text: `note ${at}`, rank: at % 10 } });
  fake.reset();
  return { ...fake, store };
}

/** The store, its pages, and how many there were. */
function inPagesOf(store: Store, budget: number) {
  const pages: { input: ScanInput; page: ScanPage }[] = [];
  const paged: Store = {
    ...store,
    scan: async (input) => {
      const page = await store.scan({ ...input, budget });
      pages.push({ input, page });
      return page;
    },
  };
  return { paged, pages };
}

describe("a read in pages", () => {
  it("keeps no more of a list than its page, however long the table is", async () => {
    const { store } = await filled(500);
    const { paged, pages } = inPagesOf(store, 50);
    const sort = { column: "text", direction: "asc" } as const;
    const { result, total } = await readInPages(paged, {
      kind: "findMany",
      input: { model: "note", where: [], sort, limit: 3 },
    });
    expect(result).toMatchObject([{ text: "note 0" }, { text: "note 1" }, { text: "note 10" }]);
    expect(total).toBe(500);
    expect(Math.max(...pages.map(({ page }) => page.kept.length))).toBe(3);
    // Once the best are found, nothing comes back.
    expect(pages.slice(3).flatMap(({ page }) => page.kept)).toEqual([]);
  });

  it("reads each document once, also where many were created at the same time", async () => {
    const { store, documents, counts } = await filled(30);
    for (const document of documents("notes")) document._creationTime = 7;
    const { paged } = inPagesOf(store, 4);
    const { result } = await readInPages(paged, {
      kind: "count",
      input: { model: "note", where: [{ column: "rank", value: 3, operator: "gte" }] },
    });
    expect(result).toBe(21);
    expect(counts.documents).toBeLessThan(2 * 21);
  });

  it("stops where the page that was asked for ends", async () => {
    const { store } = await filled(100);
    const { paged, pages } = inPagesOf(store, 10);
    const input = { model: "note", where: [], offset: 25, limit: 2 };
    const { result } = await readInPages(paged, { kind: "findMany", input });
    expect(result).toMatchObject([{ text: "note 25" }, { text: "note 26" }]);
    expect(pages).toHaveLength(3);
  });

  it("leaves out what was deleted meanwhile, and what does not match any more", async () => {
    const { store } = await filled(20);
    const { paged } = inPagesOf(store, 5);
    const where = [{ column: "rank", operator: "lt", value: 3 } as const];
    const changing: Store = {
      ...paged,
      findMany: async (input) => {
        await store.delete({ model: "note", where: [{ column: "text", value: "note 0" }] });
        await store.update({
          model: "note",
          where: [{ column: "text", value: "note 1" }],
          data: { rank: 9 },
        });
        return store.findMany(input);
      },
    };
    const input = { model: "note", where, sort: { column: "text", direction: "asc" } as const };
    const { result } = await readInPages(changing, { kind: "findMany", input });
    const texts = (result as Row[]).map(({ text }) => text); // as asked
    expect(texts).toEqual(["note 10", "note 11", "note 12", "note 2"]);
  });

  it("fails by name beyond what one request may look at, or put in order", async () => {
    const page = (documents: number, kept: number): ScanPage => ({
      ...{ matches: documents, documents, bytes: documents, isOrdered: false },
      kept: Array.from({ length: kept }, (_, at) => ({
        ...{ _id: `id-${at}`, _creationTime: at, text: "" },
      })),
      next: { access: 0 },
    });
    const store = (one: ScanPage) => ({ scan: async () => one }) as unknown as Store; // nothing else is asked
    const looking = readInPages(store(page(PAGES_BUDGET.documents / 2, 0)), {
      kind: "count",
      input: { model: "note", where: [] },
    });
    await expect(looking).rejects.toMatchObject({ code: "TOO_MANY_DOCUMENTS" });
    const sort = { column: "text", direction: "asc" } as const;
    const ordering = readInPages(store(page(1, KEPT_BUDGET.documents / 10)), {
      kind: "findMany",
      input: { model: "note", where: [], sort },
    });
    await expect(ordering).rejects.toMatchObject({ code: "TOO_MANY_DOCUMENTS" });
  });
});

describe("a paged store", () => {
  it("does a short read in one call, and tries a long one no further than its budget", async () => {
    const { store, counts, reset } = await filled(TRY_BUDGET + 500);
    const { paged, pages } = inPagesOf(store, 1000);
    const own = pagedStore(paged);
    expect(await own.count({ model: "note", where: [{ column: "rank", value: 3 }] })).toBe(250);
    expect(pages).toHaveLength(0);
    reset();
    expect(await own.count({ model: "note", where: [] })).toBe(TRY_BUDGET + 500);
    expect(pages).toHaveLength(3);
    expect(counts.documents).toBeLessThan(2 * TRY_BUDGET + 600);
  });
});
