// Which code of a bundle needs the global Buffer, and which looks first whether there is one.
import { describe, expect, test } from "vitest";
import {
  describeBufferUses,
  describeEarlyUses,
  findBufferUses,
  MARKER,
  MEMBER_MARKER,
} from "../../../codegen/plan/buffer-uses.js";

const uses = (code: string) =>
  findBufferUses(
    `// node_modules/plugin/index.js\n${code}`
      .replaceAll("$G", MEMBER_MARKER)
      .replaceAll("$B", MARKER),
  );
const NEEDS = [{ file: "node_modules/plugin/index.js", atLoad: false }];

describe("findBufferUses", () => {
  test.each([
    ["a call", "const f = (x) => $B.from(x);", NEEDS],
    ["a check of a class", "function f(x) { return x instanceof $B; }", NEEDS],
    ["a member of the global object", "const f = (x) => $G.from(x);", NEEDS],
    [
      "code that runs when the module loads",
      "const key = $B.alloc(3);",
      [{ ...NEEDS[0], atLoad: true }],
    ],
    ["typeof alone", "const f = () => typeof $B;", []],
    ["a condition", 'const f = (x) => typeof $B !== "undefined" ? $B.from(x) : btoa(x);', []],
    [
      "a condition on another global",
      'const f = (x) => typeof btoa !== "undefined" ? btoa(x) : $B.from(x);',
      [],
    ],
    ["a conjunction", 'const f = (x) => typeof $B < "u" && $B.isBuffer(x);', []],
    [
      "an if",
      'function f(x) { if (typeof $B === "function") { return $B.from(x); } return x; }',
      [],
    ],
    [
      "a way out before",
      'function f(x) { if (typeof $B === "undefined") return x; return $B.from(x); }',
      [],
    ],
    [
      "a variable that knows",
      'const has = typeof $B === "function"; const f = (x) => has ? $B.from(x) : x;',
      [],
    ],
    ["a look at the global object", "const f = (x) => $G ? $G.from(x) : x;", []],
    ["an optional member", "const f = (x) => $G?.from(x);", []],
    ["a name that is taken and not used", "const Own = $G;", []],
    ["a condition about something else", "const f = (x) => (x ? $B.from(x) : x);", NEEDS],
    [
      "after a check in another function",
      "const f = () => typeof $B; const g = (x) => $B.from(x);",
      NEEDS,
    ],
    ["the code's own Buffer", "class Buffer {} const f = () => new Buffer();", []],
  ])("%s", (_name, code, want) => expect(uses(code)).toEqual(want));

  test("names each file once", () => {
    const code =
      "const f = () => $B.from(1);\nconst g = () => $B.from(2);\n// convex/own.ts\nconst h = () => $B;";
    expect(uses(code)).toEqual([...NEEDS, { file: "convex/own.ts", atLoad: false }]);
  });
});

const early = { file: "node_modules/@a/b/dist/x.js", atLoad: true };
const late = { file: "convex/own.ts", atLoad: false };

describe("describeBufferUses", () => {
  test("says who needs it, and what provides it", () => {
    expect(describeBufferUses([late])).toEqual([
      expect.stringMatching(/^convex\/own\.ts uses the global Buffer.*"kitcn\/auth\/buffer"/),
    ]);
    expect(describeBufferUses([early, late])).toEqual([
      expect.stringMatching(/^@a\/b and convex\/own\.ts use /),
    ]);
    expect(describeBufferUses([])).toEqual([]);
  });
});

describe("describeEarlyUses", () => {
  test("gives the line for code that runs before generated/auth.ts does, until auth.ts has it", () => {
    expect(describeEarlyUses([early, late], { imports: false })).toEqual([
      expect.stringMatching(
        /^@a\/b uses the global Buffer while loading, .*: add `import "kitcn\/auth\/buffer";`/,
      ),
    ]);
    expect(describeEarlyUses([early], { imports: true })).toEqual([]);
    expect(describeEarlyUses([late], { imports: false })).toEqual([]);
  });
});
