import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './repository.ts';

/** The packages that a built entry needs before any of its functions is called, ours left out. */
function librariesOf(entry: string): Set<string> {
  const [seen, libraries] = [new Set<string>(), new Set<string>()];
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const statement = /^(?:import|export)\b[^;'"]*?\bfrom\s*['"]([^'"]+)['"]/gm;
    for (const [, specifier] of readFileSync(file, 'utf8').matchAll(statement)) {
      if (specifier!.startsWith('.')) visit(join(dirname(file), specifier!));
      else if (specifier!.startsWith('@unlikely/')) visit(builtEntry(specifier!));
      else if (!specifier!.startsWith('node:')) libraries.add(specifier!);
    }
  };
  visit(entry);
  return libraries;
}

function builtEntry(specifier: string): string {
  const [, name, path] = /^(?:@unlikely\/)?([a-z]+)(?:\/(.+))?$/.exec(specifier)!;
  const folder = join(root, 'packages', name!);
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, exports[path === undefined ? '.' : `./${path}`].default);
}

describe('an import', () => {
  it.each([
    ['unlikely', ['@bufbuild/protobuf/wire', 'valibot']],
    ['unlikely/table', []],
    ['unlikely/image', ['@bufbuild/protobuf/wire']],
  ])('of %s loads no engine, no decoder and nothing that draws', (specifier, allowed) => {
    const found = [...librariesOf(builtEntry(specifier))];
    expect(found.filter((library) => !allowed.includes(library))).toEqual([]);
  });

  it('of unlikely takes less than 150 ms', () => {
    const program = `const before = process.cpuUsage();
await import(${JSON.stringify(`file://${builtEntry('unlikely')}`)});
const { user, system } = process.cpuUsage(before);
console.log((user + system) / 1000);`;
    // Processor time, the least of some: other processes of the machine do not count.
    const times = Array.from({ length: 5 }, () =>
      Number(
        execFileSync(process.execPath, ['--input-type=module', '-e', program], {
          encoding: 'utf8',
        }),
      ),
    );
    expect(Math.min(...times)).toBeLessThan(150);
  });
});
