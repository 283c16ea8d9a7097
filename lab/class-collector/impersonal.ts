import { homedir, hostname, userInfo } from 'node:os';
import type { Attributes, AttributeValue, Span } from '@workshop/telemetry';

/** Attributes that say at whose machine a process runs: resource detectors put them on every span. */
const PERSONAL = [/^host\./, /^process\.(owner|command|command_line|command_args|executable\.path)$/];
const MOST_DEPTH = 5;

/** What tells of the person at this machine. */
export interface Traces {
  home: string;
  user: string;
  host: string;
}

/** @returns null for what this system does not say */
function own(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

const OWN: Traces = { home: own(homedir), user: own(() => userInfo().username), host: own(hostname) };

/**
 * A span without what tells who sat at the machine: names of host and user, the command, and the home folder in
 * stack traces and paths. Murmur's own users are invented, and stay.
 */
export function impersonal(span: Span, traces: Traces = OWN): Span {
  const texts = (text: string): string => withoutTraces(text, traces);
  const all = (attributes: Attributes): Attributes => clean(attributes, texts);
  const { message } = span.status;
  return {
    ...span,
    attributes: all(span.attributes),
    status: message === undefined ? span.status : { ...span.status, message: texts(message) },
    events: span.events.map((event) => ({ ...event, attributes: all(event.attributes) })),
    links: span.links.map((link) => ({ ...link, attributes: all(link.attributes) })),
    resource: all(span.resource),
  };
}

function clean(attributes: Attributes, texts: (text: string) => string): Attributes {
  const kept = Object.entries(attributes).filter(([key]) => !PERSONAL.some((name) => name.test(key)));
  return Object.fromEntries(kept.map(([key, value]) => [key, cleanValue(value, texts, 0)]));
}

function cleanValue(value: AttributeValue, texts: (text: string) => string, depth: number): AttributeValue {
  if (typeof value === 'string') return texts(value);
  if (typeof value !== 'object' || value === null || depth > MOST_DEPTH) return value;
  if (Array.isArray(value)) return value.map((item) => cleanValue(item, texts, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, cleanValue(item, texts, depth + 1)]),
  );
}

/** A name of a letter or two is in every word: those stay. */
const SHORTEST_NAME = 3;

function withoutTraces(text: string, { home, user, host }: Traces): string {
  let clean = text;
  // Windows writes a path with either stroke, and in a URL without its first one.
  for (const folder of new Set([home, home.replaceAll('\\', '/')]))
    if (folder.length > 1) clean = clean.replaceAll(folder, '~');
  for (const name of [host, user])
    if (name.length >= SHORTEST_NAME && clean.includes(name)) clean = withoutName(clean, name);
  return clean;
}

/** Only where it stands as a part of a path or of an address: a user may be called `feed`. */
function withoutName(text: string, name: string): string {
  const escaped = name.replace(/[^\w\s]/g, '\\$&');
  return text.replace(new RegExp(`(?<=[/\\\\@])${escaped}(?=[/\\\\:@]|$)`, 'g'), '…');
}
