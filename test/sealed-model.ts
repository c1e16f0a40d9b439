import { createHash } from 'node:crypto';
import { readEnvelope } from '@unlikely/graph';
import { readModelMessage, writeModelMessage } from '../packages/graph/src/onnx/message.ts';
import type { OnnxModel } from '../packages/graph/src/onnx/message.ts';

/** The key of the JSON of each kind of file. */
export type SealedKey = 'unlikely.manifest' | 'unlikely.checkpoint';

export function sealedKeyOf(bytes: Uint8Array): SealedKey {
  const { metadata } = readEnvelope(bytes);
  return metadata.has('unlikely.checkpoint') ? 'unlikely.checkpoint' : 'unlikely.manifest';
}

/** The bytes with their checksum computed anew, as anyone can do; as they are where they have none. */
export function seal(bytes: Uint8Array): Uint8Array {
  let place: { start: number; end: number } | undefined;
  try {
    place = readEnvelope(bytes).metadata.get('unlikely.checksum');
  } catch {
    return bytes;
  }
  if (place === undefined || place.end - place.start !== 64) return bytes;
  const sealed = Uint8Array.from(bytes);
  sealed.fill(0x30, place.start, place.end);
  const checksum = createHash('sha256').update(sealed).digest('hex');
  sealed.set(new TextEncoder().encode(checksum), place.start);
  return sealed;
}

/** A sealed file with the text of its manifest changed, and whatever else of its messages. */
export function withManifestText(
  bytes: Uint8Array,
  change: (text: string, message: OnnxModel) => string,
): Uint8Array {
  const message = readModelMessage(bytes);
  const property = message.metadataProps!.find(({ key }) => key === sealedKeyOf(bytes))!;
  property.value = change(property.value!, message);
  return seal(writeModelMessage(message));
}

// What a manifest may be is what these tests are about: any change of it has to compile.
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyManifest = any;

/** A sealed file whose manifest was changed in place. */
export function withManifest(
  bytes: Uint8Array,
  change: (manifest: AnyManifest, message: OnnxModel) => void,
): Uint8Array {
  return withManifestText(bytes, (text, message) => {
    const manifest: AnyManifest = JSON.parse(text);
    change(manifest, message);
    return JSON.stringify(manifest);
  });
}
