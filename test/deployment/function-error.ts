// The errors that a run ends with, as clients see them.
// Must not know how functions are run.
import { randomBytes } from "node:crypto";
import type { JSONValue } from "convex/values";
import { printFrames, type Code } from "./frames.js";
import type { Conflict } from "./history.js";
import { ThreadError } from "./threads.js";

/** What a function threw, as clients see it. */
export class FunctionError extends Error {
  constructor(
    message: string,
    readonly data: JSONValue | undefined,
    readonly logs: string[] = [],
  ) {
    super(message);
  }
}

/** A mutation that met a conflict in each of its runs. */
export class ConflictError extends FunctionError {
  readonly code = "OptimisticConcurrencyControlFailure";
  constructor({ table, id }: Conflict) {
    super(
      `Documents read from or written to the "${table}" table changed while this mutation was being run and on every subsequent retry. Another call to this mutation changed the document with ID "${id}". See https://docs.convex.dev/error#1`,
      undefined,
    );
  }
}

/** An error as Convex prints it where one function called another: a line break ends its message. */
export function printed(error: unknown): unknown {
  if (!(error instanceof FunctionError) || error instanceof ConflictError) return error;
  return new FunctionError(`${error.message}\n`, error.data, error.logs);
}

/** The message of an error for a client. */
export function serverError({ message }: Error): string {
  return `[Request ID: ${requestId()}] Server Error\n${message}\n`;
}

/** The body of the answer to an HTTP action that threw. */
export function httpError(error: Error): object {
  const { message } = error;
  const data = error instanceof FunctionError ? error.data : undefined;
  const [first = ""] = message.split("\n    at ");
  return {
    code: `[Request ID: ${requestId()}] Server Error: ${first}`,
    trace: `${message}\n`,
    ...(data !== undefined && { data }),
  };
}

/** What a function throws is logged whole, the data of a ConvexError too. */
export function loggedError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const data = error instanceof FunctionError ? error.data : undefined;
  return data === undefined ? error.message : `${error.message}\n${JSON.stringify(data)}`;
}

/** Of whatever ended a run of some code; `logs` are the lines that it had logged. */
export function asFunctionError(error: unknown, { logs, code }: { logs: string[]; code: Code }) {
  if (error instanceof FunctionError)
    return new FunctionError(error.message, error.data, [...logs, ...error.logs]);
  if (!(error instanceof ThreadError))
    return error instanceof Error ? error : new Error(String(error));
  const { name, message, at, data } = error.thrown;
  const text =
    error.thrown.code === "ThreadEnded"
      ? message
      : [`Uncaught ${name}: ${message}`, ...printFrames(at, code)].join("\n");
  return new FunctionError(text, data, logs);
}

// --- internal ---

const requestId = () => randomBytes(8).toString("hex");
