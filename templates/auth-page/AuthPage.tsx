"use client";

// The page at /auth: shows who is signed in, or the ways to sign in that auth.ts has. Its parts are in ./parts.
import { useEffect, useRef, useState } from "react";
import { authClient } from "./auth-client.js";
import styles from "./auth.module.css";
// @if email-otp
import { EmailCode } from "./parts/EmailCode.js";
// @end
// @if reset
import { ForgotPassword } from "./parts/ForgotPassword.js";
// @end
// @if moves
import { LinkButton } from "./parts/LinkButton.js";
// @end
// @if magic-link
import { MagicLink } from "./parts/MagicLink.js";
// @end
import { useMessage } from "./parts/message.js";
import { describeReturn, UNREACHABLE } from "./parts/messages.js";
// @if reset
import { NewPassword } from "./parts/NewPassword.js";
// @end
// @if passkey
import { PasskeyButton } from "./parts/PasskeyButton.js";
// @end
import {
  // @if organization
  invitationIn,
  // @end
  signedInTitle,
  watchAddress,
} from "./parts/places.js";
import { SignedIn } from "./parts/SignedIn.js";
// @if password
import { SignForm } from "./parts/SignForm.js";
// @end
// @if social
import { SocialButtons } from "./parts/SocialButtons.js";
// @end
import { Card, Notice, Problem } from "./parts/shared.js";
// @if two-factor
import { TwoFactor } from "./parts/TwoFactor.js";
// @end
// @if verification
import { VerifyEmail } from "./parts/VerifyEmail.js";
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
  const [hash, setHash] = useState("");
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
  if (!isPending && !isKnown) setIsKnown(true);
  const said = (
    <>
      <Problem text={problem} />
      <Notice text={notice} />
    </>
  );

  // A link or an identity provider may have sent the browser here.
  useEffect(() => {
    return watchAddress({ onHash: setHash, onMove: actions.begin }, (returned) => {
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
    });
  }, [actions]);

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
  // @if reset
  function endReset() {
    setToken("");
    show("sign-in");
  }

  // Also for users who opened the link while they were signed in.
  if (token && (view === "new-password" || view === "forgot")) {
    return (
      <Card title={TITLES[view]}>
        {view === "forgot" && <ForgotPassword />}
        {view === "new-password" && (
          <>
            <NewPassword
              token={token}
              onDone={() => {
                setToken("");
                show("sign-in-again");
              }}
            />
            <p className={styles.switch}>
              <LinkButton onClick={() => show("forgot")}>Request a new link</LinkButton>
            </p>
          </>
        )}
        <p className={styles.switch}>
          <LinkButton onClick={endReset}>Back to sign in</LinkButton>
        </p>
      </Card>
    );
  }
  // @end
  if (
    // @if anonymous
    !isGuest &&
    // @end
    session
  ) {
    // @if moves
    // After a sign-out, begin with the first view again.
    if (view !== "sign-in") setView("sign-in");
    // @end
    return (
      <Card title={signedInTitle(hash)}>
        {said}
        <SignedIn user={session.user} hash={hash} />
      </Card>
    );
  }
  if (!isKnown) {
    return (
      <Card>
        <p>
          <output>Loading…</output>
        </p>
      </Card>
    );
  }
  if (error && error.status !== 401 && !isPending) {
    return (
      <Card>
        <Problem text={UNREACHABLE} />
        <button className={styles.secondary} type="button" onClick={() => void refetch()}>
          Try again
        </button>
      </Card>
    );
  }
  return (
    <Card title={TITLES[view]}>
      {/* @if organization */}
      <Notice text={invitationIn(hash) ? "Sign in to see your invitation." : ""} />
      {/* @end */}
      {/* @if anonymous */}
      {isGuest && (
        <p className={styles.notice}>You are here as a guest. Create an account, or sign in.</p>
      )}
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
      {/* @if ways */}
      {view.startsWith("sign-") && (
        <>
          {/* @if password */}
          <p className={styles.divider}>or</p>
          {/* @end */}
          <div className={styles.form}>
            {/* @if magic-link */}
            <button className={styles.secondary} type="button" onClick={() => show("link")}>
              Email me a link
            </button>
            {/* @end */}
            {/* @if email-otp */}
            <button className={styles.secondary} type="button" onClick={() => show("code")}>
              Email me a code
            </button>
            {/* @end */}
            {/* @if passkey */}
            <PasskeyButton />
            {/* @end */}
            {/* @if social */}
            <SocialButtons />
            {/* @end */}
          </div>
        </>
      )}
      {/* @end */}
      {/* @if reset */}
      {view.startsWith("sign-in") && (
        <p className={styles.switch}>
          <LinkButton onClick={() => show("forgot")}>Forgot your password?</LinkButton>
        </p>
      )}
      {/* @end */}
      {/* @if sign-up */}
      {view.startsWith("sign-in") && (
        <p className={styles.switch}>
          No account yet? <LinkButton onClick={() => show("sign-up")}>Create one</LinkButton>
        </p>
      )}
      {view === "sign-up" && (
        <p className={styles.switch}>
          Already have an account?{" "}
          <LinkButton onClick={() => show("sign-in")}>Sign in instead</LinkButton>
        </p>
      )}
      {/* @end */}
      {/* @if views */}
      {!view.startsWith("sign-") && (
        <p className={styles.switch}>
          <LinkButton onClick={() => show("sign-in")}>Back to sign in</LinkButton>
        </p>
      )}
      {/* @end */}
    </Card>
  );
}
