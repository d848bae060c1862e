import { useQuery } from "convex/react";
import { Link } from "@tanstack/react-router";
import { api } from "../../convex/functions/_generated/api";

/** Links to the pages of the app, and shows who is signed in. */
export function Header() {
  const viewer = useQuery(api.viewer.me);
  return (
    <header className="header">
      <nav aria-label="Pages">
        <Link to="/">All notes</Link>
        <Link to="/mine">Your notes</Link>
      </nav>
      {viewer === null && (
        <a className="visitor" href="/auth">
          Sign in
        </a>
      )}
      {viewer && <a href="/auth">{viewer.name}</a>}
    </header>
  );
}
