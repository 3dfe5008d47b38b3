// A camera: none, one at this computer, or one that has an address.
import { html, nothing } from "lit";
import { ask, at, complaint, credentials, Refusal } from "../core/api";
import { t } from "../core/i18n";
import { because } from "../core/said";
import type { Draft, Present } from "./draft";
import { StepView } from "./step";

interface Video {
  device_path: string;
  camera_name?: string;
  hardware_bus?: string;
  capabilities?: string[];
}

interface Seen {
  name: string;
  url: string;
}

class SetupCamera extends StepView {
  static properties = {
    ...StepView.properties, present: { attribute: false }, devices: { state: true },
    seen: { state: true }, trouble: { state: true }, trying: { state: true },
  };
  present: Present | null = null;
  private devices: Video[] | null = null;
  private seen: Seen[] = [];
  private trouble = "";
  private trying = false;

  connectedCallback(): void {
    super.connectedCallback();
    void this.list();
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    this.forget();
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

  private choose(kind: Draft["camera"]["kind"], device = ""): void {
    this.forget();
    this.set({ kind, device });
  }

  private forget(): void {
    for (const { url } of this.seen) URL.revokeObjectURL(url);
    this.seen = [];
    this.trouble = "";
  }

  // A stream and a single picture are two addresses: each has to be right.
  private async try(): Promise<void> {
    const { kind, device, snapshot, stream } = this.draft.camera;
    const tried = kind === "device"
      ? [{ name: "", body: { device } }]
      : [
          ...(stream ? [{ name: t("setup.camera.stream"), body: { stream } }] : []),
          ...(snapshot ? [{ name: t("setup.camera.snapshot"), body: { snapshot } }] : []),
        ];
    this.forget();
    this.trying = true;
    const seen: Seen[] = [];
    try {
      for (const { name, body } of tried) seen.push({ name, url: await picture(body) });
    } catch (error) {
      const reason = because(error);
      this.trouble = t("setup.camera.unseen", { reason });
    }
    this.seen = seen;
    this.trying = false;
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
          there.join(", "), () => this.choose("none"))}
        ${(this.devices ?? []).map((device) => option(
          camera.kind === "device" && camera.device === device.device_path,
          device.camera_name ?? device.device_path,
          device.device_path,
          () => this.choose("device", device.device_path)))}
        ${option(camera.kind === "network", t("setup.camera.network"),
          t("setup.camera.networkText"), () => this.choose("network"))}
      </fieldset>
      ${this.devices?.length === 0
        ? html`<div class="row"><span class="quiet small-text grow">${t("setup.camera.noDevice")}</span>
            <button type="button" class="plain small" @click=${this.list}>${t("setup.camera.again")}</button></div>`
        : nothing}
      ${camera.kind === "none" ? nothing : html`<div class="stack boxed">
        ${camera.kind === "network" ? this.addresses() : nothing}${this.preview()}</div>`}`;
  }

  private addresses() {
    const { camera } = this.draft;
    const address = (name: "stream" | "snapshot", label: string, example: string) => html`
      <label class="field">${label}<input type="url" name=${name} .value=${camera[name]}
        placeholder=${example} pattern="https?://.+" ?required=${!camera.stream && !camera.snapshot}
        autocapitalize="none" spellcheck="false" @input=${(event: Event) =>
          this.set({ [name]: (event.target as HTMLInputElement).value.trim() })}></label>`;
    return html`
      ${address("stream", t("setup.camera.stream"), "http://192.168.1.9/webcam/?action=stream")}
      ${address("snapshot", t("setup.camera.snapshot"), "http://192.168.1.9/webcam/?action=snapshot")}`;
  }

  private preview() {
    const { kind, device, snapshot, stream } = this.draft.camera;
    const something = kind === "device" ? device : snapshot || stream;
    return html`<div class="row"><button type="button" aria-disabled=${!something || this.trying}
        @click=${() => { if (something && !this.trying) void this.try(); }}>
        ${t("setup.camera.try")}</button></div>
      <p role="status">${this.trying
        ? t("setup.camera.looking")
        : this.seen.length && !this.trouble ? t("setup.camera.seen") : ""}</p>
      <p class="error" role="alert">${this.trouble}</p>
      ${this.seen.map(({ name, url }) => html`<figure class="preview">
        <img src=${url} alt=${t("setup.camera.preview")}>
        ${name ? html`<figcaption class="quiet small-text">${name}</figcaption>` : nothing}</figure>`)}`;
  }
}

async function picture(body: object): Promise<string> {
  const response = await fetch(at("api/gantry/setup/camera"), {
    method: "POST",
    headers: { ...credentials(), "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) {
    throw new Refusal(
      response.status, complaint(await response.json().catch(() => null), response.status));
  }
  return URL.createObjectURL(await response.blob());
}
customElements.define("setup-camera", SetupCamera);
