// Rows of Better Auth's `verification` model that are kitcn's own: what has to outlive a request, by a name that nobody
// can guess. Must not import better-auth.
import type { AdapterStores } from "../../adapter/adapter.js";
import { hexOf } from "../../bytes.js";
import type { AuthModel, AuthTables } from "../../metadata.js";
import { keyFromSecret } from "../../request/seal.js";

export type VerificationRows = {
  readonly find: (identifier: string) => Promise<VerificationRow | undefined>;
  /** Creates the row of this identifier, or changes it. */
  readonly put: (row: VerificationRow) => Promise<void>;
};

export type VerificationRow = {
  readonly identifier: string;
  readonly value: string;
  /** In ms since the epoch. */
  readonly expiresAt: number;
};

/** The rows of these stores; undefined where the app has no such table. */
export function verificationRows(
  tables: AuthTables,
  stores: AdapterStores,
): VerificationRows | undefined {
  const model = tables[MODEL];
  if (!model) return undefined;
  const store = stores[model.placement];
  const columns = columnsOf(model);
  const load = (identifier: string) =>
    store.findOne({
      model: MODEL,
      where: [{ column: columns.identifier, operator: "eq", value: identifier }],
    });
  return {
    find: async (identifier) => {
      const row = await load(identifier);
      if (!row) return undefined;
      const { value, expiresAt } = columns;
      return { identifier, value: String(row[value]), expiresAt: Number(row[expiresAt]) };
    },
    put: async ({ identifier, value, expiresAt }) => {
      const now = Date.now();
      const data = {
        [columns.value]: value,
        [columns.expiresAt]: expiresAt,
        ...(columns.updatedAt && { [columns.updatedAt]: now }),
      };
      const row = await load(identifier);
      if (row) {
        const where = [{ column: "id", operator: "eq", value: row.id } as const];
        await store.update({ model: MODEL, where, data });
        return;
      }
      await store.create({
        model: MODEL,
        data: {
          ...data,
          [columns.identifier]: identifier,
          ...(columns.createdAt && { [columns.createdAt]: now }),
        },
      });
    },
  };
}

/** An identifier that only the secret leads to, so that no code sent to a user, and no token they send, is ever equal. */
export async function secretName({
  prefix,
  purpose,
  text,
  secret,
}: {
  readonly prefix: string;
  readonly purpose: string;
  readonly text: string;
  readonly secret: string;
}): Promise<string> {
  const digest = await keyFromSecret(secret, `${purpose}\0${text}`);
  return prefix + hexOf(digest);
}

// --- internal ---

const MODEL = "verification";

function columnsOf({ fields }: AuthModel) {
  const columnOf = (field: string) => fields[field]?.column;
  return {
    identifier: columnOf("identifier") ?? "identifier",
    value: columnOf("value") ?? "value",
    expiresAt: columnOf("expiresAt") ?? "expiresAt",
    createdAt: columnOf("createdAt"),
    updatedAt: columnOf("updatedAt"),
  };
}
