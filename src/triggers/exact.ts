// Makes a type error of what triggers name and the app does not have: a table, or a column they return. TypeScript
// itself takes any further property of an object that a function returns. Types only.

/** The columns that triggers of each table may return. */
export type ColumnsByTable = { readonly [table: string]: PropertyKey };

/**
 * What given triggers must be on top of their own type: the same where all is well, else a sentence in the place
 * of the trigger or the table.
 */
export type ExactTriggers<Given, Columns> = {
  readonly [Table in keyof Given]: Table extends keyof Columns
    ? ExactTable<Given[Table], Columns[Table], Table>
    : `'${Table & string}' is not a table that these triggers can run for`;
};

// --- internal ---

type ExactTable<Given, Column, Table> = {
  readonly [Operation in keyof Given]: Given[Operation] extends { readonly before: infer Before }
    ? [UnknownColumn<Before, Column>] extends [never]
      ? unknown
      : {
          readonly before: `Table '${Table & string}' has no column '${UnknownColumn<Before, Column> & string}': declare it in additionalFields`;
        }
    : unknown;
};

type UnknownColumn<Before, Column> = Before extends (...args: never) => infer Verdict
  ? ColumnOutside<Awaited<Verdict>, Column>
  : never;

/** Distributes over verdicts. Data of any keys says nothing about them. */
type ColumnOutside<Verdict, Column> = Verdict extends { readonly data: infer Data }
  ? string extends keyof Data
    ? never
    : Exclude<keyof Data, Column>
  : never;
