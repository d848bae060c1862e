import { useMutation, useQuery } from "convex/react";
import { api } from "../../convex/functions/_generated/api";
import { NoteList } from "./NoteList";

/** The notes of all users, and a form to add one. */
export function Notes() {
  const notes = useQuery(api.notes.list);
  const add = useMutation(api.notes.add);

  async function submit(form: HTMLFormElement) {
    const text = String(new FormData(form).get("text")).trim();
    if (text === "") return;
    await add({ text });
    form.reset();
  }

  return (
    <main className="content">
      <h1>Notes</h1>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit(event.currentTarget);
        }}
      >
        <input name="text" aria-label="A new note" placeholder="A new note" autoComplete="off" />
        <button type="submit">Add</button>
      </form>
      <NoteList notes={notes} />
    </main>
  );
}
