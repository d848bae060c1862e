// The component's only functions: store operations, all of a call in one transaction.
// Convex makes a component's public functions callable by the app's server code, never by clients.
import { tables } from "../../generated/component.tables.js";
import { componentFunctions } from "./functions.js";

export const { read, signingKeys, write } = componentFunctions(tables);
