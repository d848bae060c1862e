// Which questions are effects. Apart from journal.ts, so that a store which knows scopes does not load that.
// Must import nothing but types.
import type { Question } from "./journal.js";

/** True for a question that changes something outside, so that it must be asked at most once. */
export function isEffect(question: Question): boolean {
  return question.kind === "fetch" ? !question.isOfInit : question.kind === "runAction";
}
