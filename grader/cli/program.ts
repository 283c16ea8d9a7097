import { repositoryRoot } from '@workshop/base';
import { createProgram, type Say } from '@workshop/base/program';
import type { Command } from 'commander';
import { addAuthoringCommands } from './authoring.ts';
import { addLearningCommands } from './learning.ts';
import { addMurmurCommands } from './murmur.ts';

/**
 * All commands behind the npm scripts, each with its words and options. What a command runs is loaded when it runs.
 * @param wanted the command that was asked for, if any. The lab's are left out for another one, since they load much.
 */
export async function workshopProgram(wanted: string | undefined, say: Say): Promise<Command> {
  const group = (heading: string, add: (program: Command) => void): Command[] => {
    const program = createProgram(say);
    add(program);
    return program.commands.map((command) => command.helpGroup(heading));
  };
  const learning = group('Exercises:', addLearningCommands);
  const murmur = group('Murmur:', addMurmurCommands);
  const authoring = group('For authors of exercises:', addAuthoringCommands);
  const isLabs = ![...learning, ...murmur, ...authoring].some((command) => command.name() === wanted);
  const traces = isLabs ? group('Traces:', await labCommands(say)) : [];

  const program = createProgram(say)
    .description('All commands of the workshop. Each of them tells more with --help.')
    .addHelpText('after', '\nnpm test runs the whole test suite.');
  for (const command of [...learning, ...murmur, ...traces, ...authoring]) program.addCommand(command);
  return program;
}

async function labCommands(say: Say): Promise<(program: Command) => void> {
  const { addLabCommands } = await import('@workshop/lab/cli');
  return (program) => addLabCommands(program, { root: repositoryRoot, env: process.env, ...say });
}
