import { describe, expect, it } from "vitest";
import { concatenate, mergeSorted } from "../../../src/store/streams.js";

/** A stream that says how far it was read, and whether it was closed. */
function counted(items: readonly number[]) {
  const state = { read: 0, isClosed: false };
  async function* stream(): AsyncGenerator<number> {
    try {
      for (const item of items) {
        state.read++;
        yield item;
      }
    } finally {
      state.isClosed = true;
    }
  }
  return { state, stream: stream() };
}

async function take(stream: AsyncGenerator<number>, count = Infinity): Promise<number[]> {
  const taken: number[] = [];
  for await (const item of stream) {
    taken.push(item);
    if (taken.length >= count) break;
  }
  return taken;
}

const ascending = (a: number, b: number) => a - b;

describe("mergeSorted", () => {
  it.each([
    { given: [[1, 4, 9], [2, 3], [], [4]], want: [1, 2, 3, 4, 4, 9] },
    { given: [[], []], want: [] },
    { given: [], want: [] },
  ])("makes one order of $given", async ({ given, want }) => {
    const streams = given.map((items) => counted(items).stream);
    expect(await take(mergeSorted(streams, ascending))).toEqual(want);
  });

  it("reads one item ahead of each stream, and closes them all", async () => {
    const all = [[1, 2, 3, 4], [10, 11], [20]].map(counted);
    const streams = all.map(({ stream }) => stream);
    expect(await take(mergeSorted(streams, ascending), 2)).toEqual([1, 2]);
    expect(all.map(({ state }) => state.read)).toEqual([2, 1, 1]);
    expect(all.every(({ state }) => state.isClosed)).toBe(true);
  });
});

describe("concatenate", () => {
  it("opens a stream only once the one before has ended", async () => {
    const all = [[1, 2], [3], [4]].map(counted);
    const streams = all.map(({ stream }) => stream);
    expect(await take(concatenate(streams), 3)).toEqual([1, 2, 3]);
    expect(all.map(({ state }) => state.read)).toEqual([2, 1, 0]);
  });
});
