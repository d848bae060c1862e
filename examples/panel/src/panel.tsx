import { ConvexProvider, ConvexReactClient, useQuery } from "convex/react";
import { StrictMode, useState, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { api } from "../convex/functions/_generated/api";
import "./panel.css";

/** What the demo records. */
type Facts = {
  readonly request: { readonly name: string; readonly runs: readonly Run[] } | null;
  readonly costs: readonly {
    readonly step: string;
    readonly runs: number;
    readonly documents: number;
  }[];
  readonly tables: readonly { readonly name: string; readonly owner: "kitcn" | "you" }[];
  readonly added: readonly Added[];
};

/** A plugin that was added while the demo runs, and where the page shows it. */
type Added = { readonly plugin: string; readonly place: string };

type Run = { readonly type: string; readonly name: string; readonly ms: number };

function Panel() {
  const json = useQuery(api.panel.facts);
  const facts = json ? (JSON.parse(json) as Facts) : undefined;
  const managed = facts?.tables.filter(({ owner }) => owner === "kitcn").map(({ name }) => name);
  const newest = useQuery(api.panel.rows, { tables: managed ?? ["user", "session", "account"] });
  // The page was loaded with what had been added by then.
  const [loaded, setLoaded] = useState<number>();
  if (facts && loaded === undefined) setLoaded(facts.added.length);
  const added = facts?.added.slice(loaded ?? facts.added.length) ?? [];
  return (
    <>
      <h2>What happens on Convex</h2>
      {added.length > 0 && (
        <Part title="Added while this page was open">
          {added.map(({ plugin, place }) => (
            <p key={plugin}>
              <code>{plugin}</code>{" "}
              <button type="button" onClick={() => show(place)}>
                Show its part of the page
              </button>
            </p>
          ))}
        </Part>
      )}
      <Part title="The last request">
        {facts?.request ? (
          <>
            <code>{facts.request.name}</code>
            <Table
              head={["run", "function", "ms"]}
              rows={facts.request.runs.map(({ type, name, ms }) => [type, name, String(ms)])}
            />
          </>
        ) : (
          <p>Sign up to see one.</p>
        )}
      </Part>
      <Part title="The newest rows">
        {newest?.map(({ table, rows }) => (
          <details key={table} open={table === "user"}>
            <summary>
              {table} ({rows.length})
            </summary>
            {rows.map((row, at) => (
              <Table key={at} head={["column", "value"]} rows={row} />
            ))}
          </details>
        ))}
      </Part>
      {facts && facts.costs.length > 0 && (
        <Part title="What the demo's own steps cost">
          <Table
            head={["step", "queries and mutations", "documents read"]}
            rows={facts.costs.map((one) => [one.step, String(one.runs), String(one.documents)])}
          />
        </Part>
      )}
      {facts && (
        <Part title="The tables of schema.ts">
          <Table
            head={["table", "who owns it"]}
            rows={facts.tables.map(({ name, owner }) => [name, OWNERS[owner]])}
          />
        </Part>
      )}
    </>
  );
}

const OWNERS = { kitcn: "kitcn writes and refreshes it", you: "you" };

/** Opens a place of the page as it was built last. */
function show(place: string) {
  window.history.pushState(null, "", place);
  window.location.reload();
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function Table({ head, rows }: { head: readonly string[]; rows: readonly (readonly string[])[] }) {
  return (
    <table>
      <thead>
        <tr>
          {head.map((one) => (
            <th key={one}>{one}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((cells, at) => (
          <tr key={at}>
            {cells.map((cell, column) => (
              <td key={column}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

createRoot(document.getElementById("panel")!).render(
  <StrictMode>
    <ConvexProvider client={new ConvexReactClient(import.meta.env.VITE_CONVEX_URL)}>
      <Panel />
    </ConvexProvider>
  </StrictMode>,
);
