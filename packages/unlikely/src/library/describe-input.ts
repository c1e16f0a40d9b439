import type { UnlikelyError } from '@unlikely/graph';
import { commandError } from '../command-error.ts';

/** What came in place of an input, and the way from it to one. */
interface Came {
  readonly what: string;
  readonly help?: string;
}

/**
 * The error of an input that cannot be read: what is taken, what came, and how one makes the former of
 * the latter.
 *
 * @param taken What the call takes, as in `a path, a glob or a table`.
 * @param general What to do where nothing is known of what came.
 */
export function wrongInput(
  value: unknown,
  taken: string,
  general: string,
): UnlikelyError<'detect/input'> {
  const { what, help = general } = came(value);
  return commandError('detect/input', `expected ${taken}, got ${what}`, { help });
}

function came(value: unknown): Came {
  if (value === null || typeof value !== 'object') {
    return typeof value === 'function'
      ? { what: 'a function', help: 'Call it, and give what it returns.' }
      : { what: value === '' ? 'an empty text' : String(value) };
  }
  if (value instanceof URL) {
    return { what: `the URL ${value.href}`, help: '`fileURLToPath` of node:url gives its path.' };
  }
  if ('then' in value && typeof value.then === 'function') {
    return { what: 'a promise', help: 'Write `await` before it.' };
  }
  if (value instanceof Uint8Array) {
    return { what: `${value.length} bytes`, help: 'Write them to a file, and give its path.' };
  }
  const isMatrix = 'columns' in value && 'data' in value;
  if (isMatrix || ArrayBuffer.isView(value)) {
    const what = isMatrix ? 'a matrix' : `${nameOf(value)} of numbers`;
    return { what, help: '`VAE` is for matrices of numbers.' };
  }
  if (Array.isArray(value)) return cameInArray(value);
  return { what: nameOf(value) };
}

function cameInArray(items: readonly unknown[]): Came {
  const [first] = items;
  if (Array.isArray(first) || ArrayBuffer.isView(first)) {
    return {
      what: 'an array of arrays',
      help: '`matrixOf` makes a matrix of numbers for a `VAE`, `tableFromRecords` a table of objects.',
    };
  }
  if (typeof first === 'object' && first !== null && first.constructor === Object) {
    return {
      what: 'an array of objects',
      help: '`scoreRecords` scores objects, and `await tableFromRecords(objects)` is a table of them.',
    };
  }
  return { what: items.length === 0 ? 'an empty array' : `an array of ${typeName(first)}` };
}

function typeName(value: unknown): string {
  if (typeof value === 'string') return 'texts';
  return typeof value === 'number' ? 'numbers' : 'what is none of these';
}

function nameOf(value: object): string {
  const name = value.constructor?.name;
  return name === undefined || name === 'Object'
    ? 'an object'
    : `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`;
}
