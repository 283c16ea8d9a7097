import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { encodeTraceRequest, type Span } from '@workshop/telemetry';
import { keysFor, makeRoot, makeSpan, startStandIn, untilTrue } from './fixtures.ts';

/** What npm runs, and from where: the folder in which it is started is the clone's root. */
const MAIN = path.join(import.meta.dirname, '..', '..', 'cli', 'main.ts');

/** `npm run lab` in a clone. */
class RunningLab {
  output = '';
  readonly child: ChildProcess;

  constructor(t: TestContext, root: string, env: NodeJS.ProcessEnv) {
    const args = [MAIN, 'lab', '--port', '0', '--otlp-port', '0'];
    const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
    this.child = spawn(process.execPath, args, { cwd: root, env, stdio });
    const keep = (text: Buffer): void => {
      this.output += text;
    };
    this.child.stdout?.on('data', keep);
    this.child.stderr?.on('data', keep);
    t.after(async () => {
      if (this.child.exitCode !== null) return;
      this.child.kill('SIGKILL');
      await once(this.child, 'exit');
    });
  }

  async prints(text: string): Promise<void> {
    await untilTrue(() => this.output.includes(text) || this.child.exitCode !== null, text);
    assert.ok(this.output.includes(text), `the lab printed no "${text}", but:\n${this.output}`);
  }

  async receives(spans: readonly Span[]): Promise<void> {
    const url = /http:\S+\/v1\/traces/.exec(this.output)?.[0] as string;
    const headers = { 'content-type': 'application/x-protobuf' };
    const answer = await fetch(url, { method: 'POST', headers, body: encodeTraceRequest(spans, 'protobuf') });
    assert.equal(answer.status, 200);
  }

  async ends(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    assert.deepEqual((await ended)[0] ?? 0, 0, this.output);
  }
}

test('npm run lab forwards after "honeycomb -- forward on", and stops after "off"', async (t) => {
  const honeycomb = await startStandIn(t);
  const root = makeRoot(t);
  const env = { ...process.env, ...keysFor(honeycomb) };
  const command = (...args: string[]) =>
    promisify(execFile)(process.execPath, [MAIN, 'honeycomb', ...args], { cwd: root, env });
  const forwarded = () => honeycomb.spans.map((span) => span.attributes.n);
  const lab = new RunningLab(t, root, env);
  await lab.prints('Stop it with Ctrl-C.');
  await lab.receives([makeSpan(1)]);

  await command('forward', 'on', '--name', 'Anna');
  await lab.prints(`Honeycomb: forwarding to ${honeycomb.url}.`);
  await lab.receives([makeSpan(2)]);
  await untilTrue(() => honeycomb.spans.length > 0, 'a span in Honeycomb');
  assert.deepEqual(forwarded(), [2]);
  assert.equal(honeycomb.spans[0]?.resource['deployment.environment.name'], 'Anna');

  await command('forward', 'off');
  await lab.prints('Honeycomb: forwarding is off.');
  await lab.receives([makeSpan(3)]);
  await lab.ends();
  assert.deepEqual(forwarded(), [2]);
});

test('npm run lab sends what waited since it was ended', async (t) => {
  const honeycomb = await startStandIn(t);
  const root = makeRoot(t);
  const env = { ...process.env, ...keysFor(honeycomb) };
  await promisify(execFile)(process.execPath, [MAIN, 'honeycomb', 'forward', 'on'], { cwd: root, env });
  await honeycomb.goOffline();
  const first = new RunningLab(t, root, env);
  await first.prints('Stop it with Ctrl-C.');
  await first.receives([makeSpan(1)]);
  await first.prints('The spans wait on disk.');
  await first.ends();
  await honeycomb.goOnline();
  const second = new RunningLab(t, root, env);
  await untilTrue(() => honeycomb.spans.length > 0, 'the span that waited');
  assert.deepEqual(
    honeycomb.spans.map((span) => span.attributes.n),
    [1],
  );
  await second.ends();
});
