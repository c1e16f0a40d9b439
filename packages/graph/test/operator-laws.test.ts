import { describe } from 'vitest';
import type { OperatorKind } from '@unlikely/graph';
import { describeOperator } from './contract/describe-operator.ts';
import { operatorExamples } from './contract/operator-examples.ts';

describe.each(Object.keys(operatorExamples) as OperatorKind[])('%s', (kind) => {
  describeOperator(kind);
});
