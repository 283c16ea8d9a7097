/** What the environment says about sending spans. */
export interface CollectorEnvironment {
  /** base URL of an OTLP/HTTP receiver, without `/v1/traces` */
  collectorUrl: string;
  /** milliseconds between two exports; the SDK's own 5,000 would make everybody wait */
  exportEveryMs: number;
}

/**
 * OpenTelemetry's standard variables for Murmur's processes: whatever SDK the learner starts sends its spans, all of
 * them, to the collector, and nothing else.
 *
 * Never OTEL_SERVICE_NAME (to name the service is the learner's task) nor OTEL_TRACES_EXPORTER (`none` registers no
 * provider).
 */
export function openTelemetryEnvironment(wanted: CollectorEnvironment): Record<string, string> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: wanted.collectorUrl,
    OTEL_BSP_SCHEDULE_DELAY: String(wanted.exportEveryMs),
    OTEL_TRACES_SAMPLER_ARG: '1',
    // The Node SDK sends metrics and logs by default; this workshop is about traces.
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
  };
}
