// Rules of the runtime as tables: what a function body comes to, and where in Convex's source that was read.
// Makes the app that holds all of them; runtime.test.ts pushes it and compares.

export type Rule = {
  /** What holds, as the name of the test. */
  readonly rule: string;
  /** In get-convex/convex-backend: `isolate/` is crates/isolate/src, `runtime/` is npm-packages/udf-runtime/src. */
  readonly from: string;
  readonly kind: "query" | "mutation" | "action";
  /** Of an async handler `(ctx, args)`, with `args.base` the address of a server. */
  readonly body: string;
  /** What it returns; or a part of the message that it fails with. */
  readonly want: { readonly value: unknown } | { readonly error: string | RegExp };
};

type Short = readonly [rule: string, body: string, want: unknown];

/** Rules of one kind of function from one file, with values for results. */
export function table(from: string, kind: Rule["kind"], rules: readonly Short[]): Rule[] {
  return rules.map(([rule, body, want]) => ({
    ...{ rule, from, kind, body },
    want: want instanceof Failure ? { error: want.text } : { value: want },
  }));
}

export function fails(text: string | RegExp): Failure {
  return new Failure(text);
}

/** A module with one function for each rule: r0, r1 and so on. */
export function moduleOf(rules: readonly Rule[]): string {
  const functions = rules.map(
    ({ kind, body }, at) =>
      `export const r${at} = ${kind}({ args: { base: v.optional(v.string()) }, handler: async (ctx: any, args: any): Promise<any> => {\n${body}\n} });`,
  );
  return `import { ConvexError, v } from "convex/values";
import { internal as generated } from "./_generated/api";
import { action, mutation, query } from "./_generated/server";
const internal = generated as any;
void ConvexError, void internal, void action, void mutation, void query;
${functions.join("\n")}
`;
}

// --- internal ---

class Failure {
  constructor(readonly text: string | RegExp) {}
}
