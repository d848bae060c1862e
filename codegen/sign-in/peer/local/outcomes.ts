// What becomes of the places of a local component, as a sentence for its owner. Pure.
import { BY_HAND } from "../../common/libraries.js";
import { adapterCallAt, insteadOfAdapter } from "./adapter-calls.js";
import { IMPORT, INDEX, READ } from "./names.js";
import type { Found } from "../../common/types.js";

/**
 * The rest of the sentence that begins with the place.
 *
 * @param options.isLeft for what the run could not edit, and what its owner has to change first
 */
export function outcomeOfLocal(
  { name, library, module, node }: Pick<Found, "name" | "library" | "module" | "node">,
  { isLeft = false }: { readonly isLeft?: boolean } = {},
): string {
  if (library === BY_HAND) return OWN[name] ?? STAYS;
  const known = isLeft ? LEFT[name] : undefined;
  if (known !== undefined) return known;
  if (!isLeft) return BECOMES[name] ?? "is removed with the component.";
  if (name.startsWith("components.")) {
    const adapter = adapterCallAt(module, node);
    return adapter
      ? `calls a function that goes with the component. Delete the call. After the run, write ${insteadOfAdapter(module, adapter)}.`
      : CALL;
  }
  if (name.startsWith("defineTable")) return TABLE;
  return "is in the way of removing the component's folder. Take it out.";
}

// --- internal ---

const BECOMES: Readonly<Record<string, string>> = {
  defineComponent: "is removed: the component is not mounted any more.",
  createApi: "is removed: kitcn reads and writes the tables of your schema itself.",
  defineSchema: "is removed: kitcn writes the tables into your schema.",
  createAuth: "is removed: kitcn plans the tables from convex/auth.ts.",
};

const STAYS =
  "stays, as an internal function of your app: as before, only other functions can call it. ctx.db is the app's database, and has the tables by the same names.";

const READS =
  "reads by an index of the component. Use an index of that table in your schema, or add this one there.";

const CALL =
  'calls a function that goes with the component. Delete the call, and read its table in its place after the run, as with ctx.db.query("user"). In the folder of a local component, a function of yours can read ctx.db before and after.';

const WITHOUT_TABLES =
  "reads a table that placement component keeps to itself. Run with --placement split, or ask Better Auth with getAuth(ctx).api instead.";

const TABLE =
  "is a table of your own in the component, and would go with it. Move it and its rows to your own schema.";

const GENERIC =
  "makes a function that browsers can call, once the component's folder is a part of your app. Use the builder of ./_generated/server; the run makes it an internal one.";

const OWN: Readonly<Record<string, string>> = { [INDEX]: READS, [READ]: WITHOUT_TABLES };

const LEFT: Readonly<Record<string, string>> = {
  [IMPORT]:
    "needs a file that is removed. Declare what it takes from there yourself; after the run, your own schema and ./_generated/dataModel have it.",
  "app.use": "has a form that kitcn cannot edit. Mount the component in a statement: app.use(...).",
  queryGeneric: GENERIC,
  mutationGeneric: GENERIC,
  actionGeneric: GENERIC,
};
