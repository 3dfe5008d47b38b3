// How even the bed is: as a map, as a surface and as a table.
import { html, nothing, svg } from "lit";
import { number } from "../core/format";
import { t } from "../core/i18n";
import { store } from "../core/store";
import { colourOf, inkOn, rangeOf, type Grid } from "../mesh/mesh";
import "../ui/hold-button";
import { icon } from "../ui/icons";
import "../ui/mesh-surface";
import { View } from "../ui/view";

const CELL = 60;
const EDGE = 34; // for the places on the bed beside the map
// Where a row or column of points lies, mm.
const placeOf = (said: Record<string, any>, axis: number, index: number, count: number) => {
  const [low, high] = [said.mesh_min[axis] as number, said.mesh_max[axis] as number];
  return number(low + ((high - low) * index) / (count - 1), 0);
};
const mm = (value: number) => `${value > 0 ? "+" : ""}${number(value, 3)}`;

class MeshView extends View {
  static properties = { busy: { state: true } };
  private busy = "";

  private async run(what: "measure" | "read" | "off" | "save"): Promise<void> {
    const homed = (store.objects.toolhead?.homed_axes ?? "").length === 3;
    const scripts = {
      measure: [...(homed ? [] : ["G28"]), "BED_MESH_CALIBRATE"],
      read: ["BED_MESH_OUTPUT"],
      off: ["BED_MESH_CLEAR"],
      save: ["BED_MESH_PROFILE SAVE=default"],
    };
    this.busy = what;
    await store.attempt(async () => {
      for (const script of scripts[what]) await store.gcode(script);
    });
    this.busy = "";
  }

  render() {
    const said = store.objects.bed_mesh;
    const grid: Grid = said?.probed_matrix ?? [];
    const there = grid.length > 1 && grid[0].length > 1;
    return html`<h1 class="page-head">${t("mesh.title")}</h1>
      ${said === undefined
        ? html`<p class="card quiet empty">${icon("mesh")}<span>${t("mesh.unable")}</span></p>`
        : html`${this.buttons(there)}
            ${there ? this.shown(grid, said) : html`<p class="card quiet empty">${icon("mesh")}<span>${t("mesh.none")}<br>${t("mesh.why")}</span></p>`}`}`;
  }

  private buttons(there: boolean) {
    const free = store.online && store.info?.link === "online" && store.info.phase === "none";
    if (!store.may("CONTROL")) return nothing;
    const button = (what: "read" | "off" | "save", label: string) => html`<button type="button"
      ?disabled=${!free || this.busy !== ""} @click=${() => this.run(what)}>${label}</button>`;
    return html`<div class="tools even">
      <hold-button kind="primary" .label=${t("mesh.measure")} .disabled=${!free || this.busy !== ""}
        @confirm=${() => this.run("measure")}></hold-button>
      ${button("read", t("mesh.read"))}
      ${there ? html`${button("save", t("mesh.save"))} ${button("off", t("mesh.off"))}` : nothing}
      <p role="status" class="quiet">${this.busy === "measure" ? t("mesh.measuring") : ""}</p>
    </div>`;
  }

  private shown(grid: Grid, said: Record<string, any>) {
    const found = rangeOf(grid);
    const fact = (label: string, value: number) =>
      html`<div><dt>${label}</dt><dd>${mm(value)} mm</dd></div>`;
    return html`<div class="dashboard even">
      <section class="card stack" aria-labelledby="map-title">
        <h2 id="map-title">${t("mesh.map")}</h2>
        <dl class="facts flush">${fact(t("mesh.min"), found.min)} ${fact(t("mesh.max"), found.max)}
          <div><dt>${t("mesh.range")}</dt><dd>${number(found.range, 3)} mm</dd></div>
          ${fact(t("mesh.mean"), found.mean)}</dl>
        ${this.map(grid, said)} ${this.scale(grid)}
      </section>
      <section class="card stack" aria-labelledby="surface-title">
        <h2 id="surface-title">${t("mesh.surface")}</h2>
        <mesh-surface .grid=${grid} .label=${t("mesh.picture", {
          min: mm(found.min), max: mm(found.max) })}></mesh-surface>
        <p class="quiet small-text">${t("mesh.turn")}</p>
      </section></div>
      <details class="card"><summary>${t("mesh.table")}</summary>${this.table(grid, said)}</details>`;
  }

  // The back of the bed is above, as one stands in front of it.
  private map(grid: Grid, said: Record<string, any>) {
    const most = Math.max(...grid.flat().map(Math.abs), 1e-9);
    const [rows, columns] = [grid.length, grid[0].length];
    const [wide, high] = [columns * CELL, rows * CELL];
    return html`<svg class="heat-map" viewBox="${-EDGE} 0 ${wide + EDGE} ${high + EDGE}"
        aria-hidden="true">
      ${grid[0].map((_, column) => svg`<text class="axis" x=${(column + 0.5) * CELL}
        y=${high + EDGE / 2} text-anchor="middle" dominant-baseline="central">${
          placeOf(said, 0, column, columns)}</text>`)}
      ${grid.map((_, row) => svg`<text class="axis" x="-6" y=${(rows - 0.5 - row) * CELL}
        text-anchor="end" dominant-baseline="central">${placeOf(said, 1, row, rows)}</text>`)}
      ${grid.map((line, row) => line.map((z, column) => svg`<rect
          x=${column * CELL} y=${(rows - 1 - row) * CELL} width=${CELL} height=${CELL}
          fill=${colourOf(z, most)}></rect>
        <text x=${(column + 0.5) * CELL} y=${(rows - 0.5 - row) * CELL} fill=${inkOn(z, most)}
          font-size="14" text-anchor="middle" dominant-baseline="central">${mm(z)}</text>`))}
    </svg>`;
  }

  // What the colours mean.
  private scale(grid: Grid) {
    const most = Math.max(...grid.flat().map(Math.abs), 1e-9);
    return html`<div class="mesh-scale" aria-hidden="true">
      <span>${mm(-most)}</span><span class="ramp"></span><span>${mm(most)} mm</span></div>`;
  }

  private table(grid: Grid, said: Record<string, any>) {
    const at = (axis: number, index: number, count: number) => placeOf(said, axis, index, count);
    const back = [...grid.entries()].reverse();
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${t("mesh.table")}><table>
      <thead><tr><th scope="col">Y \\ X</th>${grid[0].map((_, column) =>
        html`<th scope="col">${at(0, column, grid[0].length)}</th>`)}</tr></thead>
      <tbody>${back.map(([row, line]) => html`<tr><th scope="row">${at(1, row, grid.length)}</th>
        ${line.map((z) => html`<td>${mm(z)}</td>`)}</tr>`)}</tbody></table></div>`;
  }
}
customElements.define("mesh-view", MeshView);
