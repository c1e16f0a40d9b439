import { bytesOf } from './checksum.ts';

/** Doubles as text, for the manifest: little-endian base64. */
export function encodeDoubles(values: Float64Array): string {
  return encodeBytes(bytesOf(values));
}

export function decodeDoubles(text: string): Float64Array {
  return new Float64Array(decodeBytes(text).buffer);
}

/** Floats as text: little-endian base64. */
export function encodeFloats(values: Float32Array): string {
  return encodeBytes(bytesOf(values));
}

export function decodeFloats(text: string): Float32Array {
  return new Float32Array(decodeBytes(text).buffer);
}

/** Whole numbers below 2³² as text: little-endian base64. */
export function encodeIntegers(values: Uint32Array): string {
  return encodeBytes(bytesOf(values));
}

export function decodeIntegers(text: string): Uint32Array {
  return new Uint32Array(decodeBytes(text).buffer);
}

/** Characters that are made at a time: each is an argument of a call. */
const chunk = 8192;

function encodeBytes(bytes: Uint8Array): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += chunk) {
    text += String.fromCharCode(...bytes.subarray(start, start + chunk));
  }
  return btoa(text);
}

function decodeBytes(text: string): Uint8Array<ArrayBuffer> {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = characters.charCodeAt(at);
  return bytes;
}
