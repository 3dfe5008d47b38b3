// The layers of a file, one at a time; those of the running print follow it.
import { html, nothing } from "lit";
import { ask } from "../core/api";
import { fileName, number, percent } from "../core/format";
import { t } from "../core/i18n";
import { store } from "../core/store";
import { KINDS } from "../layers/moves";
import { LayerReader, type Shown } from "../layers/reader";
import { icon } from "../ui/icons";
import type { Box, LayerCanvas } from "../ui/layer-canvas";
import "../ui/layer-canvas";
import { View } from "../ui/view";

interface Index {
  path: string;
  size: number;
  analysed: boolean;
  analysing: number | null; // how far, from 0 to 1; null: nobody analyses it
  bounds: [number, number, number, number] | null;
  layers: [number, number][]; // byte, height in mm
}

const AGAIN_MS = 700;

// The number of the last start that is not behind `byte`; 0 before the first.
export function lastBefore(starts: ArrayLike<number>, byte: number): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= byte) low = middle + 1;
    else high = middle;
  }
  return Math.max(low - 1, 0);
}

class LayersView extends View {
  static properties = {
    index: { state: true }, layer: { state: true }, shown: { state: true },
    follows: { state: true }, share: { state: true }, travels: { state: true },
    whole: { state: true }, error: { state: true },
  };
  private path = "";
  private index: Index | null = null;
  private starts: number[] = [];
  private layer = 0;
  private shown: Shown | null = null;
  private follows = true;
  private share = 1; // share of the layer's moves that is drawn, where nothing is followed
  private travels = false;
  private whole = false;
  private error = "";
  private reader: LayerReader | null = null;
  private timer: number | undefined;
  private readonly route = () => this.requestUpdate();
  private readonly reload = () => void this.look(this.path);

  connectedCallback(): void {
    super.connectedCallback();
    this.reader = new LayerReader(
      (shown) => { this.shown = shown; this.error = ""; },
      (message) => (this.error = message),
    );
    window.addEventListener("hashchange", this.route);
    store.addEventListener("files", this.reload);
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    this.reader?.close();
    window.removeEventListener("hashchange", this.route);
    store.removeEventListener("files", this.reload);
    clearTimeout(this.timer);
  }

  // The file of the address, else the one that is printed or was last.
  private wanted(): string {
    const named = pathOf(location.hash);
    const job = store.info?.job;
    return named || (job?.origin === "local" ? job.file : "");
  }

  protected willUpdate(): void {
    const wanted = this.wanted();
    if (wanted !== this.path) void this.open(wanted);
    const live = this.live();
    if (live !== null && this.follows) this.go(lastBefore(this.starts, live));
  }

  private async open(path: string): Promise<void> {
    clearTimeout(this.timer);
    this.path = path;
    this.index = this.shown = null;
    this.error = "";
    await this.look(path);
  }

  // Files have changed: perhaps this one, mostly another, and then nothing begins anew.
  private async look(path: string): Promise<void> {
    clearTimeout(this.timer);
    if (!path) return;
    try {
      const query = `path=${encodeURIComponent(path)}`;
      const index = await ask<Index>("GET", `api/gantry/layers?${query}`);
      if (path !== this.path) return;
      if (JSON.stringify(index) === JSON.stringify(this.index) && index.analysed) return;
      this.index = index;
      this.starts = index.layers.map(([byte]) => byte);
      if (!index.analysed) {
        if (index.analysing !== null) this.timer = window.setTimeout(this.reload, AGAIN_MS);
      } else if (index.layers.length) {
        this.reader?.open(path, index.size, this.starts);
        this.layer = -1;
        this.go(0);
      }
    } catch (error) {
      this.error = error instanceof Error ? error.message : String(error);
    }
  }

  private go(layer: number): void {
    const last = this.starts.length - 1;
    const wanted = Math.min(Math.max(layer, 0), last);
    if (wanted === this.layer || last < 0) return;
    this.layer = wanted;
    this.share = 1;
    this.reader?.show(wanted);
  }

  // The byte up to which this file is printed; null while it is not.
  private live(): number | null {
    const { info, objects } = store;
    const job = info?.job;
    if (!this.index || !job || job.result || job.file !== this.path) return null;
    return info.phase === "none" ? null : (objects.virtual_sdcard?.file_position ?? null);
  }

  private choose(layer: number): void {
    this.follows = false;
    this.go(layer);
  }

  // How many moves of the layer are drawn in full.
  private done(live: number | null): number {
    const moves = this.shown?.moves;
    if (!moves) return Infinity;
    if (live !== null && this.follows) return lastBefore(moves.bytes, live) + 1;
    return this.share >= 1 ? Infinity : Math.max(1, Math.round(this.share * moves.kinds.length));
  }

  render() {
    return html`<div class="page-head"><h1>${t("layers.title")}</h1>
        ${this.path ? html`<p class="quiet">${fileName(this.path)}</p>` : nothing}</div>
      ${this.body()}`;
  }

  private body() {
    const said = (text: string) => html`<p class="card quiet" role="status">${text}</p>`;
    const index = this.index;
    if (this.error) return said(t("layers.failed", { why: this.error }));
    if (!this.path) {
      return html`<section class="card empty">${icon("layers")}<p>${t("layers.none")}</p>
        <a class="button primary" href="#/files">${t("dashboard.choose")}</a></section>`;
    }
    if (!index) return said(t("app.loading"));
    if (!index.analysed) return this.waiting(index);
    if (!index.layers.length) return said(t("layers.empty"));
    return this.picture(index);
  }

  private waiting({ analysing }: Index) {
    if (analysing === null) {
      return html`<p class="card quiet" role="status">${t("layers.unknown")}</p>`;
    }
    const begun = analysing > 0;
    return html`<section class="card stack" role="status"><p>${t("layers.waiting")}
        ${begun ? html`<strong>${percent(analysing)}</strong>` : nothing}</p>
      <progress max="1" value=${begun ? analysing : nothing}
        aria-label=${t("layers.waiting")}></progress></section>`;
  }

  private picture(index: Index) {
    const live = this.live();
    const total = index.layers.length;
    const values = {
      layer: this.layer + 1, layers: total, height: number(index.layers[this.layer]?.[1] ?? 0, 2),
    };
    return html`<section class="card layers">
      <layer-canvas .moves=${this.shown?.moves ?? null} .below=${this.shown?.before ?? null}
        .done=${this.done(live)} .bed=${bed()} .bounds=${this.whole ? null : index.bounds}
        .travels=${this.travels} .label=${t("layers.picture", values)}></layer-canvas>
      ${this.sliders(total, values, live)}
      <div class="row">
        ${live === null
          ? nothing
          : html`<label class="check"><input type="checkbox" .checked=${this.follows}
              @change=${(event: Event) => {
                this.follows = (event.target as HTMLInputElement).checked; }}>
              ${t("layers.follow")}</label>`}
        <label class="check"><input type="checkbox" .checked=${this.travels}
          @change=${(event: Event) => {
            this.travels = (event.target as HTMLInputElement).checked; }}>
          ${t("layers.travels")}</label>
        <span class="grow"></span>
        <button type="button" class="small" aria-label=${t("layers.closer")}
          @click=${() => this.canvas?.scaleBy(1.4)}>+</button>
        <button type="button" class="small" aria-label=${t("layers.farther")}
          @click=${() => this.canvas?.scaleBy(1 / 1.4)}>−</button>
        <button type="button" class="small" aria-pressed=${this.whole}
          @click=${() => { this.whole = !this.whole; this.canvas?.fit(); }}>
          ${t("layers.bed")}</button>
      </div>
      ${this.legend()}
    </section>`;
  }

  private sliders(total: number, values: Record<string, string | number>, live: number | null) {
    const here = t("layers.here", values);
    const of = (event: Event) => (event.target as HTMLInputElement).valueAsNumber;
    return html`<div class="slider"><label for="layer">${t("layers.layer")}</label>
        <output for="layer">${here}</output>
        <div class="stepped">
          <button type="button" class="small" aria-label=${t("layers.below")}
            ?disabled=${this.layer <= 0} @click=${() => this.choose(this.layer - 1)}>
            ${icon("down")}</button>
          <input id="layer" type="range" min="1" max=${total} step="1" aria-valuetext=${here}
            .value=${String(this.layer + 1)} @input=${(event: Event) => this.choose(of(event) - 1)}>
          <button type="button" class="small" aria-label=${t("layers.above")}
            ?disabled=${this.layer >= total - 1} @click=${() => this.choose(this.layer + 1)}>
            ${icon("up")}</button></div></div>
      ${live !== null && this.follows
        ? nothing
        : html`<div class="slider"><label for="part">${t("layers.part")}</label>
            <output for="part">${Math.round(this.share * 100)} %</output>
            <input id="part" type="range" min="0" max="100" step="1"
              .value=${String(Math.round(this.share * 100))}
              aria-valuetext="${Math.round(this.share * 100)} %"
              @input=${(event: Event) => (this.share = of(event) / 100)}></div>`}`;
  }

  private get canvas(): LayerCanvas | null {
    return this.querySelector<LayerCanvas>("layer-canvas");
  }

  private legend() {
    const used = new Set(this.shown?.moves.kinds);
    return html`<ul class="legend" aria-label=${t("layers.legend")}>
      ${KINDS.map((kind, index) => used.has(index) && (index || this.travels)
        ? html`<li><span class="swatch k${index}" aria-hidden="true"></span>${t(`kind.${kind}`)}</li>`
        : nothing)}</ul>`;
  }
}

// What stands behind "#/layers/"; somebody may have typed it.
function pathOf(hash: string): string {
  const text = hash.split("/").slice(2).join("/");
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const bed = (): Box => {
  const volume = store.info?.profile.volume;
  if (!volume) return [0, 0, 220, 220];
  const { width, depth } = volume;
  return volume.origin === "center"
    ? [-width / 2, -depth / 2, width / 2, depth / 2]
    : [0, 0, width, depth];
};

customElements.define("layers-view", LayersView);
