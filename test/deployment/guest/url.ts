// URL and URLSearchParams as Convex has them. The thread parses; the rest is the guest's.
import { host, notImplemented } from "./host.js";

type Pair = [string, string];
const onChange = Symbol("onChange");
const reset = Symbol("reset");

export class URLSearchParams {
  #pairs: Pair[] = [];
  [onChange]?: (query: string) => void;

  constructor(init?: unknown) {
    if (init === undefined) return;
    if (typeof init === "string") this.#pairs = parsed(init.startsWith("?") ? init.slice(1) : init);
    else if (Array.isArray(init)) {
      for (const pair of init as unknown[][]) {
        if (pair.length !== 2)
          throw new TypeError(
            "Failed to construct 'URLSearchParams': Sequence initializer must only contain pair elements",
          );
        this.append(pair[0], pair[1]);
      }
    } else if (init instanceof URLSearchParams) {
      this.#pairs = init.#pairs.map(([name, value]) => [name, value]);
    } else {
      const record = init as Record<string, unknown>; // also a Map or null: only enumerable keys count
      for (const name in record) this.append(name, record[name]);
    }
  }

  /** Takes over what the URL says now. */
  [reset](query: string): void {
    this.#pairs = parsed(query);
  }

  append(name: unknown, value: unknown): void {
    this.#pairs.push([String(name), String(value)]);
    this.#changed();
  }
  delete(name: unknown): void {
    this.#pairs = this.#pairs.filter(([other]) => other !== String(name));
    this.#changed();
  }
  get(name: unknown): string | null {
    return this.getAll(name)[0] ?? null;
  }
  getAll(name: unknown): string[] {
    return this.#pairs.filter(([other]) => other === String(name)).map(([, value]) => value);
  }
  has(name: unknown): boolean {
    return this.#pairs.some(([other]) => other === String(name));
  }
  set(name: unknown, value: unknown): void {
    this.delete(name);
    this.append(name, value);
  }
  sort(): void {
    this.#pairs.sort(([one], [other]) => one.localeCompare(other));
    this.#changed();
  }
  forEach(callback: (value: string, name: string, parent: URLSearchParams) => void): void {
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
  toString(): string {
    return host.printQuery(this.#pairs);
  }
  toJSON(): object {
    return {};
  }
  get [Symbol.toStringTag](): string {
    return "URLSearchParams";
  }

  #changed(): void {
    this[onChange]?.(this.toString());
  }
}

const FIELDS =
  "protocol,username,password,host,hostname,port,pathname,search,hash,href,origin".split(",");
const [PROTOCOL, USERNAME, PASSWORD, HOST, HOSTNAME, PORT, PATHNAME, SEARCH, HASH, HREF, ORIGIN] =
  FIELDS.map((_, at) => at) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]; // as many as there are fields

export class URL {
  #parts: string[];
  readonly #params = new URLSearchParams();

  static canParse(url: unknown, base?: unknown): boolean {
    return URL.parse(url, base) !== null;
  }
  static parse(url: unknown, base?: unknown): URL | null {
    try {
      return new URL(url, base);
    } catch {
      return null; // what canParse and parse are for
    }
  }

  constructor(url: unknown, base?: unknown) {
    const baseText = base === undefined ? undefined : String(base);
    const parts = host.parseUrl(String(url), baseText);
    if (!parts) {
      const bad = baseText !== undefined && !host.parseUrl(baseText, undefined) ? baseText : url;
      throw new TypeError(`Invalid URL: '${String(bad)}'`);
    }
    this.#parts = parts;
    this.#params[reset](this.#part(SEARCH).slice(1));
    this.#params[onChange] = (query) => this.#change("search", query);
  }

  get href(): string {
    return this.#part(HREF);
  }
  set href(value: string) {
    const parts = host.parseUrl(String(value), undefined);
    if (!parts) throw new TypeError(`Could not parse URL: ${this.href}`);
    this.#take(parts);
  }
  get origin(): string {
    return this.#part(ORIGIN);
  }
  get protocol(): string {
    return this.#part(PROTOCOL);
  }
  set protocol(value: string) {
    this.#change("protocol", value);
  }
  get username(): string {
    return this.#part(USERNAME);
  }
  set username(_value: string) {
    notImplemented("set username", "URL");
  }
  get password(): string {
    return this.#part(PASSWORD);
  }
  set password(_value: string) {
    notImplemented("set password", "URL");
  }
  get host(): string {
    return this.#part(HOST);
  }
  set host(_value: string) {
    notImplemented("set host", "URL");
  }
  get hostname(): string {
    return this.#part(HOSTNAME);
  }
  set hostname(value: string) {
    this.#change("hostname", value);
  }
  get port(): string {
    return this.#part(PORT);
  }
  set port(value: string) {
    this.#change("port", value);
  }
  get pathname(): string {
    return this.#part(PATHNAME);
  }
  set pathname(value: string) {
    this.#change("pathname", value);
  }
  get search(): string {
    return this.#part(SEARCH);
  }
  set search(value: string) {
    this.#change("search", value);
  }
  get searchParams(): URLSearchParams {
    return this.#params;
  }
  get hash(): string {
    return this.#part(HASH);
  }
  set hash(value: string) {
    this.#change("hash", value);
  }
  toString(): string {
    return this.href;
  }
  toJSON(): string {
    return this.href;
  }
  get [Symbol.toStringTag](): string {
    return "URL";
  }

  #part(at: number): string {
    return this.#parts[at]!; // the thread gives all of FIELDS
  }
  #change(part: string, value: unknown): void {
    this.#take(host.changeUrl(this.href, part, String(value)) ?? this.#parts);
  }
  #take(parts: string[]): void {
    this.#parts = parts;
    this.#params[reset](this.#part(SEARCH).slice(1));
  }
}

// --- internal ---

function parsed(query: string): Pair[] {
  return Array.from(host.parseQuery(query), ([name, value]): Pair => [name, value]);
}
