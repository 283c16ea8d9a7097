import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { repositoryRoot, until } from '@workshop/base';
import { emptyPageTelemetry } from '../../capture/index.ts';
import type { PageRecord } from '../../evidence/index.ts';
import type { ConnectedPage, Visitor } from '../../world/index.ts';
import { StepFailed } from '../step-failed.ts';
import { MurmurPage, type VisitorPatience } from './murmur-page.ts';

/** How long spans may take to end after the last step. */
export const SETTLE_MS = 15_000;
/** How long a visitor waits while the page is at work. */
const PATIENCE_MS = 30_000;
/** No request under way and no span open for this long: what was waited for will not come. */
const IDLE_MS = 2_000;
/** How long a page may take to say what it shows. */
const ANSWER_MS = 5_000;
/** A page that says nothing so often, one time after the other, computes without end. */
const MOST_UNANSWERED = 3;
/** How long the page's exporters may take to send what they hold. */
const FLUSH_MS = 5_000;

export interface VisitOutcome {
  record: PageRecord;
  spans: ReturnType<Visitor['recorder']['spans']>;
  unended: ReturnType<Visitor['recorder']['unended']>;
  settled: boolean;
}

/** One scenario's visit to the page. The visitor arrives at first use. */
export class Visit implements VisitorPatience {
  readonly connected: ConnectedPage;
  /** where a picture is put when a step fails, without the ending */
  readonly #screenshot: string;
  #layout: 'A' | 'B' = 'A';
  #state: PageRecord['state'] = 'not-opened';
  #arriving: Promise<Visitor | null> | undefined;
  #visitor: Visitor | null = null;
  #patienceLeftMs = PATIENCE_MS;
  /** how often in a row the page did not answer in time */
  #unanswered = 0;
  /** what the page showed where the first step failed */
  #failure: { text: string; picture?: string } | null = null;

  constructor(connected: ConnectedPage, screenshot: string) {
    this.connected = connected;
    this.#screenshot = screenshot;
  }

  /** The layout of a visitor who has not arrived yet. */
  useLayout(layout: 'A' | 'B'): void {
    this.#layout = layout;
  }

  /** @throws StepFailed when the page could not be built */
  async visitor(): Promise<Visitor> {
    this.#arriving ??= this.connected.newVisitor(this.#layout);
    this.#visitor = await this.#arriving;
    if (this.#visitor) return this.#visitor;
    throw new StepFailed('build the page', 'ng build failed');
  }

  async murmur(): Promise<MurmurPage> {
    return new MurmurPage((await this.visitor()).page, this);
  }

  /** Ends the scenario at this step, with a picture of the page. */
  async fail(step: string, message: string): Promise<never> {
    if (this.#visitor) await this.#remember(this.#visitor);
    throw new StepFailed(step, message);
  }

  /** Waits for a condition as long as the page is at work, and a little longer; false when it never held. */
  async comes(condition: () => Promise<boolean>): Promise<boolean> {
    const here = await this.visitor();
    let idleSince: number | null = null;
    const isIdle = () => {
      if (here.busy() > 0) idleSince = null;
      else idleSince ??= performance.now();
      return idleSince !== null && performance.now() - idleSince > IDLE_MS;
    };
    const holds = async () => {
      let held = false;
      const asked = condition().then((answer) => {
        held = answer;
      });
      // What is asked while one document gives way to the next fails, and is asked again. One that computes without end
      // answers nothing.
      const answered = await here.within(ANSWER_MS, asked);
      this.#unanswered = answered ? 0 : this.#unanswered + 1;
      return answered && held;
    };
    const began = performance.now();
    const came = await until(holds, {
      maxMs: Math.max(IDLE_MS, this.#patienceLeftMs),
      // One that does not answer is at work.
      giveUp: () => this.#isSilent() || (this.#unanswered === 0 && isIdle()),
    });
    if (!came) this.#patienceLeftMs -= performance.now() - began;
    if (this.#isSilent()) this.#state = 'unresponsive';
    return came;
  }

  /** Goes somewhere and waits until the page shows its main part; fails the step when it does not. */
  async arrive(where: string, go: (visitor: Visitor) => Promise<unknown>): Promise<void> {
    const here = await this.visitor();
    await go(here).catch(() => {}); // what is wrong shows in what the page shows
    const usable = await this.comes(() => here.page.getByRole('main').first().isVisible());
    if (usable) this.#state = 'usable';
    else if (!this.#isSilent()) this.#state = await whyUnusable(here);
    if (!usable) await this.fail(`open ${where}`, `the page is ${this.#state}`);
  }

  /** Ends the visit: waits for open spans, has the page send what it holds, and tells what was seen. */
  async finish(failed: boolean): Promise<VisitOutcome> {
    this.connected.network.setDelay(0);
    this.connected.network.setAnswerRate(null);
    this.connected.keepShare(1);
    if (!this.connected.facts.build.ok) this.#state = 'build-failed';
    const here = this.#visitor;
    if (here === null) return { record: this.#record(null, ''), spans: [], unended: [], settled: true };
    // Where a step failed, nothing that is still to come would be judged; and a page that computes without end sends nothing.
    const isSilent = this.#isSilent();
    const settled =
      !isSilent && (await until(() => here.isSettled(), { maxMs: failed ? IDLE_MS : SETTLE_MS }));
    if (failed) await this.#remember(here);
    const text = this.#failure?.text ?? (await here.visibleText());
    if (!isSilent) await here.flush(FLUSH_MS);
    const record = this.#record(here, text);
    await here.leave();
    return { record, spans: here.recorder.spans(), unended: here.recorder.unended(), settled };
  }

  #isSilent(): boolean {
    return this.#unanswered >= MOST_UNANSWERED;
  }

  async #remember(here: Visitor): Promise<void> {
    this.#failure ??= { text: await here.visibleText(), picture: await takePicture(here, this.#screenshot) };
  }

  #record(visitor: Visitor | null, visibleText: string): PageRecord {
    const nothing = { console: [], errors: [], failedRequests: [], scripts: [] };
    const screenshot = this.#failure?.picture;
    return {
      ...this.connected.facts,
      state: this.#state,
      visibleText,
      ...(visitor?.seen ?? nothing),
      telemetry: visitor?.recorder.telemetry ?? emptyPageTelemetry(),
      ...(screenshot && { screenshot }),
    };
  }
}

async function whyUnusable(visitor: Visitor): Promise<PageRecord['state']> {
  const { errors, console } = visitor.seen;
  // Murmur catches what goes wrong at its start, and says so on the console.
  if (errors.length > 0 || console.some((line) => /^error .*Error\b/.test(line))) return 'script-error';
  return (await visitor.visibleText()).trim() === '' ? 'blank' : 'never-ready';
}

async function takePicture(visitor: Visitor, screenshot: string): Promise<string | undefined> {
  const file = `${screenshot}.png`;
  await mkdir(path.dirname(file), { recursive: true });
  const taken = await visitor.screenshot(file);
  return taken ? path.relative(repositoryRoot, file).replaceAll(path.sep, '/') : undefined;
}
