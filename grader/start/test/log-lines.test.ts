import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { foldedLines } from '../folded-lines.ts';
import {
  isBuildTable,
  isCompilerStack,
  isNestListing,
  type LineReader,
  logLines,
  without,
} from '../log-lines.ts';

describe('log lines', () => {
  const collect = (name: string, reader?: LineReader) => {
    const lines: string[] = [];
    return { lines, log: logLines(name, (line) => lines.push(line), undefined, reader) };
  };

  test('have the name in front, all texts in one column', () => {
    const api = collect('api');
    const worker = collect('worker');
    api.log.add('one\n');
    worker.log.add('two\n');
    assert.deepEqual([...api.lines, ...worker.lines], ['[api]    one\n', '[worker] two\n']);
  });

  test('are whole, however the output is cut, in the middle of a character too', () => {
    const { lines, log } = collect('api');
    const bytes = Buffer.from('it costs 5 €\r\nand');
    for (const byte of bytes) log.add(Buffer.from([byte]));
    assert.deepEqual(lines, ['[api]    it costs 5 €\n']);
    log.flush();
    assert.deepEqual(lines.slice(1), ['[api]    and\n']);
  });

  test('keep colours, and nothing that moves the cursor or clears the screen', () => {
    const { lines, log } = collect('page');
    log.add('\x1b[2J\x1b[1;1H\x1b[31mred\x1b[0m\n10 %\r100 %\n');
    assert.deepEqual(lines, ['[page]   \x1b[31mred\x1b[0m\n', '[page]   100 %\n']);
  });

  test("leave out Nest's lists, never its warnings, errors or the learner's own lines", () => {
    const { lines, log } = collect('api', without(isNestListing));
    log.add('\x1b[32m[Nest] 1  - LOG\x1b[39m [RouterExplorer] Mapped {/feed, GET} route\n');
    log.add('[Nest] 1  - LOG [Bootstrap] listens\n[Nest] 1  - ERROR [RouterExplorer] oh\nmy own line\n');
    assert.deepEqual(
      lines.map((line) => line.slice(9)),
      ['[Nest] 1  - LOG [Bootstrap] listens\n', '[Nest] 1  - ERROR [RouterExplorer] oh\n', 'my own line\n'],
    );
  });

  test("leave out the compiler's stack, never the learner's", () => {
    assert.ok(isCompilerStack('   3: <unknown>'));
    assert.ok(isCompilerStack('    at Compiler.transformSync (/a/node_modules/@swc/core/index.js:309:29)'));
    assert.ok(!isCompilerStack('    3 | const x = ;'));
    assert.ok(!isCompilerStack('    at FeedService.feedOf (/a/app-backend/src/feed/feed.service.ts:3:1)'));
  });

  test("leave out the build's table, never its errors", () => {
    assert.ok(isBuildTable('main.js             | main               |  13.25 kB | '));
    assert.ok(isBuildTable('chunk-AFP7YI5S.js   | -                  | 824 bytes | '));
    assert.ok(isBuildTable('✔ Building...'));
    assert.ok(isBuildTable('   '));
    assert.ok(isBuildTable('                    | Initial total      |   1.46 MB'));
    assert.ok(isBuildTable('Lazy chunk files    | Names              |  Raw size'));
    assert.ok(!isBuildTable("✘ [ERROR] TS2322: Type 'string | null' is not assignable to type 'string'."));
    assert.ok(!isBuildTable('    src/app/feed.ts:4:12:'));
    assert.ok(!isBuildTable('Application bundle generation complete. [1.0 seconds]'));
  });

  test('of a request that failed say so in one line, without the cause that exercise 04 asks for', () => {
    const { lines, log } = collect('api', foldedLines());
    log.add(`[Nest] 1  - 11/28/2026, 3:49:05 AM   ERROR [ExceptionsHandler] error: duplicate key value "likes_key"
    at /a/node_modules/pg-pool/index.js:45:11
    at async LikesRepository.add (/a/app-backend/src/likes/likes.repository.ts:9:5)
    at async /a/node_modules/@nestjs/core/router/router-proxy.js:9:17 {
  length: 233,
  detail: 'Key (post_id, user_id)=(4991, 8745) already exists.',
}
my own line
`);
    assert.deepEqual(
      lines.map((line) => line.slice(9)),
      [
        '[Nest] 1  - 11/28/2026, 3:49:05 AM   ERROR [ExceptionsHandler] A request was answered with 500. Its trace can tell why.\n',
        'my own line\n',
      ],
    );
  });

  test("of an error in the learner's own code show its words and its first place", () => {
    const { lines, log } = collect('api', foldedLines());
    log.add(`[Nest] 1  - ERROR [ExceptionsHandler] TypeError: tracer.startActive is not a function
    at RankingService.rank (/a/b c/app-backend/src/feed/ranking.service.ts:31:19)
    at FeedService.feedOf (/a/b c/app-backend/src/feed/feed.service.ts:12:30)
    at /a/node_modules/@nestjs/core/router/router-proxy.js:9:17
[Nest] 1  - FATAL [Bootstrap] Error: no secret
    at readSecret (C:\\a\\app-backend\\src\\config\\app-config.ts:8:9)
    at node:internal/main:1:1
`);
    assert.deepEqual(
      lines.map((line) => line.slice(9)),
      [
        '[Nest] 1  - ERROR [ExceptionsHandler] TypeError: tracer.startActive is not a function\n',
        '    at app-backend/src/feed/ranking.service.ts:31\n',
        '[Nest] 1  - FATAL [Bootstrap] Error: no secret\n',
        '    at app-backend/src/config/app-config.ts:8\n',
      ],
    );
  });
});
