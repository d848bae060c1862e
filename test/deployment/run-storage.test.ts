// An AsyncLocalStorage of a run ends with it, also where code that the run left behind enters it later.
import { expect, test } from "vitest";
import { createRun } from "./run.js";
import { storageOf } from "./run-storage.js";

test("a storage holds what was entered until its run is over", () => {
  const run = createRun("action", () => Promise.resolve({ value: null }));
  const Storage = storageOf(run);
  expect(Storage.name).toBe("AsyncLocalStorage");
  const storage = new Storage<string>();
  storage.enterWith("during");
  expect(storage.getStore()).toBe("during");
  run.terminate("The run is over.");
  expect(storage.getStore()).toBeUndefined();
});

test("a storage that is entered after the end is left at once", () => {
  const run = createRun("action", () => Promise.resolve({ value: null }));
  run.terminate("The run is over.");
  const storage = new (storageOf(run))<string>();
  storage.enterWith("for good");
  expect(storage.getStore()).toBeUndefined();
  expect(storage.run("late", () => storage.getStore())).toBe("late");
  expect(storage.getStore()).toBeUndefined();
});
