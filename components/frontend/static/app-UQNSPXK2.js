import{a as f,b as E}from"./chunk-OGEPGTHC.js";import{a as B}from"./chunk-BXRS6YCT.js";import"./chunk-M6HGMJLX.js";import{a as R,b as J}from"./chunk-VUXC2RTS.js";import"./chunk-EBRNTYQ7.js";import{a as v}from"./chunk-NECXCCDZ.js";import"./chunk-WOTOH7W4.js";import{a as z,b as y,d as w,e as U,i as k}from"./chunk-LNIMUVOF.js";import"./chunk-24DX7YIR.js";import{a as p}from"./chunk-6CHFD77N.js";import{a as A,b as g,e as D,l as d,m as H,n as V,q as G,s as F,v as a}from"./chunk-AIVXOGYZ.js";import{a as i,d as o,f as N,g as q,h as K,j as t,k as T,l as $}from"./chunk-T6ZDZZ6O.js";var P=null;addEventListener("beforeinstallprompt",c=>{c.preventDefault(),P=c,a.changed()});var O=class extends p{constructor(){super(...arguments);this.install=async()=>{let e=P;P=null,await e?.prompt(),this.requestUpdate()}}render(){return matchMedia("(display-mode: standalone)").matches?o:i`<div class="card stack"><h2>${t("install.title")}</h2>
      ${isSecureContext?P?i`<p class="quiet">${t("install.text")}</p>
              <button type="button" @click=${this.install}>${t("install.go")}</button>`:i`<p class="quiet">${t("install.byMenu")}</p>`:i`<p>${t("install.insecure",{address:location.origin})}</p>`}</div>`}};customElements.define("install-card",O);var _=class extends p{constructor(){super(...arguments);this.put="";this.waited=!1}updated(e){let r=this.querySelector("dialog");r&&!r.open&&r.showModal()}away(){this.put=a.info?.prompt?.text??"",a.changed()}render(){let{info:e}=a,r=e?.prompt,s=e?.waiting_for_user??!1;return(!r||s&&!this.waited)&&(this.put=""),this.waited=s,!r||r.text===this.put?o:i`<dialog aria-labelledby="prompt-title" @cancel=${this.away}>
      <h2 id="prompt-title">${t("prompt.title")}</h2>
      <printer-question .printer=${e} @answered=${({detail:n})=>n&&this.away()}></printer-question>
      ${a.may("CONTROL")?o:i`<div class="row"><button type="button" @click=${this.away}>
            ${t("app.dismiss")}</button></div>`}
    </dialog>`}};customElements.define("printer-prompt",_);var W=async()=>(await d("GET","api/gantry/cameras")).cameras;var Q=1e3,X=5e3,S=class extends N{constructor(){super(...arguments);this.camera=null;this.broken=!1;this.seen=!0;this.shot=Date.now();this.address="";this.look=()=>this.seen=!document.hidden}static{this.properties={camera:{attribute:!1},broken:{state:!0},seen:{state:!0},shot:{state:!0},address:{state:!0}}}createRenderRoot(){return this}connectedCallback(){super.connectedCallback(),document.addEventListener("visibilitychange",this.look),this.timer=window.setInterval(()=>{!this.address&&this.seen&&(this.shot=Date.now())},Q)}disconnectedCallback(){super.disconnectedCallback(),document.removeEventListener("visibilitychange",this.look),clearInterval(this.timer),clearTimeout(this.retry),this.querySelector("img")?.removeAttribute("src")}get streams(){return!!this.camera?.stream&&!this.broken}willUpdate(e){["camera","seen","broken"].some(r=>e.has(r))&&(this.address="",this.seen&&this.streams&&this.find(this.camera.stream))}async find(e){let r=await B(e).catch(()=>"");e!==this.camera?.stream||!this.seen||(r?this.address=r:this.failed())}failed(){this.broken=!0,this.retry=window.setTimeout(()=>this.broken=!1,X)}render(){let e=this.camera;if(e===null||!this.seen)return o;let r=[`r${e.rotation}`,e.flip_horizontal?"flip-x":"",e.flip_vertical?"flip-y":""].join(" ");return i`<div class="live ${r}">${this.address?i`<img src=${this.address} alt=${t("dashboard.camera",{name:e.name})}
          @error=${this.failed}>`:e.snapshot?i`<api-image .path=${`${e.snapshot}?t=${this.shot}`}
            alt=${t("dashboard.camera",{name:e.name})}></api-image>`:i`<p class="quiet">${t("camera.silent")}</p>`}</div>`}};customElements.define("live-camera",S);var I=class extends p{constructor(){super(...arguments);this.plan=null}static{this.properties={plan:{state:!0}}}async show(){await a.attempt(async()=>{this.plan=await d("GET","api/gantry/recovery")})}async confirm(e){await a.attempt(()=>d("POST","api/gantry/recovery",{job_id:e.job_id}))&&(this.plan=null)}render(){let e=a.info;if(!(e?.phase==="none"&&["interrupted","failed"].includes(e.job?.result??""))||!a.may("PRINT"))return o;let s=this.plan;return s===null?i`<section class="card">
        <h2>${t("recovery.title")}</h2><p>${t("recovery.text")}</p>
        <button type="button" @click=${this.show}>${t("recovery.show")}</button></section>`:i`<section class="card stack" aria-labelledby="recovery-title">
      <h2 id="recovery-title">${t("recovery.title")}</h2>
      <p>${t("recovery.from",{file:k(s.file),height:z(s.height_mm,2),layer:s.layer??"?"})}</p>
      <ol>${s.steps.map(n=>i`<li>${A("step",n)}</li>`)}</ol>
      <details><summary>${t("recovery.lines")}</summary>
        <pre tabindex="0">${s.lines.join(`
`)}</pre></details>
      <div class="row">
        <hold-button kind="primary" .label=${t("recovery.go")}
          @confirm=${()=>this.confirm(s)}></hold-button>
        <button type="button" class="plain" @click=${()=>this.plan=null}>
          ${t("app.close")}</button>
      </div></section>`}};customElements.define("recovery-card",I);var Y="gantry.camera",C=class extends p{constructor(){super(...arguments);this.picture="";this.pictureOf="";this.cameras=null;this.chosen=localStorage.getItem(Y)??""}static{this.properties={picture:{state:!0},cameras:{state:!0},chosen:{state:!0}}}willUpdate(){J(),a.online&&this.cameras===null&&this.findCameras();let e=a.info?.job?.origin==="local"?a.info.job.file:"";e!==this.pictureOf&&this.findPicture(e)}async findCameras(){this.cameras=[],this.cameras=await W().catch(()=>[])}async findPicture(e){if(this.pictureOf=e,this.picture="",!e)return;let s=(await a.call("server.files.thumbnails",{filename:e}).catch(()=>[])).at(-1)?.thumbnail_path;s&&e===this.pictureOf&&(this.picture=`server/files/gcodes/${s.split("/").map(encodeURIComponent).join("/")}`)}render(){let e=f(a.info,a.objects);return i`<div class="dashboard">
      <div class="column">
        ${this.hero(e)}
        <recovery-card></recovery-card>
        ${this.camera()}
      </div>
      <div class="column"><temperature-card></temperature-card> <power-card></power-card>
        <sensor-card></sensor-card></div>
    </div>`}hero(e){let r=a.info,s=e.job??(r?.job?.result?r.job:null),n=r?.phase==="paused";return i`<section class="card hero ${e.tone}">
      <div class="hero-head">
        ${this.picture?i`<div class="thumb"><api-image .path=${this.picture}
              alt=${t("dashboard.thumbnail")}></api-image></div>`:o}
        <div class="grow">
          <h1>${e.sentence}</h1>
          <p class="hidden" role="status">${e.word}</p>
          ${r?.fault&&!e.job?i`<p class="advice">${g(r.fault.message)}
                ${r.fault.advice?i`<br>${g(r.fault.advice)}`:o}</p>`:o}
          ${r?.waiting_for_user&&!r.prompt?i`<printer-question class="advice" .printer=${r}></printer-question>`:o}
          ${r?.message?i`<p class="quiet">${t("dashboard.display")} ${r.message}</p>`:o}
        </div>
      </div>
      ${e.job?this.progress(e.job):o}
      ${s&&!e.job?this.last(s):o}
      ${this.buttons(e,n)}
    </section>`}progress(e){let r=E(e,a.objects),s=a.objects.print_stats,n=s?.info?.current_layer??e.layer,l=s?.info?.total_layer??e.layers;return i`<div class="progress">
        <progress max="1" .value=${r} aria-label=${t("dashboard.progress")}></progress>
        <strong>${y(r)}</strong></div>
      <dl class="facts">
        <div><dt>${t("dashboard.left")}</dt><dd>${w(e.left_s)}</dd></div>
        <div><dt>${t("dashboard.done")}</dt>
          <dd>${e.left_s===null?"\u2013":U(Date.now()/1e3+e.left_s)}</dd></div>
        <div><dt>${t("dashboard.elapsed")}</dt>
          <dd>${w(s?.total_duration??e.elapsed_s)}</dd></div>
        <div><dt>${t("dashboard.layer")}</dt>
          <dd>${n?l?`${n} / ${l}`:n:"\u2013"}</dd></div>
      </dl>`}last(e){return e.result==="complete"?o:i`<p class="quiet">${t("dashboard.last",{file:k(e.file),time:w(e.elapsed_s)})}${e.cause?` ${g(e.cause)}`:""}</p>`}buttons(e,r){let s=a.info;if(!s||!a.online)return o;let n=h=>()=>a.attempt(()=>a.call(h));if(e.job&&a.may("PRINT")){let h=s.phase==="printing"||s.phase==="preparing";return i`<div class="row">
        ${r?i`<button type="button" class="primary" @click=${n("printer.print.resume")}>
              ${t("job.resume")}</button>`:i`<button type="button" @click=${n("printer.print.pause")} ?disabled=${!h}>
              ${t("job.pause")}</button>`}
        <hold-button kind="danger" .label=${t("job.cancel")}
          @confirm=${n("printer.print.cancel")}></hold-button>
        <a class="button plain" href="#/layers">${t("dashboard.layers")}</a>
      </div>`}if((s.link==="halted"||s.link==="failed")&&a.may("CONTROL"))return i`<div class="row"><button type="button" class="primary"
        @click=${n("printer.firmware_restart")}>${t("printer.reset")}</button></div>`;if(s.link==="offline"&&a.may("CONNECTION")){let h=()=>d("POST","api/connection",{command:"connect"});return i`<div class="row"><button type="button" class="primary"
        @click=${()=>a.attempt(h)}>${t("printer.connect")}</button></div>`}if(s.link!=="online"||e.job)return o;let l=s.job?.origin==="local"&&s.job.result&&a.may("PRINT");return i`<div class="row">
      <a class="button primary" href="#/files">${t("dashboard.choose")}</a>
      ${l?i`<button type="button" @click=${()=>this.again(s.job)}>
            ${t("dashboard.again")}</button>`:o}
    </div>`}again(e){a.attempt(()=>d("POST","api/gantry/print",{path:e.file}))}choose(e){this.chosen=e,localStorage.setItem(Y,e)}camera(){let e=this.cameras??[],r=e.find(s=>s.id===this.chosen)??e[0];return!r||!a.may("WEBCAM")?o:i`<section class="card camera" aria-labelledby="camera-title">
      <div class="row between"><h2 id="camera-title">${r.name}</h2>
        ${e.length>1?i`<label class="hidden" for="camera">${t("camera.choose")}</label>
              <select id="camera" class="small" @change=${s=>this.choose(s.target.value)}>
                ${e.map(s=>i`<option value=${s.id}
                  ?selected=${s.id===r.id}>${s.name}</option>`)}</select>`:o}</div>
      <live-camera .camera=${r}></live-camera>
    </section>`}};customElements.define("dashboard-view",C);var j=class extends p{constructor(){super(...arguments);this.withKey=!1;this.busy=!1;this.error=""}static{this.properties={withKey:{state:!0},busy:{state:!0},error:{state:!0}}}async submit(e){e.preventDefault();let r=e.target,s=new FormData(r),n=l=>String(s.get(l)??"");this.busy=!0,this.error="";try{this.withKey?await V(n("key").trim()):await H(n("user"),n("password"),s.has("remember")),await a.open()}catch(l){this.error=D(l),r.querySelector("input[type=password]")?.select()}finally{this.busy=!1}}render(){return i`<main class="login">
      <form class="card stack" @submit=${this.submit} aria-labelledby="login-title">
        <div class="brand"><img src="page/icon.svg" alt="" width="44" height="44">
          <h1 id="login-title">Gantry</h1></div>
        ${this.withKey?this.keyField():this.userFields()}
        <p class="error" role="alert">${this.error}</p>
        <button class="primary" ?disabled=${this.busy}>${t("login.go")}</button>
        <button type="button" class="plain" @click=${()=>this.withKey=!this.withKey}>
          ${this.withKey?t("login.withPassword"):t("login.withKey")}</button>
      </form>
    </main>`}keyField(){return i`<label class="field">${t("login.key")}
      <input name="key" type="password" autocomplete="off" required></label>`}userFields(){return i`<label class="field">${t("login.user")}
        <input name="user" autocomplete="username" autocapitalize="none" required></label>
      <label class="field">${t("login.password")}
        <input name="password" type="password" autocomplete="current-password" required></label>
      <label class="check"><input type="checkbox" name="remember"> ${t("login.remember")}</label>`}};customElements.define("login-view",j);var b=c=>()=>Promise.all([c(),$("admin")]),m={printers:{icon:"printers",several:!0,load:()=>Promise.all([import("./printers-W4O7DWJR.js"),$("fleet")]),view:()=>i`<printers-view .page=${L}></printers-view>`},dashboard:{icon:"dashboard",view:()=>i`<dashboard-view></dashboard-view>`},files:{icon:"files",permission:"FILES_LIST",load:()=>Promise.all([import("./files-MJIBNGRV.js"),$("files")]),view:()=>i`<files-view></files-view>`},layers:{icon:"layers",permission:"GCODE_VIEWER",load:()=>import("./layers-B3PLVB2I.js"),view:()=>i`<layers-view></layers-view>`},control:{icon:"control",permission:"CONTROL",load:()=>import("./control-A4RFNNLH.js"),view:()=>i`<control-view></control-view>`},console:{icon:"console",permission:"MONITOR_TERMINAL",load:()=>import("./console-WZX3FH32.js"),view:()=>i`<console-view></console-view>`},mesh:{icon:"mesh",load:()=>import("./mesh-FIH3PIOZ.js"),view:()=>i`<mesh-view></mesh-view>`},history:{icon:"history",load:()=>import("./history-WRWVUR4S.js"),view:()=>i`<history-view></history-view>`},health:{icon:"health",whole:!0,load:b(()=>import("./health-G6XOU737.js")),view:()=>i`<health-view></health-view>`},people:{icon:"people",whole:!0,load:b(()=>import("./people-EF6KER4G.js")),view:()=>i`<people-view></people-view>`},configuration:{icon:"configuration",whole:!0,permission:"ADMIN",load:b(()=>import("./configuration-NL4HW2ZH.js")),view:()=>i`<configuration-view></configuration-view>`},upkeep:{icon:"upkeep",whole:!0,permission:"ADMIN",load:b(()=>import("./upkeep-TYPLHQ2X.js")),view:()=>i`<upkeep-view></upkeep-view>`},setup:{icon:"configuration",permission:"ADMIN",apart:!0,load:b(()=>import("./setup-HNYTUDYI.js")),view:()=>i`<setup-view></setup-view>`}},M=["dashboard","files","control","console"],L="dashboard",Z="(width < 56rem)",x=class extends p{constructor(){super(...arguments);this.page="dashboard";this.theme=localStorage.getItem("gantry.theme")??"auto";this.loaded=new Set(["dashboard","more"]);this.route=()=>{this.go()};this.phone=matchMedia(Z);this.resized=()=>this.requestUpdate();this.stop=()=>a.attempt(()=>a.call("printer.emergency_stop"));this.leave=()=>{a.leave()};this.stopAll=()=>a.attempt(async()=>{let r=(await Promise.allSettled(a.fleet.map(({id:s})=>F(s,"POST","printer/emergency_stop")))).flatMap((s,n)=>s.status==="rejected"?[`${a.fleet[n].name}: ${s.reason.message}`]:[]);if(r.length)throw new Error(r.join(`
`))})}static{this.properties={page:{state:!0},theme:{state:!0},loaded:{state:!0}}}connectedCallback(){super.connectedCallback(),window.addEventListener("hashchange",this.route),this.phone.addEventListener("change",this.resized),this.applyTheme(this.theme),T().then(()=>(this.go(!1),a.open()))}disconnectedCallback(){super.disconnectedCallback(),window.removeEventListener("hashchange",this.route),this.phone.removeEventListener("change",this.resized)}async go(e=!0){let r=location.hash.replace(/^#\//,"").split("/")[0]||"dashboard";this.page=r in m||r==="more"?r:"dashboard";let s=this.page;s!=="more"&&!m[s].several&&(L=s),await this.need(s),await this.updateComplete,e&&s===this.page&&(this.querySelector("#main")?.focus({preventScroll:!0}),scrollTo(0,0))}async need(e){if(!this.loaded.has(e)){try{await m[e].load?.()}catch{return a.problem=t("app.notLoaded"),a.changed()}this.loaded=new Set([...this.loaded,e])}}applyTheme(e){this.theme=e,localStorage.setItem("gantry.theme",e),e==="auto"?delete document.documentElement.dataset.theme:document.documentElement.dataset.theme=e}setTitle(){if(this.page==="printers"){document.title=`${t("nav.printers")} \xB7 Gantry`;return}let e=f(a.info,a.objects),r=[t(`nav.${this.page}`),a.info?.name??"Gantry"];e.job&&r.unshift(`${y(E(e.job,a.objects))} ${e.word}`),document.title=r.join(" \xB7 ")}render(){switch(a.phase){case"starting":return i`<main class="center" aria-busy="true"><p>${t("app.starting")}</p></main>`;case"unclaimed":return this.apart("setup");case"login":return document.title="Gantry",i`<login-view></login-view>`;default:return m[this.page]?.apart&&a.may("ADMIN")?this.apart(this.page):(this.setTitle(),this.shell())}}apart(e){return this.need(e),this.loaded.has(e)?m[e].view():i`<main class="center" aria-busy="true"><p>${t("app.starting")}</p></main>`}shell(){return i`
      <a class="skip" href="#main" @click=${this.skip}>${t("app.skip")}</a>
      ${this.bar()} ${this.navigation()}
      <main id="main" tabindex="-1" aria-label=${t(`nav.${this.page}`)}>
        ${this.banners()} ${this.content()}
      </main>
      ${this.page==="printers"?o:i`<printer-prompt></printer-prompt>`}`}skip(e){e.preventDefault(),this.querySelector("#main")?.focus()}bar(){let e=f(a.info,a.objects),r=this.page==="printers";return i`<header class="bar">
      <img class="logo" src="page/icon.svg" alt="" width="30" height="30">
      ${a.fleet.length>1?this.chooser(r):i`<strong class="name">${a.info?.name??"Gantry"}</strong>`}
      ${r&&a.online?o:i`<span class="badge ${a.online?e.tone:a.answers?"":"bad"}" role="status">
            ${a.online?e.word:t(a.answers?"app.noPrinter":"app.offline")}</span>`}
      <span class="grow"></span>
      ${a.may("CONTROL")?r?this.stopEverything():this.stopOne():o}
    </header>`}chooser(e){let r=(s,n,l)=>i`<option
      value=${s} .selected=${R(l)}>${n}</option>`;return i`<label class="hidden" for="fleet">${t("app.printer")}</label>
      <select id="fleet" class="bare" @change=${this.choose}>
        ${r("",t("nav.printers"),e)}
        ${a.fleet.map(({id:s,name:n})=>r(s,n,!e&&s===a.info?.id))}
      </select>`}stopOne(){return i`<button class="stop" type="button" @click=${this.stop} ?disabled=${!a.online}
      title=${t("stop.title")}>${v("stop")}<span>${t("stop.label")}</span></button>`}stopEverything(){return i`<hold-button kind="stop" .label=${t("stop.all")} .disabled=${!a.online}
      @confirm=${this.stopAll}></hold-button>`}choose(e){let r=e.target.value;r?location.assign(`${G(r,a.info?.id)}#/${L}`):location.hash="#/printers"}pages(){return Object.entries(m).filter(([,e])=>!e.apart&&(!e.several||a.fleet.length>1)&&(!e.permission||a.may(e.permission)))}navigation(){let e=(s,n,l="",h=t(`nav.${s}`))=>i`<li class=${l}><a href="#/${s}" aria-current=${this.current(s)}>
        ${v(n)}<span>${h}</span></a></li>`,r=i`<span class="on-phone">${t("nav.more")}</span
      ><span class="on-desk">${t("nav.settings")}</span>`;return i`<nav aria-label=${t("nav.label")}><ul>
      ${this.pages().map(([s,n])=>e(s,n.icon,M.includes(s)?"":"wide"))}
      ${e("more","more","",r)}
    </ul></nav>`}current(e){let r=e==="more"&&!M.includes(this.page)&&this.phone.matches;return this.page===e||r?"page":o}banners(){return i`
      <div role="alert">
        ${a.answers||!a.everOnline?o:i`<p class="banner bad">${t("app.lost")}</p>`}
        ${a.troubles.map(e=>i`<p class="banner bad">${t(`trouble.${e.id}`)}</p>`)}
        ${a.newer===null?o:i`<p class="banner"><span>${t("app.newer",{version:a.newer})}</span>
              <button type="button" @click=${()=>location.reload()}>${t("app.reload")}</button></p>`}
        ${a.problem===null?o:i`<p class="banner bad"><span>${a.problem}</span>
              <button type="button" class="plain" @click=${this.dismiss}>${t("app.dismiss")}</button>
            </p>`}
      </div>`}dismiss(){a.problem=null,a.changed()}content(){return this.page==="more"?this.more():a.printerless&&!m[this.page].whole?i`<section class="card stack"><h1>${t("printerless.title")}</h1>
        <p>${a.printerless}</p>
        ${a.may("ADMIN")?i`<div class="row"><a class="button primary" href="#/setup">${t("settings.setup")}</a>
              <a class="button" href="#/upkeep">${t("printerless.restore")}</a>
              <a class="button" href="#/configuration">${t("nav.configuration")}</a></div>`:o}</section>`:this.loaded.has(this.page)?m[this.page].view():i`<p aria-busy="true">${t("app.loading")}</p>`}more(){return i`<h1 class="page-head">${t("nav.settings")}</h1>
      <div class="card on-phone">
        <ul class="links">
          ${this.pages().filter(([e])=>!M.includes(e)).map(([e,r])=>i`<li><a href="#/${e}">${v(r.icon)}
              <span>${t(`nav.${e}`)}</span></a></li>`)}
        </ul>
      </div>
      <div class="settings"><div class="card stack">
        <h2>${t("settings.title")}</h2>
        <label class="field">${t("settings.language")}
          <select @change=${this.chooseLanguage}>
            ${Object.entries(q).map(([e,r])=>i`<option
              value=${e} ?selected=${e===K}>${r}</option>`)}
          </select></label>
        <label class="field">${t("settings.theme")}
          <select @change=${e=>this.applyTheme(e.target.value)}>
            ${["auto","light","dark"].map(e=>i`<option
              value=${e} ?selected=${e===this.theme}>${t(`theme.${e}`)}</option>`)}
          </select></label>
        <p class="quiet">${t("settings.user",{name:a.user.name??"\u2013"})}</p>
        <div class="row">
          ${a.may("ADMIN")?i`<a class="button" href="#/setup">${v("configuration")} ${t("settings.setup")}</a>`:o}
          <button type="button" @click=${this.leave}>${v("logout")} ${t("settings.logout")}</button>
        </div>
      </div>
      <install-card></install-card></div>`}async chooseLanguage(e){await T(e.target.value),a.changed()}};customElements.define("gantry-app",x);
