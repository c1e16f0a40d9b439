import type { UnlikelyError } from '@unlikely/graph/error';
import type { RuntimeErrorCode } from '../error-code.ts';
import { firstLine, unavailable } from '../unavailable.ts';

/** Where ONNX Runtime has a native binary; on Linux with glibc alone. */
const nativePlatforms = ['linux x64', 'linux arm64', 'darwin arm64', 'win32 x64', 'win32 arm64'];

/** Brings the native package without its install script, which needs more than the package registry. */
export const installNative = 'npm install --save-optional onnxruntime-node@1.30.0 --ignore-scripts';

/** The native ONNX Runtime does not load; says whether that can be helped, and how. */
export function nativeUnavailable(cause: unknown): UnlikelyError<RuntimeErrorCode> {
  const platform = `${process.platform} ${process.arch}`;
  if (!nativePlatforms.includes(platform)) {
    const help = 'Nothing can be done on this machine; the results are the same.';
    return unavailable(`The native ONNX Runtime does not exist for ${platform}.`, help, cause);
  }
  if ((cause as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') {
    const help = `To install it: ${installNative}`;
    return unavailable('The native ONNX Runtime is not installed.', help, cause);
  }
  const help = `On Linux it needs glibc 2.28 or later and libstdc++. To install it anew: ${installNative}`;
  return unavailable(`The native ONNX Runtime does not load: ${firstLine(cause)}.`, help, cause);
}

/** The native ONNX Runtime would send telemetry from a worker thread of somebody else's. */
export function notSilent(): UnlikelyError<RuntimeErrorCode> {
  return unavailable(
    'The native ONNX Runtime is not used: in this worker thread its telemetry cannot be turned off.',
    'Start the process with ORT_DISABLE_TELEMETRY=1 in its environment.',
  );
}
