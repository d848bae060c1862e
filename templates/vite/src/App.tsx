import { Header } from "./components/Header";
import { MyNotes } from "./components/MyNotes";
import { Notes } from "./components/Notes";

/** Shows one of two pages, by the path. */
export function App() {
  return (
    <>
      <Header />
      {window.location.pathname === "/mine" ? <MyNotes /> : <Notes />}
    </>
  );
}
