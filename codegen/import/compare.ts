// Asks the deployment what it has under the ids of a source's rows, as many rows as one call takes. Reads only.
import type { ComparedRow, ImportRow } from "../../src/import/types.js";
import { sizeOf, type Transport } from "./transport.js";

/**
 * What the deployment says of each row, in their order.
 *
 * @param input.most rows of one call
 * @throws CodegenError of the transport
 */
export async function* compareRows(
  rows: Iterable<ImportRow> | AsyncIterable<ImportRow>,
  input: { readonly transport: Transport; readonly source: string; readonly most: number },
): AsyncGenerator<ComparedRow> {
  const { transport, source, most } = input;
  const empty = sizeOf({ source, rows: [] });
  let page: ImportRow[] = [];
  let bytes = empty;
  const send = async () => {
    const found = await transport.call("importCompare", { source, rows: page });
    page = [];
    bytes = empty;
    return found as ComparedRow[]; // of generated/import.ts
  };
  for await (const row of rows) {
    const size = sizeOf(row) + 1;
    if (page.length === most || (page.length > 0 && bytes + size > transport.maxBytes))
      yield* await send();
    page.push(row);
    bytes += size;
  }
  if (page.length > 0) yield* await send();
}
