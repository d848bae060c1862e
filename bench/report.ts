// Prints what was measured as Markdown: ours beside the peer's, with the ratio where it says something. Pure.
import type { Bundle, Part } from "./bundle.js";
import type { Timing } from "./commands.js";
import type { CpuTime } from "./cpu.js";
import type { Evaluated } from "./evaluated.js";
import type { Cost, Costs } from "./operations.js";
import type { Curve } from "./scale.js";

export type Pair<Item> = { readonly ours: Item; readonly peer: Item };

export type Results = {
  readonly versions: Pair<Readonly<Record<string, string>>>;
  readonly node: string;
  readonly operations: Pair<Costs>;
  /** Ours with rate limits in the database. */
  readonly limited: Costs;
  readonly app: Pair<Bundle>;
  readonly component: Pair<Bundle>;
  /** Better Auth's minimal entry alone. */
  readonly floor: Pair<Bundle>;
  /** In the browser. */
  readonly client: Pair<Bundle>;
  /** Better Auth's client alone. */
  readonly clientFloor: Pair<Bundle>;
  readonly evaluated: Pair<Evaluated>;
  /** Absent where only counts were asked for. */
  readonly rest?: {
    /** Of a sign-up. */
    readonly cpu: Pair<CpuTime> & { readonly full: CpuTime };
    readonly sessions: Pair<Curve>;
    readonly members: Curve;
    readonly commands: { readonly minimal: readonly Timing[]; readonly full: readonly Timing[] };
    readonly types: Pair<Readonly<Record<string, string>>>;
  };
};

type Rest = NonNullable<Results["rest"]>;

export function printResults(results: Results): string {
  const { rest } = results;
  return [
    "# Benchmark",
    "",
    "Written by `npm run bench`: both apps were made, pushed and measured in the same run, on the same",
    "embedded deployment. Counts are exact, times are medians on whatever machine ran it.",
    "",
    ...printVersions(results),
    ...printSummary(results),
    ...printOperations(results),
    ...printBundles(results),
    ...(rest
      ? [printCpu, printCurves, printCommands, printTypes].flatMap((print) => print(rest))
      : [
          "Growing tables, commands and type check were left out: `npm run bench` measures them, too.",
          "",
        ]),
  ].join("\n");
}

// --- internal ---

function printVersions({ versions, node }: Results): string[] {
  const list = (one: Readonly<Record<string, string>>) =>
    Object.entries(one).map(([name, version]) => `${name} ${version}`);
  return [
    `- ours: ${list(versions.ours).join(", ")}`,
    `- peer: ${list(versions.peer).join(", ")}`,
    `- Node ${node}`,
    "",
  ];
}

/** What a reader wants to know first: each figure with its plugins and its context. */
function printSummary(results: Results): string[] {
  const { operations, evaluated, app, component, client, clientFloor } = results;
  const cost = (what: string, name: string) => [
    `${what}: runs / documents`,
    "any",
    printCost(operations.ours[name]),
    printCost(operations.peer[name]),
  ];
  const bytes = (what: string, context: string, { ours, peer }: Pair<number>) => [
    what,
    context,
    ...[ours, peer].map((one) => `${(one / 1000).toFixed(1)} KB`),
  ];
  const rows = [
    ...[cost("sign-up", "sign-up"), cost("sign-in", "sign-in")],
    cost("a query with the current user", "in a query: current user"),
    ...Object.entries(evaluated.ours).map(([what, ours]) =>
      bytes(`${what}: evaluated`, "fresh", { ours, peer: evaluated.peer[what] ?? NaN }),
    ),
    bytes("deployed, minified", "–", {
      ours: app.ours.bytes + component.ours.bytes,
      peer: app.peer.bytes + component.peer.bytes,
    }),
    bytes("in the browser, minified", "–", {
      ours: client.ours.bytes,
      peer: client.peer.bytes,
    }),
    bytes("of that, Better Auth's client alone", "–", {
      ours: clientFloor.ours.bytes,
      peer: clientFloor.peer.bytes,
    }),
  ];
  return [
    "## In short",
    "",
    "All of it with email and password and the plugin `convex()`, no other, and without rate limits. Convex",
    "evaluates a function's modules in a fresh context for every run; counts are the same in a warm one. In the",
    "browser: Better Auth's client, the plugin and the provider, without React and Convex's client.",
    "",
    "![Code evaluated before a function runs](evaluated.svg)",
    "",
    ...printTable(["what", "context", "kitcn", "@convex-dev/better-auth"], rows),
  ];
}

function printOperations({ operations: { ours, peer }, limited }: Results): string[] {
  const rows = Object.entries(ours).map(([name, cost]) => [
    name,
    printCost(cost),
    printCost(limited[name]),
    printCost(peer[name]),
  ]);
  return [
    "## Function runs and documents read",
    "",
    "Queries and mutations that ran (of these nested in another one), and documents that they read. The",
    "read that a deletion makes of its own document counts. The second column is with the rate limits in the",
    "database that `kitcn add auth` turns on; the others count no requests.",
    "",
    ...printTable(["operation", "kitcn", "with rate limits", "@convex-dev/better-auth"], rows),
  ];
}

function printBundles({ app, component, floor, client }: Results): string[] {
  const row = (name: string, { ours, peer }: Pair<Bundle>) => [
    name,
    `${ours.bytes.toLocaleString("en")} B`,
    `${peer.bytes.toLocaleString("en")} B`,
    ratio(ours.bytes, peer.bytes),
  ];
  const total = (side: keyof Pair<Bundle>) => ({ bytes: app[side].bytes + component[side].bytes });
  const both = {
    ours: { ...total("ours"), packages: [], idle: [] },
    peer: { ...total("peer"), packages: [], idle: [] },
  };
  const list = (all: readonly Part[]) =>
    all.map(({ name, bytes }) => `${name} ${(bytes / 1024).toFixed(0)} KiB`).join(", ");
  const parts = ({ packages }: Bundle) => list(packages);
  return [
    "## Code deployed, minified",
    "",
    ...printTable(
      ["part", "kitcn", "@convex-dev/better-auth", "ratio"],
      [
        row("app (auth.ts, http.ts)", app),
        row("component", component),
        row("both", both),
        row("of the app, `better-auth/minimal` alone", floor),
      ],
    ),
    `- app, ours: ${parts(app.ours)}`,
    `- app, peer: ${parts(app.peer)}`,
    `- of the app, ours, what most requests never use and Better Auth imports by itself: ${list(app.ours.idle)}`,
    `- the same, peer: ${list(app.peer.idle)}`,
    `- component, ours: ${parts(component.ours)}`,
    `- component, peer: ${parts(component.peer)}`,
    `- browser, ours: ${parts(client.ours)}`,
    `- browser, peer: ${parts(client.peer)}`,
    "",
  ];
}

function printCpu({ cpu: { ours, peer, full } }: Rest): string[] {
  const row = (name: string, of: keyof CpuTime) => [
    name,
    ...[ours, peer].map((one) => `${one[of]} ms`),
    ratio(ours[of], peer[of]),
    `${full[of]} ms`,
  ];
  return [
    "## CPU time of a sign-up",
    "",
    "Of the function that takes most, with the evaluation of its modules and with what it calls. Convex allows",
    "1 s. No rate limits, but for the last column.",
    "",
    ...printTable(
      ["", "kitcn", "@convex-dev/better-auth", "ratio", "kitcn, eleven plugins"],
      [row("the first one after a push", "first"), row("with compiled code, median", "later")],
    ),
  ];
}

function printCurves({ sessions, members }: Rest): string[] {
  const sizes = Object.keys(sessions.ours).map(Number);
  const rows = [
    ...printCurve("kitcn", { curve: sessions.ours, sizes }),
    ...printCurve("kitcn", { curve: members, sizes }),
    ...printCurve("@convex-dev/better-auth", { curve: sessions.peer, sizes }),
  ];
  return [
    "## Documents read as tables grow",
    "",
    "Users and sessions, or members of one organization. A dash was not measured: the peer's packaged",
    "component has no organization tables, and its rows can only be written one nested mutation each.",
    "kitcn signs in with its rate limits here, which read up to two documents more.",
    "",
    "![Documents read by one request as tables grow](growth.svg)",
    "",
    ...printTable(
      ["", "look-up", ...sizes.map((size) => `${size.toLocaleString("en")} rows`)],
      rows,
    ),
  ];
}

function printCurve(
  name: string,
  { curve, sizes }: { curve: Curve; sizes: readonly number[] },
): string[][] {
  const lookUps = Object.keys(Object.values(curve)[0] ?? {});
  return lookUps.map((lookUp) => [
    name,
    lookUp,
    ...sizes.map((size) => String(curve[size]?.[lookUp]?.documents ?? "–")),
  ]);
}

function printCommands({ commands: { minimal, full } }: Rest): string[] {
  const time = (timing: Timing | undefined) =>
    timing ? [`${Math.round(timing.ms)} ms`, timing.ratio.toFixed(1)] : ["–", "–"];
  const rows = minimal.map((timing, at) => [
    `\`${timing.name}\``,
    ...time(timing),
    ...time(full[at]),
  ]);
  return [
    "## Commands, warm",
    "",
    "Medians, and as multiples of `node -e 0` in the same minutes.",
    "",
    ...printTable(["command", "minimal app", "multiple", "eleven plugins", "multiple"], rows),
  ];
}

function printTypes({ types: { ours, peer } }: Rest): string[] {
  const number = (text = "") => Number(text.replace(/[^\d.]/g, ""));
  const rows = Object.entries(ours).map(([name, value]) => [
    name,
    value,
    peer[name] ?? "",
    ratio(number(value), number(peer[name])),
  ]);
  return [
    "## Type check of an app with eleven plugins and additional fields",
    "",
    "`tsc --extendedDiagnostics`, the same TypeScript and the same plugins for both.",
    "",
    ...printTable(["", "kitcn", "@convex-dev/better-auth", "ratio"], rows),
  ];
}

function printCost(cost: Cost | undefined): string {
  if (!cost) return "–";
  const nested = cost.nested > 0 ? ` (+${cost.nested} nested)` : "";
  return `${cost.runs}${nested} / ${cost.documents}`;
}

function ratio(ours: number, peer: number): string {
  return peer > 0 ? (ours / peer).toFixed(2) : "–";
}

function printTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line), ""];
}
