import { commandError } from '../command-error.ts';
import { faceOfModel } from '../face/faces.ts';
import type { CommandOptions } from '../face/kind-flags.ts';
import { rowNumbers } from './row-numbers.ts';
import { exitCodes } from './run/exit-code.ts';
import type { ExitCode } from './run/exit-code.ts';
import type { Run } from './run/run.ts';
import { explanationLines } from './tell/explanation-lines.ts';

/** `unlikely explain`: what the scores of some rows come from. */
export async function explain(options: CommandOptions<'explain'>, run: Run): Promise<ExitCode> {
  const rows = rowNumbers(options.rows);
  const face = await faceOfModel('explain', options, run);
  if (face.explainedBy !== undefined) {
    throw commandError(
      'usage/invalid',
      `expected what sentences explain, but ${face.input} are explained by pictures`,
      { help: face.explainedBy },
    );
  }
  await using session = await face.open(options.model, options, run);
  const explanations = await session.explain!(options, rows);
  if (options.json === true) {
    await run.data(`${JSON.stringify({ explanations })}\n`);
    return exitCodes.done;
  }
  for (const [index, explanation] of explanations.entries()) {
    const title = `${face.words.one} ${explanation.row}`;
    const lines = explanationLines(explanation, options.top, title, run.page);
    await run.print([...(index === 0 ? [] : ['']), ...lines]);
  }
  return exitCodes.done;
}
