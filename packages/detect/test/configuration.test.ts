import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  completeConfiguration,
  defaultConfiguration,
  isOf,
  tableParameters,
  wordsOf,
} from '@unlikely/detect';
import type { Configuration } from '@unlikely/detect';
import { networkSizes } from '../src/modality/table/network/network-sizes.ts';
import {
  configurationOf,
  contaminatedConfiguration,
} from '../src/modality/table/train/train-options.ts';
import { expectError } from './support/expect-error.ts';

type Name = keyof Configuration;
const names = Object.keys(tableParameters) as Name[];

/** Values of every kind that JavaScript has; each constraint says which of them are its bad ones. */
const anything = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.string(),
  fc.boolean(),
  fc.constantFrom(
    null,
    NaN,
    Infinity,
    -Infinity,
    -1,
    0.5,
    Infinity,
    [],
    {},
    [0],
    [1.5],
    ['a'],
    7n,
    () => 1,
  ),
  fc.array(fc.integer(), { maxLength: 10 }),
  fc.dictionary(fc.string(), fc.anything(), { maxKeys: 3 }),
);

describe('configuration', () => {
  it('is the defaults where nothing is chosen, also by undefined', () => {
    expect(completeConfiguration({})).toEqual(defaultConfiguration);
    expect(completeConfiguration({ steps: undefined } as never)).toEqual(defaultConfiguration);
  });

  it('meets its own constraints, and there is one for every parameter', () => {
    for (const name of names) {
      const value = defaultConfiguration[name];
      if (value !== undefined) expect(isOf(tableParameters[name], value)).toBe(true);
    }
    expect(names).toEqual(expect.arrayContaining(Object.keys(defaultConfiguration)));
  });

  it.each(names)('%s refuses what its constraint excludes, by its name', async (name) => {
    const parameter = tableParameters[name];
    await fc.assert(
      fc.asyncProperty(
        anything.filter((value) => value !== undefined && !isOf(parameter, value)),
        async (value) => {
          // Likelihoods are completed from the defaults, so that some of these are whole then.
          fc.pre(
            name !== 'likelihoods' ||
              typeof value !== 'object' ||
              value === null ||
              Array.isArray(value),
          );
          const error = await expectError(
            () => completeConfiguration({ [name]: value } as Partial<Configuration>),
            'detect/configuration',
          );
          expect(error.message).toContain(`expected ${name} to be ${wordsOf(parameter)}`);
          expect(error.help).toBeDefined();
        },
      ),
      { seed: 1, numRuns: 60 },
    );
  });

  it.each([
    ['likelihoods', { numeric: 'poisson' }],
    ['likelihoods', { wrong: 'gaussian' }],
    ['earlyStopping', { patience: 0 }],
    ['earlyStopping', { patience: 3, other: 1 }],
    ['encoderSizes', Array<number>(9).fill(4)],
    ['encoderSizes', [4097]],
    ['samples', 1025],
    ['calibrationShare', 0.91],
  ])('%s refuses %j', async (name, value) => {
    const error = await expectError(
      () => completeConfiguration({ [name]: value } as Partial<Configuration>),
      'detect/configuration',
    );
    expect(error.message).toContain(name);
  });

  it('refuses a name it does not know and lists those it does', async () => {
    for (const name of ['stepz', 'toString', '__proto__x']) {
      const error = await expectError(
        () => completeConfiguration({ [name]: 1 } as Partial<Configuration>),
        'detect/configuration',
      );
      expect(error.message).toContain(name);
      expect(error.help).toContain('latentSize');
    }
  });

  it('completes likelihoods and leaves the options as they were', () => {
    const chosen = { likelihoods: { count: 'poisson' } } as never as Partial<Configuration>;
    const copy = structuredClone(chosen);
    expect(completeConfiguration(chosen).likelihoods).toEqual({
      ...defaultConfiguration.likelihoods,
      count: 'poisson',
    });
    expect(chosen).toEqual(copy);
  });

  it('gives a plain autoencoder the only score that it has, but checks what was asked for', async () => {
    const { score, samples } = completeConfiguration({ model: 'autoencoder', score: 'iwae' });
    expect([score, samples]).toEqual(['reconstruction-error', 0]);
    await expectError(
      () => completeConfiguration({ model: 'autoencoder', score: 'x' as never }),
      'detect/configuration',
    );
  });

  it('needs held-out rows to stop early', async () => {
    const error = await expectError(
      () => completeConfiguration({ earlyStopping: { patience: 2 }, calibrationShare: 0 }),
      'detect/configuration',
    );
    expect(error.message).toContain('calibrationShare');
  });

  it('is what remains of the options of a training', () => {
    const options = {
      label: 'y',
      normal: ['0'],
      steps: 7,
      signal: AbortSignal.abort(),
      threads: 1,
    };
    expect(configurationOf(options)).toEqual({ steps: 7 });
    expect(configurationOf({ contaminated: true })).toEqual(contaminatedConfiguration);
    expect(configurationOf({ contaminated: true, steps: 9 })).toMatchObject({
      steps: 9,
      referenceShare: 0.7,
    });
  });
});

describe('the sizes of the networks', () => {
  it('grow with the features: a code of an eighth of them, from 4 to 8 where 64 units see them', () => {
    const sizes = [3, 36, 62, 128, 129, 400, 5000].map((features) => networkSizes(features));
    expect(sizes.map(({ latentSize }) => latentSize)).toEqual([4, 5, 8, 8, 16, 32, 32]);
    expect(sizes.map(({ encoderSizes }) => encoderSizes[0])).toEqual([
      64, 64, 64, 64, 128, 256, 256,
    ]);
  });
});
