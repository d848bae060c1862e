// Types of packages that are not installed here, as far as the apps of these tests use them.
// Nothing of them runs.
/** Types of packages that are not installed here. */
export const stub = (name: string, types: string, more: Readonly<Record<string, string>> = {}) => ({
  [`node_modules/${name}/package.json`]: `{ "name": "${name}", "version": "1.0.0", "types": "index.d.ts" }\n`,
  [`node_modules/${name}/index.d.ts`]: types,
  ...Object.fromEntries(
    Object.entries(more).map(([path, text]) => [`node_modules/${name}/${path}.d.ts`, text]),
  ),
});

/** Next's, as far as apps here use them. */
export const NEXT_TYPES: Record<string, string> = stub("next", "export {};\n", {
  link: `import type { ReactNode } from "react";
export default function Link(props: { href: string; className?: string; children?: ReactNode }): ReactNode;
`,
  navigation: `export declare function redirect(path: string): never;
export declare function useRouter(): { refresh(): void };
`,
  server: `export declare class NextRequest extends Request { nextUrl: URL & { basePath: string }; }
export declare class NextResponse extends Response { static next(): NextResponse; static redirect(url: URL): NextResponse; }
`,
  headers: `export declare function headers(): Promise<Headers>;\n`,
});
