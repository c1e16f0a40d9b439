import type { Comparison, RowFilter } from '@unlikely/data';
import type { UnlikelyError } from '@unlikely/graph';
import { commandError } from '../command-error.ts';

/** Which rows are meant, and which are the others. */
export interface Condition {
  readonly filter: RowFilter;
  readonly complement: RowFilter;
  /** As it was written. */
  readonly text: string;
}

const opposite: Readonly<Record<Comparison, Comparison>> = {
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
};

/**
 * `COLUMN=VALUE,VALUE`, `COLUMN!=VALUE` or a comparison with a number, `COLUMN>=1.5`. Throws
 * `usage/invalid`.
 */
export function parseCondition(text: string): Condition {
  const match = /^(.*?)(!=|<=|>=|=|<|>)(.*)$/s.exec(text);
  const [column, operator, value] = [match?.[1]?.trim(), match?.[2], match?.[3]?.trim()];
  if (column === undefined || column === '' || operator === undefined || value === undefined) {
    throw invalid(text);
  }
  if (operator === '=' || operator === '!=') {
    const values = value.split(',').map((each) => each.trim());
    const [equal, other] = [
      { column, in: values },
      { column, notIn: values },
    ];
    return operator === '='
      ? { filter: equal, complement: other, text }
      : { filter: other, complement: equal, text };
  }
  const number = Number(value);
  if (value === '' || !Number.isFinite(number)) throw invalid(text);
  const comparison = operator as Comparison;
  return {
    filter: { column, compare: { operator: comparison, value: number } },
    complement: { column, compare: { operator: opposite[comparison], value: number } },
    text,
  };
}

function invalid(text: string): UnlikelyError {
  return commandError('usage/invalid', `expected a condition, got ${JSON.stringify(text)}`, {
    help: 'Such as "protocol=udp", "protocol=udp,icmp", "protocol!=tcp" or "duration>=1.5".',
  });
}
