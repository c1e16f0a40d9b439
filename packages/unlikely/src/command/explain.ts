import { commandError } from '../command-error.ts';
import { exitCodes } from './run/exit-code.ts';
import type { ExitCode } from './run/exit-code.ts';
import { explanationLines } from './explanation-lines.ts';
import { isAboutImages } from './image/image-input.ts';
import { openInput } from './input.ts';
import type { InputOptions } from './input.ts';
import { openModel } from './open-model.ts';
import { rowNumbers } from './row-numbers.ts';
import type { Run } from './run/run.ts';

export interface ExplainOptions extends InputOptions {
  readonly model: string;
  readonly input: string;
  readonly row: readonly string[];
  readonly top: number;
  readonly threads?: number;
  readonly json?: boolean;
}

/** `unlikely explain`: what the scores of some rows come from. */
export async function explain(options: ExplainOptions, terminal: Run): Promise<ExitCode> {
  const rows = rowNumbers(options.row);
  if (await isAboutImages(options.model, options.input)) {
    throw commandError('usage/invalid', 'expected a table, but images are explained by pictures', {
      help: 'unlikely report shows heat maps, and with --gallery DIR writes them as files.',
    });
  }
  await using detector = await openModel(options, terminal);
  await using table = await openInput(options.input, terminal, options);
  const explanations = await detector.explain(table, rows);
  if (options.json === true) {
    await terminal.data(`${JSON.stringify({ explanations })}\n`);
    return exitCodes.done;
  }
  for (const [index, explanation] of explanations.entries()) {
    const lines = explanationLines(
      explanation,
      options.top,
      `row ${explanation.row}`,
      terminal.page,
    );
    await terminal.print([...(index === 0 ? [] : ['']), ...lines]);
  }
  return exitCodes.done;
}
