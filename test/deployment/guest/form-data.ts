// FormData, and how it becomes a body and comes out of one. The thread parses multipart bodies.
import { Blob, File } from "./blob.js";
import { decode } from "./encoding.js";
import { assertOutside, host, ownBytes } from "./host.js";
import { mediaTypeOf } from "./tokens.js";

type Entry = [string, unknown];

export class FormData {
  #entries: Entry[] = [];

  append(name: string, value: unknown, filename?: string): void {
    this.#entries.push([name, entryOf(value, filename, "blob")]);
  }
  set(name: string, value: unknown, filename?: string): void {
    const entry: Entry = [name, value instanceof Blob ? new File([value], filename ?? "") : value];
    const at = this.#entries.findIndex(([other]) => other === name);
    if (at < 0) return void this.#entries.push(entry);
    this.#entries = this.#entries.filter(([other], index) => index === at || other !== name);
    this.#entries[at] = entry;
  }
  delete(name: string): void {
    this.#entries = this.#entries.filter(([other]) => other !== name);
  }
  get(name: string): unknown {
    return this.getAll(name)[0] ?? null;
  }
  getAll(name: string): unknown[] {
    return this.#entries.filter(([other]) => other === name).map(([, value]) => value);
  }
  has(name: string): boolean {
    return this.#entries.some(([other]) => other === name);
  }
  forEach(
    callback: (value: unknown, name: string, parent: FormData) => void,
    self?: unknown,
  ): void {
    for (const [name, value] of this.#entries) callback.call(self, value, name, this);
  }
  *entries(): IterableIterator<Entry> {
    for (const [name, value] of this.#entries) yield [name, value];
  }
  keys(): IterableIterator<string> {
    return this.#entries.map(([name]) => name).values();
  }
  values(): IterableIterator<unknown> {
    return this.#entries.map(([, value]) => value).values();
  }
  [Symbol.iterator](): IterableIterator<Entry> {
    return this.entries();
  }
  get [Symbol.toStringTag](): string {
    return "FormData";
  }
}

/** As multipart/form-data; the type of the blob names the boundary. */
export function printForm(form: FormData): Blob {
  const boundary = `${Math.random()}${Math.random()}`.replaceAll(".", "").slice(-28);
  const parts: unknown[] = [];
  for (const [name, value] of form) {
    const disposition = `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(withCrLf(name))}"`;
    if (value instanceof File) {
      const type = value.type || "application/octet-stream";
      const named = `; filename="${quoted(value.name)}"\r\nContent-Type: ${type}`;
      parts.push(disposition + named + "\r\n\r\n", value, "\r\n");
    } else parts.push(`${disposition}\r\n\r\n${withCrLf(String(value))}\r\n`);
  }
  parts.push(`--${boundary}--`);
  return new Blob(parts, { type: `multipart/form-data; boundary=${boundary}` });
}

export async function parseForm(body: Uint8Array, contentType: string | null): Promise<FormData> {
  if (contentType === null) throw new TypeError("Missing content type");
  const type = mediaTypeOf(contentType);
  if (!type) throw new TypeError("Invalid content type");
  if (type.essence === "application/x-www-form-urlencoded") {
    const form = new FormData();
    for (const [name, value] of host.parseQuery(decode(body))) form.append(name, value);
    return form;
  }
  if (type.essence !== "multipart/form-data")
    throw new TypeError("Body cannot be decoded as form data");
  if (type.boundary === null)
    throw new TypeError("Missing boundary parameter in mime type of multipart formdata.");
  return parseMultipart(body, contentType);
}

// --- internal ---

async function parseMultipart(body: Uint8Array, contentType: string): Promise<FormData> {
  assertOutside("formData()");
  const form = new FormData();
  await new Promise<void>((resolve, reject) =>
    host.parseMultipart(contentType, body, {
      failed: (message) => reject(new Error(message)),
      done: (entries) => {
        for (const { name, text, file } of entries)
          if (file)
            form.append(name, new Blob([ownBytes(file.bytes)], { type: file.type }), file.name);
          else form.append(name, text);
        resolve();
      },
    }),
  );
  return form;
}

function entryOf(value: unknown, filename: string | undefined, fallback: string): unknown {
  if (!(value instanceof Blob)) return value;
  const name = filename ?? (value instanceof File ? value.name : fallback);
  return new File([value], name, { type: value.type });
}

function withCrLf(text: string): string {
  return text.replace(/\r\n|\r|\n/g, "\r\n");
}

function quoted(text: string): string {
  return text.replaceAll("\r", "%0D").replaceAll("\n", "%0A").replaceAll('"', "%22");
}
