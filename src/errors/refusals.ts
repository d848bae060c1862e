// What auth routes answer instead of running a request, or after Convex gave up on its runs. http.ts loads it.
// Must import nothing but the error class.
import { errorOf } from "./error.js";

export const payloadTooLarge = errorOf(
  "PAYLOAD_TOO_LARGE",
  "The request's body has more than <bytes> bytes.",
  "Send less: upload files to Convex's file storage, and send their ids.",
);

export const tooManyConflicts = errorOf(
  "TOO_MANY_CONFLICTS",
  "Too many requests at once. Please try again later.",
  "Send it again after a second. If it goes on, find the row that all these requests write, as a counter in a trigger.",
);
