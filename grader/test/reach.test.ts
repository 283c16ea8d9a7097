import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';

/** Configurations for programs that are not here: what can be known of them without running them. */

const REACH = join(import.meta.dirname, '..', '..', 'reach');

function read(name: string): unknown[] {
  return parseAllDocuments(readFileSync(join(REACH, name), 'utf8')).map((document) => {
    assert.deepEqual([...document.errors, ...document.warnings], [], name);
    return document.toJS();
  });
}

type Named = Record<string, unknown>;
interface CollectorConfig {
  extensions: Named;
  receivers: Named;
  processors: Named;
  exporters: Record<string, { sending_queue?: { storage?: string; batch?: Named } }>;
  service: { extensions: string[]; pipelines: Record<string, Record<string, string[]>> };
}

/** What a configuration names and does not have, and what it has and does not name. */
function faultsOf({ service, ...parts }: CollectorConfig): string[] {
  const faults: string[] = [];
  const pipelines = Object.entries(service.pipelines);
  for (const [pipeline, uses] of pipelines)
    for (const kind of ['receivers', 'processors', 'exporters'] as const)
      for (const name of uses[kind] ?? [])
        if (!(name in parts[kind])) faults.push(`${pipeline}: ${kind} has no ${name}`);
  for (const name of service.extensions)
    if (!(name in parts.extensions)) faults.push(`extensions has no ${name}`);
  for (const kind of ['receivers', 'processors'] as const)
    for (const name of Object.keys(parts[kind]))
      if (!pipelines.some(([, uses]) => uses[kind]?.includes(name))) faults.push(`${name} is in no pipeline`);
  for (const [name, { sending_queue: queue }] of Object.entries(parts.exporters))
    if (queue?.storage !== undefined && !service.extensions.includes(queue.storage))
      faults.push(`${name} keeps its queue in ${queue.storage}, which does not run`);
  return faults;
}

test('the Collector has what its pipelines name, limits memory first, and keeps its queues on disk', () => {
  const [config] = read('collector.yaml') as [CollectorConfig];
  assert.deepEqual(faultsOf(config), []);
  const { traces } = config.service.pipelines;
  assert.equal(traces?.processors?.[0], 'memory_limiter');
  for (const name of ['clickhouse', 'otlp_http/honeycomb'])
    assert.deepEqual(Object.keys(config.exporters[name]?.sending_queue ?? {}).includes('batch'), true, name);
  assert.equal(config.exporters.clickhouse?.sending_queue?.storage, 'file_storage');
});

test('a pipeline that names what is not there is found', () => {
  const [config] = read('collector.yaml') as [CollectorConfig];
  config.service.pipelines.traces?.exporters?.push('clickhose');
  config.service.extensions = [];
  assert.deepEqual(faultsOf(config), [
    'traces: exporters has no clickhose',
    'clickhouse keeps its queue in file_storage, which does not run',
    'otlp_http/honeycomb keeps its queue in file_storage, which does not run',
  ]);
});

/** Every image, wherever it stands. */
function imagesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === 'image' && typeof item === 'string' ? [item] : imagesIn(item),
  );
}

test('every image is of one version, and no secret stands in a file', () => {
  for (const file of ['compose.yaml', 'kubernetes.yaml']) {
    const images = read(file).flatMap(imagesIn);
    assert.ok(images.length > 0, file);
    for (const image of images) assert.match(image, /:\d+\.\d+\.\d+(\.\d+)?(@sha256:[0-9a-f]{64})?$/, file);
  }
  const [collector] = read('collector.yaml') as [CollectorConfig];
  const secrets = JSON.stringify(collector).match(/"(?:password|token|x-honeycomb-team)":"([^"]*)"/g) ?? [];
  assert.equal(secrets.length, 3);
  for (const secret of secrets) assert.match(secret, /:"\$\{env:[A-Z_]+\}"$/);
});

test('the variables that the Collector reads are set by compose, and named for Kubernetes', () => {
  const wanted = [
    ...new Set(readFileSync(join(REACH, 'collector.yaml'), 'utf8').match(/(?<=\$\{env:)[A-Z_]+/g)),
  ].sort();
  const [compose] = read('compose.yaml') as [{ services: { collector: { environment: Named } } }];
  assert.deepEqual(Object.keys(compose.services.collector.environment).sort(), wanted);
  const manifest = readFileSync(join(REACH, 'kubernetes.yaml'), 'utf8');
  for (const name of wanted) assert.ok(manifest.includes(`--from-literal=${name}=`), name);
});
