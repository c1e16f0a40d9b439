import { describe, expect, it } from 'vitest';
import { sharedRuntime } from '@unlikely/runtime';
import type { Runtime } from '@unlikely/runtime';
import { childProcessRuntime, wasmRuntime } from '@unlikely/runtime/node';
import type { ChildProcessRuntime } from '@unlikely/runtime/node';
import { float32 } from './contract/describe-runtime.ts';
import { affine } from './fixtures/programs.ts';

/** Leases of runtimes, with what was started and ended. */
function counted(): { lease: () => Promise<Runtime>; started: () => number; ended: () => number } {
  let [started, ended] = [0, 0];
  const lease = sharedRuntime(async () => {
    started++;
    const runtime = await wasmRuntime();
    return {
      ...runtime,
      dispose: () => {
        ended++;
        return runtime.dispose();
      },
    };
  });
  return { lease, started: () => started, ended: () => ended };
}

describe('sharedRuntime', () => {
  it('starts with the first lease and ends with the last', async () => {
    const { lease, started, ended } = counted();
    expect(started()).toBe(0);
    const [one, two] = await Promise.all([lease(), lease()]);
    expect(started()).toBe(1);
    await one.dispose();
    await one.dispose();
    expect(ended()).toBe(0);
    await two.dispose();
    expect([started(), ended()]).toEqual([1, 1]);
    await (await lease()).dispose();
    expect([started(), ended()]).toEqual([2, 2]);
  });

  it('ends the sessions of a lease with it, and no others', async () => {
    const { lease } = counted();
    await using one = await lease();
    const two = await lease();
    const kept = await one.createSession(affine);
    const gone = await two.createSession(affine);
    await two.dispose();
    const feeds = { x: float32([1, 2], [1, 2]) };
    expect((await kept.run(feeds, ['total']))['total']).toEqual(float32([36], []));
    await expect(gone.run(feeds)).rejects.toMatchObject({ code: 'runtime/disposed' });
    await expect(two.createSession(affine)).rejects.toMatchObject({ code: 'runtime/disposed' });
  });

  it('is started again where it could not start, or where its process was lost', async () => {
    const children: ChildProcessRuntime[] = [];
    let isBroken = true;
    const lease = sharedRuntime(async () => {
      if (isBroken) throw new Error('not yet');
      const child = await childProcessRuntime();
      children.push(child);
      return child;
    });
    await expect(lease()).rejects.toThrow('not yet');
    isBroken = false;
    await using first = await lease();
    children[0]!.kill();
    await expect(first.createSession(affine)).rejects.toMatchObject({
      code: 'runtime/process-lost',
    });
    await using second = await lease();
    await (await second.createSession(affine)).dispose();
    expect(children).toHaveLength(2);
  });
});
