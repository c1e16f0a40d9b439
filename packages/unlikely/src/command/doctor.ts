import { cpus, freemem, totalmem } from 'node:os';
import { version } from '@unlikely/detect';
import { chooseRuntime } from '@unlikely/runtime/node';
import type { CommandOptions } from '../face/kind-flags.ts';
import { exitCodes } from './run/exit-code.ts';
import type { ExitCode } from './run/exit-code.ts';
import { labelled } from './tell/labelled.ts';
import { checkGolden, checkGradient, measureSteps } from './self-test.ts';
import type { Check } from './self-test.ts';
import type { Run } from './run/run.ts';
import { formatBytes } from './tell/units.ts';

/** `unlikely doctor`: whether this machine computes right, and how fast. */
export async function doctor({ json }: CommandOptions<'doctor'>, terminal: Run): Promise<ExitCode> {
  const { page } = terminal;
  const fallbacks: string[] = [];
  await using runtime = await chooseRuntime({ onFallback: (message) => fallbacks.push(message) });
  const facts = {
    unlikely: version,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    processor: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    memory: `${formatBytes(freemem())} free of ${formatBytes(totalmem())}`,
    runtime: `ONNX Runtime ${runtime.version}, ${runtime.name}`,
  };
  const say = async (label: string, text: string): Promise<void> => {
    if (json !== true) await terminal.print([labelled(page, label, text)]);
  };
  for (const [label, text] of Object.entries(facts)) await say(label, text);
  for (const message of fallbacks) await say('', page.paint.yellow(message));

  const checks: Check[] = [];
  for (const check of [checkGradient, checkGolden, measureSteps]) {
    terminal.status(labelled(terminal, 'testing', terminal.paint.dim('…')));
    const result = await check(runtime);
    checks.push(result);
    const mark = result.isGood ? page.paint.green('ok') : page.paint.red('WRONG');
    await say(result.name, `${mark}, ${result.finding}`);
  }
  const isGood = checks.every((check) => check.isGood);
  if (json === true) {
    await terminal.data(`${JSON.stringify({ ...facts, fallbacks, checks, isGood })}\n`);
  }
  return isGood ? exitCodes.done : exitCodes.failure;
}
