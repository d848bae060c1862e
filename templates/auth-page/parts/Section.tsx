"use client";

// A part of a longer view: its heading, and lists with a button for each row.
import { type ReactNode, useId } from "react";
import styles from "../auth.module.css";

export { useLoaded } from "./loaded.js";

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
