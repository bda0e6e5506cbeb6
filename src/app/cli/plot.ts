import { type Command, InvalidArgumentError } from 'commander';
import type * as figures from '../../plot/index.js';
import { isSameFile, openAtomic } from '../atomic-file.js';
import type { Cli } from './cli.js';
import { usageError } from './exit.js';
import { say } from './io.js';

/** What commands with figures take. */
export interface PlotOption {
  readonly plot?: string;
}

/** What makes figures and draws them. */
export type Plots = typeof figures;

/** Figures drawn at most: a file each. */
const MOST = 60;

/** Reads the name of a picture, whose end says its kind. */
function plotArgument(text: string): string {
  if (!/\.(svg|png)$/i.test(text) || /(^|[\\/])\.(svg|png)$/i.test(text)) throw new InvalidArgumentError('It must be a file whose name ends in .svg or .png.');
  return text;
}

/** Adds `--plot` to a command. */
export function addPlotOption(command: Command): Command {
  return command.option('--plot <file>', 'draw it too, as .svg or .png; several figures become FILE-1, FILE-2, ...', plotArgument);
}

/** Figures to be drawn once the command has answered; nothing is loaded or kept without `--plot`. */
export interface PlotJob {
  readonly wanted: boolean;
  readonly add: (make: (plots: Plots) => readonly figures.Figure[]) => void;
}

/** Names of the pictures: the one given, or numbered before its ending. */
function namesOf(path: string, count: number): readonly string[] {
  const end = path.length - 4;
  return count === 1 ? [path] : Array.from({ length: count }, (_, i) => `${path.slice(0, end)}-${String(i + 1)}${path.slice(end)}`);
}

/** Refuses to write over what is read, or over the answer itself. */
function checkNames(names: readonly string[], inputs: readonly string[], out: string | undefined): void {
  for (const name of names) {
    const input = inputs.find((path) => path !== '-' && isSameFile(path, name));
    if (input !== undefined) throw usageError(`--plot ${name} is the input file ${input}; it is not overwritten`);
    if (out !== undefined && (out === name || isSameFile(out, name))) throw usageError(`--plot ${name} is the file of --out`);
  }
}

async function drawAll(path: string, all: readonly figures.Figure[]): Promise<readonly Uint8Array[]> {
  if (!/png$/i.test(path)) {
    const { drawSvg } = await import('../../plot/index.js');
    return all.map((figure) => Buffer.from(`${drawSvg(figure)}\n`));
  }
  const { drawPng } = await import('../plot-png.js');
  return all.map((figure) => drawPng(figure));
}

function writeAll(names: readonly string[], pictures: readonly Uint8Array[]): void {
  for (const [i, name] of names.entries()) {
    const file = openAtomic(name);
    try {
      file.append(pictures[i] ?? new Uint8Array(0));
      file.commit();
    } finally {
      file.abandon();
    }
  }
}

/**
 * Runs a command, then draws the figures it has added and names the files. A command that fails draws nothing.
 *
 * @param inputs - files the command reads; none is overwritten
 */
export async function withPlots(cli: Cli, { plot: path, out }: PlotOption & { readonly out?: string }, inputs: readonly string[], run: (job: PlotJob) => Promise<void>): Promise<void> {
  const makers: ((plots: Plots) => readonly figures.Figure[])[] = [];
  if (path !== undefined) checkNames([path], inputs, out);
  await run({ wanted: path !== undefined, add: (make) => { if (path !== undefined) makers.push(make); } });
  if (path === undefined) return;
  const plots = await import('../../plot/index.js');
  const all = makers.flatMap((make) => make(plots));
  const drawn = all.slice(0, MOST);
  if (drawn.length === 0) {
    say(cli.io, '--plot: there is no figure of this answer; nothing was drawn');
    return;
  }
  const names = namesOf(path, drawn.length);
  checkNames(names, inputs, out);
  writeAll(names, await drawAll(path, drawn));
  const shown = names.length <= 6 ? names.join(', ') : `${names[0] ?? ''} to ${names.at(-1) ?? ''}`;
  say(cli.io, `drawn: ${shown}${all.length > MOST ? `; ${String(all.length - MOST)} more figures were not, name fewer with the command's options` : ''}`);
}
