import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WorkshopError } from '@workshop/base';
import { writeAtomicallySync } from '@workshop/base/files';
import { Secret } from '../honeycomb/index.ts';

/** The Collector of a class, to which everybody's spans go as well. */
export interface ClassCollector {
  /** base URL, without `/v1/traces` */
  endpoint: string;
  /** what it wants to see: a token */
  headers: Readonly<Record<string, Secret>>;
  /** becomes `deployment.environment.name`; it tells learners apart and names none */
  name: string;
}

const ENDPOINT = 'OTEL_EXPORTER_OTLP_ENDPOINT';
const HEADERS = 'OTEL_EXPORTER_OTLP_HEADERS';
/** By these names the lab itself is reached. */
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Where the shell wants spans to go besides the lab: OpenTelemetry's own variables say it. Null when they say nothing,
 * or name the lab.
 * @param root the clone's root
 * @param ownPort at which this machine's lab takes spans
 * @throws WorkshopError for an address that cannot be sent to; the message holds no token
 */
export function readClassCollector(
  root: string,
  env: NodeJS.ProcessEnv,
  ownPort: number,
): ClassCollector | null {
  const text = env[ENDPOINT]?.trim();
  if (!text) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new WorkshopError(`${ENDPOINT} is not an address such as https://collector.example:4318.`);
  if (url.username || url.password)
    throw new WorkshopError(`${ENDPOINT} must hold no password.`, {
      whatToDo: `Put a token into ${HEADERS}: authorization=Bearer%20TOKEN`,
    });
  if (LOOPBACK.has(url.hostname) && Number(url.port || 80) === ownPort) return null;
  const endpoint = `${url.origin}${url.pathname}`.replace(/\/+$/, '').replace(/\/v1\/traces$/, '');
  return { endpoint, headers: readHeaders(env[HEADERS]), name: nameOf(root, env) };
}

/** `name=value,name=value`, the values percent-encoded. Source: OpenTelemetry Protocol Exporter specification. */
function readHeaders(text = ''): Record<string, Secret> {
  const pairs = text.split(',').flatMap((pair): [string, Secret][] => {
    const at = pair.indexOf('=');
    const [name, value] = [pair.slice(0, at).trim(), decoded(pair.slice(at + 1).trim())];
    if (at < 1) return [];
    if (!/^[\w-]+$/.test(name) || !/^[\x20-\x7e]+$/.test(value))
      throw new WorkshopError(`${HEADERS} holds what no header can.`);
    return [[name.toLowerCase(), new Secret(value)]];
  });
  return Object.fromEntries(pairs);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A name that OTEL_RESOURCE_ATTRIBUTES gives, else one that is drawn once for this clone. */
function nameOf(root: string, { OTEL_RESOURCE_ATTRIBUTES: attributes = '' }: NodeJS.ProcessEnv): string {
  const given = /(?:^|,)\s*deployment\.environment\.name=([^,]+)/.exec(attributes)?.[1];
  if (given) return decoded(given.trim());
  const folder = join(root, '.workshop', 'class');
  const file = join(folder, 'name');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const name = `learner-${randomBytes(3).toString('hex')}`;
  mkdirSync(folder, { recursive: true });
  writeAtomicallySync(file, `${name}\n`);
  return name;
}

/** What is said before anything is sent. @param only nothing else on this machine keeps them, so it cannot be stopped */
export function classCollectorText({ endpoint, name }: ClassCollector, only = false): string {
  if (only) return `Your spans go to ${endpoint}, as "${name}", and are kept there alone.`;
  return `Your spans also go to ${endpoint}, as "${name}". To stop: unset ${ENDPOINT}.`;
}
