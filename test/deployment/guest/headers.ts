// Headers as Convex has them: a plain list in the order it was made. It is not sorted, equal names are not joined
// when it is walked through, values are neither checked nor trimmed, and only arrays and Headers are iterated.
import { isHeaderName } from "./tokens.js";

type Pair = [string, string];

export class Headers {
  #pairs: Pair[] = [];

  constructor(init?: unknown) {
    if (init === undefined) return;
    if (Array.isArray(init)) {
      for (const pair of init as unknown[][]) {
        if (pair.length !== 2) throw new TypeError("Failed to construct 'Headers': Invalid value");
        this.append(pair[0] as string, pair[1]);
      }
    } else if (init instanceof Headers) {
      this.#pairs = init.#pairs.map(([name, value]) => [name, value]);
    } else {
      const record = init as Record<string, unknown>; // whatever else it is, its enumerable keys count
      for (const name in record) this.append(name, record[name]);
    }
  }

  append(name: string, value: unknown): void {
    this.#pairs.push([normalized(name, "append"), String(value)]);
  }

  delete(name: string): void {
    const wanted = normalized(name, "delete");
    this.#pairs = this.#pairs.filter(([other]) => other !== wanted);
  }

  get(name: string): string | null {
    const values = this.#valuesOf(normalized(name, "get"));
    return values.length === 0 ? null : values.join(", ");
  }

  has(name: string): boolean {
    return this.#valuesOf(normalized(name, "has")).length > 0;
  }

  set(name: string, value: unknown): void {
    const wanted = normalized(name, "set");
    this.delete(wanted);
    this.append(wanted, value);
  }

  getSetCookie(): string[] {
    return this.#valuesOf("set-cookie");
  }

  forEach(callback: (value: string, name: string, parent: Headers) => void): void {
    for (const [name, value] of this.#pairs) callback(value, name, this);
  }

  entries(): IterableIterator<Pair> {
    return this.#pairs[Symbol.iterator]();
  }

  keys(): IterableIterator<string> {
    return this.#pairs.map(([name]) => name)[Symbol.iterator]();
  }

  values(): IterableIterator<string> {
    return this.#pairs.map(([, value]) => value)[Symbol.iterator]();
  }

  [Symbol.iterator](): IterableIterator<Pair> {
    return this.entries();
  }

  get [Symbol.toStringTag](): string {
    return "Headers";
  }

  #valuesOf(name: string): string[] {
    return this.#pairs.filter(([other]) => other === name).map(([, value]) => value);
  }
}

// --- internal ---

function normalized(name: string, method: string): string {
  const text = String(name);
  if (!isHeaderName(text))
    throw new TypeError(`Failed to execute '${method}' on 'Headers: Invalid name`);
  return text.toLowerCase();
}
