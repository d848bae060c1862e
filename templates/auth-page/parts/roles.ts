// The roles of members of an organization, as auth.ts has them.

/** The roles that members are invited with. */
export const ROLES: string[] = [];

/** The role of an organization's creator, which only those can give who have it. */
export const CREATOR_ROLE = "owner";

/** Whether a member with these roles, separated by commas, is one of the owners. */
export function isOwner(roles: string | undefined): boolean {
  return rolesIn(roles ?? "").includes(CREATOR_ROLE);
}

export function rolesIn(roles: string): string[] {
  return roles.split(",").map((role) => role.trim());
}
