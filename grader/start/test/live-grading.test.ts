import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { freePort, until, workshopDirectory } from '@workshop/base';
import { chainFiles } from '../../tree/index.ts';
import { GRADING_FIRST_MS } from '../development.ts';
import { RunningStart } from './running-start.ts';

const PATIENCE_MS = 180_000;

interface StreamEvent {
  kind: string;
  atMs: number;
  data: {
    exercise: string | null;
    generation: number;
    passed?: boolean;
    changes?: { text: string }[];
    step?: number;
  };
}

/** `npm start` over the solution of 01, as a learner has it who begins 02: their API in real processes, lab and grader. */
describe('npm start with the grader', () => {
  mkdirSync(workshopDirectory, { recursive: true });
  // Inside the repository, where the packages of the apps are found.
  const root = mkdtempSync(path.join(workshopDirectory, 'start-test-'));
  const start = new RunningStart();
  const events: StreamEvent[] = [];
  const stream = new AbortController();
  let api: string;
  let lab: string;

  const comes = async (kind: string, from = 0): Promise<StreamEvent> => {
    const find = () => events.slice(from).find((event) => event.kind === kind);
    assert.ok(
      await until(() => find() !== undefined, { maxMs: PATIENCE_MS }),
      `no ${kind}:\n${start.output}`,
    );
    return find() as StreamEvent;
  };
  const save = (file: string, change: (text: string) => string): void => {
    const target = path.join(root, file);
    writeFileSync(target, change(readFileSync(target, 'utf8')));
  };
  const listen = async (): Promise<void> => {
    const response = await fetch(`${lab}/api/events`, { signal: stream.signal });
    const decoder = new TextDecoder();
    let waiting = '';
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      waiting += decoder.decode(chunk, { stream: true });
      const parts = waiting.split('\n\n');
      waiting = parts.pop() ?? '';
      for (const part of parts) {
        const kind = /^event: (.*)$/m.exec(part)?.[1];
        const data = /^data: (.*)$/m.exec(part)?.[1];
        if (kind && data) events.push({ kind, atMs: Date.now(), data: JSON.parse(data) });
      }
    }
  };

  before(async () => {
    for (const [file, source] of await chainFiles(1)) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      copyFileSync(source, path.join(root, file));
    }
    const [apiPort, labPort, collector] = await Promise.all([freePort(), freePort(), freePort()]);
    api = `http://localhost:${apiPort}`;
    lab = `http://localhost:${labPort}`;
    start.run({
      root,
      ports: { api: apiPort, page: 1, lab: labPort, collector },
      databaseDelayMs: 0,
      networkDelayMs: 0,
      clockSkewSeconds: null,
      page: false,
      lab: true,
      grader: true,
      verbose: false,
      cores: 2,
    });
    await start.prints('Murmur runs.');
    listen().catch(() => {});
    await comes('hello');
  });
  after(async () => {
    stream.abort();
    await start.end();
    rmSync(root, { recursive: true, force: true });
  });

  test('grades when it is asked to, over the lab, and says the verdict in the terminal', async () => {
    const response = await fetch(`${lab}/api/learn/01/grade`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-murmur-lab': '1', origin: lab },
      body: '{}',
    });
    assert.equal(response.status, 202);
    const { data } = await comes('verdict');
    assert.deepEqual([data.exercise, data.passed], ['01', true]);
    await start.prints(/\[grade\] {2}01-first-trace: (\d+) of \1 checks pass\. Passed\./);
  });

  test('after a save tells first that the verdict is old, then the steps, then the verdict of the next exercise', async () => {
    const from = events.length;
    save('app-backend/src/main.ts', (text) => `${text}\n// saved\n`);
    const saved = await comes('save', from);
    const verdict = await comes('verdict', from);
    assert.deepEqual([saved.data.exercise, verdict.data.exercise, verdict.data.passed], ['02', '02', false]);
    assert.equal(verdict.data.generation, saved.data.generation);
    const kinds = events.slice(from).map(({ kind }) => kind);
    const told = [...new Set(kinds)].filter((kind) => ['save', 'grading', 'verdict'].includes(kind));
    assert.deepEqual(told, ['save', 'grading', 'verdict'], 'in this order');
    await start.prints(/\[grade\] {2}02-user-id: \d+ of \d+ checks pass\. 02\.1: /);
    await start.prints(/main\.ts saved: API and worker start again/);
  });

  test('on a small machine the API that is graded comes first, and the other one goes on until then', async () => {
    // Once both run again after the save before.
    const starts = () => start.output.split('worker waits for messages').length - 1;
    assert.ok(await until(() => starts() === 2, { maxMs: PATIENCE_MS }), start.output);
    const from = events.length;
    const savedAtMs = Date.now();
    const began = start.output.length;
    save('app-backend/src/main.ts', (text) => `console.log('its own API begins', Date.now());\n${text}`);
    const isJudged = ({ kind, data }: StreamEvent): boolean => kind === 'grading' && data.step === 4;
    const isDriven = ({ kind, data }: StreamEvent): boolean => kind === 'grading' && data.step === 3;
    assert.ok(await until(() => events.slice(from).some(isDriven), { maxMs: PATIENCE_MS }), start.output);
    const answers = await fetch(`${api}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    await comes('verdict', from);
    const ownBegins = (): number => Number(/its own API begins (\d+)/.exec(start.output.slice(began))?.[1]);
    assert.ok(await until(() => ownBegins() > 0, { maxMs: PATIENCE_MS }), start.output);
    const graded = events.slice(from).find(isJudged);
    const waitedAll = ownBegins() - savedAtMs >= GRADING_FIRST_MS;
    assert.ok(graded && (graded.atMs < ownBegins() || waitedAll), `${graded?.atMs} ${ownBegins()}`);
    assert.ok(answers || waitedAll, 'the one that runs does not answer while the graded one is used');
  });

  test('leaves nothing, killed or not', { skip: process.platform === 'win32' }, async () => {
    assert.ok(start.processes().length > 5);
    start.signal('SIGKILL');
    await start.leavesNothing();
  });
});
