import{a as B,c as C}from"./chunk-T74EO7YB.js";import{a as b,b as w}from"./chunk-2DZT3645.js";import{a as L}from"./chunk-Z2LAGUGR.js";import"./chunk-72DYD4AI.js";import{f as c,g as F}from"./chunk-35X64PMC.js";import{a as h}from"./chunk-B544CBGK.js";import{A as d,d as f,e as k,f as $,i as j,j as U,k as D,m as p,p as y}from"./chunk-J5RRR37K.js";import{a,d as n,h as R,j as e}from"./chunk-M6YJ65Q2.js";function E(o){let l=o.target,t=l.files?.[0]??null;return l.value="",t}var g=(o,l)=>a`<p>${o}</p>
  ${l===null||l>=1?a`<progress aria-label=${o}></progress>`:a`<progress max="1" .value=${l} aria-label=${o}></progress>`}`;function v(o){let[l,...t]=o.split(`
`);return a`${l}${t.length?a`<details><summary>${e("app.details")}</summary><pre class="log-end">${t.join(`
`)}</pre></details>`:n}`}var P="api/gantry/backups",T=class extends h{constructor(){super(...arguments);this.backups=null;this.busy="";this.share=null;this.problem="";this.restoring="";this.restored="";this.path=t=>`${P}/${encodeURIComponent(t.name)}`}static{this.properties={backups:{state:!0},busy:{state:!0},share:{state:!0},problem:{state:!0},restoring:{state:!0},restored:{state:!0}}}connectedCallback(){super.connectedCallback(),this.load()}async load(){let t=await p("GET",P).catch(s=>s instanceof $&&s.status===404?null:void 0);t!==void 0&&(this.backups=t?.backups??null)}async during(t,s){return this.busy=e(t),this.problem=this.restored="",await b(s).catch(i=>this.problem=k(i)),this.busy="",this.share=null,await this.load(),!this.problem}bring(t){let s=E(t);s&&this.during("backup.bringing",async()=>{await w(),await y(`${P}/upload`,s,i=>this.share=i<1?i:null)})}async create(t){t.preventDefault();let s=t.target,i=new FormData(s),r=String(i.get("passphrase")??""),u={files:i.has("files"),...r?{passphrase:r}:{}};await this.during("backup.making",()=>p("POST",P,u))&&s.reset()}async download(t){await this.during("backup.fetching",async()=>{await w();let s=j(this.path(t)),i=document.createElement("a");i.download=t.name;let r=U.get()!==null;i.href=r?URL.createObjectURL(await I(s)):s,i.click(),r&&URL.revokeObjectURL(i.href)})}async restore(t,s){t.preventDefault();let i=String(new FormData(t.target).get("passphrase")??""),r=i?{passphrase:i}:{};await this.during("backup.restoring",async()=>{let m=await B();await p("POST",`${this.path(s)}/restore`,r),await C(m),await d.open()})&&(this.restoring="",this.restored=c(s.made_at))}render(){let{backups:t}=this;return t===null?n:a`<section class="card stack" aria-labelledby="backups-title">
      <h2 id="backups-title">${e("backup.title")}</h2>
      <p class="quiet">${e("backup.text")}</p>
      <form class="stack boxed" @submit=${this.create}>
        <label class="check"><input type="checkbox" name="files"> ${e("backup.files")}</label>
        <label class="field">${e("backup.passphrase")}<input name="passphrase" type="password"
          minlength="8" autocomplete="new-password" aria-describedby="passphrase-hint"></label>
        <p id="passphrase-hint" class="quiet small-text">${e("backup.passphraseHint")}</p>
        <div class="row"><button class="primary" ?disabled=${!!this.busy}>${e("backup.make")}</button>
          <label class="button upload" aria-disabled=${this.busy?"true":n}>${e("backup.bring")}<input
            class="hidden" type="file" ?disabled=${!!this.busy} @change=${this.bring}></label></div>
      </form>
      <div role="status">${this.busy?g(this.busy,this.share):this.restored?a`<p><span class="badge good">✓</span> ${e("backup.restored",{when:this.restored})}</p>`:n}</div>
      <div role="alert">${this.problem?a`<p><span class="badge bad">!</span> ${e("update.problem")} ${v(this.problem)}</p>`:n}</div>
      ${t.length?a`<ul class="ports">${t.map(s=>this.row(s))}</ul>`:a`<p class="quiet">${e("backup.none")}</p>`}
    </section>`}row(t){let s=[t.reason==="uploaded"?t.appliance:"",e(`backup.reason.${t.reason}`),`Gantry ${t.version}`,F(t.size),t.has_files?e("backup.withFiles"):"",t.encrypted?e("backup.encrypted"):""].filter(Boolean),i=c(t.made_at);return a`<li>
      <div class="grow"><strong>${i}</strong>
        <div class="quiet small-text">${s.join(" \xB7 ")}</div></div>
      <div class="row"><button type="button" class="small" aria-label=${e("backup.downloadOf",{when:i})}
        ?disabled=${!!this.busy} @click=${()=>this.download(t)}>${e("backup.download")}</button>
      <button type="button" class="small" aria-label=${e("backup.restoreOf",{when:i})}
        ?disabled=${!!this.busy} aria-expanded=${this.restoring===t.name}
        @click=${()=>this.restoring=this.restoring===t.name?"":t.name}
        >${e("backup.restore")}</button>
      <hold-button kind="danger small" .label=${e("backup.delete")}
        .name=${e("backup.deleteOf",{when:i})}
        .disabled=${!!this.busy} @confirm=${()=>this.during("backup.deleting",()=>p("DELETE",this.path(t)))}
      ></hold-button></div>
      ${this.restoring===t.name?this.confirmation(t):n}
    </li>`}confirmation(t){return a`<form class="stack boxed whole"
        @submit=${s=>this.restore(s,t)}>
      <p>${e("backup.restoreText")}</p>
      ${t.encrypted?a`<label class="field">${e("backup.itsPassphrase")}<input name="passphrase"
            type="password" required minlength="8" autocomplete="off"></label>`:n}
      <div class="row"><button class="primary" ?disabled=${!!this.busy}>${e("backup.restoreNow")}</button>
        <button type="button" class="plain" @click=${()=>this.restoring=""}>
          ${e("app.close")}</button></div></form>`}};async function I(o){let l=await fetch(o,{headers:D()});if(!l.ok)throw new $(l.status,`HTTP ${l.status}`);return l.blob()}customElements.define("backup-card",T);var x="api/gantry/updates",M=1e3,N=10,A=18e4,K=({unsupported_because:o})=>!o||/image only/.test(o),S=class extends h{constructor(){super(...arguments);this.updates=null;this.share=null;this.problem="";this.waiting=!1;this.silentSince=null;this.asking=!1;this.count=0;this.post=(t,s)=>this.wish(()=>p("POST",`${x}/${t}`,s))}static{this.properties={updates:{state:!0},share:{state:!0},problem:{state:!0},waiting:{state:!0},silentSince:{state:!0}}}connectedCallback(){super.connectedCallback(),this.load(),this.timer=window.setInterval(()=>this.look(),M)}disconnectedCallback(){super.disconnectedCallback(),clearInterval(this.timer)}get working(){return this.silentSince!==null||(this.updates?.phase??"idle")!=="idle"}look(){document.hidden||this.share!==null||(this.working||++this.count%N===0)&&this.load()}async load(){if(!this.asking){this.asking=!0;try{this.updates=await p("GET",x),this.silentSince=null,!this.working&&d.outdated(this.updates.running)&&location.reload()}catch(t){!(t instanceof $)||t.status===0||t.status>=500?this.working&&(this.silentSince??=Date.now()):t.status===404?this.updates=null:this.working&&d.open()}finally{this.asking=!1,this.requestUpdate()}}}async wish(t){this.problem="",this.waiting=!0,await b(t).catch(s=>this.problem=k(s)),this.waiting=!1,this.share=null,await this.load()}bring(t){let s=E(t);s&&this.wish(async()=>{await w(),this.share=0,await y(`${x}/upload`,s,i=>this.share=i)})}render(){let{updates:t}=this;return t===null?n:a`<section class="card stack" aria-labelledby="updates-title">
      <h2 id="updates-title">${e("update.title")}</h2>
      <dl class="facts flush">
        <div><dt>${e("update.running")}</dt><dd>${t.running}</dd></div>
        ${t.previous?a`<div><dt>${e("update.previous")}</dt><dd>${t.previous}</dd></div>`:n}
        ${t.checked_at?a`<div><dt>${e("update.checked")}</dt><dd>${c(t.checked_at)}</dd></div>`:n}
      </dl>
      ${t.supported?n:a`<p class="quiet">${K(t)?e("update.unsupported"):e("update.impossible",{reason:f(t.unsupported_because)})}</p>`}
      <div role="status" class="stack">${this.doing(t)}</div>
      ${this.working||this.share!==null?n:this.ended(t)}
      ${t.supported&&d.may("ADMIN")?this.wishes(t):n}
    </section>`}doing(t){if(this.share!==null)return this.share<1?g(e("update.uploading"),this.share):g(e("update.phase.verifying"),null);let s=this.silentSince!==null;if(!this.working)return n;if(s&&Date.now()-this.silentSince>A)return a`<p>${e("update.silent")}</p>`;let i=s?"restarting":t.phase,r=t.version??e("update.another");return g(e(`update.phase.${i}`,{version:r}),s?null:t.progress)}ended({outcome:t,error:s}){let i=t?.result==="failed"&&t.reason===s,r=this.problem||(i?"":f(s)),u=t?.result==="installed",m={version:t?.version??"",when:t?c(t.at):""};return a`<div role="alert">${r?a`<p><span class="badge bad">!</span> ${e("update.problem")} ${v(r)}</p>`:n}</div>
      ${t&&!r?a`<div><span class="badge ${u?"good":t.reason?"bad":""}">${u?"\u2713":t.reason?"!":"\u21A9"}</span>
            ${e(`update.result.${t.result}`,m)} ${v(f(t.reason))}</div>`:n}`}wishes(t){let{available:s}=t,i=this.working||this.waiting||this.share!==null;return a`${s?a`<div class="boxed stack"><h3>${e("update.available",{version:s.version})}</h3>
            ${s.notes?a`<p class="prompt-text">${s.notes}</p>`:n}
            <p class="quiet">${e("update.safe")}</p>
            <button type="button" class="primary" ?disabled=${i} @click=${()=>this.post("install")}
              >${e("update.install",{version:s.version})}</button></div>`:t.checked_at&&!i?a`<p><span class="badge good">✓</span> ${e("update.newest")}</p>`:n}
      <div class="row">
        ${t.channel?a`<button type="button" ?disabled=${i} @click=${()=>this.post("check")}
              >${e("update.check")}</button>`:n}
        <label class="button upload" aria-disabled=${i?"true":n}>${e("update.bring")}<input
          class="hidden" type="file" ?disabled=${i} @change=${this.bring}></label>
        ${t.previous?a`<hold-button .label=${e("update.back",{version:t.previous})}
              .disabled=${i} @confirm=${()=>this.post("back",{})}></hold-button>`:n}
      </div>`}};customElements.define("update-card",S);var z=3e3,_="\0",q=class extends h{constructor(){super(...arguments);this.wifi=null;this.chosen=null;this.busy=!1;this.tried="";this.turns=new L}static{this.properties={wifi:{state:!0},chosen:{state:!0},busy:{state:!0},tried:{state:!0}}}connectedCallback(){super.connectedCallback(),this.load(),this.timer=window.setInterval(()=>{(this.tried||this.wifi?.trying)&&this.load()},z)}disconnectedCallback(){super.disconnectedCallback(),clearInterval(this.timer)}async load(){let t=this.turns.begin(),s=await p("GET","api/gantry/wifi").catch(()=>this.wifi);t()&&(this.wifi=s,this.wifi&&!this.wifi.trying&&this.wifi.attempt&&(this.tried=""))}async scan(){this.busy=!0,await d.attempt(async()=>{this.wifi=await p("POST","api/gantry/wifi/scan")}),this.busy=!1}async join(t){t.preventDefault();let s=t.target,i=new FormData(s),r=W=>String(i.get(W)??""),u=this.chosen===_,m=u?r("ssid"):this.chosen??"",H={ssid:m,country:r("country").toUpperCase(),hidden:u&&i.has("hidden"),...r("password")?{password:r("password")}:{}};this.busy=!0,await d.attempt(()=>b(()=>p("POST","api/gantry/wifi/join",H)))&&(this.tried=m,this.turns.begin()(),this.chosen=null,s.reset()),this.busy=!1}async forget(t){await d.attempt(()=>b(()=>p("POST","api/gantry/wifi/forget",{ssid:t}))),await this.load()}render(){let t=this.wifi;return t===null?n:a`<section class="card stack" aria-labelledby="wifi-title">
      <h2 id="wifi-title">${e("wifi.title")}</h2>
      ${t.supported?this.ours(t):a`<p class="quiet">${e(t.known?"wifi.noRadio":"wifi.notOurs")}</p>`}</section>`}ours(t){let s=this.tried||t.trying;return a`<p role="status">${s?e("wifi.trying",{name:this.tried||"\u2026"}):t.own_network?e("wifi.ownNetwork"):t.ssid?e("wifi.connected",{name:t.ssid}):e("wifi.none")}</p>
      ${t.attempt&&!s?this.attempt(t.attempt):n}
      ${s?n:a`${this.list(t)} ${this.chosen===null?n:this.form(t)}
        ${this.known(t)}`}`}attempt(t){let s=c(t.ended_at);return t.joined?a`<p><span class="badge good">✓</span> ${e("wifi.joined",{name:t.ssid,when:s})}</p>`:a`<p><span class="badge bad">!</span> ${e("wifi.failed",{name:t.ssid,when:s})}
          ${f(t.reason)}${t.back?a`. ${e("wifi.back",{name:t.back})}`:n}</p>`}list(t){let s=(i,r)=>a`<li><label class="check">
      <input type="radio" name="network" .checked=${this.chosen===i}
        @change=${()=>this.chosen=i}> ${r}</label></li>`;return a`<fieldset class="choices"><legend>${e("wifi.around")}</legend>
        <ul class="ports">${t.seen.map(i=>s(i.ssid,a`<span>
            <strong>${i.ssid}</strong> <span class="quiet">${e("wifi.signal",{percent:i.signal})},
            ${i.security??e("wifi.open")}</span></span>`))}
          ${s(_,e("wifi.other"))}</ul></fieldset>
      <button type="button" ?disabled=${this.busy} @click=${this.scan}>${e(this.busy?"wifi.looking":"wifi.scan")}</button>
      ${t.own_network?a`<p class="quiet">${e("wifi.deaf")}</p>`:n}`}form(t){let s=this.chosen===_,i=t.seen.some(r=>r.ssid===this.chosen&&r.security===null);return a`<form class="stack" @submit=${this.join}>
      ${s?a`<label class="field">${e("wifi.name")}
          <input name="ssid" required maxlength="32" autocomplete="off"></label>
        <label class="check"><input type="checkbox" name="hidden"> ${e("wifi.hidden")}</label>`:n}
      ${i?a`<p class="quiet">${e("wifi.openWarning")}</p>`:a`<label class="field">
        ${e("wifi.password")} <input name="password" type="password" minlength="8" maxlength="64"
          ?required=${!s} autocomplete="off"></label>`}
      <label class="field">${e("wifi.country")} <input name="country" required pattern="[A-Za-z]{2}"
        maxlength="2" size="3" autocomplete="country" .value=${t.country??G()}></label>
      <p class="quiet">${e("wifi.wayBack")}</p>
      <button class="primary" ?disabled=${this.busy}>${e("wifi.join")}</button></form>`}known(t){let s=(t.known??[]).filter(i=>i!==t.ssid);return s.length?a`<h3>${e("wifi.known")}</h3><ul class="ports">${s.map(i=>a`<li>
      <span class="grow">${i}</span>
      <button type="button" class="small" aria-label=${e("wifi.forgetIt",{name:i})}
        @click=${()=>this.forget(i)}>${e("wifi.forget")}</button></li>`)}</ul>`:n}};customElements.define("wifi-card",q);function G(){let o=navigator.languages.find(l=>/-[A-Z]{2}$/.test(l));return o?o.slice(-2):R==="de"?"DE":""}var O=class extends h{render(){return a`<h1 class="page-head">${e("nav.upkeep")}</h1>
      <div class="dashboard even">
        <div class="cards"><update-card></update-card><wifi-card></wifi-card></div>
        <backup-card></backup-card>
      </div>`}};customElements.define("upkeep-view",O);
