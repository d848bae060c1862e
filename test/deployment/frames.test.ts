// Frames below an error's message, as Convex prints them (common/src/errors.rs: JsError::from_frames).
import { transform } from "esbuild";
import { expect, test } from "vitest";
import { framesOf, printFrames } from "./frames.js";
import { printFrame, type Frame } from "./guest/stack.js";
import { prepare } from "./prepare.js";

const APP = `import { seven } from "./seven.js";

interface Unused {
  readonly field: string;
}

export function fails(): never {
  const unused: Unused = { field: "x" };
  void unused;
  throw new Error(String(seven));
}

export const calls = () => {
  fails();
  return seven;
};
`;
const PLACE: Frame = {
  ...{ name: "fails", typeName: null, methodName: null, index: null },
  ...{ file: "app.js", line: 1, column: 1, isAsync: false, isConstructor: false },
};

/** What the CLI pushes of a module, and the code that it becomes. */
async function pushed(file: string) {
  const { code, map } = await transform(APP, {
    ...{ loader: "ts", format: "esm", sourcemap: "external", sourcefile: file },
  });
  const module = { path: "app.js", source: code, sourceMap: map, environment: "isolate" };
  const [runs] = await prepare([module]);
  const modules = new Map([["app.js", runs!]]);
  return { lines: runs!.source.split("\n"), modules, pushed: new Map([["app.js", module]]) };
}

test("a position is one of the file that the app's author wrote", async () => {
  const { lines, ...code } = await pushed("../convex/app.ts");
  const at = (text: string): Frame => {
    const line = lines.findIndex((one) => one.includes(text));
    return { ...PLACE, line: line + 1, column: lines[line]!.indexOf(text) + 1 };
  };
  const printed = printFrames([at("throw new Error"), at("fails();")], code);
  // The same lines, as an editor counts them. Convex looks one line further down, from zero, so columns are of that.
  expect(printed.map((one) => one.replace(/:\d+\)$/, ")"))).toEqual([
    "    at fails (../convex/app.ts:10)",
    "    at fails (../convex/app.ts:14)",
  ]);
});

test("frames of convex/server are left out at both ends, and only there", async () => {
  const { lines, ...own } = await pushed("../convex/app.ts");
  const { pushed: others, modules } = await pushed("../node_modules/convex/src/server/impl/x.ts");
  const internal = { ...PLACE, file: "_deps/X.js", name: "internal" };
  const code = {
    modules: new Map([...own.modules, ["_deps/X.js", modules.get("app.js")!]]),
    pushed: new Map([...own.pushed, ["_deps/X.js", others.get("app.js")!]]),
  };
  const frame = { ...PLACE, line: lines.findIndex((one) => one.includes("throw")) + 1 };
  const names = (frames: Frame[]) =>
    printFrames(frames, code).map((line) => /at (\w+)/.exec(line)?.[1]);
  expect(names([internal, frame, internal, frame, internal])).toEqual([
    "fails",
    "internal",
    "fails",
  ]);
  expect(names([internal, internal])).toEqual([]);
});

test.for<[Partial<Frame>, string]>([
  [{}, "    at fails (app.js:1:1)"],
  [{ name: null }, "    at <anonymous> (app.js:1:1)"],
  [{ name: null, typeName: "Own", methodName: "run" }, "    at Own.run (app.js:1:1)"],
  [{ isAsync: true }, "    at async fails (app.js:1:1)"],
  [{ isConstructor: true }, "    at new fails (app.js:1:1)"],
  [{ typeName: "Object", methodName: "fails" }, "    at fails [as fails] (app.js:1:1)"],
  [{ file: null, line: null }, "    at fails (<anonymous>)"],
])("%o is printed as %s", ([part, line]) => {
  expect(printFrame({ ...PLACE, ...part })).toBe(line);
});

test("a stack of Node is read below its message, which may hold frames", () => {
  const message = "Uncaught Error: inner\n    at inner (../convex/a.ts:1:1)\n";
  const stack = `Error: ${message}\n    at async outer (b.js:2:3)\n    at c.js:4:5\n    at node:internal/x:1:1`;
  expect(framesOf(stack, message).map(printFrame)).toEqual([
    "    at async outer (b.js:2:3)",
    "    at <anonymous> (c.js:4:5)",
  ]);
});
