import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path/posix';
import { describe, expect, it } from 'vitest';
import { filesBelow, root } from './repository.ts';

/** What a package may import beside its own files; `types` only by `import type`. */
interface Law {
  readonly packages: readonly string[];
  readonly types?: readonly string[];
  /** npm packages; those of a native dependency belong to one file, see `oneFile`. */
  readonly libraries: readonly string[];
  /** Whether Node may be named: everywhere, nowhere, or in the folder `src/node` alone. */
  readonly node: boolean | 'in its folder';
}

const laws: Readonly<Record<string, Law>> = {
  graph: { packages: [], libraries: ['@bufbuild/protobuf'], node: false },
  runtime: {
    // Its errors alone: a worker starts without the rest of the package.
    packages: ['@unlikely/graph/error'],
    libraries: ['#onnxruntime-web'],
    node: 'in its folder',
  },
  data: {
    packages: ['@unlikely/graph'],
    libraries: ['@duckdb/node-api', 'sharp', '@cwasm/nsbmp'],
    node: true,
  },
  detect: {
    packages: ['@unlikely/graph', '@unlikely/data/schema', '@unlikely/data/memory'],
    types: ['@unlikely/data/source', '@unlikely/runtime'],
    libraries: ['ml-matrix', 'valibot'],
    node: false,
  },
  report: {
    packages: ['@unlikely/detect'],
    types: ['@unlikely/data/source'],
    libraries: ['@observablehq/plot', 'linkedom'],
    node: false,
  },
  unlikely: {
    packages: [
      '@unlikely/graph',
      '@unlikely/graph/error',
      '@unlikely/runtime',
      '@unlikely/runtime/node',
      '@unlikely/runtime/web',
      '@unlikely/runtime/web/worker',
      '@unlikely/data',
      '@unlikely/data/memory',
      '@unlikely/data/node-files',
      '@unlikely/data/pictures',
      '@unlikely/detect',
      '@unlikely/detect/matrices',
      '@unlikely/detect/promisable-rate',
      '@unlikely/detect/parameters',
      '@unlikely/report',
      '@unlikely/report/words',
    ],
    libraries: ['commander', 'picocolors', 'ml-matrix', '@resvg/resvg-wasm', 'umap-js'],
    node: true,
  },
};

/** Where a native dependency may be named: nowhere else in the sources. */
const oneFile: readonly (readonly [RegExp, string])[] = [
  [/^onnxruntime-node$/, 'packages/runtime/src/node/native-runtime.ts'],
  [/^#?onnxruntime-web(\/|$)/, 'packages/runtime/src/web/wasm-runtime.ts'],
  [/^@duckdb\//, 'packages/data/src/duckdb/duckdb.ts'],
  [/^sharp$/, 'packages/data/src/image/sharp.ts'],
  [/^@cwasm\/nsbmp$/, 'packages/data/src/image/bmp.ts'],
  [/^@resvg\//, 'packages/unlikely/src/report/svg-to-png.ts'],
  [/^umap-js$/, 'packages/unlikely/src/command/umap-plane.ts'],
];

const softCap = 300;
const hardCap = 500;
/** Files over the soft cap, each with the reason why it is one room and not two. */
const longFiles: Readonly<Record<string, string>> = {
  'packages/unlikely/src/command/run/flags.ts':
    'closed table: every flag of the command line, with its one meaning',
  'packages/graph/src/build.ts': 'one builder for each operator: the vocabulary of the package',
  'packages/graph/src/gradient-rules.ts': 'exhaustive table: one gradient for each operator',
  'packages/graph/src/shape-rules.ts': 'exhaustive table: one shape rule for each operator',
};

const packageNames = Object.keys(laws);
const builtins = new Set(builtinModules);
const sources = packageNames.flatMap((name) =>
  filesBelow(`packages/${name}/src`).filter((file) => file.endsWith('.ts')),
);

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

/** Static and dynamic imports, and re-exports; `import type` and `typeof import()` are types. */
function importsOf(file: string): Import[] {
  const text = withoutComments(read(file));
  const found: Import[] = [];
  const statement =
    /^[ \t]*(?:import|export)\b(?<clause>[^;'"]*?)\bfrom\s*['"](?<from>[^'"]+)['"]|^[ \t]*import\s*['"](?<effect>[^'"]+)['"]|(?<type>typeof\s+|:\s*|<)?\bimport\(\s*['"](?<dynamic>[^'"]+)['"]\s*\)/gm;
  for (const { groups } of text.matchAll(statement)) {
    const specifier = groups!['from'] ?? groups!['effect'] ?? groups!['dynamic']!;
    const typeOnly =
      groups!['from'] === undefined
        ? groups!['type'] !== undefined
        : /^\s*type\b/.test(groups!['clause']!);
    found.push({ file, specifier, typeOnly });
  }
  return found;
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
}

function read(file: string): string {
  return readFileSync(`${root}/${file}`, 'utf8');
}

/** `@scope/name` or `name` of `@scope/name/deep/file`. */
function libraryOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

const imports = sources.flatMap(importsOf);
const packageOf = (file: string): string => file.split('/')[1]!;

describe('who may import whom', () => {
  it('sees the imports at all', () => {
    expect(imports.length).toBeGreaterThan(sources.length);
    expect(imports.some((each) => each.specifier.startsWith('@unlikely/'))).toBe(true);
  });

  it.each(packageNames)('%s imports only what the table of ARCHITECTURE.md allows', (name) => {
    const law = laws[name]!;
    const broken = imports
      .filter(({ file }) => packageOf(file) === name)
      .filter(({ file, specifier, typeOnly }) => {
        const isNode = file.startsWith(`packages/${name}/src/node/`);
        // Relative to a file that runs anywhere, or the folder would be no wall.
        if (specifier.startsWith('.')) {
          return law.node === 'in its folder' && !isNode && /(^|\/)node\//.test(specifier);
        }
        if (specifier.startsWith('node:'))
          return law.node === 'in its folder' ? !isNode : !law.node;
        if (builtins.has(specifier)) return true;
        const library = libraryOf(specifier);
        if (library.startsWith('@unlikely/') || library === 'unlikely') {
          const allowed = [...law.packages, ...(typeOnly ? (law.types ?? []) : [])];
          return !allowed.includes(specifier);
        }
        return !law.libraries.includes(library);
      })
      .map(({ file, specifier }) => `${file} imports ${specifier}`);
    expect(broken).toEqual([]);
  });

  it('never leaves its own package by a relative path', () => {
    const broken = imports
      .filter(({ specifier }) => specifier.startsWith('.'))
      .filter(
        ({ file, specifier }) =>
          !join(dirname(file), specifier).startsWith(`packages/${packageOf(file)}/src/`),
      );
    expect(broken).toEqual([]);
  });

  it('names a native dependency in one file', () => {
    const broken = imports
      .filter(({ typeOnly }) => !typeOnly)
      .flatMap(({ file, specifier }) =>
        oneFile
          .filter(([pattern, home]) => pattern.test(specifier) && file !== home)
          .map(([, home]) => `${file} imports ${specifier}, which belongs to ${home}`),
      );
    expect(broken).toEqual([]);
  });

  it('declares what it imports', () => {
    const broken = packageNames.flatMap((name) => {
      const { dependencies = {} } = JSON.parse(read(`packages/${name}/package.json`));
      return imports
        .filter(
          ({ file, specifier }) => packageOf(file) === name && !/^(\.|#|node:)/.test(specifier),
        )
        .filter(({ specifier, typeOnly }) => !typeOnly && !(libraryOf(specifier) in dependencies))
        .map(({ file, specifier }) => `${file} imports ${specifier}`);
    });
    expect(broken).toEqual([]);
  });
});

/** Imports between files of one package. */
const inside = imports
  .filter(({ specifier }) => specifier.startsWith('.'))
  .map(({ file, specifier }) => ({ file, to: join(dirname(file), specifier) }));

describe('kinds of input', () => {
  const detect = 'packages/detect/src';
  const faces = 'packages/unlikely/src/face';
  const data = 'packages/data/src';
  const modality = new RegExp(`^${detect}/modality/([a-z]+)/`);
  const kinds = [...new Set(sources.flatMap((file) => modality.exec(file)?.[1] ?? []))];
  const folder = new RegExp(`^(?:${detect}/modality|${faces}|${data})/(${kinds.join('|')})/`);
  const kindOf = (file: string): string | undefined => folder.exec(file)?.[1];
  /** What every kind has, under the same name. */
  const parts: Readonly<Record<string, readonly string[]>> = {
    [`${detect}/modality`]: [
      'types',
      'words',
      'parameters',
      'configuration',
      'check-configuration',
      'core',
      'network/network',
      'network/initialise',
      'likelihood/likelihood',
      'objective',
      'score-kind',
      'score/scoring-program',
      'train/plan',
      'power/inject-anomalies',
      'health',
      'manifest',
      'model',
      'artifact/format',
      'artifact/manifest-validator',
      'scorer',
      'generate/codes',
      'evaluate',
      'fit',
      'detector',
    ],
    [faces]: [
      'face',
      'flags',
      'inspection',
      'labelled',
      'make',
      'open',
      'score',
      'session',
      'train',
      'view',
    ],
  };
  /** The only files elsewhere that name a kind: what is exported, and what is asked which kinds there are. */
  const registries = [
    `${detect}/index.ts`,
    `${detect}/matrices.ts`,
    `${detect}/parameters.ts`,
    `${faces}/faces.ts`,
    `${faces}/kind-flags.ts`,
    ...['index', 'source', 'memory', 'pictures', 'input-files'].map((name) => `${data}/${name}.ts`),
  ];

  it('each have a folder of the same form', () => {
    expect(kinds.length).toBeGreaterThan(1);
    const missing = Object.entries(parts).flatMap(([place, names]) =>
      kinds
        .flatMap((kind) => names.map((name) => `${place}/${kind}/${name}.ts`))
        .filter((file) => !sources.includes(file)),
    );
    expect(missing).toEqual([]);
  });

  it('are named by their folders and the registries alone, and by no other kind', () => {
    const broken = inside
      .filter(({ file, to }) => kindOf(to) !== undefined && kindOf(to) !== kindOf(file))
      .filter(({ file }) => !registries.includes(file));
    expect(broken).toEqual([]);
  });
});

describe('the floors of detect', () => {
  const package_ = 'packages/detect/src/';
  const kind = /^modality\/[a-z]+\//;
  const words = (text: string): string[] => text.trim().split(/\s+/);
  /** From the ground up: a room imports from those above it in this list. */
  const house = words(`
    error-code detect-error abort require-alive platform version
    matrix bytes statistics normal-labels parameter known
    calibrate metric baseline contamination
    likelihood objective score latent artifact train evaluate health
    modality detector modality/kind parameters matrices index
  `);
  const floorsOfKind = words(`
    words images score-kind configuration parameters check-configuration
    column network likelihood core encode objective score train
    power drift health manifest model artifact scorer explain rows
    generate records evaluate measure-contamination fit types scored-by
    detector matrix
  `);
  const first = (path: string): string => path.split('/')[0]!.replace(/\.ts$/, '');
  const below = inside
    .filter(({ file }) => file.startsWith(package_))
    .map(({ file, to }) => [file.slice(package_.length), to.slice(package_.length)] as const);
  const room = (path: string): string => (kind.test(path) ? 'modality/kind' : first(path));

  /** Imports that do not go down. */
  function climbing(
    arrows: readonly (readonly [file: string, to: string])[],
    roomOf: (path: string) => string,
    floors: readonly string[],
  ): string[] {
    return arrows
      .filter(([file, to]) => roomOf(file) !== roomOf(to))
      .filter(([file, to]) => {
        const [from, target] = [floors.indexOf(roomOf(file)), floors.indexOf(roomOf(to))];
        return from === -1 || target === -1 || target > from;
      })
      .map(([file, to]) => `${file} imports ${to}`);
  }

  it('have an order, types counted', () => {
    expect(climbing([['metric/curve.ts', 'score/blocks.ts']], room, house)).toHaveLength(1);
    expect(climbing(below, room, house)).toEqual([]);
  });

  it('have one within each kind, the same for all', () => {
    const arrows = below
      .filter((arrow) => arrow.every((path) => kind.test(path)))
      .map(([file, to]) => [file.replace(kind, ''), to.replace(kind, '')] as const);
    expect(arrows.length).toBeGreaterThan(100);
    expect(climbing(arrows, first, floorsOfKind)).toEqual([]);
  });
});

/** Groups of files that import each other in a circle, types counted. */
function circlesOf(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const reachable = new Map<string, Set<string>>();
  for (const start of graph.keys()) {
    const seen = new Set<string>();
    const open = [...graph.get(start)!];
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      if (seen.has(file)) continue;
      seen.add(file);
      open.push(...(graph.get(file) ?? []));
    }
    reachable.set(start, seen);
  }
  const inCircles = [...graph.keys()].filter((file) => reachable.get(file)!.has(file));
  const groups = new Map<string, string[]>();
  for (const file of inCircles) {
    const group = inCircles.filter(
      (other) => reachable.get(file)!.has(other) && reachable.get(other)!.has(file),
    );
    groups.set(group.join(), group);
  }
  return [...groups.values()];
}

describe('circles', () => {
  const graphOf = (name: string): Map<string, string[]> =>
    new Map(
      sources
        .filter((file) => packageOf(file) === name)
        .map((file) => [file, inside.filter((each) => each.file === file).map(({ to }) => to)]),
    );

  it('are seen', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['b']],
      ['d', ['a']],
    ]);
    expect(circlesOf(graph)).toEqual([['b', 'c']]);
  });

  it.each(packageNames)('of files, there is none in %s', (name) => {
    expect(circlesOf(graphOf(name))).toEqual([]);
  });
});

describe('errors', () => {
  it('are made by the factory of a package, whose codes the compiler knows', () => {
    // The second gives back an error that another process has made.
    const makers = ['packages/graph/src/error.ts', 'packages/runtime/src/host/protocol.ts'];
    const broken = sources.filter(
      (file) => !makers.includes(file) && /\bnew UnlikelyError\b/.test(withoutComments(read(file))),
    );
    expect(broken).toEqual([]);
  });
});

describe('files', () => {
  const length = (file: string): number => read(file).split('\n').length - 1;

  it(`are at most ${softCap} lines long, or listed with a reason`, () => {
    const long = sources.filter((file) => length(file) > softCap && !(file in longFiles));
    expect(long.map((file) => `${file}: ${length(file)} lines`)).toEqual([]);
  });

  it(`are never longer than ${hardCap} lines`, () => {
    const long = sources.filter((file) => length(file) > hardCap);
    expect(long.map((file) => `${file}: ${length(file)} lines`)).toEqual([]);
  });

  it('are not listed as long without need', () => {
    const needless = Object.keys(longFiles).filter(
      (file) => !sources.includes(file) || length(file) <= softCap,
    );
    expect(needless).toEqual([]);
  });

  it('have kebab-case names', () => {
    const named = /^packages\/[a-z]+\/src\/([a-z0-9-]+\/)*[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.ts$/;
    expect(sources.filter((file) => !named.test(file))).toEqual([]);
  });
});

describe('exports', () => {
  it.each(packageNames)('%s lists what it exports by name', (name) => {
    const text = withoutComments(read(`packages/${name}/src/index.ts`));
    expect(text).not.toMatch(/export\s*\*/);
    expect(text).not.toMatch(/export\s+default/);
  });

  it('has no random numbers and no clock in results', () => {
    // The clock is for durations that are shown, in these places only.
    const broken = sources
      .filter((file) => /^packages\/(graph|detect|data|report)\//.test(file))
      .filter((file) =>
        /\bMath\.random\b|\bnew Date\(\)|\bDate\.now\b/.test(withoutComments(read(file))),
      );
    expect(broken).toEqual([]);
  });
});

describe('the lock file', () => {
  const lock: {
    packages: Record<string, { resolved?: string; optionalDependencies?: object }>;
  } = JSON.parse(read('package-lock.json'));

  it('names no host, so that it installs from whichever registry npm is set to', () => {
    const hosted = Object.entries(lock.packages)
      .filter(([, { resolved }]) => resolved?.includes('://') === true)
      .map(([path]) => path);
    expect(hosted).toEqual([]);
  });

  it('has an entry for the packages of every platform, or `npm ci` fails on the others', () => {
    const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) =>
          !(`node_modules/${name}` in lock.packages) &&
          !(`${path}/node_modules/${name}` in lock.packages),
      ),
    );
    expect(missing).toEqual([]);
  });
});
