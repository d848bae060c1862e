// A list that notices who looks through all of it, as code does that finds nothing.
import { expect, test } from "vitest";
import { noticingList } from "../../../src/request/noticing-list.js";

function noticesOf(look: (list: string[]) => unknown) {
  let notices = 0;
  const list = noticingList(["a", "b"], () => void notices++);
  const result = look(list);
  return { isNoticed: notices > 0, result };
}

const isFound = (item: string) => item === "a";
const isNotFound = (item: string) => item === "z";

/** The first item that fits, by a loop. */
function inLoop(list: string[], fits: (item: string) => boolean) {
  for (const item of list) if (fits(item)) return item;
  return undefined;
}

test.each<[string, (list: string[], fits: (item: string) => boolean) => unknown]>([
  ["find", (list, fits) => list.find(fits)],
  ["findLast", (list, fits) => list.findLast(fits)],
  ["findIndex", (list, fits) => list.findIndex(fits)],
  ["some", (list, fits) => list.some(fits)],
  ["every", (list, fits) => list.every((item) => !fits(item))],
  ["includes", (list, fits) => list.includes(fits("a") ? "a" : "z")],
  ["indexOf", (list, fits) => list.indexOf(fits("a") ? "a" : "z")],
  ["a loop", inLoop],
])("%s is noticed only if it finds nothing", (_name, search) => {
  const plain = ["a", "b"];
  const found = noticesOf((list) => search(list, isFound));
  expect(found).toEqual({ isNoticed: false, result: search(plain, isFound) });
  const missed = noticesOf((list) => search(list, isNotFound));
  expect(missed).toEqual({ isNoticed: true, result: search(plain, isNotFound) });
});

test.each<[string, (list: string[]) => unknown]>([
  ["map", (list) => list.map((item) => item + item)],
  ["filter", (list) => list.filter(isFound)],
  ["length", (list) => list.length],
  ["the item past the end", (list) => list[2]],
  ["a copy", (list) => [...list]],
  ["concat", (list) => ["0"].concat(list)],
  ["keys", (list) => Object.keys(list)],
])("%s looks at all of it, and is noticed", (_name, look) => {
  expect(noticesOf(look)).toEqual({ isNoticed: true, result: look(["a", "b"]) });
});

test("an item that is there is not noticed, and the list can be changed", () => {
  expect(noticesOf((list) => list[1])).toEqual({ isNoticed: false, result: "b" });
  const plain: string[] = [];
  const list = noticingList(plain, () => {});
  list.push("c");
  list.unshift("b");
  expect(plain).toEqual(["b", "c"]);
  expect(Array.isArray(list)).toBe(true);
});
