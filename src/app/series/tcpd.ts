import { InputError } from '../../errors.js';
import { parseTcpdSeries, type TcpdDimension, type TcpdSeries } from '../../risk/benchmarks/tcpd.js';
import { wholeReader, type RecordReader } from './lines.js';
import { quoted, type RecordSink, type SeriesColumns } from './record.js';

/** Whether the beginning of a text is that of a series of the Turing Change Point Dataset. */
export function isTcpdHead(text: string): boolean {
  return /"n_obs"\s*:/.test(text) && /"n_dim"\s*:/.test(text);
}

function dimensionOf({ dimensions }: TcpdSeries, value: string | undefined): TcpdDimension {
  const [first] = dimensions;
  if (value === undefined && dimensions.length === 1 && first !== undefined) return first;
  const found = dimensions.find(({ label }) => label === value);
  if (found !== undefined) return found;
  const labels = dimensions.map(({ label }) => quoted(label)).join(', ');
  throw new InputError('MISSING_FIELD', value === undefined ? `the series has ${String(dimensions.length)} dimensions: name one with --value: ${labels}` : `there is no dimension ${quoted(value)}, only ${labels}`);
}

/**
 * Reads a series of the Turing Change Point Dataset, one dimension of it. Missing values are left out; records keep their index.
 *
 * @throws {@link InputError} as `parseTcpdSeries`; INVALID_UTF8; MISSING_FIELD where the dimension is not there; BAD_PARAM for a stream that is none of values
 */
export function tcpdReader({ stream = 'value', value, time }: SeriesColumns, sink: RecordSink): RecordReader {
  if (stream !== 'value') throw new InputError('BAD_PARAM', `a series of values has no stream ${stream}: leave --stream out`);
  if (time !== undefined) throw new InputError('BAD_PARAM', 'a series of the Turing Change Point Dataset is watched by index: leave --time out');
  return wholeReader((bytes) => {
    let text: string;
    try {
      text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch (cause) {
      throw new InputError('INVALID_UTF8', 'the text is not valid UTF-8', { cause });
    }
    const { values } = dimensionOf(parseTcpdSeries(text), value);
    sink.onStart({ form: 'tcpd', stream });
    values.forEach((each, index) => {
      if (!Number.isNaN(each)) sink.onRecord({ index, line: null, actor: null, capability: null, time: null, epochMs: false, value: each });
    });
  });
}
