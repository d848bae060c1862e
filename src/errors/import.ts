// What the functions behind `kitcn import` refuse.
// Must import nothing but the error class.
import { errorOf } from "./error.js";

export const importOutOfStep = errorOf(
  "IMPORT_OUT_OF_STEP",
  "The import of <source> is at record <position>, and a batch from record <from> on was sent.",
  "Another run of `kitcn import` is or was under way. Run the command again, once it has ended.",
);

export const ambiguousOldId = errorOf(
  "AMBIGUOUS_OLD_ID",
  'The id "<id>" belongs to several imported rows: <rows>.',
  "Add `--model <the model>`, or name the source first, as in `npx kitcn import clerk --rewrite notes.userId`. Of csv:shop, the source is `csv --name shop`.",
);

export const undoBlind = errorOf(
  "IMPORT_UNDO_BLIND",
  "This app keeps its sessions outside of Convex, so nobody can tell who has signed in.",
  "Delete the imported users by hand; the table importedId names them.",
);
