/** What is wrong with the input, for a caller to branch on. Prose goes in `message`. */
export type ErrorCode =
  // parameters
  | 'BAD_PARAM'
  | 'NOT_FINITE'
  | 'TOO_FEW'
  | 'STEP_NOT_POSITIVE'
  | 'MIN_ABOVE_MAX'
  | 'GRID_NOT_FINITE'
  | 'GRID_TOO_LARGE'
  | 'SNAPSHOT_MISMATCH'
  // bytes that cannot be read
  | 'EMPTY_INPUT'
  | 'BYTE_ORDER_MARK'
  | 'INVALID_UTF8'
  | 'BAD_JSON'
  | 'TOO_DEEP'
  | 'TOO_MANY_FIELDS'
  | 'DUPLICATE_KEY'
  | 'FORBIDDEN_KEY'
  | 'LONE_SURROGATE'
  | 'TRAILING_DATA'
  | 'ENTRY_TOO_LARGE'
  | 'MISSING_FIELD'
  | 'WRONG_TYPE'
  | 'BAD_ENUM'
  | 'NUMBER_OUT_OF_RANGE'
  | 'UNSAFE_INTEGER'
  | 'UNSUPPORTED_SCHEMA'
  | 'BAD_LABELS'
  | 'BAD_CSV'
  | 'BAD_GZIP'
  | 'UNKNOWN_CONTENT'
  | 'DECREASING_TIME'
  | 'BAD_ARROW'
  | 'BAD_PARQUET'
  | 'TORN_TAIL'
  | 'READER_STOPPED'
  // a server that cannot be reached or refuses
  | 'ENGINE'
  // artifacts that can be read but do not hold
  | 'CONTENT_HASH'
  | 'NOT_APPROVED'
  | 'NOT_DISJOINT'
  // ledgers that can be read but not used
  | 'INVALID_LEDGER'
  | 'EMPTY_LEDGER'
  | 'NO_ENTRIES_FOR_EXTENSION'
  | 'SEVERAL_EXTENSIONS';

/** Thrown when the input cannot be used at all. What the input shows is a result, not an error. */
export class InputError extends Error {
  override readonly name = 'InputError';
  /** Stable code; part of the public API. */
  readonly code: ErrorCode;
  /** Byte at which the input stops making sense, from 0, where the input is bytes. */
  readonly offset: number | null;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions & { readonly offset?: number }) {
    super(message, options);
    this.code = code;
    this.offset = options?.offset ?? null;
  }
}
