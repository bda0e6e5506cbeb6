/** Numbers of one type behind base64, lowest byte first. */
export interface PackedNumbers {
  readonly type: 'u8' | 'u16' | 'u32' | 'f64';
  readonly data: string;
}

/** Texts as one run of UTF-8 behind base64; text i reaches from `offsets[i]` to `offsets[i + 1]`. */
export interface PackedTexts {
  readonly offsets: PackedNumbers;
  readonly bytes: string;
}

/** Columns of numbers and of codes; a code of 0 is no value, code k is word k - 1. */
export const NUMBER_COLUMNS = ['row', 'tsMs', 'input', 'place', 'actor', 'capability', 'decision', 'outcome', 'reason', 'state', 'score', 'latency', 'marks', 'label'] as const;

/** A name of {@link NUMBER_COLUMNS}. */
export type NumberColumn = (typeof NUMBER_COLUMNS)[number];

/** Columns of texts. */
export type TextColumn = 'callId' | 'resource';

/** Columns whose codes stand for words. */
export type WordColumn = 'input' | 'actor' | 'capability' | 'decision' | 'outcome' | 'reason' | 'state' | 'label';

/** What the page's script gets to work with. */
export interface PageData {
  readonly count: number;
  readonly columns: Readonly<Record<NumberColumn, PackedNumbers>>;
  readonly texts: Readonly<Record<TextColumn, PackedTexts>>;
  readonly words: Readonly<Record<WordColumn, readonly string[]>>;
  /** What was found at a row, in words. */
  readonly notes: readonly (readonly [row: number, words: readonly string[]])[];
  /** Capabilities that have a lane of their own, by code; all others share one. */
  readonly lanes: readonly number[];
  /** Bits of `marks` that are findings, and the bit of each kind. */
  readonly findingBits: number;
  readonly bits: Readonly<Record<string, number>>;
}
