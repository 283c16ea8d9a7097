import { EXIT_CODES, WorkshopError } from '@workshop/base';
import { harmless, indexSpans, renderWaterfall, type Span } from '@workshop/telemetry';
import type { Command } from 'commander';
import { addTraceWords, type TraceWords, theTrace } from './find-traces.ts';
import { wrapped } from './format.ts';
import { LabClient } from './lab-client.ts';
import { detailsOf, resourcesOf, spansCalled } from './span-details.ts';
import type { CommandWorld } from './world.ts';

interface TraceOptions extends TraceWords {
  attributes?: true;
  span?: string;
  json?: true;
}

/** `npm run trace`: one trace as a text waterfall, and what stands on its spans. */
export function addTraceCommand(program: Command, { env, out }: CommandWorld): void {
  addTraceWords(
    program
      .command('trace')
      .description('Shows one trace: the newest request, or the one that these words choose.')
      .argument('[id]', 'the trace id; its first characters will do')
      .option('--attributes', 'what stands on each span: attributes, status, events, links')
      .option('--span <name>', 'the same of the spans with this name, or one that contains it'),
  )
    .option('--json', 'the spans, for programs')
    .action(async (id: string | undefined, options: TraceOptions) => {
      if (id !== undefined && (options.user || options.route || options.service || options.slow))
        throw new WorkshopError('Give an id, or words that choose a trace; not both.');
      const client = new LabClient(env);
      const spans = await client.trace(id ?? (await theTrace(client, options)));
      out(options.json ? JSON.stringify(spans, null, 2) : text(spans, options));
    });
}

function text(spans: readonly Span[], { attributes, span: name }: TraceOptions): string {
  const id = spans[0]?.traceId.slice(0, 8);
  const picture = renderWaterfall(spans, { title: titleOf(spans) });
  if (name !== undefined) {
    const named = spansCalled(spans, name);
    if (named.length > 0) return `trace ${id}\n\n${detailsOf(spans, named)}`;
    const names = [...new Set(spans.map((span) => span.name))].join(', ');
    throw new WorkshopError(wrapped(`No span of trace ${id} is called "${name}". There are ${names}.`), {
      exitCode: EXIT_CODES.failed,
    });
  }
  if (attributes) return [picture, detailsOf(spans, spans), resourcesOf(spans)].join('\n\n');
  return `${picture}\n\nWhat stands on its spans: npm run trace -- ${id} --attributes`;
}

/** The request and whose it is. A page calls its requests by the method alone: the path says what it asked for. */
function titleOf(spans: readonly Span[]): string {
  const index = indexSpans(spans);
  const [root] = index.rootsOf(index.traceIds()[0] ?? '');
  if (!root) return '';
  const { 'http.request.method': method, 'url.full': url, 'user.id': user } = root.attributes;
  const path = root.name === method && typeof url === 'string' && URL.canParse(url) && new URL(url).pathname;
  const whose = user ?? spans.find((span) => 'user.id' in span.attributes)?.attributes['user.id'];
  return harmless(`${root.name}${path ? ` ${path}` : ''}${whose === undefined ? '' : `, user.id ${whose}`}`);
}
