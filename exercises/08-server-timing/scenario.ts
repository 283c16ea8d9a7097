import { scenario } from '@workshop/grader/drive';

/** The page, which is of another origin, asks for two feeds that take the API differently long, and reads the answers. */
export default scenario(
  async ({ page, people, database, draw, note }) => {
    const [reader] = await people.drawn(1, { min: 20, max: 40 });
    const iris = await people.named('Iris');
    await page.open('/search', { as: reader }); // a page that asks for nothing of its own
    const read = [];
    // Iris follows so many that her feed is the slower one with the database near by, too.
    for (const [person, distanceMs] of [
      [reader, draw.integer(1, 2)],
      [iris, 0],
    ] as const) {
      database.setDistance(distanceMs);
      const path = `/feed?visit=${draw.word()}`;
      const { status, headers, timing } = await page.fetch(path, { as: person });
      read.push({
        path,
        status,
        header: headers['server-timing'] ?? null,
        timing: timing?.serverTiming.map(({ name, duration }) => ({ name, duration })) ?? [],
        waitedMs: timing?.duration ?? null,
      });
    }
    note('read by the page', read);
    await page.settled();
  },
  { page: true },
);
