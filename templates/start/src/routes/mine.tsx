import { createFileRoute } from "@tanstack/react-router";
import { MyNotes } from "../components/MyNotes";

export const Route = createFileRoute("/mine")({ component: MyNotes });
