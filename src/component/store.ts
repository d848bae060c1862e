// The component's only functions: one store operation, or a batch, in one transaction.
// Convex makes a component's public functions callable by the app's server code, never by clients.
import { tables } from "../../generated/component.tables.js";
import { componentFunctions } from "./functions.js";

export const { read, write } = componentFunctions(tables);
