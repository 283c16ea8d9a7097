import { CanActivate, ExecutionContext, Injectable, UnauthorizedException } from '@nestjs/common';
import { Request } from 'express';
import { requestSpan } from '../request-span';
import { SessionTokens } from './session-tokens';

export interface RequestWithSession extends Request {
  /** set by the guards when the request carries a valid session */
  userId?: string;
}

/** Lets signed-in users pass and answers 401 to everybody else. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(private readonly tokens: SessionTokens) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<RequestWithSession>();
    const [scheme, token] = request.headers.authorization?.split(' ') ?? [];
    if (scheme?.toLowerCase() !== 'bearer' || !token) {
      throw new UnauthorizedException('Sign in first.');
    }
    const userId = this.tokens.verify(token);
    if (!userId) {
      throw new UnauthorizedException('This session is not valid. Sign in again.');
    }
    request.userId = userId;
    requestSpan()?.setAttribute('user.id', userId);
    return true;
  }
}
