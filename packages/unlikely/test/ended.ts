import { Readable, Writable } from 'node:stream';
import { run } from '../src/command/run/run-command.ts';

/** Runs a command line in this process, and gives its exit code and what it told. */
export async function ended(
  parameters: readonly string[],
  signal?: AbortSignal,
  onNote: (notes: string) => void = () => {},
): Promise<{ readonly status: number; readonly notes: string }> {
  let notes = '';
  const standardError = new Writable({
    write(part: Buffer, _encoding, done) {
      notes += part.toString();
      onNote(notes);
      done();
    },
  });
  const { exitCode } = await run(parameters, {
    standardInput: Readable.from([]),
    standardOutput: new Writable({ write: (_part, _encoding, done) => done() }),
    standardError,
    environment: {},
    ...(signal === undefined ? {} : { signal }),
  });
  return { status: exitCode, notes };
}
