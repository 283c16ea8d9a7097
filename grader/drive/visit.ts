import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { emptyPageTelemetry } from '../capture/index.ts';
import type { PageRecord } from '../evidence/index.ts';
import { type ConnectedPage, repositoryRoot, type Visitor } from '../world/index.ts';
import type { NetworkWords, PageWords } from './page.ts';
import { pageWords } from './page-words.ts';
import type { People } from './scenario.ts';
import { type Stay, settleMs } from './stay.ts';
import { StepFailed } from './step-failed.ts';
import { until } from './until.ts';

/** How long a visitor waits while the page is at work. */
const patienceMs = 30_000;
/** No request under way and no span open for this long: what was waited for will not come. */
const idleMs = 2_000;
/** How long the page's exporters may take to send what they hold. */
const flushMs = 5_000;

export interface VisitOptions {
  connected: ConnectedPage;
  tokenOf: People['tokenOf'];
  /** where a picture is put when a step fails, without the ending */
  screenshot: string;
}

/** One scenario's visit to the page. */
export interface Visit {
  page: PageWords;
  network: NetworkWords;
  /** Ends the visit: waits for open spans, has the page send what it holds, and tells what was seen. */
  finish(failed: boolean): Promise<VisitOutcome>;
}

export interface VisitOutcome {
  record: PageRecord;
  spans: ReturnType<Visitor['recorder']['spans']>;
  unended: ReturnType<Visitor['recorder']['unended']>;
  settled: boolean;
}

export function startVisit({ connected, tokenOf, screenshot }: VisitOptions): Visit {
  let state: PageRecord['state'] = 'not-opened';
  let arriving: Promise<Visitor | null> | undefined;
  let known: Visitor | null = null;
  let failure: { text: string; picture?: string } | null = null;

  const remember = async (here: Visitor): Promise<void> => {
    failure ??= { text: await here.visibleText(), picture: await takePicture(here, screenshot) };
  };

  const stay: Stay = {
    connected,
    layout: 'A',
    async visitor() {
      arriving ??= connected.newVisitor(stay.layout);
      known = await arriving;
      if (known) return known;
      throw new StepFailed('build the page', 'ng build failed');
    },
    async fail(step, message) {
      if (known) await remember(known);
      throw new StepFailed(step, message);
    },
    async comes(condition) {
      const here = await stay.visitor();
      let idleSince: number | null = null;
      let held = false;
      await until(async () => {
        held = await condition().catch(() => false); // asked while one document gives way to the next
        if (held) return true;
        if (here.busy() > 0) idleSince = null;
        else idleSince ??= performance.now();
        return idleSince !== null && performance.now() - idleSince > idleMs;
      }, patienceMs);
      return held;
    },
    async arrive(where, go) {
      const here = await stay.visitor();
      await go(here).catch(() => {}); // what is wrong shows in what the page shows
      const usable = await stay.comes(() => here.page.getByRole('main').first().isVisible());
      state = usable ? 'usable' : await whyUnusable(here);
      if (!usable) await stay.fail(`open ${where}`, `the page is ${state}`);
    },
  };

  return {
    page: pageWords(stay, tokenOf),
    network: {
      setDistance: (ms) => connected.network.setDelay(ms / 2),
      async whileOffline(during) {
        const here = await stay.visitor();
        await here.setOffline(true);
        try {
          return await during();
        } finally {
          await here.setOffline(false);
        }
      },
    },
    async finish(failed) {
      connected.network.setDelay(0);
      if (!connected.facts.build.ok) state = 'build-failed';
      if (known === null) {
        return { record: recordOf(connected, state, null, ''), spans: [], unended: [], settled: true };
      }
      const here: Visitor = known;
      const settled = await until(() => here.isSettled(), settleMs);
      if (failed) await remember(here);
      const text = failure?.text ?? (await here.visibleText());
      await here.flush(flushMs);
      const record = recordOf(connected, state, here, text, failure?.picture);
      await here.leave();
      return { record, spans: here.recorder.spans(), unended: here.recorder.unended(), settled };
    },
  };
}

async function whyUnusable(visitor: Visitor): Promise<PageRecord['state']> {
  const { errors, console } = visitor.seen;
  // Murmur catches what goes wrong at its start, and says so on the console.
  if (errors.length > 0 || console.some((line) => /^error .*Error\b/.test(line))) return 'script-error';
  return (await visitor.visibleText()).trim() === '' ? 'blank' : 'never-ready';
}

function recordOf(
  connected: ConnectedPage,
  state: PageRecord['state'],
  visitor: Visitor | null,
  visibleText: string,
  screenshot?: string,
): PageRecord {
  const nothing = { console: [], errors: [], failedRequests: [], scripts: [] };
  return {
    ...connected.facts,
    state,
    visibleText,
    ...(visitor?.seen ?? nothing),
    telemetry: visitor?.recorder.telemetry ?? emptyPageTelemetry(),
    ...(screenshot && { screenshot }),
  };
}

async function takePicture(visitor: Visitor, screenshot: string): Promise<string | undefined> {
  const file = `${screenshot}.png`;
  await mkdir(path.dirname(file), { recursive: true });
  const taken = await visitor.screenshot(file);
  return taken ? path.relative(repositoryRoot, file).replaceAll(path.sep, '/') : undefined;
}
