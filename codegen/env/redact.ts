// Takes secrets out of texts that a user will see. Pure.

/** Collects values and replaces them in texts. */
export type Redactor = {
  readonly add: (values: Readonly<Record<string, string | undefined>>) => void;
  readonly redact: (text: string) => string;
};

/** A redactor that knows these values already. Values too short to be secrets, and plain URLs, stay readable. */
export function createRedactor(
  values: Readonly<Record<string, string | undefined>> = {},
): Redactor {
  const known = new Map<string, string>();
  const add: Redactor["add"] = (more) => {
    for (const [name, value] of Object.entries(more))
      if (value !== undefined && value.length >= 8 && !isPlainUrl(value)) known.set(value, name);
  };
  add(values);
  return {
    add,
    redact(text) {
      // Longest first: a secret may hold another.
      const secrets = [...known].sort(([a], [b]) => b.length - a.length);
      return secrets.reduce((safe, [value, name]) => safe.replaceAll(value, `<${name}>`), text);
    },
  };
}

// --- internal ---

/** A URL that carries no user, password or query. */
function isPlainUrl(value: string): boolean {
  return /^https?:\/\/[\w.:-]+(\/[\w./-]*)?$/.test(value);
}
