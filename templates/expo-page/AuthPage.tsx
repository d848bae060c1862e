// The auth page: shows who is signed in, or the ways to sign in that auth.ts has. Its parts are in ./auth-page.
import { useEffect, useRef, useState } from "react";
import { ActivityIndicator } from "react-native";
import { authClient } from "./auth-client.js";
// @if email-otp
import { EmailCode } from "./auth-page/EmailCode.js";
// @end
// @if reset
import { ForgotPassword } from "./auth-page/ForgotPassword.js";
// @end
import {
  // @if organization
  forgetInvitation,
  // @end
  useReturn,
  // @if mailed-session
  type MailedLink,
  // @end
} from "./auth-page/links.js";
// @if magic-link
import { MagicLink } from "./auth-page/MagicLink.js";
// @end
// @if mailed-session
import { useMailedLink } from "./auth-page/mailed-session.js";
// @end
import { useMessage } from "./auth-page/message.js";
import { describeReturn, UNREACHABLE } from "./auth-page/messages.js";
// @if reset
import { NewPassword } from "./auth-page/NewPassword.js";
// @end
// @if passkey
import { PasskeyButton } from "./auth-page/PasskeyButton.js";
// @end
import {
  Button,
  // @if links
  LinkButton,
  // @end
  Notice,
  // @if anonymous
  Plain,
  // @end
  Problem,
  Screen,
} from "./auth-page/shared.js";
import { SignedIn } from "./auth-page/SignedIn.js";
// @if password
import { SignForm } from "./auth-page/SignForm.js";
// @end
// @if social
import { SocialButtons } from "./auth-page/SocialButtons.js";
// @end
// @if two-factor
import { TwoFactor } from "./auth-page/TwoFactor.js";
// @end
// @if verification
import { VerifyEmail } from "./auth-page/VerifyEmail.js";
// @end

/** The views for visitors, with their headings. */
const TITLES = {
  "sign-in": "Sign in",
  // @if sign-up
  "sign-up": "Create an account",
  // @end
  // @if reset
  forgot: "Reset your password",
  "new-password": "Choose a new password",
  "sign-in-again": "Sign in with your new password",
  // @end
  // @if verification
  verify: "Confirm your email",
  // @end
  // @if two-factor
  "second-step": "Second step",
  // @end
  // @if magic-link
  link: "Sign in with a link",
  // @end
  // @if email-otp
  code: "Sign in with a code",
  // @end
};

type View = keyof typeof TITLES;

/** Shows who is signed in, or sign-in and sign-up. */
export function AuthPage() {
  const { data: session, error, isPending, refetch } = authClient.useSession();
  // Wait only for the first answer: a later one must not clear what the user typed.
  const [isKnown, setIsKnown] = useState(false);
  const [
    view,
    // @if moves
    setView,
    // @end
  ] = useState<View>("sign-in");
  const { problem, notice, actions } = useMessage();
  // @if anonymous
  const isGuest = session?.user.isAnonymous === true;
  // @end
  const isSignedIn =
    // @if anonymous
    !isGuest &&
    // @end
    Boolean(session);
  // @if verification
  const [email, setEmail] = useState("");
  // @end
  // @if reset
  const [token, setToken] = useState("");
  // @end
  // @if organization
  const [invitation, setInvitation] = useState("");
  // @end
  // @if mailed-session
  const [link, setLink] = useState<MailedLink | null>(null);
  // @end
  const isUnreachable = Boolean(error) && error?.status !== 401 && !isPending;
  if (!isPending && !isKnown) setIsKnown(true);
  const said = (
    <>
      <Problem text={problem} />
      <Notice text={notice} />
    </>
  );

  useReturn((returned) => {
    if (returned.error !== null) actions.setProblem(describeReturn(returned.error));
    // @if confirmation
    else if (returned.isConfirmed) actions.setNotice("Your email is confirmed.");
    // @end
    // @if verification
    if (returned.error === "email_not_verified") setView("verify");
    // @end
    // @if reset
    if (returned.token) {
      setToken(returned.token);
      setView("new-password");
    }
    // @end
    // @if organization
    if (returned.invitation) setInvitation(returned.invitation);
    // @end
    // @if mailed-session
    if (returned.link) setLink(returned.link);
    // @end
  });
  // @if mailed-session
  useMailedLink({
    link,
    isSignedIn: isKnown && !isPending && !isUnreachable ? isSignedIn : null,
    onTaken: () => setLink(null),
    onProblem: actions.setProblem,
  });
  // @end

  // After a sign-in or sign-out, a message about an earlier link is out of date.
  const wasSignedIn = useRef<boolean | null>(null);
  useEffect(() => {
    if (!isKnown) return;
    if (wasSignedIn.current === !isSignedIn) actions.begin();
    wasSignedIn.current = isSignedIn;
  }, [isKnown, isSignedIn, actions]);
  // @if moves

  function show(next: View) {
    actions.begin();
    setView(next);
  }
  // @end
  // @if organization

  function endInvitation() {
    forgetInvitation();
    setInvitation("");
    actions.begin();
  }
  // @end
  // @if reset

  function endReset() {
    setToken("");
    show("sign-in");
  }

  // Also for users who opened the link while they were signed in.
  if (token && (view === "new-password" || view === "forgot")) {
    return (
      <Screen title={TITLES[view]}>
        {view === "forgot" && <ForgotPassword />}
        {view === "new-password" && (
          <NewPassword
            token={token}
            onDone={() => {
              setToken("");
              show("sign-in-again");
            }}
          />
        )}
        {view === "new-password" && (
          <LinkButton title="Request a new link" onPress={() => show("forgot")} />
        )}
        <LinkButton title="Back to sign in" onPress={endReset} />
      </Screen>
    );
  }
  // @end
  if (
    // @if anonymous
    !isGuest &&
    // @end
    session &&
    isKnown
  ) {
    // @if moves
    // After a sign-out, begin with the first view again.
    if (view !== "sign-in") setView("sign-in");
    // @end
    return (
      <SignedIn
        user={session.user}
        // @if organization
        invitation={invitation}
        onInvitationEnd={endInvitation}
        // @end
      >
        {said}
      </SignedIn>
    );
  }
  if (!isKnown) {
    return (
      <Screen>
        <ActivityIndicator aria-label="Loading" />
      </Screen>
    );
  }
  if (isUnreachable) {
    return (
      <Screen>
        <Problem text={UNREACHABLE} />
        <Button title="Try again" onPress={() => void refetch()} />
      </Screen>
    );
  }
  return (
    <Screen title={TITLES[view]}>
      {/* @if organization */}
      <Notice text={invitation ? "Sign in to see your invitation." : ""} />
      {/* @end */}
      {/* @if anonymous */}
      {isGuest && <Plain text="You are here as a guest. Create an account, or sign in." />}
      {/* @end */}
      {said}
      {/* @if password */}
      {view.startsWith("sign-") && (
        <SignForm
          // @if sign-up
          isNew={view === "sign-up"}
          // @end
          // @if verification
          onUnverified={(address) => {
            setEmail(address);
            show("verify");
          }}
          // @end
          // @if two-factor
          onSecondStep={() => show("second-step")}
          // @end
        />
      )}
      {/* @end */}
      {/* @if reset */}
      {view === "forgot" && <ForgotPassword />}
      {/* @end */}
      {/* @if verification */}
      {view === "verify" && <VerifyEmail email={email} />}
      {/* @end */}
      {/* @if two-factor */}
      {view === "second-step" && <TwoFactor />}
      {/* @end */}
      {/* @if magic-link */}
      {view === "link" && <MagicLink />}
      {/* @end */}
      {/* @if email-otp */}
      {view === "code" && <EmailCode />}
      {/* @end */}
      {/* @if magic-link */}
      {view.startsWith("sign-") && <Button title="Email me a link" onPress={() => show("link")} />}
      {/* @end */}
      {/* @if email-otp */}
      {view.startsWith("sign-") && <Button title="Email me a code" onPress={() => show("code")} />}
      {/* @end */}
      {/* @if passkey */}
      {view.startsWith("sign-") && <PasskeyButton />}
      {/* @end */}
      {/* @if social */}
      {view.startsWith("sign-") && <SocialButtons />}
      {/* @end */}
      {/* @if reset */}
      {view.startsWith("sign-in") && (
        <LinkButton title="Forgot your password?" onPress={() => show("forgot")} />
      )}
      {/* @end */}
      {/* @if sign-up */}
      {view.startsWith("sign-in") && (
        <LinkButton title="Create an account instead" onPress={() => show("sign-up")} />
      )}
      {view === "sign-up" && <LinkButton title="Sign in instead" onPress={() => show("sign-in")} />}
      {/* @end */}
      {/* @if views */}
      {!view.startsWith("sign-") && (
        <LinkButton title="Back to sign in" onPress={() => show("sign-in")} />
      )}
      {/* @end */}
    </Screen>
  );
}
