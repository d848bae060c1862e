// As much of the frameworks as the documents use: they are not installed here, apps bring them.
declare module "@tanstack/react-start" {}
declare module "@tanstack/react-router" {
  type ServerHandler = (input: { request: Request }) => Promise<Response>;
  export function createFileRoute(
    path: string,
  ): (options: { server: { handlers: Readonly<Record<string, ServerHandler>> } }) => object;
}
declare module "next/navigation" {
  export function useRouter(): { replace(path: string): void };
}
