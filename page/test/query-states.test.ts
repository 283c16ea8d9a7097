import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { until } from '@workshop/base';
import type { Page } from 'playwright-core';
import { type Browsing, startBrowsing } from './support/browsing.ts';
import { looksRight } from './support/looks-right.ts';
import { feedTrace } from './support/made-spans.ts';
import { slowForSome } from './support/many-feeds.ts';

const P95 = { op: 'P95', column: 'duration_ms' };
const SERVER = { column: 'span.kind', op: '=', value: 'server' };

/** Each view and state at both widths, held to axe. With PICTURES=<folder> in both themes, with their pictures. */
describe('every state of Query, Board and Map', () => {
  let browsing: Browsing;
  const queries = mkdtempSync(path.join(tmpdir(), 'lab-queries-'));

  before(async () => {
    browsing = await startBrowsing({ queries });
  });
  after(async () => {
    await browsing.close();
    rmSync(queries, { recursive: true, force: true });
  });

  const ask = (query: object, more: Record<string, string> = {}): string =>
    `/query?${new URLSearchParams({ q: JSON.stringify(query), ...more })}`;

  /** Opens an address at both widths; `seen` resolves when the view is what it should be. */
  async function visit(
    name: string,
    address: string,
    seen: (page: Page) => Promise<unknown>,
    answers?: (page: Page) => Promise<unknown>,
  ): Promise<void> {
    for (const [width, height] of [
      [1280, 800],
      [360, 740],
    ] as const) {
      const page = await browsing.open('/nowhere', { width, height });
      await answers?.(page);
      await page.goto(new URL(address, page.url()).href);
      await seen(page);
      await looksRight(page, name);
      await page.context().close();
    }
  }

  let sent = false;
  async function withSpans(): Promise<void> {
    if (sent) return;
    sent = true;
    await browsing.send(slowForSome(Date.now() - 60_000));
    await browsing.send(feedTrace(Date.now() - 90_000, 12));
  }

  const heading = (text: string | RegExp) => (page: Page) =>
    page.getByRole('heading', { name: text }).first().waitFor();
  const drawn = (kind: string) => (page: Page) => page.locator(`lab-${kind}-chart canvas`).first().waitFor();

  test('no spans yet', async () => {
    await visit('query-none', '/query', heading('Nothing matches.'));
    await visit('map-none', '/map', heading('No service sent spans in this time.'));
    await visit('board-none', '/board', heading('No query is saved yet.'));
    assert.deepEqual(browsing.complaints(), []);
  });

  test('the first question: a heatmap, its result, what is on the spans', async () => {
    await withSpans();
    await visit('query-heatmap', '/query', async (page) => {
      await drawn('heatmap')(page);
      await heading('What is on these spans')(page);
    });
    assert.deepEqual(browsing.complaints(), []);
  });

  test('what is different, the traces of a row, and a selection of under five', async () => {
    await withSpans();
    await visit('query-different', '/query?sel=500..,..', async (page) => {
      await page.locator('lab-differences li').first().waitFor();
    });
    await visit('query-few', '/query?sel=1088..,..', async (page) => {
      await page.getByText(/^Only \d spans are selected; at least 5 are needed\./).waitFor();
    });
    const at = { filters: [{ column: 'user.id', op: '=', value: '4707' }], words: '4707' };
    await visit(
      'query-traces',
      ask({ filters: [SERVER], breakdowns: ['user.id'], calculations: [P95] }, { at: JSON.stringify(at) }),
      (page) => page.locator('lab-traces-here li').nth(5).waitFor(),
    );
    assert.deepEqual(browsing.complaints(), []);
  });

  test('lines, bars, and a time laid over an earlier one', async () => {
    await withSpans();
    const grouped = {
      filters: [SERVER],
      breakdowns: ['http.route'],
      calculations: [P95, { op: 'COUNT' }],
      time_range: 1_800,
    };
    await visit('query-lines', ask({ ...grouped, compare_time_offset_seconds: 1_800 }), async (page) => {
      await drawn('line')(page);
      await page.getByRole('columnheader', { name: 'earlier' }).first().waitFor();
    });
    await visit('query-bars', ask(grouped, { as: 'bars', of: 'COUNT' }), drawn('bar'));
    assert.deepEqual(browsing.complaints(), []);
  });

  test('every clause, with its JSON', async () => {
    await withSpans();
    await visit(
      'query-clauses',
      ask(
        {
          calculations: [
            { ...P95, name: 'slow' },
            { op: 'COUNT', name: 'all' },
          ],
          breakdowns: ['user.id', 'http.route'],
          filters: [SERVER, { column: 'http.route', op: 'in', value: ['/feed', '/notifications'] }],
          filter_combination: 'OR',
          orders: [{ op: 'P95', column: 'duration_ms', order: 'descending' }],
          havings: [{ calculate_op: 'COUNT', op: '>', value: 2 }],
          limit: 20,
          calculated_fields: [{ name: 'is_slow', expression: 'GTE($duration_ms, 500)' }],
          formulas: [{ name: 'per', expression: 'DIV($slow, $all)' }],
          time_range: 3_600,
        },
        { json: '1' },
      ),
      async (page) => {
        await page.getByRole('columnheader', { name: 'per' }).waitFor();
        await page.locator('.cm-content').waitFor();
      },
    );
  });

  test('refused, each problem at its clause and in the JSON', async () => {
    const wrong = {
      calculations: [{ op: 'P96', column: 'duration_ms' }],
      filters: [{ column: 'user.id', op: 'is' }],
      limit: 0,
    };
    await visit('query-refused', ask(wrong, { json: '1' }), async (page) => {
      await heading('The query cannot run as it is.')(page);
      await page.getByText('"P96" is not known; did you mean P90?').waitFor();
      await page.getByText('it is from 1 to 1000; this is 0').waitFor();
      await page.locator('.cm-lintRange-error').first().waitFor();
    });
    browsing.complaints();
  });

  test('a column that no span has, with the nearest one, which one click takes', async () => {
    await withSpans();
    const query = { calculations: [P95], breakdowns: ['usr.id'], filters: [SERVER] };
    await visit('query-unknown', ask(query), (page) =>
      page.getByRole('button', { name: 'Use user.id' }).waitFor(),
    );
    const page = await browsing.open(ask(query));
    await page.getByRole('button', { name: 'Use user.id' }).click();
    await page.locator('lab-result-table tbody tr').nth(10).waitFor();
    assert.match(new URL(page.url()).searchParams.get('q') ?? '', /"breakdowns":\["user.id"\]/);
    await page.context().close();
    assert.deepEqual(browsing.complaints(), []);
  });

  test('an address that holds no query', () =>
    visit('query-unreadable', '/query?q=%5B1', heading('The query in the address is no JSON object.')));

  test('took too long: what the lab says of it', async () => {
    const detail = 'The query was stopped after 30 s. Ask for a shorter time range.';
    await visit(
      'query-timeout',
      '/query',
      async (page) => {
        await heading('The query took too long, and was stopped.')(page);
        await page.getByText(detail).waitFor();
      },
      (page) =>
        page.route('**/api/query', (route) => route.fulfill({ status: 504, json: { status: 504, detail } })),
    );
    browsing.complaints();
  });

  test('while it runs a query can be stopped: the lab is told, and it can be asked again', async () => {
    await withSpans();
    const page = await browsing.open('/nowhere');
    let hold = true;
    await page.addInitScript(`{
      const fetching = fetch;
      window.fetch = (url, options) => {
        options?.signal?.addEventListener('abort', () => { window.givenUp = String(url); });
        return fetching(url, options);
      };
    }`);
    await page.route('**/api/query', (route) => (hold ? undefined : route.continue()));
    await page.goto(new URL('/query', page.url()).href);
    await page.getByText('Asking the lab.').waitFor();
    await looksRight(page, 'query-running');
    await page.getByRole('button', { name: 'Stop' }).click();
    await heading('You stopped this query.')(page);
    assert.ok(await until(() => page.evaluate('window.givenUp === "/api/query"')), 'the request goes on');
    await looksRight(page, 'query-stopped');
    hold = false;
    await page.getByRole('button', { name: 'Run again' }).click();
    await drawn('heatmap')(page);
    await page.context().close();
    browsing.complaints();
  });

  test('the map with its table; a call leads to its query', async () => {
    await withSpans();
    await visit('map', '/map', async (page) => {
      await page.locator('.node').nth(3).waitFor();
      await page.getByRole('row', { name: /murmur-web murmur-api/ }).waitFor();
    });
    const page = await browsing.open('/map');
    await page
      .getByRole('link', { name: /^murmur-web to murmur-api:/ })
      .first()
      .click();
    await page.locator('lab-result-table tbody tr').first().waitFor();
    await page.goBack();
    await page.locator('.node').first().waitFor();
    await page.context().close();
    assert.deepEqual(browsing.complaints(), []);
  });

  test('the board: a graph, a table, a file that is no query, one whose query is refused', async () => {
    await withSpans();
    const save = (file: string, saved: object) =>
      writeFileSync(path.join(queries, file), JSON.stringify(saved));
    save('all.json', {
      name: 'All requests',
      description: 'How many.',
      query: { calculations: [{ op: 'COUNT' }] },
    });
    save('by-user.json', {
      name: 'Latency by UserID',
      description: 'How long the API takes for each user.',
      query: {
        breakdowns: ['user.id'],
        calculations: [{ op: 'COUNT' }, P95],
        filters: [SERVER],
        orders: [{ ...P95, order: 'descending' }],
        limit: 20,
      },
    });
    save('traces.json', {
      name: 'Recent Traces',
      description: '',
      query: {
        breakdowns: ['trace.trace_id', 'name'],
        calculations: [{ op: 'MAX', column: 'duration_ms' }],
        limit: 20,
      },
    });
    save('wrong.json', { name: 'Refused', description: '', query: { calculations: [{ op: 'P96' }] } });
    writeFileSync(path.join(queries, 'torn.json'), '{');
    await visit('board', '/board', async (page) => {
      await page.locator('lab-board-card').nth(3).waitFor();
      await page.getByText(/torn\.json: this is not JSON/).waitFor();
      await page.getByText(/"P96" is not known/).waitFor();
      await page.getByRole('cell', { name: '4707' }).waitFor();
    });
    browsing.complaints();
  });

  test('saving and history, open', async () => {
    for (const [name, button, title] of [
      ['query-save', 'Save', 'Save this query'],
      ['query-history', 'History', 'Queries that ran'],
    ] as const) {
      await visit(name, ask({ calculations: [{ op: 'COUNT' }] }), async (page) => {
        await page.locator('lab-result-table').waitFor();
        await page.getByRole('button', { name: button, exact: true }).click();
        await page.getByRole('dialog', { name: title }).waitFor();
      });
    }
    assert.deepEqual(browsing.complaints(), []);
  });

  test('the lab stopped', async () => {
    await withSpans();
    const page = await browsing.open('/query');
    await drawn('heatmap')(page);
    await browsing.lab.close();
    await page.getByRole('button', { name: 'Run again' }).click();
    await heading('The lab does not answer.')(page);
    await looksRight(page, 'query-lab-stopped');
    for (const view of ['Board', 'Map']) {
      await page.getByRole('link', { name: view, exact: true }).click();
      await heading('The lab does not answer.')(page);
      await looksRight(page, `${view.toLowerCase()}-lab-stopped`);
    }
    await page.context().close();
    browsing.complaints();
  });
});
