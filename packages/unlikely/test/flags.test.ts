import { Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { kindFlags } from '../src/face/kind-flags.ts';
import type { CommandName } from '../src/face/kind-flags.ts';
import { usesOf } from '../src/command/run/command-line.ts';
import { commands } from '../src/command/run/commands.ts';
import { flags } from '../src/command/run/flags.ts';
import type { Flag } from '../src/command/run/flags.ts';
import { attributeOf, longName } from '../src/command/run/read-options.ts';
import { ended } from './ended.ts';

const names = Object.keys(commands) as CommandName[];

/** How a command line ends, in words. */
const ends = (...parameters: string[]): ReturnType<typeof ended> => ended(parameters);

describe('a flag', () => {
  it.each(Object.entries(flags))('%s is spelt as it is called', (name, { spelling }) => {
    expect(attributeOf(spelling)).toBe(name);
    expect(new Option(spelling).attributeName()).toBe(name);
  });

  it('stands in a command, or is none', () => {
    const used = new Set(names.flatMap((name) => usesOf(name).map(({ flag }) => flag)));
    expect(Object.keys(flags).filter((flag) => !used.has(flag as keyof typeof flags))).toEqual([]);
  });

  it.each(names)('of %s stands there once, for all kinds of input or for some', (name) => {
    const own = Object.keys(commands[name].flags);
    for (const uses of Object.values(kindFlags)) {
      expect(Object.keys(uses[name] ?? {}).filter((flag) => own.includes(flag))).toEqual([]);
    }
  });

  it.each(names)('of %s has no former name that another has', (name) => {
    const present = usesOf(name).map(({ flag }) => longName(flags[flag].spelling));
    const former = usesOf(name).flatMap(({ use }) => use.former ?? []);
    expect(former.filter((one) => present.includes(one))).toEqual([]);
    expect(new Set(former).size).toBe(former.length);
  });

  it.each(
    names.flatMap((name) =>
      usesOf(name).flatMap(({ flag, use }) =>
        use.former === undefined ? [] : [[name, use.former, flag] as const],
      ),
    ),
  )('of %s is still taken as %s, with a warning', async (name, former, flag) => {
    const { spelling, type, choices }: Flag = flags[flag];
    const isSwitch = type === 'off' || type === 'switch';
    const value = choices?.slice(0, 1) ?? (isSwitch ? [] : [type === 'share' ? '0.5' : '2']);
    const needs = name === 'plot' && flag !== 'picture' ? pictureFor[flag]! : [];
    const required = name === 'interpolate' && flag !== 'between' ? ['--between', '0,1'] : [];
    const output = name === 'plot' ? ['-o', 'picture.svg'] : [];
    const { status, notes } = await ends(
      name,
      'absent',
      ...(commands[name].arguments.length > 1 ? ['absent.csv'] : []),
      ...output,
      ...needs,
      ...required,
      former,
      ...value,
    );
    expect(notes).toContain(`${former} of unlikely ${name} is called ${longName(spelling)} now`);
    // The files are not there, which is found once the options are read; what is no model is taken
    // for one of tables, which has no labels of images.
    expect(status).toBe(flag === 'labels' ? 2 : 3);
  });
});

const pictureFor: Readonly<Partial<Record<string, readonly string[]>>> = {
  between: ['--picture', 'interpolation'],
  points: ['--picture', 'interpolation'],
  labels: ['--picture', 'latent'],
};

describe('an option that would do nothing is refused', () => {
  it.each([
    ['plot m.onnx --picture loss -o x.svg --layout umap', '--picture latent'],
    ['plot m.onnx --picture loss -o x.svg --path spherical', '--picture interpolation'],
    ['plot m.onnx --picture loss -o x.svg --points 9', '--picture interpolation'],
    ['plot m.onnx --picture loss -o x.svg --between 0,1', '--picture interpolation'],
    ['plot m.onnx --picture loss -o x.svg --error', '--picture histogram'],
    ['plot m.onnx --picture latent -o x.svg --seed 2', '--layout umap'],
    ['plot m.onnx --picture loss -o x.svg --label side', '--picture latent or histogram'],
    ['plot m.onnx --picture loss -o x.svg --no-header', 'INPUT'],
    ['traverse m.onnx --row 3', 'INPUT'],
  ])('%s', async (line, needed) => {
    const { status, notes } = await ends(...line.split(' '));
    expect(notes).toContain(`with ${needed} alone`);
    expect(status).toBe(2);
  });

  it('and so is one that is given under both of its names', async () => {
    const { status, notes } = await ends(
      'generate',
      'm',
      '--from',
      'prior',
      '--codes-from',
      'prior',
    );
    expect(notes).toContain('expected --codes-from once');
    expect(status).toBe(2);
  });
});
