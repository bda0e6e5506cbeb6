/**
 * Four hues that people with any common colour vision tell apart, and a neutral. Each keeps a contrast of 3:1 with both
 * grounds, so that one figure reads on either.
 *
 * @see Okabe & Ito (2008), Color Universal Design: blue, vermilion, bluish green, reddish purple.
 */
export const PALETTE: Readonly<Record<'blue' | 'vermilion' | 'green' | 'purple' | 'grey', string>> = {
  blue: '#0072B2',
  vermilion: '#D55E00',
  green: '#009E73',
  purple: '#CC79A7',
  grey: '#808890',
};

/** Ground and ink of a page. */
export interface Ground {
  readonly background: string;
  readonly text: string;
}

/** The two pages figures are made for. */
export const GROUNDS: Readonly<Record<'light' | 'dark', Ground>> = {
  light: { background: '#ffffff', text: '#1b1f24' },
  dark: { background: '#14171a', text: '#e8eaed' },
};

/** Opacity of the fullest cell of a heat map: text over it still reads on either ground. */
export const FULLEST_CELL = 0.6;
