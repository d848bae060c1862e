// Event and EventTarget, without trees: what code of a server needs of them. The global object is a target, too.
import { DOMException } from "./dom-exception.js";
import { assertArguments } from "./host.js";

type Listener = ((event: Event) => unknown) | { handleEvent: (event: Event) => unknown };
type Options = { capture: boolean; once: boolean; passive: boolean; signal?: AbortSignal };
type Entry = { listener: Listener } & Omit<Options, "signal">;
type Init = { bubbles?: boolean; cancelable?: boolean; composed?: boolean };

const state = Symbol("state");
const entriesOf = Symbol("listeners");
const AT_TARGET = 2;

export class Event {
  static readonly NONE = 0;
  static readonly CAPTURING_PHASE = 1;
  static readonly AT_TARGET = AT_TARGET;
  static readonly BUBBLING_PHASE = 3;

  readonly type: string;
  readonly bubbles: boolean;
  readonly cancelable: boolean;
  readonly composed: boolean;
  readonly timeStamp = Date.now();
  [state] = {
    target: null as unknown,
    /** While listeners are called. */
    current: null as unknown,
    isDispatched: false,
    isPassive: false,
    cancelBubble: false,
    isStopped: false,
    isPrevented: false,
  };

  constructor(type: unknown, { bubbles = false, cancelable = false, composed = false }: Init = {}) {
    this.type = String(type);
    this.bubbles = bubbles;
    this.cancelable = cancelable;
    this.composed = composed;
    Object.defineProperty(this, "isTrusted", { enumerable: true, get: isTrusted });
  }
  get target(): unknown {
    return this[state].target;
  }
  get currentTarget(): unknown {
    return this[state].current;
  }
  get srcElement(): null {
    return null;
  }
  get eventPhase(): number {
    return this[state].isDispatched ? AT_TARGET : 0;
  }
  composedPath(): unknown[] {
    return this[state].isDispatched ? [this[state].current] : [];
  }
  get cancelBubble(): boolean {
    return this[state].cancelBubble;
  }
  set cancelBubble(value: boolean) {
    this[state].cancelBubble = value;
  }
  get returnValue(): boolean {
    return !this[state].isPrevented;
  }
  set returnValue(value: boolean) {
    if (!value) this[state].isPrevented = true;
  }
  get defaultPrevented(): boolean {
    return this[state].isPrevented;
  }
  get initialized(): boolean {
    return true;
  }
  preventDefault(): void {
    if (this.cancelable && !this[state].isPassive) this[state].isPrevented = true;
  }
  stopPropagation(): void {
    this[state].cancelBubble = true;
  }
  stopImmediatePropagation(): void {
    this[state].cancelBubble = true;
    this[state].isStopped = true;
  }
  get [Symbol.toStringTag](): string {
    return "Event";
  }
}

/** Methods that are called on nothing mean the global object. */
export class EventTarget {
  [entriesOf]: Map<string, Entry[]> = new Map<string, Entry[]>();

  addEventListener(type: string, listener: Listener | null, options?: boolean | Partial<Options>) {
    assertArguments(arguments.length, 2, "Failed to execute 'addEventListener' on 'EventTarget'");
    const target = targetOf(this);
    if (listener === null) return;
    const { signal, ...kept } = optionsOf(options);
    const entries = target[entriesOf].get(type) ?? [];
    if (
      signal?.aborted ||
      entries.some((one) => one.listener === listener && one.capture === kept.capture)
    )
      return;
    target[entriesOf].set(type, [...entries, { listener, ...kept }]);
    signal?.addEventListener("abort", () => target.removeEventListener(type, listener));
  }
  removeEventListener(type: string, listener: Listener | null): void {
    assertArguments(
      arguments.length,
      2,
      "Failed to execute 'removeEventListener' on 'EventTarget'",
    );
    const target = targetOf(this);
    const entries = target[entriesOf].get(type);
    const others = entries?.filter((one) => one.listener !== listener);
    if (others) target[entriesOf].set(type, others);
  }
  dispatchEvent(event: Event): boolean {
    assertArguments(arguments.length, 1, "Failed to execute 'dispatchEvent' on 'EventTarget'");
    const target = targetOf(this);
    const entries = target[entriesOf].get(event.type);
    const own = event[state];
    if (entries && own.isDispatched)
      throw new DOMException("Invalid event state.", "InvalidStateError");
    own.target = target;
    // Nobody ever listened: then it does not matter what the event says.
    if (!entries) return true;
    Object.assign(own, { isDispatched: true, current: target });
    for (const { listener, once, passive } of own.cancelBubble ? [] : entries) {
      if (own.isStopped) break;
      if (once) target.removeEventListener(event.type, listener);
      own.isPassive = passive;
      if (typeof listener === "function") listener.call(target, event);
      else listener.handleEvent?.(event);
      own.isPassive = false;
    }
    Object.assign(own, { isDispatched: false, current: null, cancelBubble: false });
    own.isStopped = false;
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

/** One getter for all events, as a property of each. */
const isTrusted = () => false;

const targetOf = (self: EventTarget | undefined): EventTarget =>
  self ?? (globalThis as unknown as EventTarget); // becomeTarget() made it one

function optionsOf(options: boolean | Partial<Options> | undefined): Options {
  const none = { capture: false, once: false, passive: false };
  if (typeof options !== "object" || options === null) return { ...none, capture: !!options };
  const { capture = false, once = false, passive = false, signal } = options;
  return { capture, once, passive, ...(signal && { signal }) };
}
