import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RandomStream } from '@unlikely/graph';
import { Detector, ImageDetector, UnlikelyError } from 'unlikely';
import { readCheckpoint } from '../../packages/detect/src/train/checkpoint.ts';
import { seal, withManifestText } from '../sealed-model.ts';
import { below } from './damage.ts';
import { smallModels } from './small-models.ts';
import type { SmallModels } from './small-models.ts';
import type { Target } from './target.ts';

/**
 * Damaged, cut, grown and changed files of real models and checkpoints, most of them sealed anew. The law:
 * a file loads and then scores finite numbers, or fails with `model/…`; and it does not take long.
 */
export const modelTarget: Target = { name: 'model-file', once };

/** A loaded machine is several times slower than the bound itself. */
const mostSeconds = 20;

let models: Promise<SmallModels> | undefined;

async function once(seed: number): Promise<void> {
  models ??= smallModels();
  const made = await models;
  const stream = new RandomStream(seed, 'model-file');
  const kind = (['table', 'ofImages', 'checkpoint'] as const)[below(stream, 3)]!;
  const change = changes[below(stream, changes.length)]!;
  const bytes = change(made[kind], stream);
  const started = performance.now();
  try {
    await uses[kind](bytes, made);
  } catch (error) {
    if (!(error instanceof UnlikelyError) || !isExpected(error.code)) {
      throw new Error(`seed ${seed}, ${kind}, ${change.name}`, { cause: error });
    }
    // oxlint-disable-next-line no-control-regex -- they are what is looked for
    if (/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(`${error.message}${error.help ?? ''}`)) {
      throw new Error(`seed ${seed}: control characters in an error`, { cause: error });
    }
  }
  const seconds = (performance.now() - started) / 1000;
  if (seconds > mostSeconds) throw new Error(`seed ${seed}, ${kind}: ${seconds.toFixed(1)} s`);
}

/** A model of other columns is whole, and says so when it meets the table. */
const isExpected = (code: string): boolean =>
  code.startsWith('model/') || code === 'data/missing-column' || code === 'data/retyped-column';

const uses: {
  readonly [K in 'table' | 'ofImages' | 'checkpoint']: (
    bytes: Uint8Array,
    made: SmallModels,
  ) => Promise<void>;
} = {
  table: async (bytes, { folder, rows }) => {
    const path = join(folder, 'changed.onnx');
    writeFileSync(path, bytes);
    await using detector = await Detector.load(path);
    for await (const { score } of detector.score(rows)) requireFinite(score);
  },
  ofImages: async (bytes, { folder, images }) => {
    const path = join(folder, 'changed.onnx');
    writeFileSync(path, bytes);
    await using detector = await ImageDetector.load(path);
    for await (const { score } of detector.score(images)) requireFinite(score);
  },
  checkpoint: async (bytes) => {
    const { step } = await readCheckpoint(bytes, 'another training', 100);
    throw new Error(`it was read as that of another training, at step ${step}`);
  },
};

function requireFinite(score: Float64Array): void {
  if (!score.every(Number.isFinite)) throw new Error(`scores ${score.join()}`);
}

type Change = (bytes: Uint8Array, stream: RandomStream) => Uint8Array;

/** In place of any value of a manifest. */
const hostile: readonly string[] = [
  // oxlint-disable-next-line no-useless-spread -- one line a kind of change
  ...[
    'null',
    'true',
    '-1',
    '0',
    '0.5',
    '1',
    '2',
    '3',
    '65536',
    '1e308',
    '-1e308',
    '1e-320',
    '1e999',
  ],
  // oxlint-disable-next-line no-useless-spread -- one line a kind of change
  ...['[]', '{}', '[1]', '""', '"a"', '"\\u001b[2J"', '"\\udc00"', '"__proto__"', '"AAAA"'],
  '"numeric"',
  '"categorical"',
  '"robust"',
  `"${'A'.repeat(10_000)}"`,
  `[${Array.from({ length: 5000 }, () => '0').join()}]`,
  `${'['.repeat(5000)}${']'.repeat(5000)}`,
];

const changes: readonly Change[] = [
  function manifestValue(bytes, stream) {
    return withManifestText(bytes, (text) => {
      const places = valuesOf(text);
      const [start, end] = places[below(stream, places.length)]!;
      return text.slice(0, start) + hostile[below(stream, hostile.length)]! + text.slice(end);
    });
  },
  function manifestNumber(bytes, stream) {
    return withManifestText(bytes, (text) => {
      const places = valuesOf(text).filter(([start]) => /[-\d]/.test(text[start]!));
      const [start, end] = places[below(stream, places.length)]!;
      const value = Number(text.slice(start, end)) * 10 ** (below(stream, 80) - 40);
      return text.slice(0, start) + JSON.stringify(value) + text.slice(end);
    });
  },
  function manifestEntry(bytes, stream) {
    return withManifestText(bytes, (text) => {
      const objects = [...text.matchAll(/\{"/g)].map(({ index }) => index);
      const start = objects[below(stream, objects.length)]! + 1;
      const key = ['__proto__', 'constructor', 'extra', 'kind'][below(stream, 4)]!;
      return `${text.slice(0, start)}"${key}":${hostile[below(stream, hostile.length)]!},${text.slice(start)}`;
    });
  },
  function manifestCharacters(bytes, stream) {
    return withManifestText(bytes, (text) => {
      const start = below(stream, text.length);
      return text.slice(0, start) + text.slice(start + 1 + below(stream, 40));
    });
  },
  function weights(bytes, stream) {
    const changed = Uint8Array.from(bytes);
    const value = Float32Array.of([NaN, Infinity, 3e38, -3e38, 1e20, 0][below(stream, 6)]!);
    const start = below(stream, bytes.length - 4);
    const length = below(stream, 2) === 0 ? 4 : 4 * (1 + below(stream, 200));
    for (let place = start; place + 4 <= Math.min(start + length, bytes.length); place += 4) {
      changed.set(new Uint8Array(value.buffer), place);
    }
    return seal(changed);
  },
  function sealedBytes(bytes, stream) {
    const changed = Uint8Array.from(bytes);
    for (let many = 1 + below(stream, 8); many > 0; many--) {
      changed[below(stream, bytes.length)] = below(stream, 256);
    }
    return seal(changed);
  },
  function grown(bytes, stream) {
    const start = below(stream, bytes.length);
    const more = new Uint8Array(below(stream, 3) === 0 ? 1_000_000 : 1 + below(stream, 2000));
    more.forEach((_, place) => (more[place] = [0x72, 0, 0x0a, 0, 0x22, 0x02, 0x10, 0][place % 8]!));
    return seal(Buffer.concat([bytes.subarray(0, start), more, bytes.subarray(start)]));
  },
  function cut(bytes, stream) {
    const start = below(stream, bytes.length);
    const end = below(stream, 2) === 0 ? bytes.length : start + below(stream, 400);
    return seal(Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]));
  },
  function unsealed(bytes, stream) {
    const changed = Uint8Array.from(bytes);
    changed[below(stream, bytes.length)]! ^= 1 << below(stream, 8);
    return changed;
  },
];

/** Where the values of a JSON text stand that are no lists or objects, and the lists and objects. */
function valuesOf(text: string): [start: number, end: number][] {
  const places: [number, number][] = [];
  const open: number[] = [];
  for (const { 0: token, index } of text.matchAll(
    /"(?:[^"\\]|\\.)*"(:?)|[-\d.eE+]+|\w+|[[{\]}]/g,
  )) {
    if (token === '[' || token === '{') open.push(index);
    else if (token === ']' || token === '}') places.push([open.pop()!, index + 1]);
    else if (!token.endsWith(':')) places.push([index, index + token.length]);
  }
  return places;
}
