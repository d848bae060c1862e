// `kitcn/test`: makes the kitcn component known to an app's own convex-test suite.
// Must not import convex-test: the app brings it.
import type { GenericSchema, SchemaDefinition } from "convex/server";
import schema from "../component/schema.js";

/** As much of convex-test's `t` as registering takes. */
export type ComponentHost = {
  registerComponent(
    path: string,
    schema: SchemaDefinition<GenericSchema, boolean>,
    modules: Record<string, () => Promise<unknown>>,
  ): void;
};

/**
 * Registers the packaged component on a convex-test instance, so that `getAuth(ctx)` works in the app's tests.
 *
 * @param name the name it is mounted under; `components.auth` unless the app says otherwise
 * @example
 * import { convexTest } from "convex-test";
 * import { register } from "kitcn/test";
 * import { expect, test } from "vitest";
 * import schema from "./schema";
 *
 * test("a new app has no users", async () => {
 *   const t = convexTest(schema, import.meta.glob("./**\/*.ts"));
 *   register(t);
 *   expect(await t.run((ctx) => ctx.db.query("user").collect())).toEqual([]);
 * });
 */
export function register(t: ComponentHost, name = "auth"): void {
  t.registerComponent(name, schema, {
    // convex-test finds the component's root by its _generated folder.
    "./_generated/api.js": () => import("../component/_generated/api.js"),
    "./store.js": () => import("../component/store.js"),
  });
}
