import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import zlib from 'node:zlib';

const gunzip = promisify(zlib.gunzip);
const inflate = promisify(zlib.inflate);
const inflateRaw = promisify(zlib.inflateRaw);
const zstd = promisify(zlib.zstdDecompress);

/** A body that is not taken; `status` is the HTTP status to answer. */
export class BodyRefused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Reads a body as sent. Throws BodyRefused 413 as soon as it is longer than `maxBytes`. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length']) > maxBytes) throw tooLong(maxBytes);
  const parts: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    const stop = (error: Error) => {
      request.off('data', onData);
      reject(error);
    };
    const onData = (part: Buffer) => {
      length += part.length;
      if (length > maxBytes) stop(tooLong(maxBytes));
      else parts.push(part);
    };
    request.on('data', onData);
    request.once('end', () => resolve(parts.length === 1 ? parts[0]! : Buffer.concat(parts, length)));
    request.once('error', stop);
    request.once('close', () => {
      if (!request.complete) stop(new BodyRefused(0, 'The sender went away before the body was complete.'));
    });
  });
}

/** Undoes the content encoding. The limit holds while decompressing: a bomb is never unpacked as a whole. */
export async function decompress(body: Buffer, encoding: string, maxBytes: number): Promise<Buffer> {
  const limit = { maxOutputLength: maxBytes };
  try {
    if (encoding === '' || encoding === 'identity') return body;
    if (encoding === 'gzip' || encoding === 'x-gzip') return await gunzip(body, limit);
    if (encoding === 'zstd') return await zstd(body, limit);
    // Most senders mean zlib's format by "deflate", as the standard says; some send the bare one.
    if (encoding === 'deflate')
      return await ((body[0]! & 0x0f) === 8 ? inflate(body, limit) : inflateRaw(body, limit));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLong(maxBytes);
    throw new BodyRefused(400, `The body is not ${encoding}, though its content-encoding says so.`);
  }
  throw new BodyRefused(
    415,
    `The content-encoding "${encoding.slice(0, 40)}" is not supported: send gzip, zstd, deflate or none.`,
  );
}

function tooLong(maxBytes: number): BodyRefused {
  return new BodyRefused(413, `The body is longer than ${maxBytes} bytes.`);
}
