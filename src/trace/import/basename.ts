/** A file's name without its folders and without what it ends in, for a source that does not say what it is about. */
export function basenameOf(file: string): string {
  const name = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  const stem = name.replace(/\.gz$/, '').replace(/\.[A-Za-z0-9]{1,8}$/, '');
  return stem === '' ? name : stem;
}
