// A camera: none, one at this computer, or one that has an address.
import { html, nothing } from "lit";
import { ask, at, complaint, credentials } from "../core/api";
import { t } from "../core/i18n";
import type { Draft, Present } from "./draft";
import { StepView } from "./step";

interface Video {
  device_path: string;
  camera_name?: string;
  hardware_bus?: string;
  capabilities?: string[];
}

class SetupCamera extends StepView {
  static properties = {
    ...StepView.properties, present: { attribute: false }, devices: { state: true },
    picture: { state: true }, trouble: { state: true },
  };
  present: Present | null = null;
  private devices: Video[] = [];
  private picture = "";
  private trouble = "";

  connectedCallback(): void {
    super.connectedCallback();
    void this.list();
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    URL.revokeObjectURL(this.picture);
  }

  protected heading = () => t("setup.camera.title");

  private async list(): Promise<void> {
    type Answer = { result: { v4l2_devices: Video[] } };
    const found = await ask<Answer>("GET", "machine/peripherals/video").catch(() => null);
    const devices = found?.result.v4l2_devices ?? [];
    this.devices = devices.filter((each) => each.capabilities?.includes("VIDEO_CAPTURE") ?? true);
  }

  private set(values: Partial<Draft["camera"]>): void {
    Object.assign(this.draft.camera, values);
    this.change();
  }

  private async try(): Promise<void> {
    this.trouble = "";
    URL.revokeObjectURL(this.picture);
    this.picture = "";
    try {
      const response = await fetch(at("api/gantry/setup/camera"), {
        method: "POST",
        headers: { ...credentials(), "Content-Type": "application/json" },
        body: JSON.stringify({ snapshot: this.draft.camera.snapshot }),
      });
      if (!response.ok) {
        throw new Error(complaint(await response.json().catch(() => null), response.status));
      }
      this.picture = URL.createObjectURL(await response.blob());
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error);
    }
  }

  protected body() {
    const { camera } = this.draft;
    const option = (chosen: boolean, title: string, text: unknown, choose: () => void) => html`
      <div class="option"><label><input type="radio" name="camera" .checked=${chosen} @change=${choose}>
        <span class="grow"><strong>${title}</strong>${text
          ? html`<span class="quiet">${text}</span>` : nothing}</span></label></div>`;
    const there = this.present?.cameras ?? [];
    return html`<p>${t("setup.camera.text")}</p>
      <fieldset class="choosing"><legend class="hidden">${t("setup.camera.title")}</legend>
        ${option(camera.kind === "none", there.length ? t("setup.camera.keep") : t("setup.camera.none"),
          there.join(", "), () => this.set({ kind: "none" }))}
        ${this.devices.map((device) => option(
          camera.kind === "device" && camera.device === device.device_path,
          device.camera_name ?? device.device_path,
          device.device_path,
          () => this.set({ kind: "device", device: device.device_path })))}
        ${option(camera.kind === "network", t("setup.camera.network"),
          t("setup.camera.networkText"), () => this.set({ kind: "network" }))}
      </fieldset>
      ${camera.kind === "network" ? this.addresses() : nothing}`;
  }

  private addresses() {
    const { camera } = this.draft;
    const address = (name: "stream" | "snapshot", label: string, example: string) => html`
      <label class="field">${label}<input type="url" name=${name} .value=${camera[name]}
        placeholder=${example} pattern="https?://.+" ?required=${!camera.stream && !camera.snapshot}
        autocapitalize="none" spellcheck="false" @input=${(event: Event) =>
          this.set({ [name]: (event.target as HTMLInputElement).value.trim() })}></label>`;
    return html`<div class="stack boxed">
      ${address("stream", t("setup.camera.stream"), "http://192.168.1.9/webcam/?action=stream")}
      ${address("snapshot", t("setup.camera.snapshot"), "http://192.168.1.9/webcam/?action=snapshot")}
      <div class="row"><button type="button" ?disabled=${!camera.snapshot} @click=${this.try}>
        ${t("setup.camera.try")}</button></div>
      <p class="error" role="alert">${this.trouble}</p>
      ${this.picture
        ? html`<img class="preview" src=${this.picture} alt=${t("setup.camera.preview")}>`
        : nothing}
    </div>`;
  }
}
customElements.define("setup-camera", SetupCamera);
