import { UnlikelyError } from '@unlikely/graph';
import { dataError } from './data-error.ts';
import type { DataErrorCode } from './error-code.ts';

interface FailureRule {
  readonly pattern: RegExp;
  readonly code: DataErrorCode;
  readonly message: (facts: FailureFacts) => string;
  readonly help: string;
}

interface FailureFacts {
  readonly line: string | undefined;
  readonly expected: string | undefined;
  readonly found: string | undefined;
  readonly first: string;
  readonly text: string;
}

function atLine(line: string | undefined): string {
  return line === undefined ? '' : `, from line ${line}`;
}

/** What the engine says, in the order it is looked for, and what the user is told instead. */
const failureRules: readonly FailureRule[] = [
  {
    pattern: /No space left on device|ENOSPC|max_temp_directory_size|disk quota exceeded/i,
    code: 'data/disk-full',
    message: () => 'expected room on the disk for the data, but it is full',
    help: 'Free disk space, or point TMPDIR (temporary files) or the output at a larger disk.',
  },
  {
    pattern: /Out of Memory|failed to allocate/i,
    code: 'data/out-of-memory',
    message: ({ first }) => `expected the query to fit its bounded memory, but: ${first}`,
    help: 'Split the table into fewer columns, or store it as Parquet with smaller row groups.',
  },
  {
    pattern: /duplicate key/i,
    code: 'data/duplicate-column',
    message: ({ text }) =>
      `expected different keys in every object, but ${/"[^"]*"\s*$/m.exec(text)?.[0].trim() ?? 'one'} stands twice in one`,
    help: 'Rename one of them.',
  },
  {
    pattern: /Maximum line size/i,
    code: 'data/malformed',
    message: ({ line }) => `expected rows of at most 2 MB, but one is longer${atLine(line)}`,
    help: 'Check that it is a table, and that every quote is closed.',
  },
  {
    pattern: /maximum_object_size/,
    code: 'data/malformed',
    message: () => 'expected JSON objects of at most 64 MB, one for each row, but one is larger',
    help: 'Check that every bracket and quote is closed.',
  },
  {
    pattern: /Expected Number of Columns/,
    code: 'data/ragged',
    message: ({ line, expected, found }) =>
      `expected ${expected} values in every row, but ${line === undefined ? 'one' : `line ${line}`} holds ${found}`,
    help: 'Correct that line; a value that holds the delimiter must stand in double quotes.',
  },
  {
    pattern: /Invalid unicode|not utf-8 encoded|Invalid Unicode|not valid UTF8/i,
    code: 'data/encoding',
    message: ({ line }) =>
      `expected UTF-8 text, but ${line === undefined ? 'the file' : `line ${line}`} holds other bytes`,
    help: 'Save the file as UTF-8, or name its encoding: latin-1 or utf-16.',
  },
  {
    pattern: /unterminated quote/i,
    code: 'data/malformed',
    message: ({ line }) =>
      `expected a closing double quote, but the value${line === undefined ? '' : ` on line ${line}`} has none`,
    help: 'Close the quote; a quote inside a quoted value is written twice.',
  },
  {
    pattern: /schema mismatch|Schema mismatch|differ(s|ent) from|union_by_name/i,
    code: 'data/mismatched-files',
    message: ({ first }) => `expected files with the same columns, but: ${first}`,
    help: 'Give files with the same columns and types together, the others on their own.',
  },
  {
    pattern: /expected records, but got non-record JSON/,
    code: 'data/malformed',
    message: () => 'expected JSON objects, one for each row, but the file holds something else',
    help: 'Write an array of objects, or one object a line.',
  },
  {
    pattern: /CSV Error|Malformed JSON|JSON transform error|Maximum (line|object) size/i,
    code: 'data/malformed',
    message: ({ first }) => `expected a well-formed file, but: ${first}`,
    help: 'Correct the file at that place.',
  },
];

/** The engine's error as one of ours; errors of ours pass unchanged. */
export function databaseFailure(error: unknown, sql?: string): UnlikelyError {
  if (error instanceof UnlikelyError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const facts: FailureFacts = {
    line: /on Line: (\d+)/.exec(text)?.[1],
    expected: /Expected Number of Columns: (\d+)/.exec(text)?.[1],
    found: /Found: (\d+)/.exec(text)?.[1],
    text,
    first: text
      .split('\n')[0]!
      .replace(/^(IO|Invalid Input|Binder|Invalid) Error: /, '')
      .trim(),
  };
  const rule = failureRules.find(({ pattern }) => pattern.test(text));
  if (rule !== undefined) {
    const line = facts.line === undefined ? {} : { line: Number(facts.line) };
    return dataError(rule.code, rule.message(facts), {
      help: rule.help,
      details: line,
      cause: error,
    });
  }
  return dataError('data/unreadable', `expected readable data, but: ${facts.first}`, {
    help: 'Check that the file is complete and of the format that its name says.',
    details: sql === undefined ? {} : { sql: sql.slice(0, 2000) },
    cause: error,
  });
}
