import type { Files } from '@unlikely/data/source';
import { readEnvelope } from '@unlikely/graph';
import type { ModelEnvelope } from '@unlikely/graph';
import { kinds } from './manifest.ts';
import type { Kind } from './manifest.ts';
import { readModelStart } from './read-model-bytes.ts';

/** Of the manifest in the metadata. */
export const manifestKey = 'unlikely.manifest';
/** Of the manifest of images in files of format 1. */
export const formerImageKey = 'unlikely.image-manifest';

/** Bytes of a manifest that are enough to tell its kind. */
const enough = 64;

/** What a model file is of; undefined where it is none, which reading it explains. */
export function kindOf(bytes: Uint8Array): Kind | undefined {
  try {
    const { metadata } = readEnvelope(bytes);
    const range = metadata.get(manifestKey);
    return kindBy(metadata, range && bytes.subarray(range.start, range.start + enough));
  } catch {
    return undefined;
  }
}

/** What the model file at a path is of, of which hardly more than its ends are read; undefined as for `kindOf`. */
export async function modelKindOf(path: string, files: Files): Promise<Kind | undefined> {
  try {
    const { metadata, start } = await readModelStart(path, files, manifestKey, enough);
    return kindBy(metadata, start);
  } catch {
    return undefined;
  }
}

function kindBy(
  metadata: ModelEnvelope['metadata'],
  start: Uint8Array | undefined,
): Kind | undefined {
  if (start === undefined) return metadata.has(formerImageKey) ? 'image' : undefined;
  const text = new TextDecoder().decode(start);
  // Files of format 1 had no kind.
  if (text.startsWith('{"formatVersion":1,')) return 'table';
  return kinds.find((kind) => text.startsWith(`{"kind":"${kind}",`));
}
