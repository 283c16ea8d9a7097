import { type Person, scenario } from '@workshop/grader/drive';

/** One answer of the API, and what the page, which is of another origin, could read of it. */
type Read = {
  method: string;
  path: string;
  status: number | null;
  header: string | null;
  timing: { name: string; duration: number }[];
  waitedMs: number | null;
};

/** Well below the 2 s after which Murmur's statements give up. The lock is taken before the page asks. */
const LONGEST_LOCK_MS = 1_500;

/**
 * The page, which is of another origin, asks for two feeds that take the API differently long, and reads the answers. It
 * also asks for other things, and while one of them has to wait, for others again.
 */
export default scenario(
  async ({ page, people, database, draw, note }) => {
    const [reader] = await people.drawn(1, { min: 20, max: 40 });
    const iris = await people.named('Iris');
    await page.open('/search', { as: reader }); // a page that asks for nothing of its own
    const read = async (method: string, to: string, as: Person, body?: { text: string }): Promise<Read> => {
      const path = `${to}${to.includes('?') ? '&' : '?'}visit=${draw.word()}`;
      const { status, headers, timing } = await page.fetch(path, { method, as, body });
      return {
        method,
        path,
        status,
        header: headers['server-timing'] ?? null,
        timing: timing?.serverTiming.map(({ name, duration }) => ({ name, duration })) ?? [],
        waitedMs: timing?.duration ?? null,
      };
    };

    const others = [
      await read('GET', '/notifications', reader),
      await read('GET', `/search?q=${draw.word()}`, reader),
      await read('POST', '/posts', reader, { text: `A ${draw.word()} for everybody` }),
    ];
    note('other answers', others);

    // The first of them waits for a lock; the others begin and end meanwhile.
    database.setDistance(20);
    let waiting: Promise<Read> | undefined;
    const meanwhile: Read[] = [];
    const askMeanwhile = async (): Promise<void> => {
      waiting = read('GET', '/notifications', reader);
      waiting.catch(() => {}); // thrown where it is awaited
      await database.untilWaiting();
      for (const _ of [1, 2]) meanwhile.push(await read('GET', '/users', reader));
    };
    await database.whileLocked('notifications', askMeanwhile, LONGEST_LOCK_MS);
    note('overlapping answers', [...(waiting ? [await waiting] : []), ...meanwhile]);

    const feeds = [];
    // Iris follows so many that her feed is the slower one with the database near by, too.
    for (const [person, distanceMs] of [
      [reader, draw.integer(1, 2)],
      [iris, 0],
    ] as const) {
      database.setDistance(distanceMs);
      feeds.push(await read('GET', '/feed', person));
    }
    note('read by the page', feeds);
    await page.settled();
  },
  { page: true },
);
