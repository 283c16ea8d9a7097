import { NextFunction, Request, Response } from 'express';

/**
 * Answers only under names of its own. A page from anywhere can reach this server under a name that it owns, and would
 * be of the same origin then, whatever CORS says (DNS rebinding).
 *
 * @param names hosts without their port, in lower case
 */
export function hostCheck(names: readonly string[]) {
  return function hostCheck(request: Request, response: Response, next: NextFunction): void {
    // No browser is to guess what an answer is.
    response.setHeader('X-Content-Type-Options', 'nosniff');
    if (names.includes(request.hostname?.toLowerCase())) {
      next();
      return;
    }
    response.status(403).json({
      statusCode: 403,
      message:
        'Murmur does not answer under this host. ALLOWED_HOSTS can name more, with commas between them.',
      error: 'Forbidden',
    });
  };
}
