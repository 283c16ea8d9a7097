import { type Actions, type Outage, type Person, scenario } from '@workshop/grader/drive';

/** As an SDK has it that nobody configured: what has ended waits for up to 5 s. */
const AS_USUAL = { OTEL_BSP_SCHEDULE_DELAY: '5000' };
/** Nobody wants to wait for a minute: what ends is sent at once, and an export is tried for 1 s, not for 10. */
const IMPATIENT = { OTEL_BSP_SCHEDULE_DELAY: '100', OTEL_EXPORTER_OTLP_TIMEOUT: '1000' };
/** So long a slow collector takes to answer, and one that is far from a phone. */
const SLOW = { slowMs: 1_500 };
const FAR = { slowMs: 400 };
/** The task says 5 s: so long after its return everything has come to a collector that was away. Milliseconds. */
const BACK_MS = 7_000;
/** A statement of Murmur's gives up after it has waited for 2 s. */
const MOST_LOCKED_MS = 1_500;
/** What comes within so long on a busy machine comes in a moment on others. Milliseconds. */
const WORK_MS = 20_000;
/** An API that was told to end takes no new connections; one that does not care is not waited for. Milliseconds. */
const CLOSED_MS = 250;
/** Requests of a busy visitor: their spans are larger than what a browser lets outlive a page. */
const BUSY = 67;
/** What an SDK that nobody configured holds back goes after 5 s. */
const EMPTIED_MS = 6_000;
/** Whatever was sent has come by then. */
const COME_MS = 5_000;

interface Run extends Actions {
  reader: Person;
  /** of a few followers each */
  authors: [Person, Person];
  /** id of a post */
  post: string;
  word: string;
  outages: Outage[];
}

/**
 * Instances of API and worker get SIGTERM: right after an answer, in the middle of a batch, while they start, and while
 * their collector is away. Before that it is away for a while. A busy visitor leaves the page, and hides it once.
 */
export default scenario(
  async (actions) => {
    const { api, people, draw, note } = actions;
    const [reader] = await people.drawn(1, { min: 4, max: 20 });
    const [post] = await api.feedOf(reader);
    const authors = (await authorsOf(actions)) as [Person, Person];
    const run: Run = { ...actions, reader, authors, post: String(post?.id), word: draw.word(), outages: [] };
    for (const author of authors) await people.tokenOf(author);
    const parts = await Promise.allSettled([
      stopApi(run).then(() => stopStarting(run, 'api')),
      stopApiWithoutCollector(run),
      stopWorkers(run).then(() => stopStarting(run, 'worker')),
      leavePage(run),
    ]);
    note('outages', run.outages);
    for (const part of parts) if (part.status === 'rejected') throw part.reason;
  },
  { page: true, mostlyWaits: true },
);

/** Requests were answered, one of many spans first; another waits for the database. The collector is slow. */
async function stopApi({ replicas, database, until, reader, post }: Run): Promise<void> {
  const replica = await replicas.start('api', 'right after an answer', { env: AS_USUAL });
  if (!(await replica.ready())) return;
  const api = replica.api();
  replica.setCollector(SLOW);
  await api.get('/feed', { as: reader, label: 'before the end' });
  const answeredThenStopped = async (): Promise<void> => {
    await api.get(`/posts/${post}`, { label: 'answered' });
    void replica.stop();
    await replica.closed(CLOSED_MS);
  };
  const stopping = await database.whileLocked('shares', async () => {
    const underWay = api.post(`/posts/${post}/shares`, { as: reader, label: 'under way' });
    underWay.catch(() => {}); // what became of it stands in its record
    await until(() => waitsFor(database, 'shares'), WORK_MS);
    const done = Promise.allSettled([answeredThenStopped()]);
    await Promise.race([done, until(() => false, MOST_LOCKED_MS)]);
    return { done };
  });
  for (const part of await stopping.done) if (part.status === 'rejected') throw part.reason;
  await replica.stop();
}

/** The collector is away for a while, and later for good. */
async function stopApiWithoutCollector({ replicas, post, outages }: Run): Promise<void> {
  const replica = await replicas.start('api', 'while its collector was away', { env: IMPATIENT });
  if (!(await replica.ready())) return;
  const api = replica.api();
  outages.push(
    await replica.whileAway(async () => {
      for (let sent = 0; sent < 5; sent++) await api.get(`/posts/${post}`, { label: 'in an outage' });
    }, BACK_MS),
  );
  replica.setCollector('away');
  await api.get(`/posts/${post}`, { label: 'without a collector' });
  await replica.stop();
}

/** The same for workers: one is stopped in the middle of a batch of two, and what it left goes to the next. */
async function stopWorkers({ api, replicas, database, until, authors, word, outages }: Run): Promise<void> {
  const publish = (as: Person) => api.publish(word, { as, label: 'publish' });
  const [first, second] = authors;
  const stopped = await database.whileLocked('notifications', async () => {
    await publish(first);
    await publish(second);
    const worker = await replicas.start('worker', 'in the middle of a batch', { env: AS_USUAL });
    if (!(await worker.ready())) return null;
    worker.setCollector(SLOW);
    await until(() => waitsFor(database, 'notifications'), WORK_MS);
    void worker.stop();
    return worker;
  });
  if (!stopped) return;
  await stopped.stop();
  const next = await replicas.start('worker', 'while its collector was away', { env: IMPATIENT });
  if (!(await next.ready())) return;
  outages.push(await next.whileAway(() => publish(first), BACK_MS));
  next.setCollector('away');
  const before = next.ended();
  await publish(first);
  await until(() => next.ended() > before, WORK_MS);
  await next.stop();
}

/** It waits for its database, and is not ready. */
async function stopStarting({ replicas }: Run, kind: 'api' | 'worker'): Promise<void> {
  const replica = await replicas.start(kind, 'while it started', { databaseDistance: 40 });
  if (await replica.reachedDatabase()) await replica.stop();
}

/** A busy visitor leaves the page; then another load of it is hidden. */
async function leavePage({ page, setCollector, note, reader, post, word }: Run): Promise<void> {
  await page.open('/search', { as: reader });
  await page.settled();
  await page.missing(await page.ended(), EMPTIED_MS);
  await Promise.all(Array.from({ length: BUSY }, (_, nth) => page.fetch(`/posts/${post}?${word}=${nth}`)));
  await page.settled();
  setCollector(FAR);
  const left = await page.ended();
  const atMs = Date.now();
  await page.leave();
  note('page left', { spanIds: left, missing: await page.missing(left, COME_MS), atMs });

  await page.open('/search', { as: reader });
  await page.settled();
  const hidden = (await page.ended()).filter((spanId) => !left.includes(spanId));
  await page.whileHidden(async () => {
    const hiddenAtMs = Date.now();
    const missing = await page.missing(hidden, COME_MS);
    note('page hidden', { spanIds: hidden, missing, atMs: hiddenAtMs });
  });
}

async function waitsFor({ read }: Actions['database'], table: string): Promise<boolean> {
  const { rows } = await read(
    `SELECT 1 FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE $1`,
    [`INSERT INTO ${table}%`],
  );
  return rows.length > 0;
}

/** Two whose followers are told in no time. */
async function authorsOf({ people, database, draw }: Actions): Promise<Person[]> {
  const { rows } = await database.read(
    'SELECT followee_id AS id FROM follows GROUP BY 1 HAVING count(*) BETWEEN 8 AND 20 ORDER BY 1',
  );
  const ids = draw.sample(rows, 2).map(({ id }) => Number(id));
  return (await people.all()).filter(({ id }) => ids.includes(Number(id)));
}
