#!/usr/bin/env node
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type OpenApiDocument, parseDocument } from '../../honeycomb/contract/openapi.ts';

/**
 * `node lab/honeycomb-api/document/cut.ts FILE`: cuts from Honeycomb's OpenAPI document (Apache 2.0) what the lab
 * serves, and writes openapi.json beside this file. Descriptions and examples are left out; all else is as it was.
 */
const SERVED = [
  '/1/auth',
  '/1/boards',
  '/1/boards/{boardId}',
  '/1/queries/{datasetSlug}',
  '/1/queries/{datasetSlug}/{queryId}',
  '/1/query_annotations/{datasetSlug}',
  '/1/query_annotations/{datasetSlug}/{queryAnnotationId}',
  '/1/query_results/{datasetSlug}',
  '/1/query_results/{datasetSlug}/{queryResultId}',
  '/1/datasets',
  '/1/datasets/{datasetSlug}',
  '/1/columns/{datasetSlug}',
  '/1/columns/{datasetSlug}/{columnId}',
  '/1/derived_columns/{datasetSlug}',
  '/1/derived_columns/{datasetSlug}/{derivedColumnId}',
  '/1/slos/{datasetSlug}',
  '/1/slos/{datasetSlug}/{sloId}',
  '/1/events/{datasetSlug}',
  '/1/batch/{datasetSlug}',
];
const WORDS = new Set(['description', 'summary', 'example', 'examples', 'x-tags', 'x-codeSamples', 'tags']);

function cut(document: OpenApiDocument & { info?: unknown }): object {
  const paths = Object.fromEntries(SERVED.map((name) => [name, bare(document.paths[name])]));
  const components: Record<string, Record<string, unknown>> = {
    securitySchemes: bare(document.components?.securitySchemes) as Record<string, unknown>,
  };
  const open = references(paths);
  for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
    const [, , kind, name] = ref.split('/') as [string, string, string, string];
    const ofKind = components[kind] ?? {};
    components[kind] = ofKind;
    if (name in ofKind) continue;
    ofKind[name] = bare(document.components?.[kind]?.[name]);
    open.push(...references(ofKind[name]));
  }
  return { openapi: document.openapi, info: bare(document.info), paths, components };
}

/** Without words for people. What stands below `properties` are names of properties, whatever they are called. */
function bare(value: unknown, names = false): unknown {
  if (Array.isArray(value)) return value.map((item) => bare(item));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => names || !WORDS.has(key));
  return Object.fromEntries(kept.map(([key, item]) => [key, bare(item, key === 'properties' && !names)]));
}

function references(value: unknown): string[] {
  if (typeof value === 'string') return value.startsWith('#/components/') ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(references) : [];
}

const file = process.argv[2];
if (file === undefined) throw new Error("Give the path of Honeycomb's OpenAPI document (JSON).");
const text = JSON.stringify(cut(parseDocument(readFileSync(file, 'utf8'))), null, 1);
writeFileSync(path.join(import.meta.dirname, 'openapi.json'), `${text}\n`);
