// A camera, moving where it can: the stream while somebody looks, else a picture a second.
import { html, LitElement, nothing, type PropertyValues } from "lit";
import type { Camera } from "../core/cameras";
import { t } from "../core/i18n";
import { withToken } from "../core/token";
import "./api-image";

const PICTURE_MS = 1000;
const RETRY_MS = 5000;

export class LiveCamera extends LitElement {
  static properties = {
    camera: { attribute: false }, broken: { state: true }, seen: { state: true },
    shot: { state: true }, address: { state: true },
  };
  camera: Camera | null = null;
  private broken = false; // the stream; pictures may still come
  private seen = true;
  private shot = Date.now();
  private coming = false; // a picture: one that is asked for anew never arrives
  private address = ""; // of the stream; each time it is opened it may be another
  private timer: number | undefined;
  private retry: number | undefined;
  private readonly look = () => (this.seen = !document.hidden);

  protected createRenderRoot(): HTMLElement {
    return this;
  }

  connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("visibilitychange", this.look);
    this.timer = window.setInterval(() => {
      if (!this.address && this.seen && !this.coming) this.take();
    }, PICTURE_MS);
  }

  private take(): void {
    this.shot = Date.now();
    this.coming = true;
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.look);
    clearInterval(this.timer);
    clearTimeout(this.retry);
    // A picture that is only forgotten goes on loading: a stream has no end.
    this.querySelector("img")?.removeAttribute("src");
  }

  private get streams(): boolean {
    return Boolean(this.camera?.stream) && !this.broken;
  }

  protected willUpdate(changed: PropertyValues): void {
    if (!["camera", "seen", "broken"].some((name) => changed.has(name))) return;
    this.address = "";
    this.take();
    if (this.seen && this.streams) void this.find(this.camera!.stream!);
  }

  // The room is taken before the first picture is there, so that nothing below moves.
  protected updated(): void {
    const ratio = /^(\d+):(\d+)$/.exec(this.camera?.aspect_ratio ?? "");
    if (!ratio) return;
    this.style.setProperty("--ratio", `${ratio[1]} / ${ratio[2]}`);
    this.style.setProperty("--turned", `${ratio[2]} / ${ratio[1]}`);
  }

  private async find(stream: string): Promise<void> {
    const address = await withToken(stream).catch(() => "");
    if (stream !== this.camera?.stream || !this.seen) return;
    if (address) this.address = address;
    else this.failed();
  }

  private failed(): void {
    this.broken = true;
    this.retry = window.setTimeout(() => (this.broken = false), RETRY_MS);
  }

  render() {
    const camera = this.camera;
    if (camera === null || !this.seen) return nothing;
    const turned = [
      `r${camera.rotation}`,
      camera.flip_horizontal ? "flip-x" : "",
      camera.flip_vertical ? "flip-y" : "",
    ].join(" ");
    return html`<div class="live ${turned}">${this.address
      ? html`<img src=${this.address} alt=${t("dashboard.camera", { name: camera.name })}
          @error=${this.failed}>`
      : camera.snapshot
        ? html`<api-image .path=${`${camera.snapshot}?t=${this.shot}`}
            @arrived=${() => (this.coming = false)}
            alt=${t("dashboard.camera", { name: camera.name })}></api-image>`
        : html`<p class="quiet">${t("camera.silent")}</p>`}</div>`;
  }
}
customElements.define("live-camera", LiveCamera);
