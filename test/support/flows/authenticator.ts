// A passkey authenticator as the flows need it: one key, ES256, no attestation (WebAuthn level 2).
// Must not know Better Auth.
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

export type Authenticator = {
  /** The answer to a registration's challenge, as a browser would post it. */
  readonly register: (challenge: string) => object;
  /** The answer to an authentication's challenge. */
  readonly sign: (challenge: string) => object;
};

/** A new one, with a key that exists nowhere else. */
export function createAuthenticator(site: {
  readonly origin: string;
  readonly rpId: string;
}): Authenticator {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const id = randomBytes(16);
  let counter = 0;
  const clientData = (type: string, challenge: string) =>
    Buffer.from(JSON.stringify({ type, challenge, origin: site.origin, crossOrigin: false }));
  const authenticatorData = (flags: number, rest = Buffer.alloc(0)) => {
    const counted = Buffer.alloc(4);
    counted.writeUInt32BE(++counter);
    return Buffer.concat([sha256(site.rpId), Buffer.from([flags]), counted, rest]);
  };
  const credential = (response: object) => ({
    ...{ id: id.toString("base64url"), rawId: id.toString("base64url"), type: "public-key" },
    ...{ clientExtensionResults: {}, response },
  });
  return {
    register: (challenge) => {
      const { x, y } = publicKey.export({ format: "jwk" });
      const cose = map([
        [integer(1), integer(2)], // key type: elliptic curve
        [integer(3), integer(-7)], // algorithm: ES256
        [integer(-1), integer(1)], // curve: P-256
        [integer(-2), bytes(Buffer.from(x ?? "", "base64url"))],
        [integer(-3), bytes(Buffer.from(y ?? "", "base64url"))],
      ]);
      const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, cose]);
      const attestation = map([
        [text("fmt"), text("none")],
        [text("attStmt"), map([])],
        [text("authData"), bytes(authenticatorData(PRESENT | VERIFIED | ATTESTED, attested))],
      ]);
      return credential({
        clientDataJSON: clientData("webauthn.create", challenge).toString("base64url"),
        attestationObject: attestation.toString("base64url"),
        transports: ["internal"],
      });
    },
    sign: (challenge) => {
      const data = authenticatorData(PRESENT | VERIFIED);
      const json = clientData("webauthn.get", challenge);
      const signature = sign("sha256", Buffer.concat([data, sha256(json)]), privateKey);
      return credential({
        clientDataJSON: json.toString("base64url"),
        authenticatorData: data.toString("base64url"),
        signature: signature.toString("base64url"),
      });
    },
  };
}

// --- internal ---

const PRESENT = 0x01;
const VERIFIED = 0x04;
const ATTESTED = 0x40;

function sha256(data: Buffer | string): Buffer {
  return createHash("sha256").update(data).digest();
}

// CBOR (RFC 8949), as much of it as a registration has.

function head(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(major << 5) | length]);
  if (length < 256) return Buffer.from([(major << 5) | 24, length]);
  return Buffer.from([(major << 5) | 25, length >> 8, length & 255]);
}

function integer(value: number): Buffer {
  return value < 0 ? head(1, -1 - value) : head(0, value);
}

function bytes(value: Buffer): Buffer {
  return Buffer.concat([head(2, value.length), value]);
}

function text(value: string): Buffer {
  return Buffer.concat([head(3, value.length), Buffer.from(value)]);
}

function map(entries: readonly (readonly [Buffer, Buffer])[]): Buffer {
  return Buffer.concat([head(5, entries.length), ...entries.flat()]);
}
