// The component's only functions: one store operation, or a batch, in one transaction.
// Convex makes a component's public functions callable by the app's server code, never by clients.
import { mutationGeneric, queryGeneric } from "convex/server";
import { tables } from "../../generated/component.tables.js";
import { storeFunctions } from "../store/functions.js";

export const { read, write } = storeFunctions({
  tables,
  query: queryGeneric,
  mutation: mutationGeneric,
});
