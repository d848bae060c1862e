// How the result of a performed question becomes an answer in the journal, and how a failed answer becomes an error
// again. Must not know who asked.
import { ConvexError, type Value } from "convex/values";
import type { Answer, Question } from "./journal.js";
import { loadResponse } from "./message.js";

type Failure = Extract<Answer, { kind: "failure" }>;
type FetchQuestion = Extract<Question, { kind: "fetch" }>;

/** What `fetch` is called with to ask a question. Convex needs method and body there to follow a redirect. */
export function fetchArguments(
  { request, options }: Pick<FetchQuestion, "request" | "options">,
  signal?: AbortSignal | null,
): [string, RequestInit] {
  const { url, method, headers, body } = request;
  const lines = headers.map(([name = "", value = ""]): [string, string] => [name, value]);
  return [
    url,
    { method, headers: lines, ...(body && { body }), ...options, ...(signal && { signal }) },
  ];
}

/** Performs a fetch and reads its response to the end. A failed one is an answer, too. */
export async function loadAnswer(perform: () => Promise<Response>): Promise<Answer> {
  try {
    return { kind: "response", response: await loadResponse(await perform()) };
  } catch (error) {
    return failureOf(error);
  }
}

/** What an error is in the journal: name, message and, of a ConvexError, data. */
export function failureOf(error: unknown): Failure {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return {
    kind: "failure",
    name,
    message,
    ...(error instanceof ConvexError && { data: error.data as Value }), // what a ConvexError may carry
  };
}

/** The error of a failed answer, with the class that callers look for. */
export function toError(answer: Answer): Error {
  if (answer.kind !== "failure") return new Error(`A journal answered with a ${answer.kind}.`);
  const { name, message, data } = answer;
  if (data !== undefined) return new ConvexError(data);
  const error = name === "TypeError" ? new TypeError(message) : new Error(message);
  return Object.assign(error, { name });
}
