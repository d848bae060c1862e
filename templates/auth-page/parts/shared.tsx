"use client";

// Shared by the parts of the auth pages: the card around a view, forms, and requests with their errors.
import {
  createContext,
  type InputHTMLAttributes,
  type ReactNode,
  useContext,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import styles from "../auth.module.css";
import { useMessage } from "./message.js";
import { describe, type Failure, UNREACHABLE } from "./messages.js";

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

/** A form with one button. `onSend` reads the fields by name. */
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

  function submit(form: HTMLFormElement) {
    const fields = new FormData(form);
    void onSend((name) => String(fields.get(name) ?? ""), form);
  }

  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit(event.currentTarget);
      }}
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

/** An error message, which gets the focus. */
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

/** A message about success, or the next step. */
export function Notice({ text }: { text: string }) {
  if (!text) return null;
  return (
    <p className={styles.notice}>
      <output>{text}</output>
    </p>
  );
}

/** The id of the form's error message. */
const ProblemId = createContext("");
