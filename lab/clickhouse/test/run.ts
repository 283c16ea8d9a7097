/**
 * `npm run test:clickhouse`: the tests that need a ClickHouse engine. It is a library of half a gigabyte, so it is put
 * beside the workshop's own packages, once, and is in no lock file of theirs.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHDB, ENGINE_FOLDER } from './engine.ts';

if (process.platform === 'win32') {
  console.error('There is no ClickHouse engine for Windows in npm. Run this in WSL.');
  process.exit(2);
}
const manifest = join(ENGINE_FOLDER, 'package.json');
const [name, version] = CHDB.split('@') as [string, string];
if (!existsSync(join(ENGINE_FOLDER, 'node_modules', name, 'package.json'))) {
  console.log(`Installing ${CHDB} into ${ENGINE_FOLDER}: 543 MB, once.`);
  mkdirSync(ENGINE_FOLDER, { recursive: true });
  writeFileSync(
    manifest,
    `${JSON.stringify({ private: true, dependencies: { [name]: version } }, null, 2)}\n`,
  );
  const args = ['install', '--prefix', ENGINE_FOLDER, '--no-audit', '--no-fund', '--ignore-scripts'];
  const npm = spawnSync('npm', args, { cwd: ENGINE_FOLDER, stdio: 'inherit' });
  if (npm.status !== 0) process.exit(npm.status ?? 1);
}
const files = process.argv.slice(2);
const tests = files.length > 0 ? files : ['lab/**/*.clickhouse.ts', 'page/test/*.clickhouse.ts'];
const run = spawnSync(
  process.execPath,
  ['--test', '--test-reporter=spec', '--test-concurrency=1', ...tests],
  { stdio: 'inherit' },
);
process.exit(run.status ?? 1);
