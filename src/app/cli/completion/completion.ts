import { Argument, type Command } from 'commander';
import type { Cli } from '../cli.js';
import { bashCompletion } from './bash.js';
import { fishCompletion } from './fish.js';
import { completionModel, type CompletionCommand } from './model.js';
import { zshCompletion } from './zsh.js';

const SHELLS: Readonly<Record<string, (commands: readonly CompletionCommand[]) => string>> = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

const HELP = `
Examples:
  source <(hindcast completion bash)             in ~/.bashrc
  source <(hindcast completion zsh)              in ~/.zshrc, after compinit
  hindcast completion fish | source              in ~/.config/fish/config.fish

What is printed is made from the commands as they are: commands, options, and
the values of options that have a fixed few. Elsewhere files are offered.

Exit codes: 0 printed, 3 bad usage.`;

/** Adds `hindcast completion`. */
export function addCompletion(program: Command, cli: Cli): void {
  program.command('completion')
    .summary('complete commands and options with Tab')
    .description('Prints a script that makes a shell complete the commands, options and values of hindcast.')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SHELLS)))
    .addHelpText('after', HELP)
    .action((shell: string) => {
      const script = SHELLS[shell];
      if (script !== undefined) cli.io.stdout.write(script(completionModel(program)));
    });
}
