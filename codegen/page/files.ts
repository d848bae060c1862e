// The files of the auth pages, as data: which there are, and which features bring them. Makes no text.
import type { Feature, Features } from "./features.js";

export type PageFile = {
  /** Below the folder of the pages and below templates/auth-page, with the ending of a TypeScript file. */
  readonly path: string;
  /** The feature that brings it. Default: it is always there. */
  readonly when?: Feature;
  /** The line of JSX that shows it, for the author of a page that kitcn does not edit. */
  readonly shown?: string;
};

export const AUTH_PAGE = "AuthPage.tsx";
export const STYLES = "auth.module.css";
export const SOCIAL_BUTTONS = "parts/SocialButtons.tsx";

/** Every file, pages after what they are made of. */
export const PAGE_FILES: readonly PageFile[] = [
  { path: STYLES },
  { path: "parts/messages.ts" },
  { path: "parts/places.ts" },
  { path: "parts/shared.tsx" },
  { path: "parts/LinkButton.tsx", when: "moves" },
  { path: "parts/Session.tsx" },
  { path: "parts/SignForm.tsx", when: "password" },
  part("ForgotPassword", "reset"),
  part("NewPassword", "reset", "token={token} onDone={onDone}"),
  part("VerifyEmail", "verification", "email={email}"),
  part("TwoFactor", "two-factor"),
  part("MagicLink", "magic-link"),
  part("EmailCode", "email-otp"),
  part("PasskeyButton", "passkey"),
  part("SocialButtons", "social"),
  { path: AUTH_PAGE },
];

/** The files that an app with these features has. */
export function filesFor(features: Features): readonly PageFile[] {
  return PAGE_FILES.filter(({ when }) => when === undefined || features.has(when));
}

// --- internal ---

function part(name: string, when: Feature, props = ""): PageFile {
  const shown = `<${[name, props].filter(Boolean).join(" ")} />`;
  return { path: `parts/${name}.tsx`, when, shown };
}
