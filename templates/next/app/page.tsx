import { Notes } from "@/components/Notes";

export default function Home() {
  return <Notes />;
}
