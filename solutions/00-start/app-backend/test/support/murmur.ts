import { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import request from 'supertest';
import { AppModule } from '../../src/app.module';
import { configureHttp } from '../../src/http';

export interface Murmur {
  app: INestApplication;
  /** a request without a session */
  visitor(): ReturnType<typeof request>;
  /** requests with the session of the user with this handle */
  signIn(handle: string): Promise<SignedIn>;
  close(): Promise<void>;
}

export interface SignedIn {
  id: string;
  get(path: string): request.Test;
  post(path: string, body?: object): request.Test;
}

/** Boots the API in this process, on a free port. */
export async function startMurmur(databaseUrl: string): Promise<Murmur> {
  process.env.DATABASE_URL = databaseUrl;
  const app = await NestFactory.create(AppModule, { logger: false });
  configureHttp(app);
  await app.listen(0, '127.0.0.1');
  const agent = request(app.getHttpServer());
  return {
    app,
    visitor: () => agent,
    close: () => app.close(),
    async signIn(handle) {
      const users = (await agent.get('/users').expect(200)).body as { id: string; handle: string }[];
      const user = users.find((candidate) => candidate.handle === handle);
      if (!user) {
        throw new Error(`The seed has no user @${handle}.`);
      }
      const session = await agent.post('/sessions').send({ userId: user.id }).expect(201);
      const authorization = `Bearer ${session.body.token}`;
      return {
        id: user.id,
        get: (path) => agent.get(path).set({ authorization }),
        post: (path, body) => agent.post(path).set({ authorization }).send(body),
      };
    },
  };
}
