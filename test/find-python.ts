import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './repository.ts';

const execute = promisify(execFile);

/** The program of a Python that has these modules, undefined where there is none; `UNLIKELY_PYTHON` names one. */
export async function findPython(
  modules: readonly string[] = ['numpy', 'onnxruntime'],
): Promise<string | undefined> {
  const candidates = [process.env['UNLIKELY_PYTHON'], 'python3', 'python'];
  for (const candidate of candidates) {
    if (candidate === undefined) continue;
    try {
      await execute(candidate, ['-c', `import ${modules.join(', ')}`]);
      return candidate;
    } catch {
      // The next one may have them.
    }
  }
  return undefined;
}

/** What a test says where it skips for want of Python. */
export const withoutPython = 'no Python with onnxruntime; UNLIKELY_PYTHON names one';

/**
 * What an expression in Python comes to, beside `unlikely.py` and with `given` as JSON: NaN and None come back as null,
 * and an error as `{ code, message }`.
 */
export async function inPython(python: string, code: string, given: object): Promise<unknown> {
  const program = `
import json, math, sys
import numpy, unlikely
def plain(value):
    if isinstance(value, float) and math.isnan(value): return None
    if isinstance(value, dict): return {key: plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)): return [plain(each) for each in value]
    return plain(value.tolist()) if isinstance(value, (numpy.ndarray, numpy.generic)) else value
def attempt(call, *given):
    try: return call(*given)
    except unlikely.UnlikelyError as error: return {"code": error.code, "message": str(error)}
given = json.load(sys.stdin)
${code}
json.dump(plain(attempt(run)), sys.stdout, allow_nan=False)
`;
  const child = spawn(python, ['-c', program], {
    env: {
      ...process.env,
      PYTHONPATH: join(root, 'examples/python'),
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONIOENCODING: 'utf-8',
    },
  });
  const [output, notes]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (part: Buffer) => output.push(part));
  child.stderr.on('data', (part: Buffer) => notes.push(part));
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(given));
  const status = await new Promise((resolve) => child.on('close', resolve));
  if (status !== 0) throw new Error(Buffer.concat(notes).toString());
  return JSON.parse(Buffer.concat(output).toString());
}
