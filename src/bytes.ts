// Bytes as text. Pure; must import nothing, since the component and light entries load it.

/** Two digits a byte, in lower case. */
export function hexOf(bytes: ArrayBuffer | Uint8Array): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
