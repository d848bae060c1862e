import { useEffect, useState, type ReactNode } from "react";
import {
  ActivityIndicator,
  Platform,
  Pressable,
  ScrollView,
  StyleSheet,
  Text,
  TextInput,
  useColorScheme,
  View,
  type TextInputProps,
} from "react-native";
import { authClient } from "../auth-client.js";

// The social providers configured in auth.ts.
const PROVIDERS: { id: string; name: string }[] = [];

/** Shows who is signed in, or sign-in and sign-up. */
export function AuthPage() {
  const { data: session, error, isPending, refetch } = authClient.useSession();
  // Wait only for the first answer: a later one must not clear what the user typed.
  const [isKnown, setIsKnown] = useState(false);
  if (!isPending && !isKnown) setIsKnown(true);

  if (session && isKnown)
    return (
      <Screen>
        <SessionView name={session.user.name} email={session.user.email} />
      </Screen>
    );
  if (!isKnown)
    return (
      <Screen>
        <ActivityIndicator accessibilityLabel="Loading" />
      </Screen>
    );
  if (error && error.status !== 401 && !isPending) {
    return (
      <Screen>
        <Problem text={UNREACHABLE} />
        <Button title="Try again" onPress={() => void refetch()} />
      </Screen>
    );
  }
  return (
    <Screen>
      <SignForm />
    </Screen>
  );
}

function SignForm() {
  const [isNew, setIsNew] = useState(false);
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const [notice, setNotice] = useState("");

  // On the web, if an identity provider refuses the sign-in, it sends the browser back with an error.
  useEffect(() => {
    if (Platform.OS === "web" && new URLSearchParams(window.location.search).has("error")) {
      setProblem("The sign-in did not work. Try again, or choose another way.");
    }
  }, []);

  async function submit() {
    if (isBusy) return;
    const credentials = { email: email.trim(), password };
    setIsBusy(true);
    setProblem("");
    setNotice("");
    try {
      const { data, error } = isNew
        ? await authClient.signUp.email({ ...credentials, name: name.trim() })
        : await authClient.signIn.email(credentials);
      if (error) setProblem(describe(error));
      else if ("twoFactorRedirect" in data)
        setNotice("This account needs a second step to sign in, which this page does not have.");
      else if (!data.token)
        setNotice("Check your inbox: we sent you a link to confirm your email.");
    } catch {
      setProblem(UNREACHABLE);
    } finally {
      setIsBusy(false);
    }
  }

  return (
    <>
      <Heading text={isNew ? "Create an account" : "Sign in"} />
      {isNew && <Field label="Name" value={name} onChangeText={setName} autoComplete="name" />}
      <Field
        label="Email"
        value={email}
        onChangeText={setEmail}
        autoCapitalize="none"
        autoComplete="email"
        inputMode="email"
      />
      <Field
        label="Password"
        value={password}
        onChangeText={setPassword}
        autoCapitalize="none"
        autoComplete={isNew ? "new-password" : "current-password"}
        onSubmitEditing={() => void submit()}
        secureTextEntry
      />
      {problem !== "" && <Problem text={problem} />}
      {notice !== "" && <Notice text={notice} />}
      <Button
        title={isBusy ? "One moment…" : isNew ? "Create account" : "Sign in"}
        isBusy={isBusy}
        onPress={() => void submit()}
      />
      <SocialButtons isBusy={isBusy} setIsBusy={setIsBusy} setProblem={setProblem} />
      <Button
        title={isNew ? "Sign in instead" : "Create an account instead"}
        isBusy={isBusy}
        isPlain
        onPress={() => {
          setIsNew(!isNew);
          setProblem("");
          setNotice("");
        }}
      />
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
  async function go(provider: string) {
    setIsBusy(true);
    setProblem("");
    try {
      // On a phone, the browser returns to the app by its scheme.
      const { error } = await authClient.signIn.social({
        provider,
        callbackURL: "/auth",
        errorCallbackURL: "/auth",
      });
      if (error) setProblem(describe(error));
    } catch {
      setProblem(UNREACHABLE);
    } finally {
      setIsBusy(false);
    }
  }

  return PROVIDERS.map(({ id, name }) => (
    <Button key={id} title={"Continue with " + name} isBusy={isBusy} onPress={() => void go(id)} />
  ));
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
      <Heading text="Signed in" />
      <Notice text={name} />
      <Notice text={email} />
      {problem !== "" && <Problem text={problem} />}
      <Button
        title={isBusy ? "One moment…" : "Sign out"}
        isBusy={isBusy}
        onPress={() => void signOut()}
      />
    </>
  );
}

function Screen({ children }: { children: ReactNode }) {
  const { background } = useColors();
  return (
    <ScrollView
      style={{ backgroundColor: background }}
      contentContainerStyle={styles.screen}
      keyboardShouldPersistTaps="handled"
    >
      <View style={styles.card}>{children}</View>
    </ScrollView>
  );
}

function Heading({ text }: { text: string }) {
  const { color } = useColors();
  return (
    <Text role="heading" style={[styles.heading, { color }]}>
      {text}
    </Text>
  );
}

function Field({ label, ...input }: { label: string } & TextInputProps) {
  const { color, border } = useColors();
  return (
    <View style={styles.field}>
      <Text style={{ color }}>{label}</Text>
      <TextInput
        aria-label={label}
        style={[styles.input, { color, borderColor: border }]}
        {...input}
      />
    </View>
  );
}

function Button({
  title,
  onPress,
  isBusy = false,
  isPlain = false,
}: {
  title: string;
  onPress: () => void;
  isBusy?: boolean;
  isPlain?: boolean;
}) {
  const { color, border } = useColors();
  return (
    <Pressable
      role="button"
      aria-busy={isBusy}
      disabled={isBusy}
      onPress={onPress}
      style={[
        styles.button,
        { borderColor: isPlain ? "transparent" : border, opacity: isBusy ? 0.5 : 1 },
      ]}
    >
      <Text style={{ color }}>{title}</Text>
    </Pressable>
  );
}

function Problem({ text }: { text: string }) {
  const { problem } = useColors();
  return (
    <Text role="alert" style={{ color: problem }}>
      {text}
    </Text>
  );
}

function Notice({ text }: { text: string }) {
  const { color } = useColors();
  return (
    <Text role="status" style={{ color }}>
      {text}
    </Text>
  );
}

function useColors() {
  return useColorScheme() === "dark"
    ? { background: "#111", color: "#eee", border: "#777", problem: "#ff9b9b" }
    : { background: "#fff", color: "#111", border: "#767676", problem: "#b00020" };
}

const UNREACHABLE = "The server cannot be reached. Check your connection and try again.";

const MESSAGES: Record<string, string> = {
  INVALID_EMAIL_OR_PASSWORD: "Email or password is wrong.",
  INVALID_EMAIL: "This is not a valid email address.",
  USER_ALREADY_EXISTS: "An account with this email already exists. Sign in instead.",
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL:
    "An account with this email already exists. Sign in instead.",
  PASSWORD_TOO_SHORT: "The password is too short: use at least 8 characters.",
  PASSWORD_TOO_LONG: "The password is too long.",
  EMAIL_NOT_VERIFIED: "Confirm your email first: we sent you a link.",
  PROVIDER_NOT_CONFIGURED: "This sign-in is not set up yet. Choose another way to sign in.",
};

function describe(error: { code?: string; message?: string; status: number }): string {
  const known = error.code && MESSAGES[error.code];
  if (known) return known;
  if (error.status === 429) return "Too many attempts. Wait a moment and try again.";
  if (error.status === 0 || error.status >= 500) return UNREACHABLE;
  return error.message || "That did not work. Try again.";
}

const styles = StyleSheet.create({
  screen: { flexGrow: 1, justifyContent: "center", padding: 24 },
  card: { alignSelf: "center", gap: 16, maxWidth: 400, width: "100%" },
  heading: { fontSize: 24, fontWeight: "600" },
  field: { gap: 4 },
  input: { borderRadius: 8, borderWidth: 1, fontSize: 16, padding: 12 },
  button: { alignItems: "center", borderRadius: 8, borderWidth: 1, padding: 12 },
});
