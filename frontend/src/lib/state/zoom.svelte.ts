// How close two pictures are looked at, and which part of them: one view for both.

const MOST = 8;
const STEP = 1.5;

export class Zoom {
  scale = $state(1);
  /** Where the middle of the view lies, as shares of the picture, from its own middle. */
  x = $state(0);
  y = $state(0);

  in = (): void => this.to(this.scale * STEP);
  out = (): void => this.to(this.scale / STEP);

  reset = (): void => {
    this.scale = 1;
    this.move(0, 0);
  };

  /** Closer or further, about a point of the view in shares from its middle. */
  to(scale: number, aboutX = 0, aboutY = 0): void {
    const before = this.scale;
    this.scale = Math.min(MOST, Math.max(1, scale));
    const gained = 1 / before - 1 / this.scale;
    this.move(aboutX * gained, aboutY * gained);
  }

  /** By shares of the picture; never further than its edge. */
  move(byX: number, byY: number): void {
    const most = (1 - 1 / this.scale) / 2;
    this.x = Math.min(most, Math.max(-most, this.x + byX));
    this.y = Math.min(most, Math.max(-most, this.y + byY));
  }

  /** By shares of the view, as a hand drags the picture. */
  drag(byX: number, byY: number): void {
    this.move(-byX / this.scale, -byY / this.scale);
  }

  wheel(event: WheelEvent, box: DOMRect): void {
    const [x, y] = [
      (event.clientX - box.left) / box.width - 0.5,
      (event.clientY - box.top) / box.height - 0.5,
    ];
    this.to(this.scale * Math.exp(-event.deltaY / 400), x, y);
  }
}
