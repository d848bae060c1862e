// What roles a user has, as the tables say it: their own, or those of a member. Behind requireRole and
// requireOrganization, which cannot know where the tables are. Must not import better-auth.
import type { AuthTables } from "../../metadata.js";
import type { Row, Store } from "../../store/store.js";
import type { SessionKey } from "./session-functions.js";

/** Whose roles: those of the user, or as a member of an organization. */
export type StandingQuestion = SessionKey & {
  readonly of: "user" | "member";
  readonly organizationId?: string;
};

/** The roles; `memberId` is missing where the user is no member. "no roles" where no table has any. */
export type StandingAnswer =
  { readonly roles: readonly string[]; readonly memberId?: string } | "no roles";

/** Reads one row. */
export async function loadStanding(
  { tables, store }: { readonly tables: AuthTables; readonly store: Store },
  { userId, of, organizationId = "" }: Omit<StandingQuestion, "sessionId">,
): Promise<StandingAnswer> {
  const column = (name: string) => tables[of]?.fields[name]?.column;
  const role = column("role");
  if (role === undefined) return "no roles";
  if (of === "user") return { roles: rolesIn(await findRow(store, of, { id: userId }), role) };
  const [user, organization] = [column("userId"), column("organizationId")];
  if (user === undefined || organization === undefined) return "no roles";
  const member = await findRow(store, of, { [organization]: organizationId, [user]: userId });
  return { roles: rolesIn(member, role), ...(member && { memberId: member.id }) };
}

// --- internal ---

function findRow(store: Store, model: string, values: Readonly<Record<string, string>>) {
  const where = Object.entries(values).map(([column, value]) => ({ column, value }));
  return store.findOne({ model, where });
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
