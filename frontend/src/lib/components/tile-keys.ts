// From tile to tile by arrows. Which one is above or below is read off the screen, so that it holds
// for any width and across days.

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1 };
const ROWS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

/** The tile that this key leads to, if any. */
export function neighbour(tile: HTMLElement, key: string): HTMLElement | null {
  const tiles = [...document.querySelectorAll<HTMLElement>('[data-tile]')];
  if (key === 'Home') return tiles[0] ?? null;
  if (key === 'End') return tiles.at(-1) ?? null;
  const step = STEPS[key];
  if (step) return tiles[tiles.indexOf(tile) + step] ?? null;
  const way = ROWS[key];
  if (!way) return null;
  const here = tile.getBoundingClientRect();
  const places = tiles.map((other) => ({ other, box: other.getBoundingClientRect() }));
  const beyond = places.filter(({ box }) => (box.top - here.top) * way > here.height / 2);
  const row = Math.min(...beyond.map(({ box }) => Math.abs(box.top - here.top)));
  const nearest = beyond
    .filter(({ box }) => Math.abs(box.top - here.top) < row + here.height / 2)
    .sort((a, b) => Math.abs(a.box.left - here.left) - Math.abs(b.box.left - here.left));
  return nearest[0]?.other ?? null;
}
