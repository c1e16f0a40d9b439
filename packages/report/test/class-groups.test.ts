import { describe, expect, it } from 'vitest';
import { classGroups } from '../src/class-groups.ts';
import { classInks } from '../src/palette.ts';

const names = (values: readonly (string | null)[]): string[] =>
  classGroups(values).map(({ name }) => name);

describe('the groups of a label', () => {
  it('stand by how frequent they are, numbers in their order', () => {
    expect(names(['b', 'a', 'c', 'a'])).toEqual(['a', 'b', 'c']);
    expect(names(['10', '9', '10', '-1'])).toEqual(['-1', '9', '10']);
    expect(names(['10', '9', '10', null])).toEqual(['10', '9', 'missing']);
  });

  it('begin with those that hold no anomaly, where that is known', () => {
    const values = ['virus', 'normal', 'virus', 'bacteria', 'normal', 'virus'];
    const anomalous = Uint8Array.from(values, (value) => Number(value !== 'normal'));
    expect(classGroups(values, anomalous).map(({ name }) => name)).toEqual([
      'normal',
      'virus',
      'bacteria',
    ]);
  });

  it('have a colour each, and share one beyond the colours', () => {
    const many = Array.from({ length: classInks.length + 2 }, (_, index) => `${index}`);
    const values = many.flatMap((value) => [value, value]).slice(0, -2);
    const groups = classGroups(values);
    expect(groups).toHaveLength(classInks.length + 1);
    expect(new Set(groups.map(({ ink }) => ink)).size).toBe(groups.length);
    expect(groups.at(-1)).toMatchObject({ name: '1 others', ink: 'muted' });
    expect(groups.flatMap(({ rows }) => rows)).toHaveLength(values.length);
  });
});
