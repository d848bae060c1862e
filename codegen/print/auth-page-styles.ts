// The style sheet of the auth page: a CSS module without dependencies, light and dark.
// Must use only class names that auth-page.ts uses.

/** Text of `auth.module.css`. */
export const AUTH_PAGE_STYLES = `.page {
  color-scheme: light dark;
  --ink: #1b1b1f;
  --muted: #5c5c66;
  --line: #c9c9d2;
  --paper: #ffffff;
  --ground: #f4f4f7;
  --accent: #3538cd;
  --on-accent: #ffffff;
  --wrong: #b42318;
  min-height: 100svh;
  display: grid;
  place-items: center;
  padding: 1.5rem;
  box-sizing: border-box;
  background: var(--ground);
  color: var(--ink);
  font-family: system-ui, sans-serif;
  line-height: 1.5;
}

@media (prefers-color-scheme: dark) {
  .page {
    --ink: #ececf1;
    --muted: #a6a6b3;
    --line: #45454f;
    --paper: #1c1c21;
    --ground: #101014;
    --accent: #a4a8ff;
    --on-accent: #14143a;
    --wrong: #ff9a8f;
  }
}

.card {
  width: 100%;
  max-width: 22rem;
  box-sizing: border-box;
  padding: 1.75rem;
  border: 1px solid var(--line);
  border-radius: 0.75rem;
  background: var(--paper);
}

.title {
  margin: 0 0 1.25rem;
  font-size: 1.375rem;
  line-height: 1.25;
}

.form {
  display: grid;
  gap: 1rem;
}

.field {
  display: grid;
  gap: 0.25rem;
  font-size: 0.9375rem;
}

.input {
  font: inherit;
  color: inherit;
  background: transparent;
  padding: 0.5rem 0.75rem;
  border: 1px solid var(--line);
  border-radius: 0.5rem;
}

.input[aria-invalid="true"] {
  border-color: var(--wrong);
}

.primary,
.secondary {
  font: inherit;
  font-weight: 600;
  padding: 0.5625rem 0.75rem;
  border: 1px solid var(--accent);
  border-radius: 0.5rem;
  cursor: pointer;
}

.primary {
  color: var(--on-accent);
  background: var(--accent);
}

.secondary {
  color: var(--ink);
  background: transparent;
  border-color: var(--line);
}

.primary:disabled,
.secondary:disabled {
  opacity: 0.65;
  cursor: progress;
}

.page :focus-visible {
  outline: 2px solid var(--accent);
  outline-offset: 2px;
}

.link {
  font: inherit;
  padding: 0;
  border: 0;
  background: none;
  color: var(--accent);
  text-decoration: underline;
  cursor: pointer;
}

.error,
.notice {
  margin: 0;
  font-size: 0.9375rem;
}

.error {
  color: var(--wrong);
}

.error + .secondary {
  margin-top: 1rem;
}

.divider,
.switch {
  margin: 1rem 0;
  color: var(--muted);
  font-size: 0.9375rem;
}

.divider {
  text-align: center;
}

.switch {
  margin-bottom: 0;
}

.who {
  display: grid;
  margin: 0 0 1.25rem;
  overflow-wrap: anywhere;
}

.who span {
  color: var(--muted);
}
`;
