// Updates with a way back, backups, and the network that both may come by.
import { html } from "lit";
import { t } from "../core/i18n";
import "../ui/backup-card";
import "../ui/update-card";
import { View } from "../ui/view";
import "../ui/wifi-card";

class UpkeepView extends View {
  render() {
    return html`<h1 class="page-head">${t("nav.upkeep")}</h1>
      <div class="dashboard even">
        <div class="cards"><update-card></update-card><wifi-card></wifi-card></div>
        <backup-card></backup-card>
      </div>`;
  }
}
customElements.define("upkeep-view", UpkeepView);
