"use client";

// A button that looks like a link.
import type { ReactNode } from "react";
import styles from "../auth.module.css";

export function LinkButton({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <button className={styles.link} type="button" onClick={onClick}>
      {children}
    </button>
  );
}
