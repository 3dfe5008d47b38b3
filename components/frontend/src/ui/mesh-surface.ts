// A height map as a surface that can be turned: with a finger, a mouse or the arrow keys.
import { html, LitElement } from "lit";
import { colourOf, finer, type Grid } from "../mesh/mesh";

const FINE = 5;
const TALL = 0.3; // of the width: heights are drawn exaggerated
const FLATTEST = 0.15;
const STEEPEST = 1.5;

export class MeshSurface extends LitElement {
  static properties = { grid: { attribute: false }, label: {} };
  grid: Grid = [];
  label = "";
  private turn = -0.6; // radians round the vertical
  private tilt = 0.75; // from the side (0) to from above
  private frame = 0;
  private readonly again = () => this.later();
  private readonly resized = new ResizeObserver(this.again);

  protected createRenderRoot(): HTMLElement {
    return this;
  }

  connectedCallback(): void {
    super.connectedCallback();
    this.resized.observe(this);
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
    cancelAnimationFrame(this.frame);
  }

  render() {
    return html`<canvas role="img" tabindex="0" aria-label=${this.label}
      @pointerdown=${(event: PointerEvent) =>
        (event.target as Element).setPointerCapture(event.pointerId)}
      @pointermove=${this.dragged} @keydown=${this.keyed}></canvas>`;
  }

  protected updated(): void {
    this.later();
  }

  private later(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  private rotate(turn: number, tilt: number): void {
    this.turn += turn;
    this.tilt = Math.max(FLATTEST, Math.min(STEEPEST, this.tilt + tilt));
    this.later();
  }

  private dragged(event: PointerEvent): void {
    if (event.buttons) this.rotate(-event.movementX / 150, event.movementY / 150);
  }

  private keyed(event: KeyboardEvent): void {
    const steps: Record<string, [number, number]> = {
      ArrowLeft: [0.15, 0], ArrowRight: [-0.15, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1],
    };
    if (!(event.key in steps)) return;
    this.rotate(...steps[event.key]);
    event.preventDefault();
  }

  private draw(): void {
    const canvas = this.querySelector("canvas");
    const pen = canvas?.getContext("2d");
    if (!canvas || !pen || !canvas.clientWidth || this.grid.length < 2) return;
    const ratio = Math.min(devicePixelRatio || 1, 2);
    canvas.width = canvas.clientWidth * ratio;
    canvas.height = canvas.clientHeight * ratio;
    const grid = finer(this.grid, FINE);
    const most = Math.max(...this.grid.flat().map(Math.abs), 1e-9);
    const size = Math.min(canvas.width, canvas.height * 1.5) * 0.62;
    const project = (row: number, column: number): [number, number, number] => {
      const x = column / (grid[0].length - 1) - 0.5;
      const y = row / (grid.length - 1) - 0.5;
      const z = (grid[row][column] / most) * (TALL / 2);
      const across = x * Math.cos(this.turn) - y * Math.sin(this.turn);
      const away = x * Math.sin(this.turn) + y * Math.cos(this.turn);
      return [
        canvas.width / 2 + across * size,
        canvas.height / 2 - (away * Math.sin(this.tilt) + z * Math.cos(this.tilt)) * size,
        away,
      ];
    };
    const faces: { far: number; z: number; corners: [number, number, number][] }[] = [];
    for (let row = 0; row + 1 < grid.length; row++) {
      for (let column = 0; column + 1 < grid[0].length; column++) {
        const corners = [
          project(row, column), project(row, column + 1),
          project(row + 1, column + 1), project(row + 1, column),
        ];
        const z = (grid[row][column] + grid[row + 1][column + 1]) / 2;
        faces.push({ far: (corners[0][2] + corners[2][2]) / 2, z, corners });
      }
    }
    faces.sort((a, b) => b.far - a.far);
    pen.lineWidth = ratio * 0.7;
    pen.strokeStyle = "rgb(0 0 0 / 22%)";
    for (const { z, corners } of faces) {
      pen.fillStyle = colourOf(z, most);
      pen.beginPath();
      for (const [x, y] of corners) pen.lineTo(x, y);
      pen.closePath();
      pen.fill();
      pen.stroke();
    }
  }
}
customElements.define("mesh-surface", MeshSurface);
