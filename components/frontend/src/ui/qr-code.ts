// A text as a QR code, drawn here: nothing leaves the browser.
import { html, LitElement, nothing, svg } from "lit";
import { encode } from "uqr";

const BORDER = 3; // modules of silence around it, which scanners need

export class QrCode extends LitElement {
  static properties = { text: {}, label: {} };
  text = "";
  label = "";

  protected createRenderRoot(): HTMLElement {
    return this;
  }

  render() {
    if (!this.text) return nothing;
    const { data, size } = encode(this.text, { ecc: "M", border: BORDER });
    const path = data
      .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")))
      .join("");
    return html`<svg class="qr" viewBox="0 0 ${size} ${size}" role="img"
      aria-label=${this.label} shape-rendering="crispEdges"
    >${svg`<rect width=${size} height=${size} fill="#fff" /><path d=${path} fill="#000" />`}</svg>`;
  }
}
customElements.define("qr-code", QrCode);
