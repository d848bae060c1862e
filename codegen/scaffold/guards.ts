// Decides which procedures lib/crpc.ts has besides those for signed-in users: for members of an organization, and for
// administrators. Reads the options of auth.ts only. Pure; prints no text.

import { pluginOf, valueAt } from "../load/options.js";

/** What lib/crpc.ts may demand of a caller. */
export type Guards = {
  /** Membership of the active organization. */
  readonly hasOrganization: boolean;
  /** The roles of administrators; empty without the admin plugin. */
  readonly adminRoles: readonly string[];
};

/** The id of a plugin that has procedures; their names begin with it. */
export type GuardName = "organization" | "admin";

export const NO_GUARDS: Guards = { hasOrganization: false, adminRoles: [] };

/**
 * What the plugins of an app let its procedures demand.
 *
 * @example
 * guardsOf({ plugins: [{ id: "admin" }] }); // { hasOrganization: false, adminRoles: ["admin"] }
 */
export function guardsOf(options: object): Guards {
  const admin = pluginOf(options, "admin");
  return {
    hasOrganization: pluginOf(options, "organization") !== undefined,
    adminRoles: admin === undefined ? [] : adminRolesOf(admin),
  };
}

/**
 * The plugins whose procedures are in lib/crpc.ts before, and not after.
 *
 * @example
 * lostGuards({ hasOrganization: true, adminRoles: ["admin"] }, NO_GUARDS); // ["organization", "admin"]
 */
export function lostGuards(before: Guards, after: Guards): GuardName[] {
  const lostAdmin = before.adminRoles.length > 0 && after.adminRoles.length === 0;
  return [
    ...(before.hasOrganization && !after.hasOrganization ? (["organization"] as const) : []),
    ...(lostAdmin ? (["admin"] as const) : []),
  ];
}

/** What `after` demands, and of `before` what the app still uses. */
export function withGuards(after: Guards, before: Guards, used: readonly GuardName[]): Guards {
  return {
    hasOrganization: after.hasOrganization || used.includes("organization"),
    adminRoles: used.includes("admin") ? before.adminRoles : after.adminRoles,
  };
}

// --- internal ---

function adminRolesOf(admin: unknown): readonly string[] {
  const roles = valueAt(valueAt(admin, "options"), "adminRoles");
  // One text may name several, as the column of a user does.
  const named = [roles]
    .flat()
    .filter((one) => typeof one === "string")
    .flatMap((one) => one.split(",").map((name) => name.trim()))
    .filter((name) => name !== "");
  return named.length > 0 ? named : ["admin"]; // Better Auth's own
}
