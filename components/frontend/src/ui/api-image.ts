// A picture of the server. With an API key it is fetched, because an <img> sends no header.
import { html, LitElement, nothing, type PropertyValues } from "lit";
import { at, credentials, key } from "../core/api";

export class ApiImage extends LitElement {
  static properties = { path: {}, alt: {}, url: { state: true } };
  path = "";
  alt = "";
  private url = "";

  protected createRenderRoot(): HTMLElement {
    return this;
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    this.forget();
  }

  protected willUpdate(changed: PropertyValues): void {
    if (!changed.has("path")) return;
    this.forget();
    if (key.get() === null) this.url = this.path ? at(this.path) : "";
    else void this.fetch(this.path);
  }

  private forget(): void {
    if (this.url.startsWith("blob:")) URL.revokeObjectURL(this.url);
  }

  private async fetch(path: string): Promise<void> {
    this.url = "";
    const response = await fetch(at(path), { headers: credentials() });
    if (response.ok && path === this.path) {
      this.url = URL.createObjectURL(await response.blob());
    }
  }

  render() {
    return this.url ? html`<img src=${this.url} alt=${this.alt} loading="lazy">` : nothing;
  }
}
customElements.define("api-image", ApiImage);
