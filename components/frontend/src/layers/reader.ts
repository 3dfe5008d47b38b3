// The page's end of the worker: one wish at a time, and only the newest of those that wait.
import { at, credentials } from "../core/api";
import type { Moves } from "./moves";
import type { Answer, Wish } from "./worker";

declare const LAYER_WORKER: string; // its name, which the build puts in

export interface Shown {
  layer: number;
  moves: Moves;
  before: Moves | null;
}

export class LayerReader {
  private readonly worker = new Worker(at(`page/${LAYER_WORKER}`), { type: "module" });
  private busy = false;
  private next: number | null = null;
  private id = 0;

  constructor(onShown: (shown: Shown) => void, onError: (message: string) => void) {
    this.worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      this.busy = false;
      if (data.id !== this.id) {
        // of a file that was left meanwhile
      } else if ("error" in data) onError(data.error);
      else onShown(data);
      if (this.next !== null) this.show(this.next);
    };
    this.worker.onerror = () => onError("the worker could not be started");
  }

  open(path: string, size: number, starts: number[]): void {
    const url = at(`api/gantry/gcode?path=${encodeURIComponent(path)}`);
    this.next = null;
    this.id++;
    this.tell({ open: { id: this.id, url, headers: credentials(), size, starts } });
  }

  show(layer: number): void {
    this.next = null;
    if (this.busy) {
      this.next = layer;
      return;
    }
    this.busy = true;
    this.tell({ layer });
  }

  close(): void {
    this.worker.terminate();
  }

  private tell(wish: Wish): void {
    this.worker.postMessage(wish);
  }
}
