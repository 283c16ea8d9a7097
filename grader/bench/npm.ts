/** How to run npm without a shell: `npm run` says where npm is, which on Windows is no program of its own. */
export function npmCommand(args: string[]): { program: string; args: string[] } {
  const npm = process.env.npm_execpath;
  return npm ? { program: process.execPath, args: [npm, ...args] } : { program: 'npm', args };
}
