// What requireUser, requireRole and requireOrganization refuse. Apps show these sentences to their users.
// Must import nothing but the error class.
import { errorOf } from "./error.js";

export const notSignedIn = errorOf("NOT_SIGNED_IN", "Nobody is signed in.", "Sign in first.");

export const roleRequired = errorOf(
  "ROLE_REQUIRED",
  "This needs the role <role>.",
  "Ask an administrator for it.",
);

export const noActiveOrganization = errorOf(
  "NO_ACTIVE_ORGANIZATION",
  "No organization is active.",
  "Choose one first: authClient.organization.setActive({ organizationId }).",
);

/** The same for an organization that does not exist: nobody learns which ones do. */
export const notAMember = errorOf(
  "NOT_A_MEMBER",
  "You are not a member of this organization.",
  "Ask one of its members for an invitation.",
);

export const noRoles = errorOf(
  "NO_ROLES",
  "No auth table has these roles.",
  "requireRole needs admin(), requireOrganization needs organization(). Add the one that is missing: `npx kitcn add plugin admin --yes` or `npx kitcn add plugin organization --yes`.",
);
