"use client";

// What the parts of the auth pages share: the card around a view, forms, and requests with what went wrong.
import {
  createContext,
  useContext,
  useEffect,
  useId,
  useRef,
  useState,
  type FormEvent,
  type InputHTMLAttributes,
  type ReactNode,
} from "react";
import styles from "../auth.module.css";
import { describe, UNREACHABLE, type Failure } from "./messages.js";

/** A view with its heading, which gets the focus when another view takes its place. */
export function Card({ title, children }: { title?: string; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(title);
  useEffect(() => {
    if (shown.current && title && shown.current !== title) heading.current?.focus();
    shown.current = title;
  }, [title]);
  return (
    <main className={styles.page}>
      <section className={styles.card}>
        {title && (
          <h1 ref={heading} tabIndex={-1} className={styles.title}>
            {title}
          </h1>
        )}
        {children}
      </section>
    </main>
  );
}

/** One request at a time: whether it runs, what went wrong, and what to tell when it worked. */
export function useRequest() {
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const [notice, setNotice] = useState("");
  const isRunning = useRef(false);

  /** Gives what the server answered; null after a failure, and while another request runs. */
  async function send<T>(
    request: () => Promise<{ data: T; error: null } | { data: null; error: Failure }>,
    /** Returns true for a failure that needs no message. */
    isHandled?: (failure: Failure) => boolean,
  ): Promise<T | null> {
    if (isRunning.current) return null;
    isRunning.current = true;
    setIsBusy(true);
    setProblem("");
    setNotice("");
    try {
      const { data, error } = await request();
      if (error && !isHandled?.(error)) setProblem(describe(error));
      return data;
    } catch {
      setProblem(UNREACHABLE);
      return null;
    } finally {
      isRunning.current = false;
      setIsBusy(false);
    }
  }

  return { isBusy, problem, notice, send, setProblem, setNotice };
}

export type Request = ReturnType<typeof useRequest>;

/** A form with one button; its fields are read by name. */
export function Form({
  request,
  label,
  onSend,
  children,
}: {
  request: Request;
  label: string;
  onSend: (text: (name: string) => string, form: HTMLFormElement) => Promise<void>;
  children?: ReactNode;
}) {
  const id = useId();
  const { isBusy, problem, notice, setProblem } = request;

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    void onSend((name) => String(fields.get(name) ?? ""), form);
  }

  return (
    <form
      className={styles.form}
      onSubmit={submit}
      onChange={() => setProblem("")}
      aria-busy={isBusy}
    >
      <ProblemId value={problem && id}>{children}</ProblemId>
      <Problem id={id} text={problem} />
      <Notice text={notice} />
      <button className={styles.primary} type="submit" disabled={isBusy} aria-busy={isBusy}>
        {isBusy ? "One moment…" : label}
      </button>
    </form>
  );
}

/** A field of a form, with its label. */
export function Field({
  label,
  ...input
}: { label: string; name: string } & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  const problem = useContext(ProblemId);
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input
        type="text"
        required
        {...input}
        id={id}
        className={styles.input}
        aria-invalid={problem !== ""}
        aria-describedby={problem || undefined}
      />
    </div>
  );
}

/** A button for a request without fields. */
export function Action({
  request,
  onSend,
  children,
}: {
  request: Request;
  onSend: () => Promise<void>;
  children: ReactNode;
}) {
  return (
    <button
      className={styles.secondary}
      type="button"
      disabled={request.isBusy}
      aria-busy={request.isBusy}
      onClick={() => void onSend()}
    >
      {request.isBusy ? "One moment…" : children}
    </button>
  );
}

/** What went wrong; it gets the focus. */
export function Problem({ text, id }: { text: string; id?: string }) {
  const alert = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (text) alert.current?.focus();
  }, [text]);
  if (!text) return null;
  return (
    <p ref={alert} tabIndex={-1} role="alert" id={id} className={styles.error}>
      {text}
    </p>
  );
}

/** What worked, or what to do next. */
export function Notice({ text }: { text: string }) {
  if (!text) return null;
  return (
    <p role="status" className={styles.notice}>
      {text}
    </p>
  );
}

/** Id of the message about what is wrong in a form. */
const ProblemId = createContext("");
