// How kitcn/orm knows the app's data model without an import: generated/server.ts adds it here.
// Types only.
import type { GenericDataModel } from "convex/server";

/**
 * What an app tells the types of kitcn/orm. Augmented by generated/server.ts, never by hand.
 *
 * @example
 * import type { DataModel } from "./_generated/dataModel";
 *
 * declare module "kitcn/orm" {
 *   interface Register {
 *     dataModel: DataModel;
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
