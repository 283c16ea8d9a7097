import { Injectable } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { DatabaseError } from 'pg';
import { Database } from '../database/database';
import { markFailed } from '../failures';
import { POST_COLUMNS, Post, PostRow, toPost } from '../posts/post';

/** Whoever types a search waits for the list at every key, so a late answer is no answer. */
const SEARCH_TIMEOUT_MS = 300;

/** PostgreSQL's code for a statement that ran out of time. */
const QUERY_CANCELED = '57014';

const tracer = trace.getTracer('murmur.search');

@Injectable()
export class SearchRepository {
  constructor(private readonly database: Database) {}

  /** Posts with all the words of `text`, those of well-known authors first. */
  async findByWords(text: string, limit: number): Promise<Post[]> {
    return tracer.startActiveSpan('search posts', async (span) => {
      try {
        return await this.database.transaction(async (client) => {
          await client.query(`SET LOCAL statement_timeout = ${SEARCH_TIMEOUT_MS}`);
          const { rows } = await client.query<PostRow>(
            `SELECT ${POST_COLUMNS}
               FROM posts p
               JOIN users u ON u.id = p.author_id
              WHERE p.terms @@ websearch_to_tsquery('english', $1)
              ORDER BY (SELECT count(*) FROM follows f WHERE f.followee_id = p.author_id) DESC,
                       p.created_at DESC
              LIMIT $2`,
            [text, limit],
          );
          return rows.map(toPost);
        });
      } catch (error) {
        if (error instanceof DatabaseError && error.code === QUERY_CANCELED) {
          markFailed(span, error);
          return [];
        }
        throw error;
      } finally {
        span.end();
      }
    });
  }
}
