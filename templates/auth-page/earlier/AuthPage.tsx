"use client";

import { useEffect, useId, useRef, useState, type FormEvent, type ReactNode } from "react";
import { authClient } from "../auth-client.js";
import styles from "./auth.module.css";

// The social providers configured in auth.ts.
const PROVIDERS: { id: string; name: string }[] = [];

/** Sign-up, sign-in, and who is signed in. */
export function AuthPage() {
  const { data: session, error, isPending, refetch } = authClient.useSession();
  // Only the first answer is waited for: later ones must not take away what was typed.
  const [isKnown, setIsKnown] = useState(false);
  if (!isPending && !isKnown) setIsKnown(true);

  if (session)
    return (
      <Card>
        <SessionView name={session.user.name} email={session.user.email} />
      </Card>
    );
  if (!isKnown)
    return (
      <Card>
        <p role="status">Loading…</p>
      </Card>
    );
  if (error && error.status !== 401 && !isPending) {
    return (
      <Card>
        <p role="alert" className={styles.error}>
          {UNREACHABLE}
        </p>
        <button className={styles.secondary} type="button" onClick={() => void refetch()}>
          Try again
        </button>
      </Card>
    );
  }
  return (
    <Card>
      <SignForm />
    </Card>
  );
}

function Card({ children }: { children: ReactNode }) {
  return (
    <main className={styles.page}>
      <section className={styles.card}>{children}</section>
    </main>
  );
}

function SignForm() {
  const id = useId();
  const alert = useRef<HTMLParagraphElement>(null);
  const [isNew, setIsNew] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const [notice, setNotice] = useState("");

  useEffect(() => {
    if (problem) alert.current?.focus();
  }, [problem]);

  // An identity provider that refused sends the browser back with an error.
  useEffect(() => {
    if (new URLSearchParams(window.location.search).has("error")) {
      setProblem("Signing in there did not work. Try again, or choose another way.");
    }
  }, []);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isBusy) return;
    const fields = new FormData(event.currentTarget);
    const text = (name: string) => String(fields.get(name) ?? "");
    const credentials = { email: text("email").trim(), password: text("password") };
    setIsBusy(true);
    setProblem("");
    setNotice("");
    try {
      const { data, error } = isNew
        ? await authClient.signUp.email({ ...credentials, name: text("name").trim() })
        : await authClient.signIn.email(credentials);
      if (error) setProblem(describe(error));
      else if ("twoFactorRedirect" in data) setNotice("This account asks for a second factor.");
      else if (!data.token)
        setNotice("Check your inbox: we sent you a link to confirm your email.");
      else leave();
    } catch {
      setProblem(UNREACHABLE);
    } finally {
      setIsBusy(false);
    }
  }

  const field = {
    className: styles.input,
    required: true,
    "aria-invalid": problem !== "",
    "aria-describedby": problem ? id + "-problem" : undefined,
    onChange: () => setProblem(""),
  };
  return (
    <>
      <h1 className={styles.title}>{isNew ? "Create an account" : "Sign in"}</h1>
      <form className={styles.form} onSubmit={(event) => void submit(event)} aria-busy={isBusy}>
        {isNew && (
          <div className={styles.field}>
            <label htmlFor={id + "-name"}>Name</label>
            <input {...field} id={id + "-name"} name="name" type="text" autoComplete="name" />
          </div>
        )}
        <div className={styles.field}>
          <label htmlFor={id + "-email"}>Email</label>
          <input {...field} id={id + "-email"} name="email" type="email" autoComplete="email" />
        </div>
        <div className={styles.field}>
          <label htmlFor={id + "-password"}>Password</label>
          <input
            {...field}
            id={id + "-password"}
            name="password"
            type="password"
            autoComplete={isNew ? "new-password" : "current-password"}
            minLength={isNew ? 8 : undefined}
          />
        </div>
        {problem && (
          <p ref={alert} tabIndex={-1} role="alert" id={id + "-problem"} className={styles.error}>
            {problem}
          </p>
        )}
        {notice && (
          <p role="status" className={styles.notice}>
            {notice}
          </p>
        )}
        <button className={styles.primary} type="submit" disabled={isBusy} aria-busy={isBusy}>
          {isBusy ? "One moment…" : isNew ? "Create account" : "Sign in"}
        </button>
      </form>
      <SocialButtons isBusy={isBusy} setIsBusy={setIsBusy} setProblem={setProblem} />
      <p className={styles.switch}>
        {isNew ? "You have an account?" : "No account yet?"}{" "}
        <button
          className={styles.link}
          type="button"
          disabled={isBusy}
          onClick={() => {
            setIsNew(!isNew);
            setProblem("");
            setNotice("");
          }}
        >
          {isNew ? "Sign in instead" : "Create one"}
        </button>
      </p>
    </>
  );
}

function SocialButtons({
  isBusy,
  setIsBusy,
  setProblem,
}: {
  isBusy: boolean;
  setIsBusy: (isBusy: boolean) => void;
  setProblem: (problem: string) => void;
}) {
  if (PROVIDERS.length === 0) return null;

  async function go(provider: string) {
    setIsBusy(true);
    setProblem("");
    try {
      const here = window.location.pathname;
      const { error } = await authClient.signIn.social({
        provider,
        callbackURL: redirectTarget() ?? here,
        errorCallbackURL: here,
      });
      if (error) setProblem(describe(error));
    } catch {
      setProblem(UNREACHABLE);
    } finally {
      setIsBusy(false);
    }
  }

  return (
    <>
      <p className={styles.divider}>or</p>
      <div className={styles.form}>
        {PROVIDERS.map(({ id, name }) => (
          <button
            key={id}
            className={styles.secondary}
            type="button"
            disabled={isBusy}
            onClick={() => void go(id)}
          >
            Continue with {name}
          </button>
        ))}
      </div>
    </>
  );
}

function SessionView({ name, email }: { name: string; email: string }) {
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState("");

  async function signOut() {
    setIsBusy(true);
    setProblem("");
    try {
      const { error } = await authClient.signOut();
      if (error) setProblem(describe(error));
    } catch {
      setProblem(UNREACHABLE);
    } finally {
      setIsBusy(false);
    }
  }

  return (
    <>
      <h1 className={styles.title}>Signed in</h1>
      <p className={styles.who}>
        <strong>{name}</strong>
        <span>{email}</span>
      </p>
      {problem && (
        <p role="alert" className={styles.error}>
          {problem}
        </p>
      )}
      <button
        className={styles.secondary}
        type="button"
        disabled={isBusy}
        aria-busy={isBusy}
        onClick={() => void signOut()}
      >
        {isBusy ? "One moment…" : "Sign out"}
      </button>
    </>
  );
}

const UNREACHABLE = "The server cannot be reached. Check your connection and try again.";

const MESSAGES: Record<string, string> = {
  INVALID_EMAIL_OR_PASSWORD: "Email or password is wrong.",
  INVALID_EMAIL: "That is not an email address.",
  USER_ALREADY_EXISTS: "There is an account with this email already. Sign in instead.",
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL:
    "There is an account with this email already. Sign in instead.",
  PASSWORD_TOO_SHORT: "The password is too short: use at least 8 characters.",
  PASSWORD_TOO_LONG: "The password is too long.",
  EMAIL_NOT_VERIFIED: "Confirm your email first: we sent you a link.",
  PROVIDER_NOT_CONFIGURED: "Signing in there is not set up yet. Choose another way.",
};

function describe(error: { code?: string; message?: string; status: number }): string {
  const known = error.code && MESSAGES[error.code];
  if (known) return known;
  if (error.status === 429) return "Too many attempts. Wait a moment and try again.";
  if (error.status === 0 || error.status >= 500) return UNREACHABLE;
  return error.message || "That did not work. Try again.";
}

/** Where `?redirectTo=` leads, if that is a place of this site. */
function redirectTarget(): string | null {
  const wanted = new URLSearchParams(window.location.search).get("redirectTo");
  if (!wanted?.startsWith("/") || !URL.canParse(wanted, window.location.origin)) return null;
  const { origin, pathname, search, hash } = new URL(wanted, window.location.origin);
  // A path that begins with two slashes, as "/x/..//host" becomes, is another site to a browser.
  const isHere = origin === window.location.origin && !pathname.startsWith("//");
  return isHere ? pathname + search + hash : null;
}

/** With nowhere to go, the page itself shows the session. */
function leave() {
  const target = redirectTarget();
  if (target) window.location.assign(target);
}
