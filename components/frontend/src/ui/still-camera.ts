// A camera in small: a picture every few seconds, and only while it can be seen.
import { html, LitElement, nothing } from "lit";
import type { Camera } from "../core/cameras";
import { t } from "../core/i18n";
import "./api-image";

const PICTURE_MS = 4000;

export class StillCamera extends LitElement {
  static properties = { camera: { attribute: false }, shot: { state: true } };
  camera: Camera | null = null;
  private shot = 0; // unix ms; 0: nobody has seen it yet
  private near = false;
  private timer: number | undefined;
  private readonly sight = new IntersectionObserver(([entry]) => {
    this.near = entry.isIntersecting;
    this.take();
  });

  protected createRenderRoot(): HTMLElement {
    return this;
  }

  connectedCallback(): void {
    super.connectedCallback();
    this.sight.observe(this);
    this.timer = window.setInterval(() => this.take(), PICTURE_MS);
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sight.disconnect();
    clearInterval(this.timer);
  }

  private take(): void {
    if (this.near && !document.hidden) this.shot = Date.now();
  }

  render() {
    const camera = this.camera;
    if (!camera?.snapshot || !this.shot) return nothing;
    const turned = `${camera.flip_horizontal ? "flip-x" : ""} ${camera.flip_vertical ? "flip-y" : ""}`;
    return html`<div class="live r${camera.rotation} ${turned}"><api-image
      .path=${`${camera.snapshot}?t=${this.shot}`}
      alt=${t("dashboard.camera", { name: camera.name })}></api-image></div>`;
  }
}
customElements.define("still-camera", StillCamera);
