// `kitcn/orm`: relations, triggers for every write, and the types of ctx.orm. schema.ts may import this.
export * from "./register.js";
export { relations, type Relation, type RelationsDefinition } from "./relations.js";
export { defineTriggers, type SchemaTriggers, type TriggerCtx } from "./triggers.js";
export { withoutTriggers } from "../triggers/context.js";
export { TriggerCancelledError } from "../triggers/hooks.js";
export type { TriggerChange, TriggerVerdict } from "../triggers/types.js";
export type {
  Columns,
  Comparison,
  FindOptions,
  Found,
  Matches,
  NewDocument,
  OrderBy,
  OrmDocument,
  OrmReader,
  OrmWriter,
  Page,
  PageOptions,
  TableQuery,
  Where,
} from "./types.js";
