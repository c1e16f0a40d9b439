import { sharedRuntime } from '@unlikely/runtime';
import {
  childProcessRuntime,
  nativeRuntime,
  wasmRuntime,
  workerPoolRuntime,
} from '@unlikely/runtime/node';
import { describeRuntime } from './contract/describe-runtime.ts';

describeRuntime('nativeRuntime', () => nativeRuntime(), { sessions: 160, runs: 3000 });
describeRuntime('wasmRuntime', () => wasmRuntime(), { sessions: 160, runs: 3000 });
describeRuntime('childProcessRuntime', () => childProcessRuntime(), { sessions: 160, runs: 3000 });
describeRuntime('workerPoolRuntime', () => workerPoolRuntime({ size: 2 }), {
  sessions: 160,
  runs: 3000,
});
describeRuntime('workerPoolRuntime on WASM', () => workerPoolRuntime({ size: 1, prefer: 'wasm' }), {
  sessions: 60,
  runs: 3000,
});
describeRuntime(
  'sharedRuntime',
  sharedRuntime(() => wasmRuntime()),
  { sessions: 60, runs: 3000 },
);
