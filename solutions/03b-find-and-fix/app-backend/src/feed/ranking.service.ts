import { Injectable } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { Post } from '../posts/post';
import { PostsRepository } from '../posts/posts.repository';
import { similarity, trigrams } from './similarity';

/** A person's older posts do not compete: nobody scrolls that far. */
const POSTS_PER_AUTHOR = 15;

/** So many seconds make a post as much fresher as ten times the likes make it more popular. */
const FRESHNESS_SECONDS = 45_000;

/** How much a post loses when it says the same as one above it. */
const REPETITION_PENALTY = 4;

const tracer = trace.getTracer('murmur.feed');

interface Candidate {
  post: Post;
  score: number;
  pieces: Set<string>;
  /** similarity to the most similar post that was picked so far */
  repetition: number;
}

/** Decides which posts a reader sees first: fresh ones that people like, and not the same thing twice. */
@Injectable()
export class RankingService {
  constructor(private readonly posts: PostsRepository) {}

  /** Ranks the newest posts of these authors and gives the best `limit`, best first. */
  async rank(authorIds: string[], limit: number): Promise<Post[]> {
    return tracer.startActiveSpan('rank feed', async (span) => {
      try {
        const candidates = await this.candidatesOf(authorIds);
        span.setAttribute('murmur.ranking.candidate_count', candidates.length);
        return pickVaried(candidates, limit);
      } finally {
        span.end();
      }
    });
  }

  private async candidatesOf(authorIds: string[]): Promise<Candidate[]> {
    const posts = await this.posts.findNewestByEach(authorIds, POSTS_PER_AUTHOR);
    return posts.map((post) => ({ post, score: hotness(post), pieces: trigrams(post.text), repetition: 0 }));
  }
}

/** The same order at any time of day, since the age of a post is not part of it. */
function hotness(post: Post): number {
  return Math.log10(post.likeCount + 1) + post.createdAt.getTime() / 1000 / FRESHNESS_SECONDS;
}

/**
 * Maximal marginal relevance (Carbonell and Goldstein 1998): takes the best candidate again and again, and
 * after each one lowers those that resemble it.
 */
function pickVaried(candidates: Candidate[], limit: number): Post[] {
  const remaining = new Set(candidates);
  const picked: Post[] = [];
  while (picked.length < limit && remaining.size > 0) {
    const best = highest(remaining);
    remaining.delete(best);
    picked.push(best.post);
    for (const candidate of remaining) {
      candidate.repetition = Math.max(candidate.repetition, similarity(candidate.pieces, best.pieces));
    }
  }
  return picked;
}

function highest(candidates: Set<Candidate>): Candidate {
  let best: Candidate | undefined;
  for (const candidate of candidates) {
    if (!best || marginalScore(candidate) > marginalScore(best)) {
      best = candidate;
    }
  }
  return best!;
}

function marginalScore(candidate: Candidate): number {
  return candidate.score - REPETITION_PENALTY * candidate.repetition;
}
