import { openTable } from '@unlikely/data';
import type { Table, TableOptions } from '@unlikely/data';
import { defined } from './defined.ts';
import type { Terminal } from './run/terminal.ts';

/** How the text of an input is to be read, where it does not say so itself. */
export interface InputOptions {
  readonly delimiter?: string;
  readonly encoding?: NonNullable<TableOptions['encoding']>;
  /** False with `--no-header`. */
  readonly header: boolean;
}

/** The table of an INPUT argument: a path, a glob or `-`. */
export function openInput(
  input: string,
  { standardInput }: Pick<Terminal, 'standardInput'>,
  { delimiter, encoding, header }: InputOptions = { header: true },
): Promise<Table> {
  return openTable(input, {
    header,
    standardInput,
    ...defined({ delimiter: delimiter === '\\t' ? '\t' : delimiter, encoding }),
  });
}
