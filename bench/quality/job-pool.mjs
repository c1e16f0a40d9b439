import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * Runs a script once for each input, `jobs` at a time, and hands over each line of JSON that it
 * prints. A script that fails is told on standard error, and the others go on.
 *
 * @returns {Promise<number>} How many failed.
 */
export async function runJobs(script, inputs, jobs, onResult) {
  let next = 0;
  let failed = 0;
  const work = async () => {
    while (next < inputs.length) {
      const input = inputs[next++];
      const child = spawn(process.execPath, [script, JSON.stringify(input)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = new Promise((resolve) => child.once('close', resolve));
      for await (const line of createInterface({ input: child.stdout })) {
        await onResult(JSON.parse(line));
      }
      if ((await ended) !== 0) {
        failed++;
        console.error(`failed: ${input.set}, seed ${input.seed}`);
      }
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return failed;
}
