// A picture of the server. With an API key it is fetched, because an <img> sends no header.
// Tells with "arrived" that it is there, or will not come.
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
    if (key.get() === null) this.url = this.path ? at(this.path) : "";
    else void this.fetch(this.path);
  }

  private failed(): void {
    this.forget();
    this.url = "";
    this.arrived();
  }

  private readonly arrived = () => void this.dispatchEvent(new Event("arrived"));

  private forget(): void {
    if (this.url.startsWith("blob:")) URL.revokeObjectURL(this.url);
  }

  // The picture before stays until the next one is there.
  private async fetch(path: string): Promise<void> {
    const picture = await fetch(at(path), { headers: credentials() })
      .then((response) => response.ok ? response.blob() : null).catch(() => null);
    if (path !== this.path) return;
    this.forget();
    this.url = picture === null ? "" : URL.createObjectURL(picture);
    if (picture === null) this.arrived();
  }

  render() {
    return this.url ? html`<img src=${this.url} alt=${this.alt} @load=${this.arrived}
      @error=${this.failed}>` : nothing;
  }
}
customElements.define("api-image", ApiImage);
