import { describe, expect, it } from 'vitest';
import { evaluatedLabel, labelsOfImages, trainingLabel } from '../src/normal-labels.ts';
import type { Labels } from '../src/normal-labels.ts';
import { expectError } from './support/expect-error.ts';

type Counts = Readonly<Record<string, number>>;

const kinds: readonly (readonly [string, (counts: Counts) => Labels])[] = [
  [
    'rows',
    (counts) => ({
      label: 'kind',
      place: 'in the label column kind',
      noun: 'rows',
      counts: Object.entries(counts).map(([value, count]) => ({ value, count })),
    }),
  ],
  [
    'images',
    (counts) =>
      labelsOfImages({
        labels: Object.entries(counts).map(([value, count]) => ({ value, count })),
      }),
  ],
];

describe.each(kinds)('the labels of normal %s', (_, labelsOf) => {
  const normalOf = (counts: Counts, given?: readonly string[]): string[] =>
    trainingLabel(labelsOf(counts), given).normal.map(({ value }) => value);

  it.each(['0', '0.0', '0.00', 'false', 'FALSE.', 'no', 'No', 'normal', 'normal.', ' Benign '])(
    'are those with %j beside another value',
    (word) => {
      expect(normalOf({ [word]: 50, other: 50 })).toEqual([word]);
    },
  );

  it.each(['ok', 'OK', 'good', 'Good.'])('are those with %j, too', (word) => {
    expect(normalOf({ [word]: 50, scratch: 5 })).toEqual([word]);
  });

  it('are those with several words for normal, but a grade beside another is a question', async () => {
    expect(normalOf({ normal: 50, benign: 40, attack: 10 })).toEqual(['normal', 'benign']);
    expect(normalOf({ good: 50, GOOD: 40, bad: 10 })).toEqual(['good', 'GOOD']);
    const grades = { ok: 60, good: 30, bad: 10 };
    const error = await expectError(() => normalOf(grades), 'detect/normal-values');
    expect(error.message).toMatch(/got ok and good: are they all normal\?$/);
    expect(error.help).toContain('--normal ok,good');
    expect(normalOf(grades, ['ok'])).toEqual(['ok']);
    expect(normalOf(grades, ['ok', 'good'])).toEqual(['ok', 'good']);
  });

  it('are asked for where no word is known, where one is missing, and where it is rare', async () => {
    const none = await expectError(() => normalOf({ a: 9, b: 1 }), 'detect/normal-values');
    expect(none.message).toMatch(/^expected one of 0, false, .*, good .*label.*, got a, b$/);
    expect(none.details['seen']).toEqual(['a', 'b']);
    const missing = () => normalOf({ a: 9, b: 1 }, ['a', 'c']);
    expect((await expectError(missing, 'detect/normal-values')).message).toMatch(/the value c /);
    const rare = { bad: 99, good: 1 };
    await expectError(() => normalOf(rare), 'detect/normal-values');
    expect(normalOf(rare, ['good'])).toEqual(['good']);
  });

  it('are counted, most first, beside the others and those without a label', () => {
    const counts = { ok: 3, normal: 50, scratch: 2, dent: 9, '': 4 };
    expect(trainingLabel({ ...labelsOf(counts), label: 'kind' })).toEqual({
      label: 'kind',
      normal: expect.arrayContaining([
        { value: 'normal', rows: 50 },
        { value: 'ok', rows: 3 },
      ]),
      others: expect.arrayContaining([
        { value: 'dent', rows: 9 },
        { value: 'scratch', rows: 2 },
      ]),
      unlabelled: 4,
    });
  });

  it('are those of training where that knew them, in no other spelling', async () => {
    const evaluated = (counts: Counts, given?: readonly string[], trained?: readonly string[]) =>
      evaluatedLabel(labelsOf(counts), given, trained);
    expect(evaluated({ good: 5, bad: 5 }, undefined, ['good'])).toEqual(['good']);
    expect(evaluated({ dent: 5, bad: 5 }, undefined, ['good'])).toEqual(['good']);
    expect(evaluated({ good: 5, bad: 5 })).toEqual(['good']);
    expect(evaluated({ good: 5, bad: 5 }, ['bad'], ['good'])).toEqual(['bad']);
    for (const counts of [
      { Good: 5, bad: 5 },
      { good: 5, ok: 5 },
    ]) {
      const error = await expectError(
        () => evaluated(counts, undefined, ['good']),
        'detect/normal-values',
      );
      expect(error.message).toContain('as in training');
    }
  });
});
