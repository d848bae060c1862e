// `ctx.scheduler`: in a mutation a part of its transaction, in an action at once.
// Must not know when jobs run: that is scheduler.ts.
import { getConvexSize, type JSONValue } from "convex/values";
import { fullName } from "./database.js";
import { numberOf, tableNumberOf } from "./ids.js";
import { SCHEDULED } from "./scheduler.js";
import { ofArgument, type Args, type Context, type Syscalls } from "./syscalls.js";
import { valueOf } from "./values.js";

export function schedulingSyscalls(context: Context): Syscalls {
  const { state, target, input } = context;
  const { transaction } = input;
  const { database } = target.instance;

  const jobOf = ({ id: given }: Args): string => {
    const id = String(given);
    const number = ofArgument("id", "db.cancel_job", () => tableNumberOf(id));
    if (number !== numberOf(fullName(database, SCHEDULED)))
      throw new Error("Invalid scheduled function ID");
    return id;
  };

  if (!transaction)
    return {
      "1.0/actions/schedule": (args) => schedule(context, args),
      "1.0/actions/cancel_job": (args) => (state.scheduler.cancel(jobOf(args), { database }), null),
    };
  if (input.kind !== "mutation") return {};
  return {
    "1.0/schedule": (args) => {
      input.caller.origin?.onWrite();
      return schedule(context, args);
    },
    "1.0/cancel_job": (args) => {
      const id = jobOf(args);
      if (id === input.caller.job?.id) {
        context.lines.log(
          "warn",
          "A scheduled mutation canceling itself is deprecated and will throw an error in a future version of Convex.",
        );
        return null;
      }
      input.caller.origin?.onWrite();
      state.scheduler.cancel(id, { database, transaction });
      return null;
    },
  };
}

// --- internal ---

const MAX_AWAY_SECONDS = 5 * 366 * 24 * 3600;

function schedule({ runner, target, input, state }: Context, args: Args): string {
  const to = runner.targetOf(target.instance, args);
  const time = Number(args.ts) * 1000;
  const awaySeconds = (time - Date.now()) / 1000;
  if (Math.abs(awaySeconds) > MAX_AWAY_SECONDS)
    throw new Error(
      `${new Date(time).toISOString()} is more than 5 years in the ${awaySeconds > 0 ? "future" : "past"}`,
    );
  const size = sizeOf(args.args as JSONValue, to.path);
  assertExists({ runner, target: to });
  input.transaction?.usage.schedule(size);
  const { database } = target.instance;
  return state.scheduler.schedule(
    { to, args: args.args as JSONValue, time, database, parent: input.caller.job },
    input.transaction,
  );
}

/** Of the arguments, which are passed as an array of one. */
function sizeOf(args: JSONValue, path: string): number {
  try {
    return getConvexSize(valueOf(args)) + 2;
  } catch (error) {
    throw new Error(`Invalid arguments for ${path}: ${(error as Error).message}`); // valueOf throws nothing else
  }
}

function assertExists({ runner, target }: Pick<Context, "runner" | "target">): void {
  if (runner.analyzed(target)) return;
  const [module = "", name = "default"] = target.path.replace(/\.js(?=:|$)/, "").split(":");
  const { path, definition } = target.instance;
  if (!definition.analysis[`${module}.js`])
    throw new Error(
      `Attempted to schedule function at nonexistent path: ${path && `${path} `}${module}.js`,
    );
  throw new Error(
    `Attempted to schedule function, but no exported function ${name} found in the file: ${module}.js${path && ` in '${path}'`}. Did you forget to export it?`,
  );
}
