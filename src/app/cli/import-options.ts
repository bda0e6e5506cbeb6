import type { Importer } from '../../trace/import/importer.js';
import { TRACE_IMPORTERS } from '../../replay/importers.js';
import { usageError } from './exit.js';

/** Options of `hindcast import`. */
export interface ImportOptions {
  readonly from: string;
  readonly out: string;
  readonly resource: boolean;
  readonly rejects?: string;
  readonly json?: boolean;
}

/** The importer that `--from` names; undefined for `auto`. */
export function importerNamed({ from }: ImportOptions): Importer | undefined {
  if (from === 'auto') return undefined;
  const named = TRACE_IMPORTERS.find(({ name }) => name === from);
  if (named === undefined) throw usageError(`--from must be auto or one of ${TRACE_IMPORTERS.map(({ name }) => name).join(', ')}, got ${from}`);
  return named;
}
