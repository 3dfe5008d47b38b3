// The objects of the running print: a map of them, and leaving one out that has failed.
import { html, nothing, svg } from "lit";
import { ask } from "../core/api";
import { t } from "../core/i18n";
import { store } from "../core/store";
import "../ui/hold-button";
import { View } from "../ui/view";

interface Printed {
  name: string;
  center?: [number, number];
  polygon?: [number, number][];
}

class ObjectsCard extends View {
  static properties = { chosen: { state: true } };
  private chosen = "";

  private exclude(name: string): void {
    void store.attempt(() => ask("POST", "api/gantry/exclude", { name }));
  }

  render() {
    const said = store.objects.exclude_object;
    const objects: Printed[] = said?.objects ?? [];
    if (!objects.length) return nothing;
    const out = new Set<string>(said?.excluded_objects ?? []);
    const current: string | null = said?.current_object ?? null;
    return html`<section class="card stack" aria-labelledby="objects-title">
      <h2 id="objects-title">${t("objects.title")}</h2>
      ${this.map(objects, out, current)}
      <ul class="objects">${objects.map((each) => this.row(each, out, current, objects.length))}</ul>
      <p class="quiet small-text">${t("objects.hint")}</p>
    </section>`;
  }

  private row(each: Printed, out: ReadonlySet<string>, current: string | null, total: number) {
    const gone = out.has(each.name);
    const last = total - out.size <= 1;
    return html`<li class=${this.chosen === each.name ? "chosen" : ""}
      @pointerenter=${() => (this.chosen = each.name)} @pointerleave=${() => (this.chosen = "")}
      @focusin=${() => (this.chosen = each.name)}>
      <div class="grow"><span class=${gone ? "struck" : ""}>${each.name}</span>
        ${gone
          ? html`<span class="badge">${t("objects.out")}</span>`
          : current === each.name
            ? html`<span class="badge busy">${t("objects.now")}</span>`
            : nothing}</div>
      ${gone || last || !store.may("PRINT")
        ? nothing
        : html`<hold-button kind="danger small" .label=${t("objects.exclude")}
            .name=${t("objects.excludeNamed", { name: each.name })}
            @confirm=${() => this.exclude(each.name)}></hold-button>`}
    </li>`;
  }

  private map(objects: Printed[], out: ReadonlySet<string>, current: string | null) {
    const drawn = objects.filter((each) => (each.polygon?.length ?? 0) > 2);
    const volume = store.info?.profile.volume;
    if (!drawn.length || !volume) return nothing;
    const centred = volume.origin === "center";
    const [x, y] = centred ? [-volume.width / 2, -volume.depth / 2] : [0, 0];
    // Y of a bed goes up, that of a picture down.
    return html`<svg class="object-map" viewBox="${x} ${-(y + volume.depth)} ${volume.width} ${volume.depth}"
      aria-hidden="true"><rect class="bed" x=${x} y=${-(y + volume.depth)}
        width=${volume.width} height=${volume.depth}></rect>
      ${drawn.map((each) => svg`<polygon
        class="${out.has(each.name) ? "out" : ""} ${each.name === current ? "now" : ""} ${
          each.name === this.chosen ? "chosen" : ""}"
        points=${each.polygon!.map(([px, py]) => `${px},${-py}`).join(" ")}
        @pointerenter=${() => (this.chosen = each.name)}></polygon>`)}</svg>`;
  }
}
customElements.define("objects-card", ObjectsCard);
