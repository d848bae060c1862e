import { createEffect, createSignal, For, onMount, Show } from "solid-js";
import { authClient } from "../../lib/auth-client";
import styles from "./auth.module.css";

// @include shared/auth-page.ts

export default function AuthPage() {
  const session = authClient.useSession();
  // Wait only for the first answer: a later one must not clear what the user typed.
  const [isKnown, setKnown] = createSignal(false);
  const [isNew, setNew] = createSignal(false);
  const [isBusy, setBusy] = createSignal(false);
  const [problem, setProblem] = createSignal("");
  const [notice, setNotice] = createSignal("");
  let alert: HTMLElement | undefined;

  createEffect(() => {
    if (!session().isPending) setKnown(true);
  });

  // If an identity provider refuses the sign-in, it sends the browser back with an error.
  onMount(() => {
    const error = takeError();
    if (error !== null) fail(describeReturn(error));
  });

  function fail(message: string) {
    setProblem(message);
    queueMicrotask(() => alert?.focus());
  }

  /** Sends one request at a time, and shows its failure. */
  async function run(request: () => Promise<string | undefined>) {
    if (isBusy()) return;
    setBusy(true);
    setProblem("");
    setNotice("");
    try {
      const failure = await request();
      if (failure) fail(failure);
    } catch {
      fail(UNREACHABLE);
    } finally {
      setBusy(false);
    }
  }

  function submit(event: SubmitEvent & { currentTarget: HTMLFormElement }) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const text = (name: string) => String(fields.get(name) ?? "");
    const credentials = { email: text("email").trim(), password: text("password") };
    void run(async () => {
      const { data, error } = isNew()
        ? await authClient.signUp.email({ ...credentials, name: text("name").trim() })
        : await authClient.signIn.email(credentials);
      if (error) return describe(error);
      if ("twoFactorRedirect" in data)
        setNotice("This account needs a second step to sign in, which this page does not have.");
      else if (!data.token)
        setNotice(
          "You can sign in now. If we sent you a mail, first open its link to confirm your email.",
        );
      else leave();
    });
  }

  function go(provider: string) {
    void run(async () => {
      const { error } = await authClient.signIn.social({
        provider,
        callbackURL: redirectTarget() ?? herePath(),
        errorCallbackURL: herePath(),
      });
      return error ? describe(error) : undefined;
    });
  }

  function signOut() {
    void run(async () => {
      const { error } = await authClient.signOut();
      return error ? describe(error) : undefined;
    });
  }

  const Message = () => (
    <Show when={problem()}>
      <p
        ref={(element) => (alert = element)}
        tabIndex={-1}
        role="alert"
        id="problem"
        class={styles.error}
      >
        {problem()}
      </p>
    </Show>
  );

  const Form = () => (
    <>
      <h1 class={styles.title}>{isNew() ? "Create an account" : "Sign in"}</h1>
      <form
        class={styles.form}
        onSubmit={submit}
        onInput={() => setProblem("")}
        aria-busy={isBusy()}
      >
        <Show when={isNew()}>
          <div class={styles.field}>
            <label for="name">Name</label>
            <input class={styles.input} required id="name" name="name" autocomplete="name" />
          </div>
        </Show>
        <div class={styles.field}>
          <label for="email">Email</label>
          <input
            class={styles.input}
            required
            id="email"
            name="email"
            type="email"
            autocomplete="email"
            aria-invalid={problem() !== ""}
            aria-describedby={problem() ? "problem" : undefined}
          />
        </div>
        <div class={styles.field}>
          <label for="password">Password</label>
          <input
            class={styles.input}
            required
            id="password"
            name="password"
            type="password"
            autocomplete={isNew() ? "new-password" : "current-password"}
            minLength={isNew() ? PASSWORD_LENGTH : undefined}
            aria-invalid={problem() !== ""}
            aria-describedby={problem() ? "problem" : undefined}
          />
        </div>
        <Message />
        <Show when={notice()}>
          <p role="status" class={styles.notice}>
            {notice()}
          </p>
        </Show>
        <button class={styles.primary} type="submit" disabled={isBusy()} aria-busy={isBusy()}>
          {isBusy() ? "One moment…" : isNew() ? "Create account" : "Sign in"}
        </button>
      </form>
      <Show when={PROVIDERS.length > 0}>
        <p class={styles.divider}>or</p>
        <div class={styles.form}>
          <For each={PROVIDERS}>
            {({ id, name }) => (
              <button
                class={styles.secondary}
                type="button"
                disabled={isBusy()}
                onClick={() => go(id)}
              >
                Continue with {name}
              </button>
            )}
          </For>
        </div>
      </Show>
      <p class={styles.switch}>
        {isNew() ? "Already have an account?" : "No account yet?"}{" "}
        <button
          class={styles.link}
          type="button"
          disabled={isBusy()}
          onClick={() => {
            setNew(!isNew());
            setProblem("");
            setNotice("");
          }}
        >
          {isNew() ? "Sign in instead" : "Create one"}
        </button>
      </p>
    </>
  );

  const Failure = () => (
    <>
      <p role="alert" class={styles.error}>
        {UNREACHABLE}
      </p>
      <button class={styles.secondary} type="button" onClick={() => void session().refetch()}>
        Try again
      </button>
    </>
  );

  const hasFailed = () => {
    const { error, isPending } = session();
    return error !== null && error.status !== 401 && !isPending;
  };

  return (
    <main class={styles.page}>
      <section class={styles.card}>
        <Show
          when={session().data?.user}
          fallback={
            <Show when={isKnown()} fallback={<p role="status">Loading…</p>}>
              <Show when={!hasFailed()} fallback={<Failure />}>
                <Form />
              </Show>
            </Show>
          }
        >
          {(user) => (
            <>
              <h1 class={styles.title}>Signed in</h1>
              <p class={styles.who}>
                <strong>{user().name}</strong>
                <span>{user().email}</span>
              </p>
              <Message />
              <button
                class={styles.secondary}
                type="button"
                disabled={isBusy()}
                aria-busy={isBusy()}
                onClick={signOut}
              >
                {isBusy() ? "One moment…" : "Sign out"}
              </button>
            </>
          )}
        </Show>
      </section>
    </main>
  );
}
