// A layer on a canvas: the bed, the layer below faintly, the moves by what they are for.
import { html, LitElement } from "lit";
import { KINDS, TRAVEL, type Moves } from "../layers/moves";

export type Box = [number, number, number, number]; // x, y, x, y in mm

// A box is another one only where its numbers are: what looks the same is not drawn again.
const hasChanged = (now: Box | null, before: Box | null) => String(now) !== String(before);

const MOST_ZOOM = 60;
const LINE_MM = 0.42;
const GRID_MM = 20;

export class LayerCanvas extends LitElement {
  static properties = {
    moves: { attribute: false }, below: { attribute: false }, done: { attribute: false },
    bed: { attribute: false, hasChanged }, bounds: { attribute: false, hasChanged }, travels: { attribute: false },
    label: {},
  };
  moves: Moves | null = null;
  below: Moves | null = null;
  done = Infinity; // so many moves are drawn in full; the rest is still to come
  bed: Box = [0, 0, 220, 220];
  bounds: Box | null = null;
  travels = true;
  label = "";
  private zoom = 1;
  private middle: [number, number] | null = null; // in mm; null: that of what is shown
  private pointers = new Map<number, [number, number]>();
  private frame = 0;
  private readonly drawn = new WeakMap<Moves, Map<string, Path2D[]>>();
  private readonly again = () => this.later();
  private readonly resized = new ResizeObserver(this.again);
  private readonly dark = matchMedia("(prefers-color-scheme: dark)");
  private readonly theme = new MutationObserver(this.again);

  protected createRenderRoot(): HTMLElement {
    return this;
  }

  connectedCallback(): void {
    super.connectedCallback();
    this.resized.observe(this);
    this.dark.addEventListener("change", this.again);
    this.theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
    this.theme.disconnect();
    this.dark.removeEventListener("change", this.again);
    cancelAnimationFrame(this.frame);
  }

  render() {
    return html`<canvas role="img" tabindex="0" aria-label=${this.label}
      @wheel=${this.wheeled} @pointerdown=${this.pressed} @pointermove=${this.moved}
      @pointerup=${this.released} @pointercancel=${this.released}
      @keydown=${this.keyed}></canvas>`;
  }

  protected updated(): void {
    this.later();
  }

  fit(): void {
    this.zoom = 1;
    this.middle = null;
    this.later();
  }

  scaleBy(factor: number): void {
    this.zoom = Math.min(Math.max(this.zoom * factor, 0.5), MOST_ZOOM);
    this.later();
  }

  private later(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  // What is seen: the middle in mm, and pixels for a millimetre.
  private view(canvas: HTMLCanvasElement): { x: number; y: number; scale: number } {
    const [x0, y0, x1, y1] = this.bounds ?? this.bed;
    const room = 1.12;
    const scale = this.zoom * Math.min(
      canvas.clientWidth / (Math.max(x1 - x0, 5) * room),
      canvas.clientHeight / (Math.max(y1 - y0, 5) * room),
    );
    const [x, y] = this.middle ?? [(x0 + x1) / 2, (y0 + y1) / 2];
    return { x, y, scale };
  }

  private pan(dx: number, dy: number): void {
    const canvas = this.querySelector("canvas")!;
    const { x, y, scale } = this.view(canvas);
    this.middle = [x - dx / scale, y + dy / scale];
    this.later();
  }

  private wheeled(event: WheelEvent): void {
    // Without a key it scrolls the page, unless one has clicked into the picture.
    const mine = event.ctrlKey || event.metaKey || document.activeElement === event.target;
    if (!mine) return;
    event.preventDefault();
    this.scaleBy(Math.exp(-event.deltaY / 400));
  }

  private pressed(event: PointerEvent): void {
    (event.target as Element).setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, [event.clientX, event.clientY]);
  }

  private moved(event: PointerEvent): void {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const now: [number, number] = [event.clientX, event.clientY];
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const apart = ([x, y]: [number, number]) => Math.hypot(x - other[0], y - other[1]) || 1;
      this.scaleBy(apart(now) / apart(before));
    } else this.pan(now[0] - before[0], now[1] - before[1]);
    this.pointers.set(event.pointerId, now);
  }

  private released(event: PointerEvent): void {
    this.pointers.delete(event.pointerId);
  }

  private keyed(event: KeyboardEvent): void {
    const steps: Record<string, [number, number]> = {
      ArrowLeft: [40, 0], ArrowRight: [-40, 0], ArrowUp: [0, 40], ArrowDown: [0, -40],
    };
    if (event.key in steps) this.pan(...steps[event.key]);
    else if (event.key === "+") this.scaleBy(1.25);
    else if (event.key === "-") this.scaleBy(0.8);
    else return;
    event.preventDefault();
  }

  private draw(): void {
    const canvas = this.querySelector("canvas");
    const pen = canvas?.getContext("2d");
    if (!canvas || !pen || !canvas.clientWidth) return;
    const ratio = Math.min(devicePixelRatio || 1, 2);
    canvas.width = canvas.clientWidth * ratio;
    canvas.height = canvas.clientHeight * ratio;
    const { x, y, scale } = this.view(canvas);
    pen.setTransform(
      scale * ratio, 0, 0, -scale * ratio,
      canvas.width / 2 - x * scale * ratio, canvas.height / 2 + y * scale * ratio,
    );
    const style = getComputedStyle(this);
    const colour = (name: string) => style.getPropertyValue(name);
    const thin = 1 / scale;
    this.drawBed(pen, colour, thin);
    pen.lineCap = pen.lineJoin = "round";
    const broad = Math.max(LINE_MM, thin);
    if (this.below) {
      const paths = this.paths(this.below, 1, Infinity);
      pen.strokeStyle = colour("--kind-below");
      pen.lineWidth = broad;
      for (let kind = TRAVEL + 1; kind < KINDS.length; kind++) pen.stroke(paths[kind]);
    }
    if (!this.moves) return;
    const stroke = (paths: Path2D[], kind: number, width: number) => {
      pen.strokeStyle = colour(`--kind-${kind}`);
      pen.lineWidth = width;
      pen.stroke(paths[kind]);
    };
    const [done, rest] = [this.paths(this.moves, 1, this.done), this.paths(this.moves, this.done, Infinity)];
    pen.globalAlpha = 0.22;
    for (let kind = TRAVEL + 1; kind < KINDS.length; kind++) stroke(rest, kind, broad);
    pen.globalAlpha = 1;
    for (let kind = TRAVEL + 1; kind < KINDS.length; kind++) stroke(done, kind, broad);
    if (this.travels) stroke(done, TRAVEL, thin);
    this.drawHead(pen, colour("--text"), scale);
  }

  private drawBed(pen: CanvasRenderingContext2D, colour: (name: string) => string, thin: number) {
    const [x0, y0, x1, y1] = this.bed;
    pen.fillStyle = colour("--surface");
    pen.fillRect(x0, y0, x1 - x0, y1 - y0);
    pen.strokeStyle = colour("--line");
    pen.lineWidth = thin;
    pen.beginPath();
    for (let x = Math.ceil(x0 / GRID_MM) * GRID_MM; x <= x1; x += GRID_MM) {
      pen.moveTo(x, y0);
      pen.lineTo(x, y1);
    }
    for (let y = Math.ceil(y0 / GRID_MM) * GRID_MM; y <= y1; y += GRID_MM) {
      pen.moveTo(x0, y);
      pen.lineTo(x1, y);
    }
    pen.stroke();
    pen.strokeStyle = colour("--line-strong");
    pen.strokeRect(x0, y0, x1 - x0, y1 - y0);
  }

  // The moves from..to as one path for each kind; kept, since zooming draws them again.
  private paths(moves: Moves, from: number, to: number): Path2D[] {
    const known = this.drawn.get(moves)?.get(`${from} ${to}`);
    if (known) return known;
    const { points, kinds } = moves;
    const paths = KINDS.map(() => new Path2D());
    const last = Math.min(kinds.length, to);
    let before = -1; // the kind of the move that ended where this one begins
    for (let i = Math.max(from, 1); i < last; i++) {
      const [x, y] = [points[i * 2 - 2], points[i * 2 - 1]];
      if (Number.isNaN(x + y)) {
        before = -1;
        continue;
      }
      const path = paths[kinds[i]];
      if (kinds[i] !== before) path.moveTo(x, y);
      path.lineTo(points[i * 2], points[i * 2 + 1]);
      before = kinds[i];
    }
    // Of a layer that is printed the split moves on all the time: only the last is kept.
    this.drawn.set(moves, new Map([...(this.drawn.get(moves) ?? [])].slice(-1)).set(`${from} ${to}`, paths));
    return paths;
  }

  private drawHead(pen: CanvasRenderingContext2D, colour: string, scale: number): void {
    const moves = this.moves!;
    if (this.done >= moves.kinds.length || this.done < 1) return;
    const [x, y] = moves.points.subarray(this.done * 2 - 2, this.done * 2);
    if (Number.isNaN(x + y)) return;
    pen.beginPath();
    pen.arc(x, y, 5 / scale, 0, 2 * Math.PI);
    pen.lineWidth = 2.5 / scale;
    pen.strokeStyle = colour;
    pen.stroke();
  }
}
customElements.define("layer-canvas", LayerCanvas);
