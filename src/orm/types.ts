// The types of ctx.orm: queries, their results, and writes, all derived from the data model and relations.
// Types only.
import type {
  DocumentByName,
  GenericDataModel,
  TableNamesInDataModel,
  WithoutSystemFields,
} from "convex/server";
import type { GenericId } from "convex/values";

/** A document as ctx.orm gives it: `id` beside `_id`, the same value unless Better Auth chose another one. */
export type OrmDocument<
  DataModel extends GenericDataModel,
  Table extends TableNamesInDataModel<DataModel>,
> = WithId<DocumentByName<DataModel, Table>>;

/** Comparisons with a column; all of them must hold. */
export type Comparison<Column> = {
  readonly eq?: Column | null;
  readonly ne?: Column | null;
  readonly lt?: Column;
  readonly lte?: Column;
  readonly gt?: Column;
  readonly gte?: Column;
  readonly in?: readonly (Column | null)[];
  readonly notIn?: readonly (Column | null)[];
  /** Part of a text, or an element of an array. */
  readonly contains?: Column extends readonly (infer Item)[] ? Item : Column;
  readonly startsWith?: Column;
  readonly endsWith?: Column;
  /** Whether case matters in eq, ne, in, notIn and the text comparisons. Default: sensitive. */
  readonly mode?: "sensitive" | "insensitive";
};

/**
 * Conditions by column; all of them must hold. A value alone means `eq`. Null also finds documents without
 * the column; undefined is refused when the query runs, since it would match everything.
 */
export type Where<Document> = {
  readonly [Column in keyof Document]?:
    NonNullable<Document[Column]> | Comparison<NonNullable<Document[Column]>> | null;
} & {
  readonly AND?: readonly Where<Document>[];
  readonly OR?: readonly Where<Document>[];
};

/** One column. */
export type OrderBy<Document> = { readonly [Column in keyof Document]?: "asc" | "desc" };

/** `true` for the columns wanted, or `false` for those not wanted. */
export type Columns<Document> = { readonly [Column in keyof Document]?: boolean };

/** What a query may ask for. */
export type FindOptions<
  DataModel extends GenericDataModel,
  Relations,
  Table extends TableNamesInDataModel<DataModel>,
> = {
  readonly where?: Where<OrmDocument<DataModel, Table>>;
  /** Default: creation time, ascending. */
  readonly orderBy?: OrderBy<OrmDocument<DataModel, Table>>;
  /** Default: all columns. */
  readonly columns?: Columns<OrmDocument<DataModel, Table>>;
  /** Related documents to load, by relation. */
  readonly with?: {
    readonly [Name in RelationNames<Relations, Table>]?:
      true | FindOptions<DataModel, Relations, Target<DataModel, Relations, Table, Name>>;
  };
  /** Default: all. */
  readonly limit?: number;
  readonly offset?: number;
};

/** Asks for a page: null for the first, then the `continueCursor` of the page before. */
export type PageOptions = { readonly cursor: string | null; readonly limit: number };

/** A page of results, as Convex's own `paginate` gives it. */
export type Page<Result> = {
  readonly page: Result[];
  readonly isDone: boolean;
  readonly continueCursor: string;
};

/** A document as a query returns it: with the columns asked for, and related documents by relation. */
export type Found<
  DataModel extends GenericDataModel,
  Relations,
  Table extends TableNamesInDataModel<DataModel>,
  Options,
> = Flat<
  Selected<OrmDocument<DataModel, Table>, OptionOf<Options, "columns">> &
    Related<DataModel, Relations, Table, OptionOf<Options, "with">>
>;

/** The queries of one table. */
export type TableQuery<
  DataModel extends GenericDataModel,
  Relations,
  Table extends TableNamesInDataModel<DataModel>,
> = {
  /** The first match, or null. */
  findFirst<const Options extends FindOptions<DataModel, Relations, Table> = NoOptions>(
    options?: Options,
  ): Promise<Found<DataModel, Relations, Table, Options> | null>;
  /** One page of matches. */
  findMany<const Options extends FindOptions<DataModel, Relations, Table> & PageOptions>(
    options: Options,
  ): Promise<Page<Found<DataModel, Relations, Table, Options>>>;
  /** Every match. */
  findMany<const Options extends FindOptions<DataModel, Relations, Table> = NoOptions>(
    options?: Options,
  ): Promise<Found<DataModel, Relations, Table, Options>[]>;
};

/** ctx.orm of a query. Every method throws KitcnError `MISSING_INDEX` rather than answer from a part of a table. */
export type OrmReader<DataModel extends GenericDataModel, Relations> = {
  readonly query: {
    readonly [Table in TableNamesInDataModel<DataModel>]: TableQuery<DataModel, Relations, Table>;
  };
};

/** ctx.orm of a mutation. Writes fire triggers and keep what is unique in the auth tables unique. */
export type OrmWriter<DataModel extends GenericDataModel, Relations> = OrmReader<
  DataModel,
  Relations
> & {
  /** Inserts and returns the document, or the documents for a list. */
  insert<Table extends TableNamesInDataModel<DataModel>>(
    table: Table,
    document: NewDocument<DataModel, Table>,
  ): Promise<OrmDocument<DataModel, Table>>;
  insert<Table extends TableNamesInDataModel<DataModel>>(
    table: Table,
    documents: readonly NewDocument<DataModel, Table>[],
  ): Promise<OrmDocument<DataModel, Table>[]>;
  /**
   * Changes columns and returns the document as it is then; undefined removes a column.
   * With `{ where }`: every match.
   *
   * @throws KitcnError `NOT_FOUND` for an id without a document
   */
  update<Table extends TableNamesInDataModel<DataModel>>(
    table: Table,
    id: GenericId<NoInfer<Table>>,
    columns: Partial<NewDocument<DataModel, Table>>,
  ): Promise<OrmDocument<DataModel, Table>>;
  update<Table extends TableNamesInDataModel<DataModel>>(
    table: Table,
    matches: Matches<DataModel, Table>,
    columns: Partial<NewDocument<DataModel, Table>>,
  ): Promise<OrmDocument<DataModel, Table>[]>;
  /**
   * Deletes and returns the document as it was, with what references it where Better Auth says so.
   * With `{ where }`: every match.
   *
   * @throws KitcnError `NOT_FOUND` for an id without a document
   */
  delete<Table extends TableNamesInDataModel<DataModel>>(
    table: Table,
    id: GenericId<NoInfer<Table>>,
  ): Promise<OrmDocument<DataModel, Table>>;
  delete<Table extends TableNamesInDataModel<DataModel>>(
    table: Table,
    matches: Matches<DataModel, Table>,
  ): Promise<OrmDocument<DataModel, Table>[]>;
};

/** The documents an update or a delete is for. `where: {}` is every document of the table. */
export type Matches<
  DataModel extends GenericDataModel,
  Table extends TableNamesInDataModel<DataModel>,
> = { readonly where: Where<OrmDocument<DataModel, Table>> };

/** A document before it has an id. */
export type NewDocument<
  DataModel extends GenericDataModel,
  Table extends TableNamesInDataModel<DataModel>,
> = WithoutSystemFields<DocumentByName<DataModel, Table>>;

// --- internal ---

/** Distributes over documents of several shapes. Columns called `id` hold ids that Better Auth chose. */
type WithId<Document> = Document extends { _id: infer Id }
  ? Flat<Document & { id: "id" extends keyof Document ? string : Id }>
  : never;

type NoOptions = Record<never, never>;

type Flat<T> = { [Key in keyof T]: T[Key] } & {};

type OptionOf<Options, Name extends string> = Options extends {
  readonly [Key in Name]: infer Value;
}
  ? Value
  : undefined;

type RelationNames<Relations, Table> = Table extends keyof Relations
  ? keyof NonNullable<Relations[Table]> & string
  : never;

type RelationAt<Relations, Table, Name> = Table extends keyof Relations
  ? Name extends keyof NonNullable<Relations[Table]>
    ? NonNullable<Relations[Table]>[Name]
    : never
  : never;

type Target<DataModel extends GenericDataModel, Relations, Table, Name> =
  RelationAt<Relations, Table, Name> extends
    { readonly one: infer Other } | { readonly many: infer Other }
    ? Other & TableNamesInDataModel<DataModel>
    : never;

type Related<DataModel extends GenericDataModel, Relations, Table, With> = {
  [Name in WantedNames<With>]: RelationAt<Relations, Table, Name> extends { readonly one: unknown }
    ? Found<DataModel, Relations, Target<DataModel, Relations, Table, Name>, With[Name]> | null
    : Found<DataModel, Relations, Target<DataModel, Relations, Table, Name>, With[Name]>[];
};

type WantedNames<With> = {
  [Name in keyof With]: With[Name] extends undefined ? never : Name;
}[keyof With];

/** Distributes over documents of several shapes. */
type Selected<Document, Wanted> = Wanted extends object
  ? Document extends unknown
    ? true extends Wanted[keyof Wanted]
      ? Pick<Document, NamesWith<Wanted, true> & keyof Document>
      : Omit<Document, NamesWith<Wanted, false>>
    : never
  : Document;

type NamesWith<Wanted, Value> = {
  [Name in keyof Wanted]: Wanted[Name] extends Value ? Name : never;
}[keyof Wanted];
