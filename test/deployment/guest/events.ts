// Event and EventTarget, without trees: what code of a server needs of them. The global object is a target, too.
import { assertArguments } from "./host.js";

type Listener = ((event: Event) => unknown) | { handleEvent: (event: Event) => unknown };
type Options = { capture: boolean; once: boolean; signal?: AbortSignal };
type Entry = { listener: Listener } & Options;
type Init = { bubbles?: boolean; cancelable?: boolean; composed?: boolean };

const state = Symbol("state");
const entriesOf = Symbol("listeners");

export class Event {
  readonly type: string;
  readonly bubbles: boolean;
  readonly cancelable: boolean;
  readonly composed: boolean;
  readonly timeStamp = Date.now();
  readonly isTrusted = false;
  [state] = { target: null as unknown, isStopped: false, isPrevented: false };

  constructor(type: unknown, { bubbles = false, cancelable = false, composed = false }: Init = {}) {
    this.type = String(type);
    Object.assign(this, { bubbles, cancelable, composed });
    this.bubbles = bubbles;
    this.cancelable = cancelable;
    this.composed = composed;
  }
  get target(): unknown {
    return this[state].target;
  }
  get currentTarget(): unknown {
    return this[state].target;
  }
  get defaultPrevented(): boolean {
    return this[state].isPrevented;
  }
  preventDefault(): void {
    if (this.cancelable) this[state].isPrevented = true;
  }
  stopPropagation(): void {}
  stopImmediatePropagation(): void {
    this[state].isStopped = true;
  }
  get [Symbol.toStringTag](): string {
    return "Event";
  }
}

export class EventTarget {
  [entriesOf]: Map<string, Entry[]> = new Map<string, Entry[]>();

  addEventListener(type: string, listener: Listener | null, options?: boolean | Partial<Options>) {
    assertArguments(arguments.length, 2, "Failed to execute 'addEventListener' on 'EventTarget'");
    if (listener === null) return;
    const { capture, once, signal } = optionsOf(options);
    const entries = this[entriesOf].get(type) ?? [];
    if (
      signal?.aborted ||
      entries.some((one) => one.listener === listener && one.capture === capture)
    )
      return;
    this[entriesOf].set(type, [...entries, { listener, capture, once }]);
    signal?.addEventListener("abort", () => this.removeEventListener(type, listener));
  }
  removeEventListener(type: string, listener: Listener | null): void {
    assertArguments(
      arguments.length,
      2,
      "Failed to execute 'removeEventListener' on 'EventTarget'",
    );
    const entries = this[entriesOf].get(type) ?? [];
    this[entriesOf].set(
      type,
      entries.filter((one) => one.listener !== listener),
    );
  }
  dispatchEvent(event: Event): boolean {
    assertArguments(arguments.length, 1, "Failed to execute 'dispatchEvent' on 'EventTarget'");
    event[state].target = this;
    for (const { listener, once } of this[entriesOf].get(event.type) ?? []) {
      if (event[state].isStopped) break;
      if (once) this.removeEventListener(event.type, listener);
      if (typeof listener === "function") listener.call(this, event);
      else listener.handleEvent(event);
    }
    return !event.defaultPrevented;
  }
  get [Symbol.toStringTag](): string {
    return "EventTarget";
  }
}

/** Makes the global object a target. */
export function becomeTarget(scope: object): void {
  class Window extends EventTarget {
    override get [Symbol.toStringTag](): string {
      return "Window";
    }
  }
  Object.defineProperty(scope, entriesOf, { value: new Map<string, Entry[]>() });
  Object.setPrototypeOf(scope, Window.prototype);
}

// --- internal ---

function optionsOf(options: boolean | Partial<Options> | undefined): Options {
  if (typeof options !== "object" || options === null) return { capture: !!options, once: false };
  const { capture = false, once = false, signal } = options;
  return { capture, once, ...(signal && { signal }) };
}
