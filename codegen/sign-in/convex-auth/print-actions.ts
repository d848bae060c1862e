// The text of lib/auth-actions: the hook of Convex Auth's forms, over the app's auth client. Pure; formatting is the
// caller's business.
import type { Codes, Providers } from "./providers.js";

/**
 * lib/auth-actions.
 *
 * @param input.before what signed users in; undefined where auth.ts does not say
 * @param input.isExpo for phones, which have no address bar
 */
export function printActions({
  authClient,
  before,
  isExpo,
}: {
  readonly authClient: string;
  readonly before: Providers | undefined;
  readonly isExpo: boolean;
}): string {
  // On phones, the client makes a link to the app of a path.
  const path = 'valueOf("redirectTo") || "/"';
  const { links, codes = {}, isAnonymous = false } = before ?? {};
  const mailed = [links && "link", codes.signIn && "code"].flatMap((one) => one || []);
  const ways =
    mailed.length === 0
      ? "or a social provider"
      : `a social provider, or a mailed ${mailed.join(" or ")}`;
  return `import { authClient } from ${JSON.stringify(authClient)};

type Params = FormData | Record<string, unknown>;

/** Sign-in and sign-out for forms: a password with \`flow\`, \`email\` and \`password\`, ${ways}. */
export function useAuthActions() {
  return ACTIONS;
}

const ACTIONS = { signIn, signOut };

async function signIn(provider: string, params?: Params): Promise<{ signingIn: boolean }> {
  const valueOf = (name: string) => {
    const value = params instanceof FormData ? params.get(name) : params?.[name];
    return typeof value === "string" ? value : "";
  };
  const target = () => ${isExpo ? path : `new URL(${path}, window.location.href).href`};
${isAnonymous ? GUEST : ""}${links ? printLinkSignIn(links.id) : ""}${codes.signIn ? printCodeSignIn(codes.signIn.id) : ""}  if (provider !== "password") {
    const { error } = await authClient.signIn.social({ provider, callbackURL: target() });
    if (error) throw new Error(error.message ?? error.statusText);
    return { signingIn: false };
  }
${printPasswordSteps(codes)}  const given = { email: valueOf("email"), password: valueOf("password") };
${codes.verify ? PASSWORD_WITH_CODE : PASSWORD}}

async function signOut(): Promise<void> {
  await authClient.signOut();
}
`;
}

// --- internal ---

const GUEST = `  if (provider === "anonymous") {
    const { error } = await authClient.signIn.anonymous();
    if (error) throw new Error(error.message ?? error.statusText);
    return { signingIn: true };
  }
`;

function printLinkSignIn(id: string): string {
  return `  if (provider === ${JSON.stringify(id)}) {
    const link = { email: valueOf("email"), callbackURL: target() };
    const { error } = await authClient.signIn.magicLink(link);
    if (error) throw new Error(error.message ?? error.statusText);
    return { signingIn: false };
  }
`;
}

/** Without a code, one is mailed. */
function printCodeSignIn(id: string): string {
  return `  if (provider === ${JSON.stringify(id)}) {
    const email = valueOf("email");
    const otp = valueOf("code");
    const { error } =
      otp === ""
        ? await authClient.emailOtp.sendVerificationOtp({ email, type: "sign-in" })
        : await authClient.signIn.emailOtp({ email, otp });
    if (error) throw new Error(error.message ?? error.statusText);
    return { signingIn: otp !== "" };
  }
`;
}

/** The steps of a password whose mails hold codes. */
function printPasswordSteps({ verify, reset }: Codes): string {
  return (verify ? VERIFY : "") + (reset ? RESET : "");
}

const VERIFY = `  if (valueOf("flow") === "email-verification") {
    const email = valueOf("email");
    const otp = valueOf("code");
    const { error } =
      otp === ""
        ? await authClient.emailOtp.sendVerificationOtp({ email, type: "email-verification" })
        : await authClient.emailOtp.verifyEmail({ email, otp });
    if (error) throw new Error(error.message ?? error.statusText);
    return { signingIn: otp !== "" };
  }
`;

const RESET = `  if (valueOf("flow") === "reset") {
    const { error } = await authClient.emailOtp.requestPasswordReset({ email: valueOf("email") });
    if (error) throw new Error(error.message ?? error.statusText);
    return { signingIn: false };
  }
  if (valueOf("flow") === "reset-verification") {
    const [email, password] = [valueOf("email"), valueOf("newPassword")];
    const reset = await authClient.emailOtp.resetPassword({ email, otp: valueOf("code"), password });
    if (reset.error) throw new Error(reset.error.message ?? reset.error.statusText);
    const { error } = await authClient.signIn.email({ email, password });
    if (error) throw new Error(error.message ?? error.statusText);
    return { signingIn: true };
  }
`;

const PASSWORD = `  const { error } =
    valueOf("flow") === "signUp"
      ? await authClient.signUp.email({ ...given, name: valueOf("name") || given.email })
      : await authClient.signIn.email(given);
  if (error) throw new Error(error.message ?? error.statusText);
  return { signingIn: true };
`;

/** Somebody whose address is not confirmed gets a code, and no session yet. */
const PASSWORD_WITH_CODE = `  const { data, error } =
    valueOf("flow") === "signUp"
      ? await authClient.signUp.email({ ...given, name: valueOf("name") || given.email })
      : await authClient.signIn.email(given);
  if (error?.code === "EMAIL_NOT_VERIFIED") return { signingIn: false };
  if (error) throw new Error(error.message ?? error.statusText);
  return { signingIn: data.token !== null };
`;
