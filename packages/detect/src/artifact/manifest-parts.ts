import type { Attribute } from '../latent/attribute.ts';
import type { KnownRows } from '../known/known-rows.ts';
import { isOf, wordsOf } from '../parameter/parameter.ts';
import type { Parameter, Parameters } from '../parameter/parameter.ts';
import {
  finite,
  list,
  named,
  nullable,
  object,
  oneOf,
  optional,
  that,
  text,
  whole,
} from './validation.ts';
import type { Optional, Proves, Validator } from './validation.ts';
import { formatVersion } from './manifest.ts';
import type { CommonManifest, History, Kind } from './manifest.ts';

/** Parts that the manifests of all kinds have in common. */

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

const attribute = object({
  vector: list(finite(), 1024, 'A direction of the latent space, one number for each unit.'),
  rows: object({ with: count(), without: count() }, 'How many rows it was measured on.'),
  separation: nullable(finite("Cohen's d of the two sets along the vector.")),
  condition: optional(object({ with: text(), without: text() }, 'Which rows they were, in words.')),
});

const fingerprint: Validator<string> = that(
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

/** What the manifest of every kind has. */
export interface CommonEntries<K extends Kind> {
  readonly kind: Validator<K>;
  readonly formatVersion: Validator<number>;
  readonly version: Validator<string>;
  readonly history: Validator<History>;
  readonly knownRows: Optional<Validator<KnownRows>>;
  readonly attributes: Optional<Validator<Record<string, Attribute>>>;
  readonly fingerprint: Validator<string>;
}

export function commonEntries<K extends Kind>(kind: K): CommonEntries<K> {
  return {
    kind: oneOf([kind], 'What it is a model of.') as unknown as Validator<K>,
    formatVersion: whole(formatVersion, formatVersion, 'Of the layout of the file.'),
    version: text('The release that wrote it.'),
    history,
    knownRows: optional(knownRows),
    attributes: optional(named(attribute, 'Attribute vectors by name.')),
    fingerprint,
  };
}

/** Numbers that every kind counts of its items. */
export const rowCounts: Readonly<Record<keyof CommonManifest['rows'], Validator<number>>> = {
  read: count('Normal ones in the source.'),
  trained: count('That the networks saw.'),
  calibration: count('Kept from the networks, for the p-values.'),
};

/** The most values that may be normal ones. */
export const mostValues = 100_000;

/** The object that parameters describe: what settings are checked by, and so is what a file says of them. */
export function configurationOf<Configuration>(
  parameters: Parameters<Configuration>,
): Validator<Configuration> {
  const entries = Object.fromEntries(
    Object.entries<Parameter>(parameters).map(([name, parameter]) => {
      const { description } = parameter;
      const own = that(wordsOf(parameter), (value) => isOf(parameter, value), description);
      return [name, parameter.default === undefined ? optional(own) : own];
    }),
  );
  const about = 'Everything that decides what the model is.';
  return object(entries, about) as unknown as Validator<Configuration>;
}

const proofs: [
  Proves<typeof history, History>,
  Proves<typeof attribute, Attribute>,
  Proves<typeof knownRows, KnownRows>,
] = [true, true, true];
void proofs;
