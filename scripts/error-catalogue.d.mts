// Types of error-catalogue.mjs, for tests.

export function printCatalogue(modules: readonly object[]): string;

export function errorsOf(module: object): {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}[];

export function isRoomOfCommands(name: string): boolean;

export function isRoomOfFindings(name: string): boolean;

export function printErrors(
  errors: readonly { readonly code: string; readonly message: string; readonly hint: string }[],
): string;
