// Shared by the parts of the auth page: the screen around a view, forms, and requests with their errors.
import {
  createContext,
  type ReactNode,
  type RefObject,
  useContext,
  useEffect,
  useRef,
  useState,
} from "react";
import {
  AccessibilityInfo,
  Platform,
  Pressable,
  ScrollView,
  StyleSheet,
  Text,
  TextInput,
  type TextInputProps,
  useColorScheme,
  View,
} from "react-native";
import { useMessage } from "./message.js";
import { describe, type Failure, UNREACHABLE } from "./messages.js";

/** The heading of the view that was shown last: the next one may be another component. */
let shownTitle: string | undefined;

/** A view with its heading. On a phone, a screen reader says the heading of each view that takes the place of another. */
export function Screen({ title, children }: { title?: string; children: ReactNode }) {
  const { background, color } = useColors();
  useEffect(() => {
    if (title && shownTitle && shownTitle !== title && Platform.OS !== "web")
      AccessibilityInfo.announceForAccessibility(title);
    shownTitle = title;
  }, [title]);
  return (
    <ScrollView
      style={{ backgroundColor: background }}
      contentContainerStyle={styles.screen}
      keyboardShouldPersistTaps="handled"
    >
      <View style={styles.card}>
        {title && (
          <Text role="heading" style={[styles.title, { color }]}>
            {title}
          </Text>
        )}
        {children}
      </View>
    </ScrollView>
  );
}

/** Sends one request at a time. Has its state, its error, and a notice to show after success. */
export function useRequest() {
  const [isBusy, setIsBusy] = useState(false);
  const { problem, notice, actions } = useMessage();
  const isRunning = useRef(false);

  /** Returns the server's answer; null after a failure, or if another request is running. */
  async function send<T>(
    request: () => Promise<{ data: T; error: null } | { data: null; error: Failure }>,
    /** Returns true for a failure that needs no message. */
    isHandled?: (failure: Failure) => boolean,
  ): Promise<T | null> {
    if (isRunning.current) return null;
    isRunning.current = true;
    setIsBusy(true);
    actions.begin();
    try {
      const { data, error } = await request();
      if (error && !isHandled?.(error)) actions.setProblem(describe(error));
      return data;
    } catch {
      actions.setProblem(UNREACHABLE);
      return null;
    } finally {
      isRunning.current = false;
      setIsBusy(false);
    }
  }

  const { setProblem, setNotice } = actions;
  return { isBusy, problem, notice, send, setProblem, setNotice };
}

export type Request = ReturnType<typeof useRequest>;

/** A form with one button. `onSend` reads the fields by name, and may clear them. */
export function Form({
  request,
  label,
  initial = {},
  onSend,
  children,
}: {
  request: Request;
  label: string;
  /** What fields contain at first, by name. */
  initial?: Record<string, string>;
  onSend: (text: (name: string) => string, clear: () => void) => Promise<void>;
  children?: ReactNode;
}) {
  const [values, setValues] = useState(initial);
  const inputs = useRef(new Map<string, RefObject<TextInput | null>>());
  const { isBusy, problem, notice, setProblem } = request;

  function set(name: string, value: string) {
    setProblem("");
    setValues((before) => ({ ...before, [name]: value }));
  }

  /** Sends the form, or goes to the first field without a text. */
  function submit() {
    if (isBusy) return;
    const empty = [...inputs.current].find(([name]) => !values[name]);
    if (empty) return empty[1].current?.focus();
    void onSend(
      (name) => values[name] ?? "",
      () => setValues({}),
    );
  }

  return (
    <FormContext.Provider value={{ values, problem, set, submit, inputs }}>
      {children}
      <Problem text={problem} />
      <Notice text={notice} />
      <Button title={label} isBusy={isBusy} isPrimary onPress={submit} />
    </FormContext.Provider>
  );
}

/** A field of a form, with its label. */
export function Field({ name, label, ...input }: { name: string; label: string } & TextInputProps) {
  const { color, border } = useColors();
  const { values, problem, set, submit, inputs } = useContext(FormContext);
  const ref = useRef<TextInput>(null);
  useEffect(() => {
    const all = inputs.current;
    all.set(name, ref);
    return () => void all.delete(name);
  }, [inputs, name]);
  return (
    <View style={styles.field}>
      <Text style={{ color }}>{label}</Text>
      <TextInput
        ref={ref}
        aria-label={label}
        // For screen readers, which say the message about a failure after the label.
        accessibilityHint={problem || undefined}
        value={values[name] ?? ""}
        onChangeText={(value) => set(name, value)}
        onSubmitEditing={submit}
        style={[styles.input, { color, borderColor: border }]}
        {...input}
      />
    </View>
  );
}

/** A field for an email address. */
export function EmailField() {
  return (
    <Field
      name="email"
      label="Email"
      autoCapitalize="none"
      autoComplete="email"
      autoCorrect={false}
      inputMode="email"
    />
  );
}

export function Button({
  title,
  onPress,
  isBusy = false,
  isPrimary = false,
}: {
  title: string;
  onPress: () => void;
  isBusy?: boolean;
  isPrimary?: boolean;
}) {
  const { color, background, border } = useColors();
  const colors = isPrimary
    ? { backgroundColor: color, borderColor: color }
    : { borderColor: border };
  return (
    <Pressable
      role="button"
      aria-busy={isBusy}
      disabled={isBusy}
      onPress={onPress}
      style={[styles.button, colors, isBusy && styles.busy]}
    >
      <Text style={{ color: isPrimary ? background : color }}>
        {isBusy ? "One moment…" : title}
      </Text>
    </Pressable>
  );
}

/** A button that looks like a link. */
export function LinkButton({ title, onPress }: { title: string; onPress: () => void }) {
  const { color } = useColors();
  return (
    <Pressable role="button" onPress={onPress} hitSlop={8} style={styles.link}>
      <Text style={[styles.underlined, { color }]}>{title}</Text>
    </Pressable>
  );
}

/** An error message. A screen reader says it at once. */
export function Problem({ text }: { text: string }) {
  const { problem } = useColors();
  useAnnouncement(text);
  if (!text) return null;
  return (
    <Text role="alert" aria-live="assertive" style={{ color: problem }}>
      {text}
    </Text>
  );
}

/** A message about success, or the next step. */
export function Notice({ text }: { text: string }) {
  const { color } = useColors();
  useAnnouncement(text);
  if (!text) return null;
  return (
    <Text role="status" aria-live="polite" style={{ color }}>
      {text}
    </Text>
  );
}

/** A text that nobody has to be told at once. */
export function Plain({ text, isCode = false }: { text: string; isCode?: boolean }) {
  const { color } = useColors();
  return (
    <Text selectable={isCode} style={[{ color }, isCode && styles.code]}>
      {text}
    </Text>
  );
}

/** The colors for the phone's light or dark mode. */
export function useColors() {
  return useColorScheme() === "dark"
    ? { background: "#111", color: "#eee", border: "#777", problem: "#ff9b9b" }
    : { background: "#fff", color: "#111", border: "#767676", problem: "#b00020" };
}

export const styles = StyleSheet.create({
  screen: { flexGrow: 1, justifyContent: "center", padding: 24 },
  card: { alignSelf: "center", gap: 16, maxWidth: 400, width: "100%" },
  title: { fontSize: 24, fontWeight: "600" },
  section: { gap: 16, marginTop: 16 },
  subtitle: { fontSize: 18, fontWeight: "600" },
  row: { gap: 8 },
  field: { gap: 4 },
  input: { borderRadius: 8, borderWidth: 1, fontSize: 16, minHeight: 44, padding: 12 },
  button: {
    alignItems: "center",
    borderRadius: 8,
    borderWidth: 1,
    justifyContent: "center",
    minHeight: 44,
    padding: 12,
  },
  busy: { opacity: 0.5 },
  link: { alignSelf: "center", paddingVertical: 4 },
  underlined: { textDecorationLine: "underline" },
  check: { alignItems: "center", flexDirection: "row", gap: 12 },
  code: { fontFamily: Platform.select({ ios: "Menlo", default: "monospace" }) },
});

/** Android and browsers have live regions. iOS has none. */
function useAnnouncement(text: string) {
  useEffect(() => {
    if (text && Platform.OS === "ios") AccessibilityInfo.announceForAccessibility(text);
  }, [text]);
}

type FormState = {
  values: Record<string, string>;
  problem: string;
  set: (name: string, value: string) => void;
  submit: () => void;
  inputs: RefObject<Map<string, RefObject<TextInput | null>>>;
};

const FormContext = createContext<FormState>({
  values: {},
  problem: "",
  set: () => {},
  submit: () => {},
  inputs: { current: new Map() },
});
