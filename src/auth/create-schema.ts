// What `#create-schema` is inside Convex and in browsers: nothing can be printed there. Under Node the same
// name leads to codegen, which can (package.json, "imports").
import { noCreateSchema } from "../errors/create-schema.js";

/** As Better Auth's `createSchema` hook asks. */
export type CreateSchemaInput = {
  /** Where the user wants the schema. Default: schema.ts of the functions directory. */
  readonly file?: string | undefined;
  /** Better Auth's table metadata. Default: that of the app's auth.ts. */
  readonly tables?: unknown;
};

export type CreatedSchema = {
  readonly code: string;
  /** Relative to the current folder. */
  readonly path: string;
  readonly overwrite: true;
};

/** @throws KitcnError `NO_CREATE_SCHEMA` */
export function createSchema(_input: CreateSchemaInput): Promise<CreatedSchema> {
  return Promise.reject(noCreateSchema());
}
