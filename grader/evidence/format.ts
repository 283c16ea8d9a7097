import type { Attributes, InstrumentationScope, Span, SpanKind } from '@workshop/telemetry/pure';
import type { AnswersFile, Json, QueryFile, QueryOutcome } from './tree-files.ts';

/**
 * Evidence: everything one scenario saw of the learner's system, in one JSON file.
 *
 * It is the wall between driving and judging. Driving writes it; checks and diagnosis are pure functions over it, so
 * a verdict can be recomputed from the file alone. Times are Unix epoch milliseconds, durations milliseconds.
 *
 * As text it is JSON, in which NaN and the infinities are `{ "$number": "NaN" }`: text.ts writes and reads them.
 */
export interface Evidence {
  schema: 1;
  /** the exercise's id, which is its folder's name: `01-first-trace` */
  exercise: string;
  /** every user, text and delay of the run was drawn from this number */
  seed: number;
  tree: EvidenceTree;
  /** ISO 8601 */
  startedAt: string;
  driveMs: number;
  drive: DriveOutcome;
  /** the grader's own trouble, for which nothing can be judged: this machine has no browser */
  trouble?: string;
  /** what the scenario wrote down by name for its checks: the values of this run that a check asserts */
  facts: Record<string, Json>;
  requests: SentRequest[];
  processes: ProcessRecord[];
  /** processes of the learner that ended by themselves while it ran, oldest first; absent in evidence of older runs */
  ends?: ProcessEnd[];
  /** instances of the learner's API and worker that the scenario started beside the system and asked to end */
  stops?: ProcessStop[];
  spans: EvidenceSpan[];
  unended: UnendedSpan[];
  /** false: spans were still open when the time to settle was over */
  settled: boolean;
  /** the collector that the processes were told of, absent in evidence of older runs */
  collectorUrl?: string;
  wire: WireRequest[];
  /** the learner's page as the browser saw it; null or absent when the scenario needs no page */
  page?: PageRecord | null;
  /** headers of the requests that the API and a third party got, while the scenario ran */
  headers?: HeaderRecord[];
  answers: AnswersFile;
  queries: Record<string, QueryFile>;
  /** what the learner's saved queries gave over hidden data, by the wanted query's id; only when they are graded */
  queryResults?: Record<string, QueryOutcome>;
  /** what the same scenario and seed saw of an earlier solution, where a mended system is compared with it */
  before?: Pick<Evidence, 'facts' | 'requests' | 'spans'>;
}

export interface EvidenceTree {
  /** content hash of the graded tree, hexadecimal */
  hash: string;
  /** how the caller named it: `your working tree`, `solution 3`, a folder */
  label: string;
}

export interface DriveOutcome {
  /** `not-started`: the system never became ready, `incomplete`: the scenario could not be finished */
  state: 'complete' | 'not-started' | 'incomplete';
  /** the step that could not be done, in words, and why */
  step?: string;
  message?: string;
}

/** One request that the driver sent, as the driver saw it. */
export interface SentRequest {
  id: string;
  /** the scenario's name for it: `feed of Iris` */
  label: string;
  method: string;
  /** path and query, without the origin */
  path: string;
  /** id of the signed-in user, null when anonymous */
  userId: string | null;
  /** sent as User-Agent, so that the request's own SERVER span can be told from all others */
  userAgent: string;
  startMs: number;
  durationMs: number;
  /** null: no answer */
  status: number | null;
  error: string | null;
  requestHeaders: Record<string, string>;
  responseHeaders: Record<string, string>;
  /** the first 4096 characters */
  responseBody: string;
}

/**
 * One span of the learner. Where it arrived at the receiver it is what arrived: the wire is the witness of export, so
 * what was written too late is not in it, and what a processor or exporter added is. Where it never arrived it is what
 * its process recorded.
 */
export interface EvidenceSpan extends Span {
  /** what its process had recorded when the span ended, where that differs from what arrived */
  recorded?: RecordedDifference;
  origin: {
    /** the learner's process or page: `api`, `worker`, `page` */
    process: string;
    pid?: number;
    /** seen by the in-memory exporter inside the process */
    captured: boolean;
    /** seen by the OTLP receiver */
    received: boolean;
    /** order of end within its process */
    seq: number;
    /** the stack at startSpan, when the capture took one: one frame a line, in the learner's own files */
    stack?: string;
    /** the first frame of that stack in the learner's own code: `app-frontend/src/app/feed/composer.ts:48` */
    place?: string;
    /** `boot`: it began before the scenario's first step */
    phase: 'boot' | 'run';
  };
}

/**
 * The parts of a span that are compared between its process and the wire. Only those that differ are there, each whole
 * and as it was when the span ended.
 */
export type RecordedDifference = Partial<
  Pick<Span, 'name' | 'kind' | 'status' | 'attributes' | 'events' | 'links' | 'resource'>
>;

/** A span that was started and had not ended when the evidence was collected. */
export interface UnendedSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  kind: SpanKind;
  startMs: number;
  attributes: Attributes;
  scope: InstrumentationScope;
  origin: { process: string; pid?: number };
}

/** One request at the OTLP receiver. */
export interface WireRequest {
  path: string;
  method: string;
  contentType: string;
  contentEncoding: string;
  bytes: number;
  /** what the receiver answered */
  status: number;
  spanIds: string[];
  serviceNames: string[];
  error?: string;
  atMs: number;
}

/** A process of the learner that ended while a scenario ran, and was not asked to. */
export interface ProcessEnd {
  /** which of the learner's scripts it belongs to: `api`, `worker` */
  process: string;
  pid: number;
  /** exit code; null when a signal ended it, or when it is not known */
  code: number | null;
  /** null when no signal ended it, or when it is not known */
  signal: string | null;
  atMs: number;
  /** true: the script itself is over; false: what started the process goes on, and may start it again */
  scriptOver: boolean;
  /** the newest request that had begun before; null: there was none */
  after: { id: string | null; label: string | null; method: string; path: string } | null;
  /** the last lines that the script had printed by then, 20 at most, without terminal codes */
  output: string;
}

/** Another instance of the learner's API or worker, and what became of it when it was asked to end. */
export interface ProcessStop {
  /** what the scenario calls it: `in the middle of a batch` */
  label: string;
  kind: 'api' | 'worker';
  /** as the origin of its spans says: `api-2` */
  process: string;
  /** when it got SIGTERM; null: it did not come so far. Unix epoch milliseconds */
  askedMs: number | null;
  /** null: it had not ended when the time was over, and was ended then */
  endedMs: number | null;
  /** so long it was waited for, milliseconds */
  patienceMs: number;
  /** null when a signal ended it, or when it is not known */
  code: number | null;
  signal: string | null;
  /** when it called its collector in vain, while that was away */
  inVainMs: number[];
  record: ProcessRecord;
}

/** Facts about one of the learner's processes. Why it went wrong is the judge's to say. */
export interface ProcessRecord {
  name: string;
  /** text of the npm script that started it */
  script: string;
  pid: number;
  startedAtMs: number;
  /** null: it was never ready */
  readyAfterMs: number | null;
  askedPort: number | null;
  listening: { port: number; address: string }[];
  listenErrors: { port: number; code: string }[];
  exit: { code: number | null; signal: string | null; afterMs: number } | null;
  ended: 'running' | 'exited' | 'stopped' | 'start-timeout' | 'output-limit' | 'memory-limit';
  /** the last 64 KiB of stdout and stderr, without ANSI codes */
  output: string;
  outputBytes: number;
  peakMemoryBytes: number | null;
  /** processes that outlived the script's own end and were ended by the grader */
  leftBehind: number;
  /** what the capture inside the process reported; null: it never said hello */
  capture: CaptureState | null;
}

/** A call on a span that had ended, also from a span processor's onEnd. OpenTelemetry ignores it. */
export interface CallAfterEnd {
  spanId: string;
  /** the attribute's key; for other calls what they set: the event's name (`exception`), the new name, `ERROR` */
  key: string;
  /** absent: setAttribute */
  call?: 'setStatus' | 'addEvent' | 'updateName' | 'addLink';
}

/** What the capture inside one process saw of its telemetry. */
export interface CaptureState {
  pid: number;
  process: string;
  argv: string[];
  /** every tracer provider seen, when, and whether it became the global one; no time in evidence of older runs */
  attached: { via: string; provider: string; registered: boolean; atMs?: number }[];
  apiLoaded: boolean;
  /** packages of OpenTelemetry, as `name@version` */
  sdkPackagesLoaded: string[];
  /** instrumentations, and those of their modules that were already loaded when they were enabled */
  instrumentations: { name: string; enabled: boolean; modulesLoadedBefore: string[] }[];
  /** best effort: class names and addresses of the learner's span exporters */
  exporters: { type: string; url?: string }[];
  spansStarted: number;
  spansEnded: number;
  notSampled: number;
  setAfterEnd: CallAfterEnd[];
  /** how often a tracer provider was refused as the global one because one was there */
  duplicateRegistrations: number;
  listening: { port: number; address: string }[];
  listenErrors: { port: number; code: string }[];
  nestLoaded: boolean;
  /** the capture's own doubts */
  warnings: string[];
  /** warnings and errors of OpenTelemetry's diagnostics logger, `level text` */
  diagMessages: string[];
}

/** What one request to the API, or to a third party, carried and got. Sessions are left out of the headers. */
export interface HeaderRecord {
  at: 'api' | 'third-party';
  method: string;
  /** path and query */
  path: string;
  origin: string | null;
  traceparent: string | null;
  baggage: string | null;
  requestHeaders: Record<string, string>;
  responseHeaders: Record<string, string>;
  /** null: it was not answered */
  status: number | null;
  atMs: number;
  /** from the request's arrival to the answer's last byte, on the server's side; null: not answered or not measured */
  durationMs: number | null;
}

/** The learner's page in a browser. Facts only; why it went wrong is the judge's to say. */
export interface PageRecord {
  /** its own origin, `http://localhost:<port>` */
  url: string;
  apiUrl: string;
  collectorUrl: string;
  thirdPartyUrl: string;
  browser: { source: string; version: string };
  build: PageBuildRecord;
  /**
   * `not-opened`: the scenario never asked for it. `blank`: it shows nothing. `script-error`: an exception came before
   * it could be used. `unresponsive`: its own thread was at work for so long that it was given up. `never-ready`: it
   * shows something, but what the visitor needs never came.
   */
  state: 'usable' | 'build-failed' | 'blank' | 'script-error' | 'unresponsive' | 'never-ready' | 'not-opened';
  /** the first 2000 characters that it shows, at the end or where it failed */
  visibleText: string;
  /** `error Access to fetch at ... has been blocked`, in order */
  console: string[];
  /** exceptions that nobody caught, with the place in the learner's own files */
  errors: string[];
  /** requests of the page that had no answer: refused by CORS, aborted by leaving, no connection */
  failedRequests: { method: string; url: string; error: string }[];
  /** when each request of its scripts left, by its own clock; the first 300; absent in evidence of older runs */
  sent?: { method: string; url: string; atMs: number }[];
  /** scripts that it loaded, paths */
  scripts: string[];
  /** secrets found in the built files; the text is cut, so that it is no key any more */
  keys: { file: string; found: string }[];
  telemetry: PageTelemetryRecord;
  /** a picture of the page where it could not be used or a step failed: path from the repository */
  screenshot?: string;
}

export interface PageBuildRecord {
  ok: boolean;
  ms: number;
  /** it was built before */
  cached: boolean;
  /** warnings and errors as Angular prints them, 16 KiB at most */
  output: string;
}

/** One load of the page, by the page's own clock. Unix epoch milliseconds. */
export interface PageLoad {
  startedMs: number;
  /** when its first tracer provider was there; null: never */
  providerMs: number | null;
  /** when Angular made its first element, and what was there by then; null: it never did; absent in evidence of older runs */
  angular?: {
    atMs: number;
    /** when the browser had read the document, before which no script of the page runs; null: it does not say; absent in evidence of older runs */
    parsedMs?: number | null;
    /** what sends requests and was replaced by then: `fetch`, `XMLHttpRequest` */
    watched: string[];
    /** a tracer provider was there */
    provider: boolean;
  } | null;
}

/** A span that was started, and that the sampler dropped. */
export interface UnsampledSpan {
  spanId: string;
  name: string;
  /** of a request, where it was given at the start of the span */
  url?: string;
}

/** What the capture in the page saw of its telemetry. */
export interface PageTelemetryRecord {
  apiVersions: string[];
  providers: string[];
  exporters: string[];
  spansStarted: number;
  spansEnded: number;
  notSampled: number;
  /** the first 500 of those; absent in evidence of older runs */
  unsampled?: UnsampledSpan[];
  setAfterEnd: CallAfterEnd[];
  /** how often a tracer provider was refused as the global one because one was there */
  duplicateRegistrations: number;
  /** what the page sends requests with, and that something in the page has replaced: `fetch`, `XMLHttpRequest` */
  replacedApis?: string[];
  /** what sent its requests to each origin, as the browser wrote it down: `fetch`, `XMLHttpRequest` */
  sentBy?: Record<string, string[]>;
  /** each time that it was loaded */
  loads?: PageLoad[];
  diagMessages: string[];
  warnings: string[];
}
