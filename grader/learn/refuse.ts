import type { Problem } from '@workshop/lab/api';
import type { FastifyReply } from 'fastify';

export function unknown(reply: FastifyReply, id: string): never {
  return refuse(reply, 404, 'not-found', `There is no exercise ${id}.`);
}

/** Answers with a problem, as the lab does. */
export function refuse(reply: FastifyReply, status: number, type: string, detail: string): never {
  const body: Problem = {
    status,
    type: `https://api.honeycomb.io/problems/${type}`,
    title: type,
    error: detail,
    detail,
  };
  return reply.code(status).send(body) as never;
}
