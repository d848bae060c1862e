// DOMException, and how an error of the thread becomes one of the guest's own.

const NAMES =
  "IndexSize,DOMStringSize,HierarchyRequest,WrongDocument,InvalidCharacter,NoDataAllowed,NoModificationAllowed,NotFound,NotSupported,InUseAttribute,InvalidState,Syntax,InvalidModification,Namespace,InvalidAccess,Validation,TypeMismatch,Security,Network,Abort,URLMismatch,QuotaExceeded,Timeout,InvalidNodeType,DataClone";
const CODES = new Map(NAMES.split(",").map((name, at) => [`${name}Error`, at + 1]));

export class DOMException {
  readonly message: string;
  readonly name: string;
  readonly code: number;

  constructor(message = "", name = "Error") {
    this.message = message;
    this.name = name;
    this.code = CODES.get(name) ?? 0;
    const { stack } = new Error(message);
    Object.defineProperty(this, "stack", { value: stack, writable: true, configurable: true });
  }

  get [Symbol.toStringTag](): string {
    return "DOMException";
  }
}
Object.setPrototypeOf(DOMException.prototype, Error.prototype);

const ERRORS: Record<string, new (message: string) => Error> = {
  TypeError,
  RangeError,
  SyntaxError,
};

/** The same error with the guest's prototypes. */
export function ownError(error: unknown): unknown {
  if (typeof error !== "object" || error === null) return error;
  const { name, message, code } = error as Record<string, unknown>; // of another context
  const text = String(message);
  if (typeof name !== "string") return new Error(text);
  // Node 20 has a name of its own for this one.
  if (name === "InvalidAccessException") return new DOMException(text, "InvalidAccessError");
  // Not each of them has a code: what crypto.subtle refuses is an OperationError.
  const isDOMException = Object.prototype.toString.call(error) === "[object DOMException]";
  if (isDOMException || CODES.has(name)) return new DOMException(text, name);
  const Own = ERRORS[name] ?? Error;
  return Object.assign(new Own(text), typeof code === "string" ? { code } : {});
}

/** Calls the thread; what it throws comes as an error of the guest. */
export function fromHost<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw ownError(error);
  }
}
