// The summary of a run, as people read it.
import { expect, test } from "vitest";
import { printOutcome } from "../../../codegen/print/outcome.js";

test("tables, conflicts, orphans and notes", () => {
  const text = printOutcome(
    {
      tables: [
        { table: "user", owner: "managed", action: "updated" },
        { table: "session", owner: "managed", action: "added" },
        { table: "account", owner: "local", action: "unchanged" },
        { table: "member", owner: "managed", action: "orphaned" },
      ],
      conflicts: [
        {
          table: "user",
          part: "column",
          name: "plan",
          reason: "edited",
          at: "/app/convex/schema.ts:7",
          yours: "plan: v.union(\n  v.string(),\n)",
          wanted: "plan: v.string()",
          kept: true,
        },
        {
          table: "user",
          part: "index",
          name: "by_email",
          reason: "declared",
          at: "/app/convex/schema.ts:9",
          yours: '.index("by_email", ["mail"])',
          wanted: '.index("by_email", ["email"])',
          kept: false,
        },
      ],
      orphaned: [
        { table: "member", part: "table", name: "member", plugin: "organization", pruned: false },
        { table: "user", part: "column", name: "old", plugin: "better-auth", pruned: true },
        {
          table: "user",
          part: "index",
          name: "by_old",
          plugin: "username",
          pruned: false,
          blocked: "you changed it",
        },
      ],
      notes: ["/app/convex/auth.ts is fine."],
    },
    { root: "/app" },
  );
  expect(text).toBe(`tables added: session
tables updated: user
tables of your own, untouched: account
conflict: user.plan was changed by you; kept. convex/schema.ts:7
  - plan: v.string()
  + plan: v.union(
  +   v.string(),
  + )
  Replace it with --overwrite.
conflict: user.by_email is your own, and Better Auth needs another one there; replaced (--overwrite). convex/schema.ts:9
  - .index("by_email", ["email"])
  + .index("by_email", ["mail"])
orphaned: table member (was organization's) is used by no plugin any more; documents may still hold it. Remove it with --prune once no document holds it.
removed: column user.old
orphaned: index user.by_old (was username's) is used by no plugin any more; documents may still hold it. --prune leaves it: you changed it.
note: convex/auth.ts is fine.
`);
});
