import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnlikelyError } from '@unlikely/graph';
import { renderReport } from '@unlikely/report';
import { describe, expect, it } from 'vitest';
import { reportFixture } from '../../report/test/report-fixture.ts';
import { writeReport } from '../src/report/write-report.ts';

const labelled = reportFixture();
const page = await renderReport(labelled);

describe('writing a report', () => {
  it('replaces the former file and leaves nothing beside it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'unlikely-report-'));
    try {
      const path = join(folder, 'report.html');
      await writeReport(path, reportFixture({ labels: false, points: 30 }));
      await writeReport(path, labelled);
      expect((await readFile(path, 'utf8')) === page).toBe(true);
      expect(await readdir(folder)).toEqual(['report.html']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('says where it could not write, and leaves what was there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'unlikely-report-'));
    try {
      // A folder cannot be replaced by a file, whoever runs this.
      const failure = await writeReport(folder, labelled).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(UnlikelyError);
      expect(failure).toMatchObject({ code: 'data/not-writable', details: { path: folder } });
      expect(await readdir(join(folder, '..'))).not.toContain(`${folder}.${process.pid}.partial`);
      await expect(writeReport(join(folder, 'missing', 'x.html'), labelled)).rejects.toThrow(
        /missing/,
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
