// Which images of a gallery are chosen. An image is named by its order and its place in it.

import { SvelteSet } from 'svelte/reactivity';

export class Selection {
  /** Whether pressing a picture chooses it. */
  active = $state(false);
  readonly chosen = new SvelteSet<string>();
  #last: string | null = null;

  begin(): void {
    this.active = true;
  }

  end(): void {
    this.active = false;
    this.clear();
  }

  clear(): void {
    this.chosen.clear();
    this.#last = null;
  }

  /** Turns one over; with `all` in their order, everything since the last one becomes like it. */
  toggle(key: string, all: string[] | null = null): void {
    this.active = true;
    const on = !this.chosen.has(key);
    const from = all && this.#last ? all.indexOf(this.#last) : -1;
    const to = all ? all.indexOf(key) : -1;
    const turned = all && from >= 0 ? all.slice(Math.min(from, to), Math.max(from, to) + 1) : [key];
    for (const one of turned) {
      if (on) this.chosen.add(one);
      else this.chosen.delete(one);
    }
    this.#last = key;
  }

  choose(keys: string[]): void {
    for (const key of keys) this.chosen.add(key);
  }

  /** Forgets what is not there any more. */
  keepOnly(keys: string[]): void {
    for (const key of this.chosen) if (!keys.includes(key)) this.chosen.delete(key);
  }
}
