// Patterns of middleware as regular expressions: each matches what it matched, and what is not understood gives nothing.
import { expect, test } from "vitest";
import { printPattern } from "../../../../codegen/sign-in/vendors/routes.js";

/** The expression that is printed, read as the app reads it. */
function read(pattern: string): RegExp {
  const [, source = "", flags] = /^\/(.*)\/(i?)$/.exec(printPattern(pattern, "i") ?? "") ?? [];
  expect(source, pattern).not.toBe("");
  return new RegExp(source, flags);
}

test.each([
  ["/", ["/"], ["/a"]],
  ["/server", ["/server", "/server/", "/SERVER"], ["/server/a", "/servers", "/a/server"]],
  ["/notes(.*)", ["/notes", "/notes/1", "/notes-of-mine"], ["/note"]],
  ["/notes/(.*)", ["/notes/1", "/notes/1/2"], ["/notes", "/notesx"]],
  ["/(api|trpc)(.*)", ["/api", "/trpc/a"], ["/apx"]],
  ["/teams/:team/edit", ["/teams/a/edit"], ["/teams/edit", "/teams/a/b/edit"]],
  ["/docs/:path*", ["/docs", "/docs/a", "/docs/a/b"], ["/docsa"]],
  ["/docs/:path+", ["/docs/a", "/docs/a/b"], ["/docs"]],
  ["/user/:id?", ["/user", "/user/1"], ["/user/1/2"]],
  ["/:lang(en|de)/admin", ["/en/admin", "/de/admin"], ["/fr/admin", "/xen/admin", "/admin"]],
  ["/notes/:id([0-9]+)", ["/notes/5", "/notes/12"], ["/notes/a", "/notes/a5", "/notes"]],
  ["/team/:path(.*)", ["/team/", "/team/a", "/team/a/b"], ["/team", "/teams"]],
  ["/robots.txt", ["/robots.txt"], ["/robotsxtxt"]],
])("%s", (pattern, matched, others) => {
  const form = read(pattern);
  for (const path of matched) expect(form.test(path), path).toBe(true);
  for (const path of others) expect(form.test(path), path).toBe(false);
});

test.each([
  "notes",
  "/((?!open).*)",
  "/a{/b}",
  "/:id(\\d+)",
  "/(a)+",
  "/a*",
  "/(a(b))",
  "/:id(a)*",
  "/:id?(a)",
])("%s is left to its author", (pattern) => {
  expect(printPattern(pattern, "i")).toBeUndefined();
});

test("an optional segment of WorkOS is left to its author: it reads patterns as addresses, where ? ends the path", () => {
  expect(printPattern("/docs/:path?", "")).toBeUndefined();
  expect(printPattern("/docs/:path*", "")).toBeDefined();
});
