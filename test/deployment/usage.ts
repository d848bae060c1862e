// What one transaction used up, and the limits it is held to.
// Must not know documents: transaction.ts counts, this file refuses.
import type { Counters } from "./transaction.js";

export const LIMITS = {
  documentsRead: 32_000,
  bytesRead: 16 * 1024 * 1024,
  indexRanges: 4096,
  documentsWritten: 16_000,
  bytesWritten: 16 * 1024 * 1024,
  functionsScheduled: 1000,
  scheduledArgumentBytes: 16 * 1024 * 1024,
} as const;

export type Used = Record<keyof typeof LIMITS, number>;

export class Usage {
  private readonly used: Used = {
    ...{ documentsRead: 0, bytesRead: 0, indexRanges: 0, documentsWritten: 0, bytesWritten: 0 },
    ...{ functionsScheduled: 0, scheduledArgumentBytes: 0 },
  };

  constructor(private readonly counters: Counters) {}

  indexRange(): void {
    this.add("indexRanges", 1);
  }

  read(bytes: number): void {
    this.add("documentsRead", 1);
    this.add("bytesRead", bytes);
  }

  write(bytes: number): void {
    this.add("documentsWritten", 1);
    this.add("bytesWritten", bytes);
  }

  /** A write that was rolled back counts no more. */
  takeBackWrite(bytes: number): void {
    this.used.documentsWritten--;
    this.used.bytesWritten -= bytes;
  }

  schedule(argumentBytes: number): void {
    this.add("functionsScheduled", 1);
    this.add("scheduledArgumentBytes", argumentBytes);
  }

  /** What is used and left of each limit, as `ctx.meta.getTransactionMetrics()` tells it. */
  metrics(): Record<string, { used: number; remaining: number }> {
    const names = Object.entries(METRICS) as [keyof Used, string][]; // its own keys
    return Object.fromEntries(
      names.map(([what, name]) => [
        name,
        { used: this.used[what], remaining: LIMITS[what] - this.used[what] },
      ]),
    );
  }

  private add(what: keyof Used, count: number): void {
    this.used[what] += count;
    if (what in this.counters) this.counters[what as keyof Counters] += count; // just looked up
    if (this.used[what] > LIMITS[what]) throw new Error(MESSAGES[what]);
  }
}

// --- internal ---

const HELP =
  "Consider using smaller limits in your queries, paginating your queries, or using indexed queries with a selective index range expressions.";
const EXECUTION = "in a single function execution";

const METRICS: Record<keyof Used, string> = {
  documentsRead: "documentsRead",
  bytesRead: "bytesRead",
  indexRanges: "databaseQueries",
  documentsWritten: "documentsWritten",
  bytesWritten: "bytesWritten",
  functionsScheduled: "functionsScheduled",
  scheduledArgumentBytes: "scheduledFunctionArgsBytes",
};

const MESSAGES: Record<keyof Used, string> = {
  documentsRead: `Too many documents read ${EXECUTION} (limit: ${LIMITS.documentsRead}). ${HELP}`,
  bytesRead: `Too many bytes read ${EXECUTION} (limit: ${LIMITS.bytesRead} bytes). ${HELP}`,
  indexRanges: `Too many reads ${EXECUTION} (limit: ${LIMITS.indexRanges}). ${HELP}`,
  documentsWritten: `Too many writes ${EXECUTION} (limit: ${LIMITS.documentsWritten})`,
  bytesWritten: `Too many bytes written ${EXECUTION} (limit: 16 MiB)`,
  functionsScheduled: `Too many functions scheduled by this mutation (limit: ${LIMITS.functionsScheduled})`,
  scheduledArgumentBytes: `Too large total size of the arguments of scheduled functions from this mutation (limit: ${LIMITS.scheduledArgumentBytes} bytes)`,
};
