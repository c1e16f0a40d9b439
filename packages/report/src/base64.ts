/** Characters that are made at a time: each is an argument of a call. */
const chunk = 8192;

/** Bytes as base64, as `data:` addresses and content policies have them. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += chunk) {
    text += String.fromCharCode(...bytes.subarray(start, start + chunk));
  }
  return btoa(text);
}
