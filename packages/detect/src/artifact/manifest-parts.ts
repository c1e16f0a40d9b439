import type { Attribute } from '../latent/attribute.ts';
import type { KnownRows } from '../known/known-rows.ts';
import type { Constraint } from '../check-configuration.ts';
import { finite, list, nullable, object, optional, that, text, whole } from './validation.ts';
import type { Proves, Validator } from './validation.ts';
import type { History } from './manifest.ts';

/** Parts that the manifests of tables and of images have in common. */

/** Whole numbers that a double holds exactly. */
export const mostCount: number = Number.MAX_SAFE_INTEGER;

export const count = (about?: string): Validator<number> => whole(0, mostCount, about);

const mostSteps = 100_000;

const history = object(
  {
    step: list(whole(1, mostCount), mostSteps, 'Last step of each window.'),
    loss: list(finite(), mostSteps, 'Mean loss of each window.'),
    reconstruction: list(finite(), mostSteps),
    kl: list(finite(), mostSteps),
    learningRate: list(finite(), mostSteps),
    klPerUnit: list(finite(), 1024, 'KL to the prior of each latent unit, in nats.'),
    activeUnits: finite('Latent units that vary with the row, mean over members.'),
  },
  'How the training went, in about a hundred windows of steps.',
);
export const historyValidator: Validator<History> = history;

const attribute = object({
  vector: list(finite(), 1024, 'A direction of the latent space, one number for each unit.'),
  rows: object({ with: count(), without: count() }, 'How many rows it was measured on.'),
  separation: nullable(finite("Cohen's d of the two sets along the vector.")),
  condition: optional(object({ with: text(), without: text() }, 'Which rows they were, in words.')),
});
export const attributeValidator: Validator<Attribute> = attribute;

export const textOf64: Validator<string> = that(
  '64 hexadecimal digits',
  (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value),
  'SHA-256 of what the networks learnt from.',
);

/** Base64 of numbers; whether they fit is looked at when they are read. */
export const numbersAsText = (about: string): Validator<string> => text(`${about}, base64`);

const knownRows = object(
  { salt: whole(0, 2 ** 32 - 1), hashes: numbersAsText('Ascending hashes of 32 bits') },
  'By what rows that trained the model are told from others.',
);
export const knownRowsValidator: Validator<KnownRows> = knownRows;

/** The object that a table of constraints describes: the one that settings are checked by. */
export function constrained<Settings>(
  constraints: Readonly<Record<string, Constraint>>,
  about: string,
): Validator<Settings> {
  const entries = Object.fromEntries(
    Object.entries(constraints).map(([name, { words, holds }]) => {
      const own = that(words, holds);
      return [name, holds(undefined) ? optional(own) : own];
    }),
  );
  return object(entries, about) as unknown as Validator<Settings>;
}

const proofs: [Proves<typeof history, History>, Proves<typeof attribute, Attribute>] = [true, true];
void proofs;
