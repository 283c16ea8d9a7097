import { renderWaterfall } from '@workshop/telemetry/pure';
import { driveOne, scenario } from '../drive/index.ts';
import { solutionTree } from '../tree/index.ts';
import type { Block } from './blocks.ts';

/** As `npm start` puts it: the distance of the database in the READMEs' traces, milliseconds each way. */
const DATABASE_DISTANCE_MS = 3;

/** One request to a tree of the chain, rendered as READMEs show traces. */
export async function generateWaterfall(settings: Block['settings']): Promise<string> {
  if (settings.page) return generatePageWaterfall(settings);
  const { solution, path, as, method = 'GET', body } = settings;
  if (!solution || !path) throw new Error('a waterfall block says solution= and path=');
  const tree = await solutionTree(Number(solution));
  const shown = scenario(async ({ api, people, database }) => {
    const person = as ? await people.named(as) : undefined;
    const options = { as: person, label: 'shown', ...(body ? { body: JSON.parse(body) } : {}) };
    // The first request of a process is slower: its connections and its code are cold.
    if (method === 'GET') await api.request(method, path, { ...options, label: 'warm up' });
    database.setDistance(DATABASE_DISTANCE_MS);
    await api.request(method, path, options);
  });
  const evidence = await driveOne({ tree, seed: 1 }, shown);
  const request = evidence.requests.find((sent) => sent.label === 'shown');
  const server = evidence.spans.find((span) => span.attributes['user_agent.original'] === request?.userAgent);
  if (!server) throw new Error(`solution ${solution} made no span for ${method} ${path}`);
  const spans = evidence.spans.filter((span) => span.traceId === server.traceId);
  return renderWaterfall(spans, { header: false, indent: 0, width: 78 });
}

/** The trace of one request of the page, as the page began it: `solution=07 page=/feed as=Iris`. */
async function generatePageWaterfall({ solution, page: path, as }: Block['settings']): Promise<string> {
  if (!solution || !as) throw new Error("a page's waterfall block says solution=, page= and as=");
  const tree = await solutionTree(Number(solution));
  const shown = scenario(
    async ({ page, people, database }) => {
      const person = await people.named(as);
      await page.open('/?variant=A');
      await page.signInAs(person);
      await page.settled();
      database.setDistance(DATABASE_DISTANCE_MS);
      await page.reload();
      await page.settled(30_000);
    },
    { page: true },
  );
  const evidence = await driveOne({ tree, seed: 1 }, shown);
  const client = evidence.spans
    .filter(
      (span) => span.kind === 'CLIENT' && String(span.attributes['url.full'] ?? '').endsWith(path ?? ''),
    )
    .sort((a, b) => a.startMs - b.startMs)
    .at(-1);
  if (!client) throw new Error(`solution ${solution} made no span for ${path} in the page`);
  const spans = evidence.spans.filter((span) => span.traceId === client.traceId);
  return renderWaterfall(spans, { header: false, indent: 0, width: 78 });
}
