import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/app-config';

const LIFETIME_SECONDS = 7 * 24 * 60 * 60;

interface Claims {
  /** the user's id */
  sub: string;
  /** Unix time in seconds after which the token is worthless */
  exp: number;
}

/** Issues and reads session tokens: `<claims>.<signature>`, both base64url, signed with HMAC-SHA256. */
@Injectable()
export class SessionTokens {
  constructor(private readonly config: AppConfig) {}

  issue(userId: string, nowMs = Date.now()): string {
    const claims: Claims = { sub: userId, exp: Math.floor(nowMs / 1000) + LIFETIME_SECONDS };
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
    return `${payload}.${this.sign(payload).toString('base64url')}`;
  }

  /** @returns the user's id, or undefined when the token is forged, damaged or out of date */
  verify(token: string, nowMs = Date.now()): string | undefined {
    const [payload, signature, ...rest] = token.split('.');
    if (!payload || !signature || rest.length > 0) {
      return undefined;
    }
    const expected = this.sign(payload);
    const actual = Buffer.from(signature, 'base64url');
    if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) {
      return undefined;
    }
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Claims;
    return claims.exp * 1000 > nowMs ? claims.sub : undefined;
  }

  private sign(payload: string): Buffer {
    return createHmac('sha256', this.config.sessionSecret).update(payload).digest();
  }
}
