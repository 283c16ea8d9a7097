import { scenario } from '@workshop/grader/drive';

/**
 * A reader of many opens feed and notifications from 120 ms away, which the question is about. Then they search from two
 * distances for the same words, and from the nearer one with a slow database, too: the browser has several timings of
 * one address. What is found comes slowly, so that reading the rest of the body takes its time. There they also like a post and open one, and ask for two things at once. The API's clock is seconds
 * ahead all the time. The browser asks for permission before the first search for some words.
 */
const CLOCK_SKEW_MS = 7_000;
/** How fast a searched answer comes: its last byte is so late after its first that the two cannot be mistaken. */
const ANSWERS_KB_PER_S = 8;

export default scenario(
  async ({ page, people, network, database, draw, note }) => {
    const [reader] = await people.drawn(1, { min: 25, max: 40 });
    note('clock skew', CLOCK_SKEW_MS);
    network.setDistance(120);
    await page.open('/?variant=A', { as: reader });
    await page.answered();
    await page.goTo('Notifications');
    await page.answered();

    const searched: { words: string; roundTripMs: number; slowDatabase: boolean }[] = [];
    const wanted = [draw.word(), draw.word()]; // in turn, so that what is found differs from what was found before
    const search = async (roundTripMs: number, slowDatabase: boolean): Promise<void> => {
      for (const words of wanted) {
        await page.search(words);
        searched.push({ words, roundTripMs, slowDatabase });
        note('searched', searched);
      }
    };
    // Far enough from each other that what a busy machine adds to the nearer one does not look like the other.
    const [near, far] = [draw.integer(50, 75), draw.integer(165, 200)];
    network.setAnswerRate(ANSWERS_KB_PER_S);
    for (const roundTripMs of [far, near]) {
      network.setDistance(roundTripMs); // nothing is under way: a search is over when its result is there
      await search(roundTripMs, false);
    }

    network.setAnswerRate(null);

    const { rows } = await database.read('SELECT id FROM posts ORDER BY id DESC LIMIT 40');
    const [post, another] = draw.sample(rows, 2).map(({ id }) => id);
    const ids = [
      { method: 'GET', path: `/posts/${post}`, template: '/posts/{id}' },
      { method: 'GET', path: `/posts/${another}`, template: '/posts/{id}' },
      { method: 'POST', path: `/posts/${post}/shares`, template: '/posts/{id}/shares' },
    ];
    const others = [`/search?q=${draw.word()}`, `/notifications?visit=${draw.word()}`];
    const atOnce = [...ids, ...others.map((path) => ({ method: 'GET', path }))];
    await Promise.all(atOnce.map(({ method, path }) => page.fetch(path, { method, as: reader })));
    note('with ids', ids);
    note('at once', { paths: atOnce.map(({ path }) => path) });

    database.setDistance(draw.integer(15, 25)); // each way, for each of several queries
    network.setAnswerRate(ANSWERS_KB_PER_S);
    await search(near, true);
    network.setAnswerRate(null);
    const timings = await page.timings();
    // Where the API hides its times from the page, requestStart is 0.
    const timedOf = (path: string): ({ toFirstByteMs: number; bodyMs: number } | null)[] =>
      timings
        .filter(({ url }) => url.endsWith(path))
        .map(({ requestStart, responseStart, responseEnd }) =>
          requestStart > 0
            ? { toFirstByteMs: responseStart - requestStart, bodyMs: responseEnd - responseStart }
            : null,
        );
    note('timed', Object.fromEntries(wanted.map((words) => [words, timedOf(`/search?q=${words}`)])));
  },
  { page: true, clockSkewMs: CLOCK_SKEW_MS, savedQueries: true, mostlyWaits: true },
);
