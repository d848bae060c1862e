// Lists the files of the auth pages, of those for browsers and of those for React Native, and the feature that each one
// needs. Data only; prints no text.
import type { Feature, Features } from "./features.js";

export type PageFile = {
  /** Relative to the folder of the pages, with the extension of a TypeScript file. */
  readonly path: string;
  /** Relative to the folder templates. */
  readonly template: string;
  /** The feature that needs it. Default: every app has it. */
  readonly when?: Feature;
  /** True if any part may import it. */
  readonly isShared?: true;
  /** The file that shows it, and what to print if kitcn does not edit that file. */
  readonly shown?: Shown;
};

type Shown = {
  readonly in: string;
  /** The feature with which that file shows it, if other parts may show it, too. */
  readonly when?: Feature;
  /** JSX that shows the part. */
  readonly line: string;
  /** Lines in its place for a page whose form calls back before the part is needed. */
  readonly afterForm?: readonly string[];
};

/** The pages of one kind of front end. */
export type PageSet = {
  /** Below templates: what is only there, such as the pages that an earlier kitcn wrote. */
  readonly folder: "auth-page" | "expo-page";
  /** Every file; pages come after the parts that they import. */
  readonly files: readonly PageFile[];
  /** The files that show parts. */
  readonly showing: readonly string[];
  readonly socialButtons: string;
};

export const AUTH_PAGE = "AuthPage.tsx";
export const SIGN_FORM = "SignForm";

const ACCOUNT = "parts/Account.tsx";
const SIGNED_IN = "parts/SignedIn.tsx";
const NATIVE_SIGNED_IN = "auth-page/SignedIn.tsx";
const ORGANIZATION_PARTS = [
  "InvitationAnswer",
  "Invitations",
  "MemberRole",
  "Members",
  "MyInvitations",
  "Organizations",
];

/** What the form reports, and the part that follows it. */
const SECOND_STEP: PartOptions = {
  afterForm: [
    "const [isSecondStep, setIsSecondStep] = useState(false);",
    `<${SIGN_FORM} onSecondStep={() => setIsSecondStep(true)} />`,
    "{isSecondStep && <TwoFactor />}",
  ],
};
const UNVERIFIED: PartOptions = {
  when: "verification",
  props: "email={unverified}",
  afterForm: [
    'const [unverified, setUnverified] = useState("");',
    `<${SIGN_FORM} onUnverified={setUnverified} />`,
    "{unverified && <VerifyEmail email={unverified} />}",
  ],
};

/** With HTML: Next, Vite and TanStack Start. */
export const WEB_PAGES: PageSet = {
  folder: "auth-page",
  files: [
    shared("auth.module.css"),
    shared("parts/limits.ts"),
    shared("parts/message.ts"),
    shared("parts/messages.ts"),
    shared("parts/places.ts"),
    shared("parts/shared.tsx"),
    { ...shared("parts/LinkButton.tsx"), when: "moves" },
    shared("parts/loaded.ts"),
    shared("parts/Section.tsx"),
    shared("parts/accounts.ts"),
    file("parts/Session.tsx"),
    file("parts/Profile.tsx"),
    file("parts/Sessions.tsx"),
    { ...file("parts/ChangePassword.tsx"), when: "password" },
    part("ChangeEmail", "change-email", { in: ACCOUNT }),
    { ...shared("parts/QrCode.tsx"), when: "qr-code" },
    part("TwoFactorSettings", "two-factor", { in: ACCOUNT }),
    part("Passkeys", "passkey", { in: ACCOUNT }),
    part("LinkedAccounts", "social", { in: ACCOUNT }),
    part("DeleteAccount", "delete-user", { in: ACCOUNT }),
    file(ACCOUNT),
    { ...shared("parts/roles.ts"), when: "organization" },
    { ...shared("parts/slug.ts"), when: "organization-create" },
    // Another part of organizations shows each of these, and cannot do without it.
    ...ORGANIZATION_PARTS.map((name): PageFile => ({
      ...shared(`parts/${name}.tsx`),
      when: "organization",
    })),
    { ...part("VerifyEmail", "verify-email", UNVERIFIED), isShared: true },
    part("Organization", "organization", { in: SIGNED_IN }),
    part("Invitation", "organization", {
      in: SIGNED_IN,
      props: "key={invitation} id={invitation}",
    }),
    file(SIGNED_IN),
    { ...file(`parts/${SIGN_FORM}.tsx`), when: "password" },
    part("ForgotPassword", "reset"),
    part("NewPassword", "reset", { props: "token={token} onDone={onDone}" }),
    part("TwoFactor", "two-factor", SECOND_STEP),
    part("MagicLink", "magic-link"),
    part("EmailCode", "email-otp"),
    part("PasskeyButton", "passkey"),
    part("SocialButtons", "social"),
    file(AUTH_PAGE),
  ],
  showing: [AUTH_PAGE, SIGNED_IN, ACCOUNT],
  socialButtons: "parts/SocialButtons.tsx",
};

/** With React Native's components: Expo, for phones and browsers. */
export const EXPO_PAGES: PageSet = {
  folder: "expo-page",
  files: [
    sharedWithWeb("limits.ts"),
    sharedWithWeb("message.ts"),
    sharedWithWeb("messages.ts"),
    sharedNative("shared.tsx"),
    { ...sharedWithWeb("loaded.ts"), when: "sections" },
    { ...sharedNative("Section.tsx"), when: "sections" },
    { ...sharedWithWeb("accounts.ts"), when: "two-factor" },
    { ...sharedNative("link-secrets.ts"), when: "mailed-link" },
    sharedNative("links.ts"),
    { ...sharedNative("mailed-session.ts"), when: "mailed-link" },
    native("Session.tsx"),
    nativePart("ChangeEmail", "change-email", { in: NATIVE_SIGNED_IN }),
    nativePart("TwoFactorSettings", "two-factor", { in: NATIVE_SIGNED_IN }),
    nativePart("Passkeys", "passkey", { in: NATIVE_SIGNED_IN }),
    nativePart("DeleteAccount", "delete-user-here", { in: NATIVE_SIGNED_IN }),
    { ...sharedWithWeb("roles.ts"), when: "organization" },
    { ...sharedWithWeb("slug.ts"), when: "organization-create" },
    ...ORGANIZATION_PARTS.map((name): PageFile => ({
      ...sharedNative(`${name}.tsx`),
      when: "organization",
    })),
    { ...nativePart("VerifyEmail", "verify-email", UNVERIFIED), isShared: true },
    nativePart("Organization", "organization", { in: NATIVE_SIGNED_IN }),
    nativePart("Invitation", "organization", {
      in: NATIVE_SIGNED_IN,
      props: "key={invitation} id={invitation} onDone={showOrganizations}",
    }),
    native("SignedIn.tsx"),
    { ...native(`${SIGN_FORM}.tsx`), when: "password" },
    nativePart("ForgotPassword", "reset"),
    nativePart("NewPassword", "reset", { props: "token={token} onDone={onDone}" }),
    nativePart("TwoFactor", "two-factor", SECOND_STEP),
    nativePart("MagicLink", "magic-link"),
    nativePart("EmailCode", "email-otp"),
    nativePart("PasskeyButton", "passkey"),
    nativePart("SocialButtons", "social"),
    { path: AUTH_PAGE, template: `expo-page/${AUTH_PAGE}` },
  ],
  showing: [AUTH_PAGE, NATIVE_SIGNED_IN],
  socialButtons: "auth-page/SocialButtons.tsx",
};

/** The files that an app with these features has. */
export function filesFor(features: Features, pages: PageSet = WEB_PAGES): readonly PageFile[] {
  return pages.files.filter(({ when }) => when === undefined || features.has(when));
}

// --- internal ---

function file(path: string): PageFile {
  return { path, template: `auth-page/${path}` };
}

function shared(path: string): PageFile {
  return { ...file(path), isShared: true };
}

function part(name: string, when: Feature, options: PartOptions = {}): PageFile {
  return { ...file(`parts/${name}.tsx`), when, shown: shownAs(name, options) };
}

/** In the folder beside the page: an app's components may have usual names such as `parts`. */
function native(name: string): PageFile {
  return { path: `auth-page/${name}`, template: `expo-page/auth-page/${name}` };
}

function sharedNative(name: string): PageFile {
  return { ...native(name), isShared: true };
}

/** The same text as in browsers. */
function sharedWithWeb(name: string): PageFile {
  return { ...sharedNative(name), template: `auth-page/parts/${name}` };
}

function nativePart(name: string, when: Feature, options: PartOptions = {}): PageFile {
  return { ...native(`${name}.tsx`), when, shown: shownAs(name, options) };
}

type PartOptions = Omit<Partial<Shown>, "line"> & { readonly props?: string };

function shownAs(name: string, { props = "", ...shown }: PartOptions): Shown {
  return { in: AUTH_PAGE, ...shown, line: `<${[name, props].filter(Boolean).join(" ")} />` };
}
