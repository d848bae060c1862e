import type { GenericId } from "convex/values";
import { describe, expect, it } from "vitest";
import {
  TriggerCancelledError,
  type BeforeVerdict,
  type BeforeWrite,
  type WriteHooks,
} from "../../../src/triggers/hooks.js";
import { authDb, createUser, sample } from "../../support/auth-db.js";

/** Hooks that write down what they see. */
function recorder(decide: (write: BeforeWrite) => BeforeVerdict = () => undefined) {
  const log: string[] = [];
  const hooks: WriteHooks = {
    before: (write) => {
      log.push(`before ${write.operation} ${write.model}`);
      return decide(write);
    },
    after: ({ operation, model, newDoc, oldDoc }) => {
      const doc = newDoc ?? oldDoc;
      log.push(`after ${operation} ${model} ${String(doc?.["name"] ?? "-")}`);
    },
    change: ({ operation, id, oldDoc, newDoc }) => {
      const docs = [oldDoc, newDoc].map((doc) => (doc?._id === id ? "doc" : "null"));
      log.push(`change ${operation} ${docs.join(" -> ")}`);
    },
  };
  return { hooks, log };
}

describe("write hooks", () => {
  it("see every write, in order", async () => {
    const { hooks, log } = recorder();
    const { store } = authDb({}, { hooks });
    const user = await createUser(store);
    const where = [{ column: "id", value: user.id }];
    await store.create({ model: "session", data: sample.session(user.id) });
    await store.incrementOne({ model: "user", where, increment: {}, set: { name: "Bob" } });
    await store.delete({ model: "user", where });
    expect(log).toEqual([
      "before create user",
      "after create user Ada",
      "change create null -> doc",
      "before create session",
      "after create session -",
      "change create null -> doc",
      "before update user",
      "after update user Bob",
      "change update doc -> doc",
      "before delete user",
      "before delete session",
      "after delete session -",
      "change delete doc -> null",
      "after delete user Bob",
      "change delete doc -> null",
    ]);
  });

  it("merge data into the write, and the guards see it merged", async () => {
    const { hooks } = recorder((write) =>
      write.operation === "create" ? { data: { email: "fixed@x.y" } } : undefined,
    );
    const { store } = authDb({}, { hooks });
    expect(await createUser(store)).toMatchObject({ name: "Ada", email: "fixed@x.y" });
    await expect(createUser(store)).rejects.toMatchObject({ code: "UNIQUE_VIOLATION" });
  });

  it.each(["create", "update", "delete"] as const)(
    "cancel a %s before anything is written",
    async (operation) => {
      const { hooks, log } = recorder((write) =>
        write.operation === operation ? false : undefined,
      );
      const { store, db } = authDb({}, { hooks });
      const id = await db.insert("user", sample.user());
      const where = [{ column: "id", value: id as string }];
      const writes = {
        create: () => createUser(store),
        update: () => store.updateMany({ model: "user", where, data: { name: "B" } }),
        delete: () => store.deleteMany({ model: "user", where }),
      };
      const error = await writes[operation]().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(TriggerCancelledError);
      expect(error).toMatchObject({ code: "TRIGGER_CANCELLED" });
      expect(log).toEqual([`before ${operation} user`]);
      expect(await store.findMany({ model: "user", where: [] })).toMatchObject([{ name: "Ada" }]);
    },
  );

  it("may cancel a cascade from below", async () => {
    const { hooks } = recorder((write) => (write.model === "session" ? false : undefined));
    const { store, db } = authDb({}, { hooks });
    const user = await createUser(store);
    await db.insert("session", sample.session(user.id));
    const where = [{ column: "id", value: user.id }];
    await expect(store.delete({ model: "user", where })).rejects.toThrow("cancelled the delete");
    expect(await store.count({ model: "user", where })).toBe(1);
  });

  it("are not told of an update whose document one of them has deleted", async () => {
    const told: string[] = [];
    const { store, db, documents } = authDb(
      {},
      {
        hooks: {
          before: async (write) => {
            if (write.operation !== "update") return;
            told.push(write.doc._id);
            for (const { _id } of documents("session"))
              if (_id !== write.doc._id) await db.delete(_id as GenericId<string>); // of a document that is there
          },
        },
      },
    );
    const first = await db.insert("session", sample.session("u"));
    await db.insert("session", sample.session("u"));
    const where = [{ column: "userId", value: "u" }];
    const data = { userAgent: "x" };
    expect(await store.updateMany({ model: "session", where, data })).toBe(1);
    expect(told).toEqual([first]);
  });

  it("fail the write with their own error", async () => {
    const { store } = authDb(
      {},
      {
        hooks: {
          after: () => {
            throw new Error("no");
          },
        },
      },
    );
    await expect(createUser(store)).rejects.toThrow("no");
  });

  it("cost no read where there are none", async () => {
    const { store, counts } = authDb();
    await createUser(store);
    expect(counts).toEqual({ documents: 0, ranges: 1, writes: 1 });
  });
});
