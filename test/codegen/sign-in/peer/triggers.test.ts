// Triggers of @convex-dev/better-auth, as those of defineAuth(): what a function gives stays what is waited for.
import { expect, test } from "vitest";
import {
  parseModule,
  resolveExpression,
  unwrap,
  listBindings,
} from "../../../../codegen/edit/index.js";
import { printTriggers } from "../../../../codegen/sign-in/peer/triggers.js";

function print(triggers: string) {
  const module = parseModule(
    `const triggers = { user: { ${triggers} } };\n`,
    "/app/convex/auth.ts",
  );
  const init = listBindings(module).get("triggers")?.init;
  const object = init && resolveExpression(module, unwrap(init));
  if (object?.type !== "ObjectExpression") throw new Error("no object");
  return printTriggers(module, object, new Set())?.replaceAll(/\s+/g, " ");
}

test.each([
  ["async", "onUpdate: async (ctx, now, old) => log(ctx, now, old)", "change: async ("],
  ["not async", "onUpdate: (ctx, now, old) => log(ctx, now, old)", "change: ({"],
])("a change that one expression answers is waited for: %s", (_name, given, head) => {
  const printed = print(given);
  expect(printed).toContain(head);
  expect(printed).toContain("return log(ctx, now, old); }");
});

test.each([
  [
    "types",
    "onUpdate: async (ctx, now: User, old: User) => { log(now, old); }",
    "{ operation, newDoc: now, oldDoc: old }, ctx) => { if",
  ],
  [
    "a pattern",
    "onUpdate: async (ctx, { email }: User, old) => { log(email, old); }",
    "!old) return; const { email } = newDoc; log(email, old); }",
  ],
  [
    "two patterns",
    "onUpdate: (ctx, { a }, { a: b }) => log(a, b)",
    "const { a } = newDoc; const { a: b } = oldDoc; return log(a, b); }",
  ],
])("a change whose parameters have %s is carried over", (_what, given, want) => {
  expect(print(given)).toContain(want);
});
