// Takes secrets out of texts that a user will see. Pure.

/** Collects values and replaces them in texts. */
export type Redactor = {
  readonly add: (values: Readonly<Record<string, string | undefined>>) => void;
  readonly redact: (text: string) => string;
};

/** A redactor that knows these values already. Values too short to be secrets, and origins, stay readable. */
export function createRedactor(
  values: Readonly<Record<string, string | undefined>> = {},
): Redactor {
  const known = new Map<string, string>();
  const add: Redactor["add"] = (more) => {
    for (const [name, value = ""] of Object.entries(more))
      for (const shape of shapesOf(value))
        if (shape.length >= minLength(name) && !isOrigin(shape)) known.set(shape, name);
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

/** A value as it is, as JSON has it, and its lines, which a program may show one by one. */
function shapesOf(value: string): string[] {
  const lines = value.includes("\n") ? value.split(/\r?\n/).filter((line) => line.length > 20) : [];
  return [value, JSON.stringify(value).slice(1, -1), ...lines];
}

function minLength(name: string): number {
  return /SECRET|KEY|TOKEN|PASSWORD/.test(name) ? 4 : 8;
}

/** A URL that carries no user, password, path or query. */
function isOrigin(value: string): boolean {
  return /^https?:\/\/[\w.:-]+\/?$/.test(value);
}
