import{a as P,c as T}from"./chunk-4YVUYDZE.js";import{a as d}from"./chunk-MW7AZ7AA.js";import"./chunk-PSPWBUEK.js";import{f as c,g as E}from"./chunk-DK6BVB6L.js";import{a as h}from"./chunk-S2FRVPOR.js";import{c as v,e as w,g as o,j as k,q as p}from"./chunk-RU625THP.js";import{a,d as n,h as y,i as e}from"./chunk-74HDYCKN.js";var q=3e3,m="\0",f=class extends h{constructor(){super(...arguments);this.wifi=null;this.chosen=null;this.busy=!1;this.tried=""}static{this.properties={wifi:{state:!0},chosen:{state:!0},busy:{state:!0},tried:{state:!0}}}connectedCallback(){super.connectedCallback(),this.load(),this.timer=window.setInterval(()=>{(this.tried||this.wifi?.trying)&&this.load()},q)}disconnectedCallback(){super.disconnectedCallback(),clearInterval(this.timer)}async load(){this.wifi=await o("GET","api/gantry/wifi").catch(()=>this.wifi),this.wifi&&!this.wifi.trying&&this.wifi.attempt&&(this.tried="")}async scan(){this.busy=!0,await p.attempt(async()=>{this.wifi=await o("POST","api/gantry/wifi/scan")}),this.busy=!1}async join(t){t.preventDefault();let i=t.target,s=new FormData(i),r=S=>String(s.get(S)??""),l=this.chosen===m,$=l?r("ssid"):this.chosen??"",x={ssid:$,country:r("country").toUpperCase(),hidden:l&&s.has("hidden"),...r("password")?{password:r("password")}:{}};this.busy=!0,await p.attempt(()=>d(()=>o("POST","api/gantry/wifi/join",x)))&&(this.tried=$,this.chosen=null,i.reset()),this.busy=!1}async forget(t){await p.attempt(()=>d(()=>o("POST","api/gantry/wifi/forget",{ssid:t}))),await this.load()}render(){let t=this.wifi;return t===null?n:a`<section class="card stack" aria-labelledby="wifi-title">
      <h2 id="wifi-title">${e("wifi.title")}</h2>
      ${t.supported?this.ours(t):a`<p class="quiet">${e(t.known?"wifi.noRadio":"wifi.notOurs")}</p>`}</section>`}ours(t){let i=this.tried||t.trying;return a`<p role="status">${i?e("wifi.trying",{name:this.tried||"\u2026"}):t.own_network?e("wifi.ownNetwork"):t.ssid?e("wifi.connected",{name:t.ssid}):e("wifi.none")}</p>
      ${t.attempt&&!i?this.attempt(t.attempt):n}
      ${i?n:a`${this.list(t)} ${this.chosen===null?n:this.form(t)}
        ${this.known(t)}`}`}attempt(t){let i=c(t.ended_at);return t.joined?a`<p><span class="badge good">✓</span> ${e("wifi.joined",{name:t.ssid,when:i})}</p>`:a`<p><span class="badge bad">!</span> ${e("wifi.failed",{name:t.ssid,when:i})}
          ${t.reason}${t.back?a`. ${e("wifi.back",{name:t.back})}`:n}</p>`}list(t){let i=(s,r)=>a`<li><label class="check">
      <input type="radio" name="network" .checked=${this.chosen===s}
        @change=${()=>this.chosen=s}> ${r}</label></li>`;return a`<fieldset class="choices"><legend>${e("wifi.around")}</legend>
        <ul class="ports">${t.seen.map(s=>i(s.ssid,a`<span>
            <strong>${s.ssid}</strong> <span class="quiet">${e("wifi.signal",{percent:s.signal})},
            ${s.security??e("wifi.open")}</span></span>`))}
          ${i(m,e("wifi.other"))}</ul></fieldset>
      <button type="button" ?disabled=${this.busy} @click=${this.scan}>${e(this.busy?"wifi.looking":"wifi.scan")}</button>
      ${t.own_network?a`<p class="quiet">${e("wifi.deaf")}</p>`:n}`}form(t){let i=this.chosen===m,s=t.seen.some(r=>r.ssid===this.chosen&&r.security===null);return a`<form class="stack" @submit=${this.join}>
      ${i?a`<label class="field">${e("wifi.name")}
          <input name="ssid" required maxlength="32" autocomplete="off"></label>
        <label class="check"><input type="checkbox" name="hidden"> ${e("wifi.hidden")}</label>`:n}
      ${s?a`<p class="quiet">${e("wifi.openWarning")}</p>`:a`<label class="field">
        ${e("wifi.password")} <input name="password" type="password" minlength="8" maxlength="64"
          ?required=${!i} autocomplete="off"></label>`}
      <label class="field">${e("wifi.country")} <input name="country" required pattern="[A-Za-z]{2}"
        maxlength="2" size="3" autocomplete="country" .value=${t.country??O()}></label>
      <p class="quiet">${e("wifi.wayBack")}</p>
      <button class="primary" ?disabled=${this.busy}>${e("wifi.join")}</button></form>`}known(t){let i=(t.known??[]).filter(s=>s!==t.ssid);return i.length?a`<h3>${e("wifi.known")}</h3><ul class="ports">${i.map(s=>a`<li>
      <span class="grow">${s}</span>
      <button type="button" class="small" aria-label=${e("wifi.forgetIt",{name:s})}
        @click=${()=>this.forget(s)}>${e("wifi.forget")}</button></li>`)}</ul>`:n}};customElements.define("wifi-card",f);function O(){let u=navigator.languages.find(b=>/-[A-Z]{2}$/.test(b));return u?u.slice(-2):y==="de"?"DE":""}var _=2e3,g=class extends h{constructor(){super(...arguments);this.updates=null;this.backups=null;this.busy="";this.share=null;this.restoring="";this.path=t=>`api/gantry/backups/${encodeURIComponent(t.name)}`}static{this.properties={updates:{state:!0},backups:{state:!0},busy:{state:!0},share:{state:!0},restoring:{state:!0}}}connectedCallback(){super.connectedCallback(),this.load(),this.timer=window.setInterval(()=>{!document.hidden&&this.updates?.phase!=="idle"&&this.loadUpdates()},_)}disconnectedCallback(){super.disconnectedCallback(),clearInterval(this.timer)}async load(){await Promise.all([this.loadUpdates(),this.loadBackups()])}async loadUpdates(){this.updates=await o("GET","api/gantry/updates").catch(()=>this.updates)}async loadBackups(){let t=await o("GET","api/gantry/backups").catch(()=>null);this.backups=t?.backups??null}async during(t,i){this.busy=e(t);let s=await p.attempt(()=>d(i));return this.busy="",this.share=null,await this.load(),s}restarting(t,i){return this.during(t,async()=>{let s=await P();await i(),await T(s),await p.open()})}chosen(t){let i=t.target,s=i.files?.[0]??null;return i.value="",s}upload(t,i){return k(t,i,s=>this.share=s)}async create(t){t.preventDefault();let i=t.target,s=new FormData(i),r=String(s.get("passphrase")??""),l={files:s.has("files"),...r?{passphrase:r}:{}};await this.during("backup.making",()=>o("POST","api/gantry/backups",l))&&i.reset()}async download(t){await this.during("backup.fetching",async()=>{let i=await fetch(v(this.path(t)),{headers:w()});if(!i.ok)throw await o("GET",this.path(t)),new Error(`HTTP ${i.status}`);let s=document.createElement("a");s.href=URL.createObjectURL(await i.blob()),s.download=t.name,s.click(),URL.revokeObjectURL(s.href)})}async restore(t,i){t.preventDefault();let s=String(new FormData(t.target).get("passphrase")??""),r=s?{passphrase:s}:{};await this.restarting("backup.restoring",()=>o("POST",`${this.path(i)}/restore`,r))&&(this.restoring="")}render(){let t=this.updates===null&&this.backups===null;return a`<h1 class="page-head">${e("nav.upkeep")}</h1>
      <div role="status">${this.busy?a`<div class="card stack"><p>${this.busy}</p>
            <progress max="1" .value=${this.share??n} aria-label=${this.busy}></progress></div>`:n}</div>
      ${t?a`<p aria-busy="true">${e("app.loading")}</p>`:n}
      <div class="dashboard even">
        ${this.updates?this.updateCard(this.updates):n}
        ${this.backups?this.backupCard(this.backups):n}
        <wifi-card></wifi-card>
      </div>`}updateCard(t){let i=p.may("ADMIN"),{outcome:s}=t;return a`<section class="card stack" aria-labelledby="updates-title">
      <h2 id="updates-title">${e("update.title")}</h2>
      <dl class="facts flush">
        <div><dt>${e("update.running")}</dt><dd>${t.running}</dd></div>
        ${t.previous?a`<div><dt>${e("update.previous")}</dt><dd>${t.previous}</dd></div>`:n}
        ${t.checked_at?a`<div><dt>${e("update.checked")}</dt><dd>${c(t.checked_at)}</dd></div>`:n}
      </dl>
      ${t.supported?n:a`<p class="quiet">${e("update.unsupported")}</p>`}
      ${t.phase==="idle"?n:this.progress(t)}
      ${t.error?a`<p class="advice">${t.error}</p>`:n}
      ${s?a`<p class="quiet">${e(`update.result.${s.result}`,{version:s.version,when:c(s.at)})} ${s.reason}</p>`:n}
      ${t.supported&&i?this.updateWishes(t):n}
    </section>`}progress(t){let i=e(`update.phase.${t.phase}`,{version:t.version??""});return a`<p>${i}</p>
      <progress max="1" .value=${t.progress??n} aria-label=${i}></progress>`}updateWishes(t){let{available:i}=t,s=t.phase==="idle"&&!this.busy;return a`${i?a`<div class="boxed stack"><h3>${e("update.available",{version:i.version})}</h3>
            ${i.notes?a`<p class="prompt-text">${i.notes}</p>`:n}
            <p class="quiet">${e("update.safe")}</p>
            <button type="button" class="primary" ?disabled=${!s} @click=${()=>this.restarting("update.installing",()=>o("POST","api/gantry/updates/install"))}
              >${e("update.install",{version:i.version})}</button></div>`:t.checked_at?a`<p><span class="badge good">✓</span> ${e("update.newest")}</p>`:n}
      <div class="row">
        ${t.channel?a`<button type="button" ?disabled=${!s} @click=${()=>this.during("update.checking",()=>o("POST","api/gantry/updates/check"))}
              >${e("update.check")}</button>`:n}
        <label class="button upload">${e("update.bring")}<input class="hidden" type="file"
          ?disabled=${!s} @change=${r=>{let l=this.chosen(r);l&&this.restarting("update.installing",()=>this.upload("api/gantry/updates/upload",l))}}></label>
        ${t.previous?a`<hold-button .label=${e("update.back",{version:t.previous})}
              ?disabled=${!s} @confirm=${()=>this.restarting("update.goingBack",()=>o("POST","api/gantry/updates/back",{}))}></hold-button>`:n}
      </div>`}backupCard(t){return a`<section class="card stack" aria-labelledby="backups-title">
      <h2 id="backups-title">${e("backup.title")}</h2>
      <p class="quiet">${e("backup.text")}</p>
      <form class="stack boxed" @submit=${this.create}>
        <label class="check"><input type="checkbox" name="files"> ${e("backup.files")}</label>
        <label class="field">${e("backup.passphrase")}<input name="passphrase" type="password"
          minlength="8" autocomplete="new-password" aria-describedby="passphrase-hint"></label>
        <p id="passphrase-hint" class="quiet small-text">${e("backup.passphraseHint")}</p>
        <div class="row"><button class="primary" ?disabled=${!!this.busy}>${e("backup.make")}</button>
          <label class="button upload">${e("backup.bring")}<input class="hidden" type="file"
            ?disabled=${!!this.busy} @change=${i=>{let s=this.chosen(i);s&&this.during("backup.bringing",()=>this.upload("api/gantry/backups/upload",s))}}></label></div>
      </form>
      ${t.length?a`<ul class="ports">${t.map(i=>this.row(i))}</ul>`:a`<p class="quiet">${e("backup.none")}</p>`}
    </section>`}row(t){let i=[e(`backup.reason.${t.reason}`),`Gantry ${t.version}`,E(t.size),t.has_files?e("backup.withFiles"):"",t.encrypted?e("backup.encrypted"):""].filter(Boolean),s=c(t.made_at);return a`<li>
      <div class="grow"><strong>${s}</strong>
        <div class="quiet small-text">${i.join(" \xB7 ")}</div></div>
      <button type="button" class="small" aria-label=${e("backup.downloadOf",{when:s})}
        @click=${()=>this.download(t)}>${e("backup.download")}</button>
      <button type="button" class="small" aria-label=${e("backup.restoreOf",{when:s})}
        aria-expanded=${this.restoring===t.name}
        @click=${()=>this.restoring=this.restoring===t.name?"":t.name}
        >${e("backup.restore")}</button>
      <hold-button kind="danger small" .label=${e("backup.delete")}
        .name=${e("backup.deleteOf",{when:s})}
        @confirm=${()=>this.during("backup.deleting",()=>o("DELETE",this.path(t)))}
      ></hold-button>
      ${this.restoring===t.name?this.confirmation(t):n}
    </li>`}confirmation(t){return a`<form class="stack boxed whole"
        @submit=${i=>this.restore(i,t)}>
      <p>${e("backup.restoreText")}</p>
      ${t.encrypted?a`<label class="field">${e("backup.itsPassphrase")}<input name="passphrase"
            type="password" required minlength="8" autocomplete="off"></label>`:n}
      <div class="row"><button class="primary" ?disabled=${!!this.busy}>${e("backup.restoreNow")}</button>
        <button type="button" class="plain" @click=${()=>this.restoring=""}>
          ${e("app.close")}</button></div></form>`}};customElements.define("upkeep-view",g);
