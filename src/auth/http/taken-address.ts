// Makes the answer to a sign-up with a taken address look like any other, where Better Auth hides that it is taken: it
// makes up a user whose id is no id of Convex's. Must leave nothing behind, and call nobody's triggers.
import type { BetterAuthPlugin } from "better-auth";
import { createAuthMiddleware, isAPIError } from "better-auth/api";
import type { Value } from "convex/values";
import type { AdapterStores } from "../../adapter/adapter.js";
import { SIGN_UP_PATH } from "../../better-auth/paths.js";
import type { AuthModel, AuthTables, FieldType } from "../../metadata.js";
import type { Row, RowData } from "../../store/store.js";
import type { AuthOptions } from "../types.js";

export type TakenAddressInput = {
  readonly options: AuthOptions;
  readonly tables: AuthTables;
  /** Of a mutation, without triggers. */
  readonly stores: AdapterStores;
};

/**
 * The plugin; undefined where ids are not Convex's, so that Better Auth's made-up one comes from the same generator as
 * the real ones.
 */
export function takenAddress({ options, tables, stores }: TakenAddressInput) {
  const model = tables[USER];
  const { generateId } = options.advanced?.database ?? {};
  if (!model || model.forcedId || typeof generateId === "function" || generateId === "uuid")
    return undefined;
  const store = stores[model.placement];
  let madeUpId: string | undefined;
  return {
    id: "kitcn-taken-address",
    hooks: {
      before: [
        {
          matcher: ({ path }) => path === SIGN_UP_PATH,
          handler: createAuthMiddleware(async ({ context }) => {
            const generate: typeof context.generateId = (input) => {
              if (input.model !== USER) return context.generateId(input);
              madeUpId = context.generateId(input) || crypto.randomUUID();
              return madeUpId;
            };
            return { context: { context: { generateId: generate } } };
          }),
        },
      ],
      after: [
        {
          matcher: ({ path }) => path === SIGN_UP_PATH,
          handler: createAuthMiddleware(async ({ context, body, json }) => {
            const answer: unknown = context.returned;
            if (madeUpId === undefined || isAPIError(answer) || !isAnswer(answer)) return;
            if (answer.user.id !== madeUpId) return;
            const { email } = body as { email: string }; // checked by the endpoint, which has answered
            const where = [
              { column: model.fields.email?.column ?? "email", value: email.toLowerCase() },
            ];
            const some = { model: USER, where: [], limit: 1 };
            const like =
              (await store.findOne({ model: USER, where })) ?? (await store.findMany(some))[0];
            // Of no user at all, nobody has seen an id to compare with.
            if (!like) return;
            const { id } = await store.create({ model: USER, data: copyOf(like, model) });
            await store.delete({ model: USER, where: [{ column: "id", value: id }] });
            return json({ ...answer, user: { ...answer.user, id } });
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin;
}

// --- internal ---

const USER = "user";

type Answer = { readonly user: { readonly id: unknown } };

function isAnswer(answer: unknown): answer is Answer {
  const user: unknown =
    typeof answer === "object" && answer !== null && Reflect.get(answer, "user");
  return typeof user === "object" && user !== null && "id" in user;
}

/** What a new row of the table may look like: it exists for a moment inside of the transaction. */
function copyOf({ id: _id, ...columns }: Row, { fields, uniques = [] }: AuthModel): RowData {
  const compound = new Set(uniques.flat());
  const unique = Object.values(fields).filter(
    (field) => field.unique || compound.has(field.column),
  );
  return {
    ...columns,
    ...Object.fromEntries(
      unique.map(({ column, required, type }) => [column, required ? madeUp(type) : undefined]),
    ),
  };
}

/** A value that no row has. A boolean, or a column of a few known texts, has no such value. */
function madeUp(type: FieldType): Value | undefined {
  switch (type) {
    case "string":
    case "json":
      return crypto.randomUUID();
    case "number":
    case "date":
      return -Math.random();
    case "string[]":
      return [crypto.randomUUID()];
    case "number[]":
      return [-Math.random()];
    case "boolean":
    default:
      return undefined;
  }
}
