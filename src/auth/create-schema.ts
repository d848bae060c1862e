// What `#create-schema` is inside Convex and in browsers: nothing can be printed there. Under Node the same
// name leads to codegen, which can (package.json, "imports").
import { KitcnError } from "../errors.js";

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
  return Promise.reject(
    new KitcnError({
      code: "NO_CREATE_SCHEMA",
      message: "A schema can only be printed by Node, where the app's files are.",
      hint: "Run `npx kitcn add auth --schema` in the app.",
    }),
  );
}
