import {
  findSavedQuery,
  hiddenDataSets,
  type SavedQueryId,
  WANTED,
  type WantedQuery,
} from '../../hidden-data/index.ts';
import { diagnoseFile } from '../diagnosis/queries/file.ts';
import { diagnoseLatencyByUser } from '../diagnosis/queries/latency-by-user.ts';
import { diagnoseNetworkByRoute } from '../diagnosis/queries/network-by-route.ts';
import { QUERY_PARTS, type QueryPart, type QueryProblem } from '../diagnosis/queries/problem.ts';
import { diagnoseRecentTraces } from '../diagnosis/queries/recent-traces.ts';
import { fail } from './check.ts';
import { evidence } from './evidence.ts';

const DIAGNOSES = {
  'latency-by-user': diagnoseLatencyByUser,
  'recent-traces': diagnoseRecentTraces,
  'network-latency-by-route': diagnoseNetworkByRoute,
};
const NETWORK_LOOK = 'exercises/09-network-latency/README.md, "Your task".';
const known = new Map<SavedQueryId, QueryProblem | null>();

/**
 * Fails when the learner's saved query of this id does not run (`runs`), shows other columns (`columns`), looks at
 * other rows (`rows`), or sorts or limits them another way (`order`). Each part means that those before it are right.
 */
export function expectSavedQuery(id: SavedQueryId, part: QueryPart): void {
  let problem = known.get(id);
  if (problem === undefined) {
    problem = problemOf(id);
    known.set(id, problem);
  }
  if (problem && QUERY_PARTS.indexOf(problem.part) <= QUERY_PARTS.indexOf(part)) fail(problem.finding);
}

function problemOf(id: SavedQueryId): QueryProblem | null {
  const { queryResults, queries, seed } = evidence();
  const wanted = WANTED.find((one) => one.id === id) as WantedQuery;
  const outcome = queryResults?.[id];
  if (!outcome)
    throw new Error(`the saved query ${id} was not run: the scenario needs { savedQueries: true }`);
  const finding = diagnoseFile(outcome, wanted, Object.keys(queries));
  if (finding) {
    const look = id === 'network-latency-by-route' ? NETWORK_LOOK : '';
    return {
      part: 'runs',
      finding: look && finding.reason === 'query-missing' ? { ...finding, look } : finding,
    };
  }
  if (outcome.state !== 'ran') throw new Error(`${findSavedQuery(queries, wanted)?.file} did not run`);
  return DIAGNOSES[id](outcome, hiddenDataSets(seed));
}
