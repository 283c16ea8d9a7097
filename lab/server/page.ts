import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';
import sirv, { type RequestHandler } from 'sirv';

/** The built page, which may come later. */
export interface PageFiles {
  /** folder of the built files; null as long as there is none */
  readonly directory: string | null;
  /** why there will be none */
  readonly trouble: string | null;
}

/** Stands in index.html where the nonce of an answer belongs. */
const NONCE = /NONCE_OF_THIS_ANSWER/g;
/** A file of the build: `/main-RRY362VH.js`, `/favicon.svg`. Routes of the page have no dot in their last part. */
const FILE = /\.[a-z0-9]+(?:\?|$)/;
/** Angular puts eight characters of the content's hash into such a name, so it never changes. */
const HASHED = /-[A-Za-z0-9_-]{8}\.(?:js|css)$/;

/**
 * Answers with the page on paths that the API does not have: its own router knows its views.
 * @returns false when the request is not for the page
 */
export class PageRoutes {
  readonly #page: PageFiles;
  #directory = '';
  #files: RequestHandler | null = null;
  #document = '';

  constructor(page: PageFiles) {
    this.#page = page;
  }

  /** Whether a browser asks for a view or a file, and not a program for something of the API. */
  isFor({ method, url, headers }: FastifyRequest): boolean {
    if (method !== 'GET' && method !== 'HEAD') return false;
    if (url.startsWith('/api/')) return false;
    return (
      headers.accept?.includes('text/html') === true || (this.#page.directory !== null && FILE.test(url))
    );
  }

  answer(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const { directory, trouble } = this.#page;
    if (directory === null) return withoutPage(trouble, reply);
    if (directory !== this.#directory) this.#open(directory);
    return FILE.test(request.url) ? this.#file(request, reply) : this.#view(reply);
  }

  #open(directory: string): void {
    this.#directory = directory;
    this.#document = readFileSync(join(directory, 'index.html'), 'utf8');
    this.#files = sirv(directory, {
      etag: true,
      setHeaders(response, path) {
        response.setHeader('x-content-type-options', 'nosniff');
        response.setHeader(
          'cache-control',
          HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
        );
      },
    });
  }

  #file(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    reply.hijack();
    this.#files?.(request.raw, reply.raw, () => {
      const headers = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };
      reply.raw.writeHead(404, headers).end('There is no such file.\n');
    });
    return reply;
  }

  #view(reply: FastifyReply): FastifyReply {
    const nonce = randomBytes(16).toString('base64');
    return html(reply)
      .header('content-security-policy', contentSecurityPolicy(nonce))
      .send(this.#document.replace(NONCE, nonce));
  }
}

/**
 * Spans are texts of strangers: only the page's own scripts run, styles need this answer's nonce, and no text becomes
 * a script (trusted types; `angular` is what compiled templates go through).
 */
function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types angular',
  ].join('; ');
}

function html(reply: FastifyReply): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .header('x-content-type-options', 'nosniff');
}

/** A page of its own that loads itself again until the built one is there. */
function withoutPage(trouble: string | null, reply: FastifyReply): FastifyReply {
  html(reply).code(503).header('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
  if (trouble !== null) {
    return reply.send(
      document('The page could not be built.', [`<pre>${escaped(trouble)}</pre>`, IN_THE_TERMINAL]),
    );
  }
  const words = 'This takes 10 to 20 seconds, once after a change. It opens here by itself.';
  return reply
    .header('refresh', '1')
    .header('retry-after', '1')
    .send(document('The page is being built.', [`<p>${words}</p>`, IN_THE_TERMINAL]));
}

const IN_THE_TERMINAL = '<p>All else runs already. In the terminal: npm run traces</p>';

function document(title: string, body: string[]): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<h1>${title}</h1>
${body.join('\n')}
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
