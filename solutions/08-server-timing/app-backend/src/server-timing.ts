import { NextFunction, Request, Response } from 'express';

/**
 * Tells in each answer how long the API took for it: `Server-Timing: total;dur=93.4`, in milliseconds. The header is
 * set at the last moment, when the answer's head is written. The page at `pageOrigin` may read it, and its timings.
 */
export function serverTiming(pageOrigin: string) {
  return (_request: Request, response: Response, next: NextFunction): void => {
    const began = performance.now();
    response.setHeader('Timing-Allow-Origin', pageOrigin);
    const writeHead = response.writeHead;
    response.writeHead = ((...head: Parameters<typeof writeHead>) => {
      response.setHeader('Server-Timing', `total;dur=${(performance.now() - began).toFixed(1)}`);
      return writeHead.apply(response, head);
    }) as typeof writeHead;
    next();
  };
}
