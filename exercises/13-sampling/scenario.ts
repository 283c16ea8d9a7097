import { type Person, scenario } from '@workshop/grader/drive';

/**
 * Shares to keep, and of how many requests. They are so many that chance makes no right sampler fail, and no share of
 * 0.05 pass for one of 0.25: grader/judge/test/sampling.test.ts reckons both.
 */
export const SHARES = {
  api: { ratio: 0.25, requests: 300 },
  page: [
    { ratios: [0], requests: 12 },
    { ratios: [1], requests: 12 },
    { ratios: [0.2, 0.5], requests: 80 },
  ],
};
/** How many requests of a caller that decided, each way. */
const DECIDED = 12;
/** Health checks of each kind: at a ratio of 0.25 some of so many would be kept. */
const HEALTH_CHECKS = 16;
const AT_ONCE = 8;

/**
 * Many requests that begin a trace at the API. Some of a caller that kept its trace, and some of one that dropped it:
 * quick ones, slow ones and failures. Health checks of every kind. Then the page, with three shares to keep.
 */
export default scenario(
  async ({ api, page, people, database, draw, note }) => {
    const [reader] = await people.drawn(1, { min: 4, max: 20 });
    const posts = await api.feedOf(reader);
    const aPost = () => `/posts/${draw.pick(posts).id}`;
    const many = async (count: number, send: (nth: number) => Promise<unknown>): Promise<void> => {
      for (let sent = 0; sent < count; sent += AT_ONCE) {
        const some = Array.from({ length: Math.min(AT_ONCE, count - sent) }, (_, at) => send(sent + at));
        await Promise.all(some);
      }
    };
    note('api ratio', SHARES.api.ratio);

    await many(SHARES.api.requests, () => api.get(aPost(), { label: 'of nobody' }));

    const digits = (count: number) =>
      Array.from({ length: count }, () => draw.integer(0, 15).toString(16)).join('');
    const post = await api.publish(`A ${draw.word()} for everybody`, { as: reader, label: 'publish' });
    await api.post(`/posts/${post}/likes`, { as: reader, label: 'first like' });
    for (const [flags, label] of [
      ['01', 'kept by its caller'],
      ['00', 'dropped by its caller'],
    ] as const) {
      const options = (as?: Person) => ({
        as,
        label,
        headers: { traceparent: `00-${digits(31)}1-${digits(15)}1-${flags}` },
      });
      await many(DECIDED, () => api.get(aPost(), options()));
      await api.post(`/posts/${post}/likes`, options(reader)); // it ends in a 500
      await api.get(`/search?q=health${draw.word()}`, options(reader));
      database.setDistance(60);
      await api.get(aPost(), options()); // a slow one
      database.setDistance(0);
    }

    const probes = [
      { method: 'GET', path: () => '/health' },
      { method: 'GET', path: () => `/health?probe=${draw.word()}` },
      { method: 'HEAD', path: () => '/health' },
    ];
    for (const { method, path } of probes) {
      const check = (headers = {}) => api.request(method, path(), { label: 'health check', headers });
      await many(HEALTH_CHECKS, () => check());
      await check({ traceparent: `00-${digits(31)}1-${digits(15)}1-01` });
    }

    const visits: { ratio: number; word: string; requests: number; fromMs: number }[] = [];
    for (const { ratios, requests } of SHARES.page) {
      const ratio = draw.pick(ratios);
      const word = draw.word();
      page.keepShare(ratio);
      visits.push({ ratio, word, requests, fromMs: Date.now() });
      note('visits', visits);
      await page.open('/search', { as: reader });
      await many(requests, (nth) => page.fetch(`${aPost()}?visit=${word}${nth}`));
      await page.fetch('/posts', { method: 'POST', as: reader, body: { text: `A ${draw.word()}` } });
      await page.settled();
    }
  },
  { page: true, env: { OTEL_TRACES_SAMPLER_ARG: String(SHARES.api.ratio) } },
);
