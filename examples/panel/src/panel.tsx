import { ConvexProvider, ConvexReactClient, useQuery } from "convex/react";
import { StrictMode, type ReactNode } from "react";
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
  readonly tables: readonly { readonly name: string; readonly owner: string }[];
};

type Run = { readonly type: string; readonly name: string; readonly ms: number };

function Panel() {
  const rows = useQuery(api.panel.rows);
  const json = useQuery(api.panel.facts);
  const facts = json ? (JSON.parse(json) as Facts) : undefined;
  return (
    <>
      <h2>What happens on Convex</h2>
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
        {(["user", "session", "account"] as const).map((table) => (
          <details key={table} open={table === "user"}>
            <summary>
              {table} ({rows?.[table].length ?? 0})
            </summary>
            {rows?.[table].map((row, at) => (
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
            rows={facts.tables.map(({ name, owner }) => [name, owner])}
          />
        </Part>
      )}
    </>
  );
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
