// What the pages at /auth of apps without React share: where a sign-in may lead, and how an error reads.
import { readFileSync } from "node:fs";
import { transform } from "esbuild";
import { afterEach, beforeAll, expect, test, vi } from "vitest";

type Shared = {
  redirectTarget: () => string | null;
  herePath: () => string;
  leave: () => void;
  describeReturn: (code: string) => string;
  describe: (error: { code?: string; message?: string; status: number }) => string;
};

let shared: Shared;

beforeAll(async () => {
  const text = readFileSync("templates/sites/shared/auth-page.ts", "utf8");
  const source = `${text}\nexport { describe, describeReturn, herePath, leave, redirectTarget };`;
  const { code } = await transform(source, { loader: "ts", format: "esm" });
  const encoded = Buffer.from(code).toString("base64");
  const url = `data:text/javascript;base64,${encoded}`;
  shared = (await import(/* @vite-ignore */ url)) as Shared; // the template's
});
afterEach(() => void vi.unstubAllGlobals());

test.each([
  "nuxt/app/pages/auth/index.vue",
  "solidstart/src/routes/auth/index.tsx",
  "sveltekit/src/routes/auth/+page.svelte",
])("%s has it, and uses all of it", (page) => {
  const text = readFileSync(`templates/sites/${page}`, "utf8");
  expect(text.match(/^[ \t]*\/\/ @include shared\/auth-page\.ts$/gm)).toHaveLength(1);
  for (const name of [
    "PROVIDERS",
    "UNREACHABLE",
    "describe(",
    "describeReturn(",
    "redirectTarget(",
    "herePath(",
    "leave(",
  ])
    expect(text).toContain(name);
});

test.each([
  ["?redirectTo=%2Fnotes%3Fpage%3D2&error=access_denied", "/auth?redirectTo=%2Fnotes%3Fpage%3D2"],
  ["?error=access_denied", "/auth"],
  ["?redirectTo=//other.example", "/auth"],
])("a failure returns from /auth%s to %s", (search, here) => {
  const location = { origin: "https://app.example.com", pathname: "/auth", search };
  vi.stubGlobal("window", { location });
  expect(shared.herePath()).toBe(here);
});

test.each([
  ["/notes?page=2#last", "/notes?page=2#last"],
  ["/a/../notes", "/notes"],
  [undefined, null],
  ["", null],
  ["notes", null],
  ["//other.example", null],
  ["/\\other.example", null],
  ["/x/..//other.example", null],
  ["https://other.example/", null],
  ["https://app.example.com/notes", null],
  ["javascript:alert(1)", null],
  ["/\t/other.example", null],
])("a sign-in with redirectTo=%j leads to %j", (wanted, target) => {
  const assign = vi.fn<(url: string) => void>();
  const search = wanted === undefined ? "" : `?redirectTo=${encodeURIComponent(wanted)}`;
  vi.stubGlobal("window", { location: { origin: "https://app.example.com", search, assign } });
  expect(shared.redirectTarget()).toBe(target);
  shared.leave();
  expect(assign.mock.calls).toEqual(target === null ? [] : [[target]]);
});

test.each([
  [{ code: "INVALID_EMAIL", status: 400 }, "This is not a valid email address."],
  [{ status: 429 }, "Too many attempts. Wait a moment and try again."],
  [{ status: 0 }, "The server cannot be reached. Check your connection and try again."],
  [{ status: 503, message: "no" }, /cannot be reached/],
  [{ status: 400, message: "Name is taken" }, "Name is taken"],
  [{ status: 400 }, "That did not work. Try again."],
])("the error %j has words for people", (error, words) => {
  expect(shared.describe(error)).toMatch(words);
});

test.each([
  ["account_not_linked", /already exists/],
  ["email_not_found", /did not get your email/],
  ["access_denied", "The sign-in did not work. Try again, or choose another way."],
  ["constructor", "The sign-in did not work. Try again, or choose another way."],
])("a return with ?error=%s has words for people", (code, words) => {
  expect(shared.describeReturn(code)).toMatch(words);
});
