// What roles a user has, as the tables say it: their own, or those of a member. Behind requireRole and
// requireOrganization, which cannot know where the tables are. Must not import better-auth.
import type { AuthTables } from "../../metadata.js";
import type { Row, Store } from "../../store/store.js";
import type { SessionKey, SessionRow } from "./session-functions.js";

/** Whose roles: those of the user, or as a member of an organization. */
export type StandingQuestion = SessionKey & {
  readonly of: "user" | "member";
  readonly organizationId?: string;
};

/** The roles and the row that has them; null where the user is not a member. "no roles" where no table has any. */
export type StandingAnswer =
  { readonly roles: readonly string[]; readonly row: SessionRow | null } | "no roles";

/** Reads one row. */
export async function loadStanding(
  { tables, store }: { readonly tables: AuthTables; readonly store: Store },
  { userId, of, organizationId = "" }: Omit<StandingQuestion, "sessionId">,
): Promise<StandingAnswer> {
  const column = (name: string) => tables[of]?.fields[name]?.column;
  const role = column("role");
  if (role === undefined) return "no roles";
  const answer = async (values: Readonly<Record<string, string>>) => {
    const row = await findRow(store, of, values);
    return { roles: rolesIn(row, role), row };
  };
  if (of === "user") return answer({ id: userId });
  const [user, organization] = [column("userId"), column("organizationId")];
  if (user === undefined || organization === undefined) return "no roles";
  return answer({ [organization]: organizationId, [user]: userId });
}

// --- internal ---

function findRow(store: Store, model: string, values: Readonly<Record<string, string>>) {
  const where = Object.entries(values).map(([column, value]) => ({ column, value }));
  return store.findOne({ model, where, system: true });
}

/** Better Auth keeps several roles in one text. */
function rolesIn(row: Row | null, column: string): string[] {
  const value = row?.[column];
  if (typeof value !== "string") return [];
  return value
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
}
