import { MyNotes } from "@/components/MyNotes";

export default function Mine() {
  return <MyNotes />;
}
