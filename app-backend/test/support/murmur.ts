import { INestApplication, INestApplicationContext, Type } from '@nestjs/common';
import { Test, TestingModule } from '@nestjs/testing';
import request from 'supertest';
import { AppModule } from '../../src/app.module';
import { AppConfig } from '../../src/config/app-config';
import { configureHttp } from '../../src/http';
import { WorkerModule } from '../../src/worker.module';

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

/** Boots the API in this process, on a free port, as if `env` were its environment. */
export async function startMurmur(databaseUrl: string, env: NodeJS.ProcessEnv = {}): Promise<Murmur> {
  const module = await compile(AppModule, databaseUrl, env);
  const app = module.createNestApplication({ logger: false });
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

/** Boots the worker in this process; it polls until it is closed. */
export async function startWorker(databaseUrl: string): Promise<INestApplicationContext> {
  const module = await compile(WorkerModule, databaseUrl);
  module.useLogger(false);
  return module.init();
}

function compile(root: Type, databaseUrl: string, env: NodeJS.ProcessEnv = {}): Promise<TestingModule> {
  return Test.createTestingModule({ imports: [root] })
    .overrideProvider(AppConfig)
    .useValue(AppConfig.fromEnvironment({ DATABASE_URL: databaseUrl, ...env }))
    .compile();
}
