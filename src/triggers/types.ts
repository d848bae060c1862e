// The shape of triggers, typed by the app's documents. Types only.
// Must not know how triggers are dispatched, nor Better Auth.
import type {
  DocumentByName,
  GenericDataModel,
  GenericMutationCtx,
  TableNamesInDataModel,
  WithoutSystemFields,
} from "convex/server";
import type { WriteOperation } from "./hooks.js";

/** What a before trigger may say: columns to merge, false to cancel, or nothing. */
export type TriggerVerdict<Data> = { readonly data: Partial<Data> } | false | void | undefined;

/** One write, after it. `oldDoc` is null for a create, `newDoc` for a delete. */
export type TriggerChange<Document> = {
  readonly operation: WriteOperation;
  /** Convex's document id. */
  readonly id: string;
  readonly oldDoc: Document | null;
  readonly newDoc: Document | null;
};

type Step<Input, Ctx, Result> = (input: Input, ctx: Ctx) => Result | Promise<Result>;
type Nothing = void | undefined;

/** The triggers of one table. All run in the transaction of the write; an error in any fails it. */
export type TableTriggers<Document, Data, Ctx> = {
  readonly create?: {
    readonly before?: Step<Data, Ctx, TriggerVerdict<Data>>;
    readonly after?: Step<Document, Ctx, Nothing>;
  };
  readonly update?: {
    /** With the changed columns only. */
    readonly before?: Step<Partial<Data>, Ctx, TriggerVerdict<Data>>;
    readonly after?: Step<Document, Ctx, Nothing>;
  };
  readonly delete?: {
    /** With the document that is about to go; there is nothing to merge. */
    readonly before?: Step<Document, Ctx, false | Nothing>;
    readonly after?: Step<Document, Ctx, Nothing>;
  };
  /** After `after`, for every kind of write. */
  readonly change?: Step<TriggerChange<Document>, Ctx, Nothing>;
};

/** Triggers by table of the app's data model. */
export type Triggers<DataModel extends GenericDataModel> = {
  readonly [Table in TableNamesInDataModel<DataModel>]?: TableTriggers<
    DocumentByName<DataModel, Table>,
    WithoutSystemFields<DocumentByName<DataModel, Table>>,
    GenericMutationCtx<DataModel>
  >;
};
