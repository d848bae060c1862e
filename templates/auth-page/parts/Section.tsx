"use client";

// A part of a longer view: its heading, and lists with a button for each row.
import { useCallback, useEffect, useId, useState, type ReactNode } from "react";
import styles from "../auth.module.css";
import { describe, UNREACHABLE, type Failure } from "./messages.js";

/** A part with its heading. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <h2 id={id} className={styles.subtitle}>
        {title}
      </h2>
      {children}
    </section>
  );
}

/** A row of a list: its title, and buttons for it. */
export function Row({
  title,
  detail,
  children,
}: {
  title: string;
  detail?: string;
  children?: ReactNode;
}) {
  return (
    <li className={styles.row}>
      <span className={styles.who}>
        {title}
        {detail && <span>{detail}</span>}
      </span>
      {children}
    </li>
  );
}

/** Loads data from the server, and again with `reload`. `load` must be the same function every time. */
export function useLoaded<T>(
  load: () => Promise<{ data: T; error: null } | { data: null; error: Failure }>,
) {
  const [data, setData] = useState<T | null>(null);
  const [problem, setProblem] = useState("");
  const reload = useCallback(async () => {
    try {
      const { data, error } = await load();
      setData(data);
      setProblem(error ? describe(error) : "");
    } catch {
      setProblem(UNREACHABLE);
    }
  }, [load]);
  useEffect(() => void reload(), [reload]);
  return { data, problem, reload };
}
