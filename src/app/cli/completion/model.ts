import type { Argument, Command, Option } from 'commander';

/** What may stand at a place of the command line. */
export type Value = 'file' | 'text' | readonly string[];

/** An option as a shell has to know it. */
export interface CompletionOption {
  /** Every spelling, such as `-o` and `--out`. */
  readonly flags: readonly string[];
  readonly description: string;
  /** What follows it; null for a switch. */
  readonly value: Value | null;
  /** Whether several values may follow. */
  readonly variadic: boolean;
}

/** A command, or the program itself, as a shell has to know it. */
export interface CompletionCommand {
  /** Names that lead to it: `[]` for the program, `['policy', 'make']`. */
  readonly path: readonly string[];
  readonly description: string;
  readonly options: readonly CompletionOption[];
  /** What its arguments are; null if it takes none. */
  readonly argument: Value | null;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
}

const valueNamed = (text: string): Value => (/<(?:file|path)(?:\.\.\.)?>/.test(text) ? 'file' : 'text');

function optionOf(option: Option): CompletionOption {
  const takesValue = option.required || option.optional;
  return {
    flags: [option.short, option.long].filter((flag) => flag !== undefined),
    description: option.description,
    value: takesValue ? option.argChoices ?? valueNamed(option.flags) : null,
    variadic: option.variadic,
  };
}

function argumentOf([first]: readonly Argument[]): Value | null {
  if (first === undefined) return null;
  return first.argChoices ?? 'file';
}

function commandOf(command: Command, path: readonly string[]): CompletionCommand {
  const help = command.createHelp();
  return {
    path,
    description: command.summary() || command.description(),
    options: help.visibleOptions(command).map(optionOf),
    argument: argumentOf(command.registeredArguments),
    commands: help.visibleCommands(command).map((sub) => ({ name: sub.name(), description: sub.summary() || sub.description() })),
  };
}

/**
 * The program and all its commands, groups before what is in them.
 *
 * @param program - the command line as commander knows it
 */
export function completionModel(program: Command): readonly CompletionCommand[] {
  const walk = (command: Command, path: readonly string[]): CompletionCommand[] => [
    commandOf(command, path),
    ...command.commands.flatMap((sub) => walk(sub, [...path, sub.name()])),
  ];
  const commands = walk(program, []);
  // "help COMMAND" takes the name of a command.
  const names = commands[0]?.commands.map(({ name }) => name).filter((name) => name !== 'help') ?? [];
  return [...commands, { path: ['help'], description: 'show help for a command', options: [], argument: names, commands: [] }];
}

/** A word in single quotes, as bash and zsh read it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
