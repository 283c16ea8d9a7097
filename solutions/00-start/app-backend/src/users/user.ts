/** A person on Murmur. The id has four digits, leading zeros included: it is a name, not a number. */
export interface User {
  id: string;
  name: string;
  handle: string;
}

export interface UserWithFollowingCount extends User {
  followingCount: number;
}

/** The database keeps user ids as integers; everywhere else they are four-digit strings. */
export function formatUserId(id: number): string {
  return String(id).padStart(4, '0');
}
