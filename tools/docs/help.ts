import type { Command } from 'commander';
import { buildProgram } from '../../src/app/cli/run.js';
import { openUnvetted } from '../../src/app/trace-files/vetted.js';

/** A command with its place, and what its help says after the options. */
export interface CommandHelp {
  readonly path: readonly string[];
  readonly command: Command;
  /** Paragraphs, each a list of lines. */
  readonly after: readonly (readonly string[])[];
}

/** What `--help` prints, and no more than that. */
function helpText(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => { text += part; }, getOutHelpWidth: () => 80, getOutHasColors: () => false });
  command.outputHelp();
  return text;
}

function afterOptions(command: Command): string {
  const [whole, usual] = [helpText(command), command.helpInformation()];
  return whole.startsWith(usual) ? whole.slice(usual.length) : '';
}

/** All commands in the order of the help, groups before what is in them. */
export function commandHelps(): readonly CommandHelp[] {
  const sink = { write: () => undefined, isTTY: false };
  const program = buildProgram({ io: { stdout: sink, stderr: sink, env: {}, clock: () => 0, open: openUnvetted, live: () => { throw new Error('help reads nothing'); } }, exit: () => undefined }, '0.0.0');
  const walk = (command: Command, path: readonly string[]): CommandHelp[] => [
    { path, command, after: afterOptions(command).trim().split(/\n{2,}/).map((part) => part.split('\n')) },
    ...command.commands.flatMap((sub) => walk(sub, [...path, sub.name()])),
  ];
  return program.commands.flatMap((command) => walk(command, [command.name()]));
}
