/** Spans that are told as they end: what is known of a process that has no last words. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { FollowedSpans } from '../followed-spans.ts';
import { type CapturedSpan, type CaptureServer, startCaptureServer } from '../index.ts';
import { FIXTURES, type Program, startProgram, untilHolds } from './support/program.ts';

describe('a process that is followed', () => {
  const programs: { program: Program; server: CaptureServer }[] = [];
  after(async () => {
    for (const { program, server } of programs) {
      await program.stop();
      await server.close();
    }
  });
  const killedAfter = async (follow: boolean) => {
    const server = await startCaptureServer();
    const program = startProgram(server, 'node app.cjs', { cwd: path.join(FIXTURES, 'spans'), follow });
    programs.push({ program, server });
    const { connection, url } = await program.listening();
    await (await fetch(`${url}/everything`)).text();
    process.kill(connection.pid, 'SIGKILL');
    await untilHolds(
      () => !connection.live,
      () => 'it did not end',
    );
    return connection;
  };

  test('has told its spans when it is killed', async () => {
    const connection = await killedAfter(true);
    assert.deepEqual(
      connection.followed.map(({ name, origin }) => [name, origin.process, origin.seq]),
      [['everything', 'api', 1]],
    );
    const { spans, lastSeq } = await connection.collect(0);
    assert.deepEqual([spans.length, lastSeq, connection.exit?.code], [1, 0, null]);
    assert.deepEqual((await connection.collect(1)).spans, []);
  });

  test('tells of its resource what is known, and the rest later', async () => {
    const server = await startCaptureServer();
    const cwd = path.join(FIXTURES, 'spans');
    const program = startProgram(server, 'node pending.cjs', { cwd, follow: true });
    programs.push({ program, server });
    const { connection, url } = await program.listening();
    const told = async (path: string, count: number) => {
      await (await fetch(`${url}${path}`)).text();
      await untilHolds(
        () => connection.followed.length === count,
        () => `${connection.followed.length} spans were told`,
      );
      return connection.followed.map(({ resource }) => resource);
    };
    assert.deepEqual(await told('/first', 1), [{ 'service.name': 'fixture-service' }]);
    const whole = { 'service.name': 'fixture-service', 'host.id': 'h1' };
    assert.deepEqual(await told('/learn', 2), [whole, whole]);
    assert.doesNotMatch(program.output(), /async attributes/);
  });

  test('has its spans put to the fullest of their resources, and to no other', () => {
    const followed = new FollowedSpans();
    const resources = [{ name: 'api' }, { name: 'api', host: 'h1' }, { name: 'worker' }, { name: 'api' }];
    for (const resource of resources) followed.add([{ resource } as unknown as CapturedSpan]);
    const whole = { name: 'api', host: 'h1' };
    assert.deepEqual(
      followed.all.map(({ resource }) => resource),
      [whole, whole, { name: 'worker' }, whole],
    );
  });

  test('without it, what a killed process had not told yet is gone', async () => {
    const connection = await killedAfter(false);
    assert.deepEqual((await connection.collect(0)).spans, []);
  });
});
