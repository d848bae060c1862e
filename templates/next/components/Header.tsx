"use client";

import { useQuery } from "convex/react";
import Link from "next/link";
import { api } from "@/convex/functions/_generated/api";

/** Links to the pages of the app, and shows who is signed in. */
export function Header() {
  const viewer = useQuery(api.viewer.me);
  return (
    <header className="header">
      <nav aria-label="Pages">
        <Link href="/">All notes</Link>
        <Link href="/mine">Your notes</Link>
      </nav>
      {viewer === null && (
        <Link className="visitor" href="/auth">
          Sign in
        </Link>
      )}
      {viewer && <Link href="/auth">{viewer.name}</Link>}
    </header>
  );
}
