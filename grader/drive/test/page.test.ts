import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { repositoryRoot } from '@workshop/base';
import type { Evidence, EvidenceSpan } from '../../evidence/index.ts';
import { BrowserMissingError, openBrowser, stopPageBuilder, stopSharedServer } from '../../world/index.ts';
import { drive, type Scenario, scenario } from '../index.ts';
import { tracedMain, tracedTree, treeWith } from './support/page-trees.ts';

const SEED = 4711;
const noBrowser = await openBrowser().then(
  ({ browser }) => browser.close().then(() => false),
  (error: unknown) => {
    if (error instanceof BrowserMissingError) return error.message;
    throw error;
  },
);

after(async () => {
  stopPageBuilder();
  await stopSharedServer();
});

/** Drives scenarios on one tree, one evidence each. */
async function evidenceOf(
  tree: Parameters<typeof drive>[0]['tree'],
  ...scenarios: Scenario[]
): Promise<Evidence[]> {
  const exercises = scenarios.map((one, at) => ({ id: `page-test-${at}`, scenario: one }));
  const all = new Map<string, Evidence>();
  await drive({
    tree,
    exercises,
    seed: SEED,
    onEvidence: (evidence) => void all.set(evidence.exercise, evidence),
  });
  return exercises.map(({ id }) => all.get(id) as Evidence);
}

const openPage = scenario(({ page }) => page.open('/'), { page: true });

describe('a traced page', { skip: noBrowser }, () => {
  let journey: Evidence;
  let left: Evidence;
  let offline: Evidence;
  const of = (evidence: Evidence, process: string) =>
    evidence.spans.filter((span) => span.origin.process === process);
  const requestTo = (evidence: Evidence, method: string, address: string): EvidenceSpan[] =>
    of(evidence, 'page').filter(
      ({ kind, attributes }) =>
        kind === 'CLIENT' &&
        attributes['http.request.method'] === method &&
        attributes['url.full'] === `${evidence.page?.apiUrl}${address}`,
    );

  before(async () => {
    const tree = await tracedTree();
    [journey, left, offline] = (await evidenceOf(
      tree,
      scenario(
        async ({ page, people, draw, note, network }) => {
          const ben = await people.named('Ben');
          note('text', `Seen by ${draw.word()}`);
          await page.open('/');
          await page.signInAs(ben);
          network.setDistance(100);
          await page.publish(`Seen by ${draw.word()}`);
          network.setDistance(0);
          await page.like();
          note('weather', (await page.fetchFromThirdParty()).status);
          note('settled', await page.settled());
          note('people to read', await page.sees('People to read', 1_500));
        },
        { page: true, clockSkewMs: -30_000 },
      ),
      scenario(
        async ({ page, people, network, note }) => {
          page.useLayout('B');
          await page.open('/');
          await page.signInAs(await people.named('Ben'));
          note('people to read', await page.sees('People to read'));
          await page.settled();
          network.setDistance(400);
          await page.reload();
          note('answered', await page.answered());
          note('feeds', (await page.timings()).filter(({ url }) => url.endsWith('/feed')).length);
          network.setDistance(0);
          await page.settled();
          await page.leave();
        },
        { page: true, clockSkewMs: -30_000 },
      ),
      scenario(
        async ({ page, people, network, note }) => {
          await page.open('/');
          await page.signInAs(await people.named('Ben'));
          await network.whileOffline(() => page.publish('Nobody will see this'));
          note('told', await page.sees(/cannot be reached/));
        },
        { page: true, clockSkewMs: -30_000 },
      ),
    )) as [Evidence, Evidence, Evidence];
  });

  test('is visited in two systems side by side, the later visits in the second', () => {
    const [first, second, third] = [journey, left, offline].map(({ processes }) => processes[0]?.pid);
    assert.equal(first, second);
    assert.notEqual(first, third);
  });

  test('is driven to the end, and settles', () => {
    for (const evidence of [journey, left, offline]) {
      assert.deepEqual(evidence.drive, { state: 'complete' });
      assert.equal(evidence.settled, true);
      assert.equal(evidence.page?.state, 'usable');
      assert.equal(evidence.page?.build.ok, true);
    }
    assert.equal(journey.facts.settled, true);
  });

  test('has its spans captured and received, with their resource', () => {
    const spans = of(journey, 'page');
    assert.ok(spans.some(({ name }) => name === 'documentLoad'));
    const saves = requestTo(journey, 'POST', '/posts');
    assert.equal(saves.length, 1);
    for (const span of spans) {
      assert.equal(span.resource['service.name'], 'murmur-web');
      assert.equal(span.origin.captured, true);
      assert.equal(span.origin.phase, 'run');
      assert.equal(span.origin.received, true, `${span.name} never reached the collector`);
    }
    assert.equal(journey.page?.telemetry.spansStarted, spans.length);
    assert.match(journey.page?.telemetry.exporters[0] ?? '', /\/v1\/traces$/);
  });

  test("names the learner's line that a request came from, also behind an await", () => {
    const places = [
      ...requestTo(journey, 'POST', '/posts'),
      ...requestTo(journey, 'GET', '/feed').slice(-1),
    ].map(({ origin }) => origin.place);
    for (const place of places) assert.match(place ?? '', /^app-frontend\/src\/app\/feed\/composer\.ts:\d+$/);
    assert.equal(new Set(places).size, 2);
  });

  test('joins its spans with those of an API whose clock is half a minute behind', () => {
    const [save] = requestTo(journey, 'POST', '/posts');
    const server = of(journey, 'api').find(({ parentSpanId }) => parentSpanId === save?.spanId);
    assert.equal(server?.kind, 'SERVER');
    assert.equal(server?.traceId, save?.traceId);
    assert.equal(server?.origin.phase, 'run');
    const behindMs = (save?.startMs ?? 0) - (server?.startMs ?? 0);
    assert.ok(behindMs > 25_000 && behindMs < 30_100, `${behindMs} ms behind`);
  });

  test('is as far from the API as it was put', () => {
    const [save] = requestTo(journey, 'POST', '/posts');
    const record = journey.headers?.find(({ traceparent }) => traceparent?.includes(save?.spanId ?? '?'));
    assert.equal(record?.path, '/posts');
    // Not less the API's own time: when its machine is busy, it learns late that an answer has gone.
    assert.ok((save?.durationMs ?? 0) >= 99, `${save?.durationMs} ms`);
  });

  test('has its preflights and headers on record, and sends none to a third party', () => {
    const preflight = journey.headers?.find(({ method, path }) => method === 'OPTIONS' && path === '/posts');
    assert.equal(preflight?.origin, journey.page?.url);
    assert.match(preflight?.requestHeaders['access-control-request-headers'] ?? '', /traceparent/);
    assert.match(preflight?.responseHeaders['access-control-allow-headers'] ?? '', /traceparent/);
    const others = journey.headers?.filter(({ at }) => at === 'third-party') ?? [];
    assert.deepEqual(
      others.map(({ path, traceparent, baggage, status }) => ({ path, traceparent, baggage, status })),
      [{ path: '/weather', traceparent: null, baggage: null, status: 200 }],
    );
    assert.equal(journey.facts.weather, 200);
  });

  test('starts every scenario as a new visitor', () => {
    assert.equal(requestTo(journey, 'POST', '/sessions').length, 1);
    assert.equal(requestTo(left, 'POST', '/sessions').length, 1, 'the sign-in page was not shown');
    assert.equal(requestTo(left, 'POST', '/posts').length, 0);
  });

  test('gives every visitor the layout that was asked for', () => {
    assert.equal(journey.facts['people to read'], false);
    assert.equal(left.facts['people to read'], true);
  });

  test('keeps the spans of documents that were reloaded and left', () => {
    assert.equal(of(left, 'page').filter(({ name }) => name === 'documentLoad').length, 2);
    assert.ok(requestTo(left, 'GET', '/feed').length >= 4, 'two for each load');
    assert.deepEqual(left.unended, []);
  });

  test('is asked whether all of its requests are answered', () => {
    assert.deepEqual([left.facts.answered, left.facts.feeds], [true, 2]);
  });

  test('loses the network when it is told to, and the failed request is on record', () => {
    assert.equal(offline.facts.told, true);
    const failed = offline.page?.failedRequests.filter(({ url }) => url.endsWith('/posts')) ?? [];
    assert.ok(failed.length >= 1);
    assert.match(failed[0]?.error ?? '', /INTERNET_DISCONNECTED/);
    assert.equal(
      offline.headers?.some(({ method, path }) => method === 'POST' && path === '/posts'),
      false,
    );
  });
});

describe('a page that cannot be used', { skip: noBrowser }, () => {
  const pageOf = async (main: string): Promise<Evidence> => {
    const tree = await treeWith(1, { 'app-frontend/src/main.ts': main });
    return (await evidenceOf(tree, openPage))[0] as Evidence;
  };

  test('is blank when nothing is ever shown', async () => {
    const evidence = await pageOf('export {};');
    assert.equal(evidence.page?.state, 'blank');
    assert.equal(evidence.drive.state, 'incomplete');
    assert.equal(evidence.drive.step, 'open /');
    assert.ok(existsSync(path.join(repositoryRoot, evidence.page?.screenshot ?? 'nowhere')));
  });

  test('has a script error when an exception comes first, with the place in the source', async () => {
    const evidence = await pageOf(`const list: string[] = JSON.parse('null');\nconsole.log(list.length);`);
    assert.equal(evidence.page?.state, 'script-error');
    assert.match(evidence.page?.errors[0] ?? '', /^TypeError: .*null.*\(app-frontend\/src\/main\.ts:2\)$/);
  });

  test('has a script error also where Murmur caught it', async () => {
    const evidence = await pageOf(
      tracedMain
        .replace('startTracing(config);', "throw new TypeError('no such exporter');")
        .replace(/import.*tracing';\n/, ''),
    );
    assert.equal(evidence.page?.state, 'script-error');
    assert.match(evidence.page?.console.join('\n') ?? '', /TypeError: no such exporter/);
    assert.match(evidence.page?.visibleText ?? '', /could not start/);
  });

  test('is never ready when it shows something, but not Murmur', async () => {
    const evidence = await pageOf("document.body.textContent = 'Loading';\nexport {};");
    assert.equal(evidence.page?.state, 'never-ready');
    assert.equal(evidence.page?.visibleText, 'Loading');
  });

  for (const [when, main] of [
    ['before it has loaded', 'for (;;);\nexport {};'],
    ['once it has loaded', 'addEventListener("load", () => setTimeout(() => { for (;;); }));\nexport {};'],
  ] as const)
    test(`is given up when it computes without end, ${when}`, { timeout: 180_000 }, async () => {
      const evidence = await pageOf(main);
      assert.equal(evidence.page?.state, 'unresponsive');
      assert.equal(evidence.drive.step, 'open /');
      assert.ok(evidence.driveMs < 120_000, `${evidence.driveMs} ms`);
    });

  test('is not opened when it does not build, and says why', async () => {
    const evidence = await pageOf("const count: number = 'one';\nconsole.log(count);");
    assert.equal(evidence.page?.state, 'build-failed');
    assert.match(evidence.page?.build.output ?? '', /TS2322/);
    assert.deepEqual(evidence.drive, {
      state: 'incomplete',
      step: 'build the page',
      message: 'ng build failed',
    });
    assert.ok(evidence.processes.some(({ name, ended }) => name === 'api' && ended === 'running'));
  });
});

describe('a machine without a browser', () => {
  test("is the grader's trouble, for the exercises that need one only", async () => {
    const before = process.env.GRADER_BROWSER;
    process.env.GRADER_BROWSER = 'none';
    after(() => {
      if (before === undefined) delete process.env.GRADER_BROWSER;
      else process.env.GRADER_BROWSER = before;
    });
    const tree = await treeWith(1, {});
    const [backend, page] = await evidenceOf(
      tree,
      scenario(async ({ api }) => void (await api.get('/health'))),
      openPage,
    );
    assert.equal(backend?.trouble, undefined);
    assert.deepEqual(backend?.drive, { state: 'complete' });
    assert.match(page?.trouble ?? '', /No browser was found.*\n.*CHROME_PATH/);
    assert.equal(page?.page, null);
  });
});
