// What changed from one text to another, word by word.

export interface Piece {
  text: string;
  kind: 'same' | 'gone' | 'new';
}

/** The longest common run of words is what stayed. */
export function wordDiff(before: string, after: string): Piece[] {
  const [old, fresh] = [before, after].map((text) => text.split(/\s+/).filter(Boolean)) as [
    string[],
    string[],
  ];
  const common: number[][] = Array.from({ length: old.length + 1 }, () =>
    Array<number>(fresh.length + 1).fill(0),
  );
  const at = (row: number, column: number) => common[row]?.[column] ?? 0;
  for (let row = old.length - 1; row >= 0; row -= 1) {
    for (let column = fresh.length - 1; column >= 0; column -= 1) {
      const same = old[row] === fresh[column];
      const length = same
        ? at(row + 1, column + 1) + 1
        : Math.max(at(row + 1, column), at(row, column + 1));
      common[row]?.splice(column, 1, length);
    }
  }
  const pieces: Piece[] = [];
  const say = (word: string | undefined, kind: Piece['kind']) => {
    const last = pieces.at(-1);
    if (last?.kind === kind) last.text += ` ${word}`;
    else pieces.push({ text: word ?? '', kind });
  };
  let [row, column] = [0, 0];
  while (row < old.length || column < fresh.length) {
    const left = row < old.length;
    const right = column < fresh.length;
    if (left && right && old[row] === fresh[column]) say(old[row++], (column++, 'same'));
    else if (left && (!right || at(row + 1, column) >= at(row, column + 1)))
      say(old[row++], 'gone');
    else say(fresh[column++], 'new');
  }
  return pieces;
}
