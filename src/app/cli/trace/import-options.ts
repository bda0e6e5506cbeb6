import { basename } from 'node:path';
import { TRACE_IMPORTERS } from '../../../replay/importers.js';
import { parseColumn, parseColumnMap, parseConstant } from '../../../trace/import/column-map.js';
import { columnsImporter } from '../../../trace/import/columns.js';
import type { Importer } from '../../../trace/import/importer.js';
import { labelJoin, type LabelJoin } from '../../../trace/import/label-join.js';
import { readBytes } from '../../files.js';
import { parseTraceLabels } from '../../label-file.js';
import { usageError } from '../exit.js';
import { naming } from '../ledgers.js';

/** Options of `hindcast import`. */
export interface ImportOptions {
  readonly from: string;
  readonly out: string;
  readonly resource: boolean;
  readonly labels?: string;
  readonly labelSource?: string;
  readonly map?: string;
  readonly column?: readonly string[];
  readonly set?: readonly string[];
  readonly strict?: boolean;
  readonly rejects?: string;
  readonly json?: boolean;
}

function textOf(path: string): string {
  return Buffer.from(readBytes(path)).toString('utf8');
}

/** The importer that `--from` names or that the column map makes; undefined where files tell. */
export function importerOf({ from, map, column = [], set = [] }: ImportOptions): Importer | undefined {
  const mapped = [...(map === undefined ? [] : naming(map, () => parseColumnMap(textOf(map)))), ...column.map(parseColumn), ...set.map(parseConstant)];
  if (mapped.length > 0 || from === 'columns') {
    if (from !== 'auto' && from !== 'columns') throw usageError(`--map, --column and --set go with --from columns, got ${from}`);
    return columnsImporter(mapped);
  }
  if (from === 'auto') return undefined;
  const named = TRACE_IMPORTERS.find(({ name }) => name === from);
  if (named === undefined) throw usageError(`--from must be auto, columns or one of ${TRACE_IMPORTERS.map(({ name }) => name).join(', ')}, got ${from}`);
  return named;
}

/** Labels from elsewhere, and where they come from. */
export interface GivenLabels {
  readonly source: string;
  readonly join: LabelJoin;
}

/** The labels that `--labels` names; null without it. */
export function labelsOf({ labels, labelSource }: ImportOptions): GivenLabels | null {
  if (labels === undefined) {
    if (labelSource !== undefined) throw usageError('--label-source goes with --labels');
    return null;
  }
  return { source: labelSource ?? basename(labels), join: labelJoin(naming(labels, () => parseTraceLabels(textOf(labels)))) };
}
