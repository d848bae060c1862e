// What defineTriggers refuses: only apps that declare triggers load this file.
// Must import nothing but the error class.
import { errorOf } from "./error.js";

export const triggersOfComponentTable = errorOf(
  "UNKNOWN_TRIGGER_TABLE",
  'Triggers of defineTriggers for "<table>" never run, since that table is in the kitcn component.',
  "Move them to `triggers` of defineAuth in auth.ts: those also run for tables of the component.",
);

export const unknownTriggerTable = errorOf(
  "UNKNOWN_TRIGGER_TABLE",
  'defineTriggers has triggers for "<table>", which schema.ts does not declare.',
  "Declare it there, or name one of the tables of schema.ts: <tables>.",
);

export const triggersDefinedTwice = errorOf(
  "TRIGGERS_DEFINED_TWICE",
  'defineTriggers was given triggers for the table "<table>" twice.',
  "Put all triggers of a table into one defineTriggers call.",
);
