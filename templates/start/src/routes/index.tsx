import { createFileRoute } from "@tanstack/react-router";
import { Notes } from "../components/Notes";

export const Route = createFileRoute("/")({ component: Notes });
