// performance: the clock, marks and measures. The clock of a query does not move.
import { DOMException } from "./dom-exception.js";
import { EventTarget } from "./events.js";
import { host } from "./host.js";

type Point = string | number | undefined;
type Span = { start?: Point; end?: Point; duration?: number; detail?: unknown };
const own = Symbol("own");

export class PerformanceEntry {
  readonly detail: unknown = null;
  constructor(
    readonly name: string,
    readonly entryType: string,
    readonly startTime: number,
    readonly duration: number,
    key?: symbol,
  ) {
    if (key !== own) throw new TypeError("Illegal constructor");
  }
  toJSON(): object {
    const { name, entryType, startTime, duration } = this;
    return { name, entryType, startTime, duration };
  }
}

export class PerformanceMark extends PerformanceEntry {
  constructor(name: string, options?: { startTime?: number; detail?: unknown }) {
    super(String(name), "mark", options?.startTime ?? host.performanceNow(), 0, own);
    Object.assign(this, { detail: options?.detail ?? null });
  }
}

export class PerformanceMeasure extends PerformanceEntry {}

export class Performance extends EventTarget {
  #entries: PerformanceEntry[] = [];

  constructor(key?: symbol) {
    if (key !== own) throw new TypeError("Illegal constructor");
    super();
  }
  now(): number {
    return host.performanceNow();
  }
  get timeOrigin(): number {
    return host.timeOrigin();
  }
  toJSON(): object {
    return { timeOrigin: this.timeOrigin };
  }
  mark(name: string, options?: { startTime?: number; detail?: unknown }): PerformanceEntry {
    return this.#add(new PerformanceMark(name, options));
  }
  measure(name: string, startOrSpan?: string | Span, endMark?: string): PerformanceEntry {
    const span: Span = typeof startOrSpan === "object" ? startOrSpan : { start: startOrSpan };
    const end = this.#timeOf(endMark ?? span.end) ?? this.now();
    const start =
      this.#timeOf(span.start) ?? (span.duration === undefined ? 0 : end - span.duration);
    const entry = new PerformanceMeasure(name, "measure", start, end - start, own);
    return this.#add(Object.assign(entry, { detail: span.detail ?? null }));
  }
  getEntries(): PerformanceEntry[] {
    return [...this.#entries];
  }
  getEntriesByName(name: string, type?: string): PerformanceEntry[] {
    return this.#entries.filter((one) => one.name === name && (!type || one.entryType === type));
  }
  getEntriesByType(type: string): PerformanceEntry[] {
    return this.#entries.filter(({ entryType }) => entryType === type);
  }
  clearMarks(name?: string): void {
    this.#clear("mark", name);
  }
  clearMeasures(name?: string): void {
    this.#clear("measure", name);
  }
  clearResourceTimings(): void {}

  #add<T extends PerformanceEntry>(entry: T): T {
    this.#entries.push(entry);
    return entry;
  }
  #clear(type: string, name: string | undefined): void {
    this.#entries = this.#entries.filter(
      (one) => one.entryType !== type || (name !== undefined && one.name !== name),
    );
  }
  #timeOf(point: Point): number | undefined {
    if (typeof point !== "string") return point;
    const mark = this.getEntriesByName(point, "mark").at(-1);
    if (!mark) throw new DOMException(`Cannot find mark: "${point}"`, "SyntaxError");
    return mark.startTime;
  }
}

export const performance = new Performance(own);
