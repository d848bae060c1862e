// How kitcn knows the app's data model and auth tables without an import: generated/server.ts adds them here.
// Types only.
import type { GenericDataModel } from "convex/server";
import type { AuthTables } from "../metadata.js";

/**
 * What an app tells the types of kitcn/orm and kitcn/auth. Augmented by generated/server.ts, never by hand.
 *
 * @example
 * import type { DataModel } from "./_generated/dataModel";
 * import type { tables } from "./generated/auth.tables";
 *
 * declare module "kitcn/orm" {
 *   interface Register {
 *     dataModel: DataModel;
 *     tables: typeof tables;
 *   }
 * }
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- augmented by the app
export interface Register {}

/** The app's data model; of unknown tables before `kitcn codegen` has run. */
export type AppDataModel = Register extends {
  readonly dataModel: infer DataModel extends GenericDataModel;
}
  ? DataModel
  : GenericDataModel;

/** The auth tables as generated/auth.tables.ts has them; unknown ones before `kitcn codegen` has run. */
export type AppTables = Register extends { readonly tables: infer Tables extends AuthTables }
  ? Tables
  : AuthTables;
