import type { Attributes, InstrumentationScope, Span, SpanKind } from '@workshop/telemetry/pure';

/**
 * Evidence: everything one scenario saw of the learner's system, in one JSON file.
 *
 * It is the wall between driving and judging. Driving writes it; checks and diagnosis are pure functions over it, so
 * a verdict can be recomputed from the file alone. Times are Unix epoch milliseconds, durations milliseconds.
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
  /** what the scenario wrote down by name for its checks: the values of this run that a check asserts */
  facts: Record<string, Json>;
  requests: SentRequest[];
  processes: ProcessRecord[];
  spans: EvidenceSpan[];
  unended: UnendedSpan[];
  /** false: spans were still open when the time to settle was over */
  settled: boolean;
  wire: WireRequest[];
  answers: AnswersFile;
  queries: Record<string, QueryFile>;
}

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

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

export interface EvidenceSpan extends Span {
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
    /** the stack at startSpan, when the capture took one */
    stack?: string;
    /** `boot`: it began before the scenario's first step */
    phase: 'boot' | 'run';
  };
}

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

/** What the capture inside one process saw of its telemetry. */
export interface CaptureState {
  pid: number;
  process: string;
  argv: string[];
  /** every tracer provider seen, and whether it became the global one */
  attached: { via: string; provider: string; registered: boolean }[];
  apiLoaded: boolean;
  /** `name@version` */
  sdkPackagesLoaded: string[];
  /** instrumentations, and those of their modules that were already loaded when they were enabled */
  instrumentations: { name: string; enabled: boolean; modulesLoadedBefore: string[] }[];
  exporters: { type: string; url?: string }[];
  spansStarted: number;
  spansEnded: number;
  notSampled: number;
  setAfterEnd: { spanId: string; key: string }[];
  duplicateRegistrations: number;
  listening: { port: number; address: string }[];
  listenErrors: { port: number; code: string }[];
  nestLoaded: boolean;
  warnings: string[];
  diagMessages: string[];
}

/** answers.json as it stands in the tree. */
export type AnswersFile =
  | { state: 'read'; values: Record<string, Json> }
  | { state: 'missing' }
  | { state: 'broken'; message: string };

/** One file of queries/ as it stands in the tree. */
export type QueryFile = { state: 'read'; value: Json } | { state: 'broken'; message: string };
