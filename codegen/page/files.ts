// Lists the files of the auth pages, and the feature that each one needs. Data only; prints no text.
import type { Feature, Features } from "./features.js";

export type PageFile = {
  /** Relative to the folder of the pages and to templates/auth-page, with the extension of a TypeScript file. */
  readonly path: string;
  /** The feature that needs it. Default: every app has it. */
  readonly when?: Feature;
  /** True if any part may import it. */
  readonly isShared?: true;
  /** The file that shows it, and the line of JSX to print if kitcn does not edit that file. */
  readonly shown?: { readonly in: string; readonly line: string };
};

export const AUTH_PAGE = "AuthPage.tsx";
export const ACCOUNT = "parts/Account.tsx";
export const STYLES = "auth.module.css";
export const SOCIAL_BUTTONS = "parts/SocialButtons.tsx";

/** Every file; pages come after the parts that they import. */
export const PAGE_FILES: readonly PageFile[] = [
  { path: STYLES, isShared: true },
  { path: "parts/messages.ts", isShared: true },
  { path: "parts/places.ts", isShared: true },
  { path: "parts/shared.tsx", isShared: true },
  { path: "parts/LinkButton.tsx", when: "moves", isShared: true },
  { path: "parts/Section.tsx", isShared: true },
  { path: "parts/accounts.ts", isShared: true },
  { path: "parts/Session.tsx" },
  { path: "parts/Profile.tsx" },
  { path: "parts/Sessions.tsx" },
  { path: "parts/ChangePassword.tsx", when: "password" },
  part("ChangeEmail", "change-email", { in: ACCOUNT }),
  part("TwoFactorSettings", "two-factor", { in: ACCOUNT }),
  part("Passkeys", "passkey", { in: ACCOUNT }),
  part("LinkedAccounts", "social", { in: ACCOUNT }),
  part("DeleteAccount", "delete-user", { in: ACCOUNT }),
  { path: ACCOUNT },
  { path: "parts/roles.ts", when: "organization", isShared: true },
  ...[
    "InvitationAnswer",
    "Invitations",
    "MemberRole",
    "Members",
    "MyInvitations",
    "Organizations",
  ].map(ofOrganization),
  part("Organization", "organization"),
  part("Invitation", "organization", { props: "key={invitation} id={invitation}" }),
  { path: "parts/SignForm.tsx", when: "password" },
  part("ForgotPassword", "reset"),
  part("NewPassword", "reset", { props: "token={token} onDone={onDone}" }),
  part("VerifyEmail", "verification", { props: "email={email}" }),
  part("TwoFactor", "two-factor"),
  part("MagicLink", "magic-link"),
  part("EmailCode", "email-otp"),
  part("PasskeyButton", "passkey"),
  part("SocialButtons", "social"),
  { path: AUTH_PAGE },
];

/** The files that show parts. */
export const SHOWING: readonly string[] = [AUTH_PAGE, ACCOUNT];

/** The files that an app with these features has. */
export function filesFor(features: Features): readonly PageFile[] {
  return PAGE_FILES.filter(({ when }) => when === undefined || features.has(when));
}

// --- internal ---

/** Shown by another part of organizations, which cannot do without it. */
function ofOrganization(name: string): PageFile {
  return { path: `parts/${name}.tsx`, when: "organization", isShared: true };
}

function part(
  name: string,
  when: Feature,
  { in: page = AUTH_PAGE, props = "" }: { in?: string; props?: string } = {},
): PageFile {
  const line = `<${[name, props].filter(Boolean).join(" ")} />`;
  return { path: `parts/${name}.tsx`, when, shown: { in: page, line } };
}
