// Other Gantrys that announce themselves on the network: links to their own pages.
import { html, LitElement, nothing } from "lit";
import { neighbours } from "../core/fleet";
import { t } from "../core/i18n";

class NeighbourLinks extends LitElement {
  static properties = { found: { state: true } };
  private found: { name: string; url: string }[] = [];

  protected createRenderRoot(): HTMLElement {
    return this;
  }

  connectedCallback(): void {
    super.connectedCallback();
    // Where nothing is announced nobody listens, either: the component zeroconf is not loaded.
    void neighbours().then((found) => (this.found = found), () => undefined);
  }

  render() {
    if (!this.found.length) return nothing;
    return html`<section class="card stack" aria-labelledby="neighbours-title">
      <h2 id="neighbours-title">${t("fleet.neighbours")}</h2>
      <ul class="links">${this.found.map(({ name, url }) => html`<li>
        <a href=${url} rel="noreferrer">${name} <span class="quiet">${new URL(url).host}</span></a>
      </li>`)}</ul></section>`;
  }
}
customElements.define("neighbour-links", NeighbourLinks);
