import { useQuery } from "convex/react";
import { api } from "../../convex/functions/_generated/api";
import { NoteList } from "./NoteList";

/** A page that needs a session: the notes of the signed-in user. */
export function MyNotes() {
  const notes = useQuery(api.notes.mine);
  return (
    <main className="content">
      <h1>Your notes</h1>
      {notes === null ? (
        <p className="visitor">
          <a href="/auth">Sign in</a> to see your notes.
        </p>
      ) : (
        <NoteList notes={notes} />
      )}
    </main>
  );
}
