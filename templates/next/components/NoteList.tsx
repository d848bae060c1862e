"use client";

import type { Doc } from "@/convex/functions/_generated/dataModel";

/** A list of notes in the order of the array; undefined while they load. */
export function NoteList({ notes }: { notes: Doc<"notes">[] | undefined }) {
  if (notes === undefined) {
    return (
      <p>
        <output>Loading…</output>
      </p>
    );
  }
  if (notes.length === 0) return <p className="quiet">No notes yet.</p>;
  return (
    <ul className="notes">
      {notes.map(({ _id, text, authorName }) => (
        <li key={_id}>
          <span>{text}</span>
          {authorName && <small className="quiet"> by {authorName}</small>}
        </li>
      ))}
    </ul>
  );
}
