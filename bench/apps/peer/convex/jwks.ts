// The bench writes the deployment's static JWKS here, once it has keys.
export const staticJwks: string | undefined = undefined;
