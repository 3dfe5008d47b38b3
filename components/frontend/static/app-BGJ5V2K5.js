import{a as f,b as E}from"./chunk-WHAGZAWH.js";import{a as B}from"./chunk-F55MBNHD.js";import"./chunk-4FFEXHG4.js";import{a as C,b as J}from"./chunk-6M2PKGJG.js";import"./chunk-DFGEU23L.js";import{a as v}from"./chunk-FT3O23JP.js";import"./chunk-JP32XFLV.js";import{a as z,b as y,d as w,e as U,i as k}from"./chunk-7ERQJF3G.js";import{a as p}from"./chunk-MH7U2SSG.js";import{a as A,b as g,e as D,l as u,m as H,n as V,q as F,s as G,y as a}from"./chunk-N5BKS474.js";import{a as i,d as o,f as q,g as R,h as K,j as t,k as P,l as $}from"./chunk-L547K4MS.js";var T=null;addEventListener("beforeinstallprompt",c=>{c.preventDefault(),T=c,a.changed()});var S=class extends p{constructor(){super(...arguments);this.install=async()=>{let e=T;T=null,await e?.prompt(),this.requestUpdate()}}render(){return matchMedia("(display-mode: standalone)").matches?o:i`<div class="card stack"><h2>${t("install.title")}</h2>
      ${isSecureContext?T?i`<p class="quiet">${t("install.text")}</p>
              <button type="button" @click=${this.install}>${t("install.go")}</button>`:i`<p class="quiet">${t("install.byMenu")}</p>`:i`<p>${t("install.insecure",{address:location.origin})}</p>`}</div>`}};customElements.define("install-card",S);var _=class extends p{constructor(){super(...arguments);this.put="";this.waited=!1}updated(e){let r=this.querySelector("dialog");r&&!r.open&&r.showModal()}away(){this.put=a.info?.prompt?.text??"",a.changed()}render(){let{info:e}=a,r=e?.prompt,s=e?.waiting_for_user??!1;return(!r||s&&!this.waited)&&(this.put=""),this.waited=s,!r||r.text===this.put?o:i`<dialog aria-labelledby="prompt-title" @cancel=${this.away}>
      <h2 id="prompt-title">${t("prompt.title")}</h2>
      <printer-question .printer=${e} @answered=${({detail:n})=>n&&this.away()}></printer-question>
      ${a.may("CONTROL")?o:i`<div class="row"><button type="button" @click=${this.away}>
            ${t("app.dismiss")}</button></div>`}
    </dialog>`}};customElements.define("printer-prompt",_);var Y=1e3,Q=5e3,I=class extends q{constructor(){super(...arguments);this.camera=null;this.broken=!1;this.seen=!0;this.shot=Date.now();this.address="";this.look=()=>this.seen=!document.hidden}static{this.properties={camera:{attribute:!1},broken:{state:!0},seen:{state:!0},shot:{state:!0},address:{state:!0}}}createRenderRoot(){return this}connectedCallback(){super.connectedCallback(),document.addEventListener("visibilitychange",this.look),this.timer=window.setInterval(()=>{!this.address&&this.seen&&(this.shot=Date.now())},Y)}disconnectedCallback(){super.disconnectedCallback(),document.removeEventListener("visibilitychange",this.look),clearInterval(this.timer),clearTimeout(this.retry),this.querySelector("img")?.removeAttribute("src")}get streams(){return!!this.camera?.stream&&!this.broken}willUpdate(e){["camera","seen","broken"].some(r=>e.has(r))&&(this.address="",this.seen&&this.streams&&this.find(this.camera.stream))}updated(){let e=/^(\d+):(\d+)$/.exec(this.camera?.aspect_ratio??"");e&&this.style.setProperty("--ratio",`${e[1]} / ${e[2]}`)}async find(e){let r=await B(e).catch(()=>"");e!==this.camera?.stream||!this.seen||(r?this.address=r:this.failed())}failed(){this.broken=!0,this.retry=window.setTimeout(()=>this.broken=!1,Q)}render(){let e=this.camera;if(e===null||!this.seen)return o;let r=[`r${e.rotation}`,e.flip_horizontal?"flip-x":"",e.flip_vertical?"flip-y":""].join(" ");return i`<div class="live ${r}">${this.address?i`<img src=${this.address} alt=${t("dashboard.camera",{name:e.name})}
          @error=${this.failed}>`:e.snapshot?i`<api-image .path=${`${e.snapshot}?t=${this.shot}`}
            alt=${t("dashboard.camera",{name:e.name})}></api-image>`:i`<p class="quiet">${t("camera.silent")}</p>`}</div>`}};customElements.define("live-camera",I);var O=class extends p{constructor(){super(...arguments);this.plan=null}static{this.properties={plan:{state:!0}}}async show(){await a.attempt(async()=>{this.plan=await u("GET","api/gantry/recovery")})}async confirm(e){await a.attempt(()=>u("POST","api/gantry/recovery",{job_id:e.job_id}))&&(this.plan=null)}render(){let e=a.info;if(!(e?.phase==="none"&&["interrupted","failed"].includes(e.job?.result??""))||!a.may("PRINT"))return o;let s=this.plan;return s===null?i`<section class="card">
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
      </div></section>`}};customElements.define("recovery-card",O);var W="gantry.camera",j=class extends p{constructor(){super(...arguments);this.chosen=localStorage.getItem(W)??""}static{this.properties={chosen:{state:!0}}}willUpdate(){J()}render(){let e=f(a.info,a.objects);return i`<div class="dashboard">
      <div class="column">
        ${this.hero(e)}
        <recovery-card></recovery-card>
        ${this.camera()}
      </div>
      <div class="column"><temperature-card></temperature-card> <power-card></power-card>
        <sensor-card></sensor-card></div>
    </div>`}hero(e){let r=a.info,s=e.job??(r?.job?.result?r.job:null),n=r?.phase==="paused";return i`<section class="card hero ${e.tone}">
      <div class="hero-head">
        ${a.picture?i`<div class="thumb"><api-image .path=${a.picture}
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
      </dl>`}last(e){return e.result==="complete"?o:i`<p class="quiet">${t("dashboard.last",{file:k(e.file),time:w(e.elapsed_s)})}${e.cause?` ${g(e.cause)}`:""}</p>`}buttons(e,r){let s=a.info;if(!s||!a.online)return o;let n=m=>()=>a.attempt(()=>a.call(m));if(e.job&&a.may("PRINT")){let m=s.phase==="printing"||s.phase==="preparing";return i`<div class="row">
        ${r?i`<button type="button" class="primary" @click=${n("printer.print.resume")}>
              ${t("job.resume")}</button>`:i`<button type="button" @click=${n("printer.print.pause")} ?disabled=${!m}>
              ${t("job.pause")}</button>`}
        <hold-button kind="danger" .label=${t("job.cancel")}
          @confirm=${n("printer.print.cancel")}></hold-button>
        <a class="button plain" href="#/layers">${t("dashboard.layers")}</a>
      </div>`}if((s.link==="halted"||s.link==="failed")&&a.may("CONTROL"))return i`<div class="row"><button type="button" class="primary"
        @click=${n("printer.firmware_restart")}>${t("printer.reset")}</button></div>`;if(s.link==="offline"&&a.may("CONNECTION")){let m=()=>u("POST","api/connection",{command:"connect"});return i`<div class="row"><button type="button" class="primary"
        @click=${()=>a.attempt(m)}>${t("printer.connect")}</button></div>`}if(s.link!=="online"||e.job)return o;let l=s.job?.origin==="local"&&s.job.result&&a.may("PRINT");return i`<div class="row">
      <a class="button primary" href="#/files">${t("dashboard.choose")}</a>
      ${l?i`<button type="button" @click=${()=>this.again(s.job)}>
            ${t("dashboard.again")}</button>`:o}
    </div>`}again(e){a.attempt(()=>u("POST","api/gantry/print",{path:e.file}))}choose(e){this.chosen=e,localStorage.setItem(W,e)}camera(){let e=a.cameras,r=e.find(s=>s.id===this.chosen)??e[0];return r?i`<section class="card camera" aria-labelledby="camera-title">
      <div class="row between"><h2 id="camera-title">${r.name}</h2>
        ${e.length>1?i`<label class="hidden" for="camera">${t("camera.choose")}</label>
              <select id="camera" class="small" @change=${s=>this.choose(s.target.value)}>
                ${e.map(s=>i`<option value=${s.id}
                  ?selected=${s.id===r.id}>${s.name}</option>`)}</select>`:o}</div>
      <live-camera .camera=${r}></live-camera>
    </section>`:o}};customElements.define("dashboard-view",j);var L=class extends p{constructor(){super(...arguments);this.withKey=!1;this.busy=!1;this.error=""}static{this.properties={withKey:{state:!0},busy:{state:!0},error:{state:!0}}}async submit(e){e.preventDefault();let r=e.target,s=new FormData(r),n=l=>String(s.get(l)??"");this.busy=!0,this.error="";try{this.withKey?await V(n("key").trim()):await H(n("user"),n("password"),s.has("remember")),await a.open()}catch(l){this.error=D(l),r.querySelector("input[type=password]")?.select()}finally{this.busy=!1}}render(){return i`<main class="login">
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
      <label class="check"><input type="checkbox" name="remember"> ${t("login.remember")}</label>`}};customElements.define("login-view",L);var b=c=>()=>Promise.all([c(),$("admin")]),d={printers:{icon:"printers",several:!0,load:()=>Promise.all([import("./printers-RPXOAHS2.js"),$("fleet")]),view:()=>i`<printers-view .page=${x}></printers-view>`},dashboard:{icon:"dashboard",view:()=>i`<dashboard-view></dashboard-view>`},files:{icon:"files",permission:"FILES_LIST",load:()=>Promise.all([import("./files-5XKSAD4A.js"),$("files")]),view:()=>i`<files-view></files-view>`},layers:{icon:"layers",permission:"GCODE_VIEWER",load:()=>import("./layers-Z743RZJC.js"),view:()=>i`<layers-view></layers-view>`},control:{icon:"control",permission:"CONTROL",load:()=>import("./control-EWER25I7.js"),view:()=>i`<control-view></control-view>`},console:{icon:"console",permission:"MONITOR_TERMINAL",load:()=>import("./console-OSCXASDZ.js"),view:()=>i`<console-view></console-view>`},mesh:{icon:"mesh",load:()=>import("./mesh-6FT2FSLM.js"),view:()=>i`<mesh-view></mesh-view>`},history:{icon:"history",load:()=>import("./history-5G4JGIVI.js"),view:()=>i`<history-view></history-view>`},health:{icon:"health",whole:!0,load:b(()=>import("./health-TTSOXYUX.js")),view:()=>i`<health-view></health-view>`},people:{icon:"people",whole:!0,load:b(()=>import("./people-P7GU6K44.js")),view:()=>i`<people-view></people-view>`},configuration:{icon:"configuration",whole:!0,permission:"ADMIN",load:b(()=>import("./configuration-IVCJTLT3.js")),view:()=>i`<configuration-view></configuration-view>`},upkeep:{icon:"upkeep",whole:!0,permission:"ADMIN",load:b(()=>import("./upkeep-TQCLMWX3.js")),view:()=>i`<upkeep-view></upkeep-view>`},setup:{icon:"configuration",permission:"ADMIN",apart:!0,load:b(()=>import("./setup-3JVRWPYB.js")),view:()=>i`<setup-view></setup-view>`}},M=["dashboard","files","control","console"],x="dashboard",X="(width < 56rem)",N=class extends p{constructor(){super(...arguments);this.page="dashboard";this.theme=localStorage.getItem("gantry.theme")??"auto";this.loaded=new Set(["dashboard","more"]);this.route=()=>{this.go()};this.phone=matchMedia(X);this.resized=()=>this.requestUpdate();this.stop=()=>a.attempt(()=>a.call("printer.emergency_stop"));this.leave=()=>{a.leave()};this.stopAll=()=>a.attempt(async()=>{let r=(await Promise.allSettled(a.fleet.map(({id:s})=>G(s,"POST","printer/emergency_stop")))).flatMap((s,n)=>s.status==="rejected"?[`${a.fleet[n].name}: ${s.reason.message}`]:[]);if(r.length)throw new Error(r.join(`
`))})}static{this.properties={page:{state:!0},theme:{state:!0},loaded:{state:!0}}}connectedCallback(){super.connectedCallback(),window.addEventListener("hashchange",this.route),this.phone.addEventListener("change",this.resized),this.applyTheme(this.theme),P().then(()=>(this.go(!1),a.open()))}disconnectedCallback(){super.disconnectedCallback(),window.removeEventListener("hashchange",this.route),this.phone.removeEventListener("change",this.resized)}async go(e=!0){let r=location.hash.replace(/^#\//,"").split("/")[0]||"dashboard";this.page=r in d||r==="more"?r:"dashboard";let s=this.page;s!=="more"&&!d[s].several&&(x=s),await this.need(s),await this.updateComplete,e&&s===this.page&&(this.querySelector("#main")?.focus({preventScroll:!0}),scrollTo(0,0))}async need(e){if(!this.loaded.has(e)){try{await d[e].load?.()}catch{return a.newer?location.reload():(a.problem=t("app.notLoaded"),a.changed())}this.loaded=new Set([...this.loaded,e])}}applyTheme(e){this.theme=e,localStorage.setItem("gantry.theme",e),e==="auto"?delete document.documentElement.dataset.theme:document.documentElement.dataset.theme=e}setTitle(){if(this.page==="printers"){document.title=`${t("nav.printers")} \xB7 Gantry`;return}let e=f(a.info,a.objects),r=[t(`nav.${this.page}`),a.info?.name??"Gantry"];e.job&&r.unshift(`${y(E(e.job,a.objects))} ${e.word}`),document.title=r.join(" \xB7 ")}render(){switch(a.phase){case"starting":return i`<main class="center" aria-busy="true"><p>${t("app.starting")}</p></main>`;case"unclaimed":return this.apart("setup");case"login":return document.title="Gantry",i`<login-view></login-view>`;default:return d[this.page]?.apart&&a.may("ADMIN")?this.apart(this.page):(this.setTitle(),this.shell())}}apart(e){return this.need(e),this.loaded.has(e)?d[e].view():i`<main class="center" aria-busy="true"><p>${t("app.starting")}</p></main>`}shell(){return i`
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
      value=${s} .selected=${C(l)}>${n}</option>`;return i`<label class="hidden" for="fleet">${t("app.printer")}</label>
      <select id="fleet" class="bare" @change=${this.choose}>
        ${r("",t("nav.printers"),e)}
        ${a.fleet.map(({id:s,name:n})=>r(s,n,!e&&s===a.info?.id))}
      </select>`}stopOne(){return i`<button class="stop" type="button" @click=${this.stop} ?disabled=${!a.online}
      title=${t("stop.title")}>${v("stop")}<span>${t("stop.label")}</span></button>`}stopEverything(){return i`<hold-button kind="stop" .label=${t("stop.all")} .disabled=${!a.online}
      @confirm=${this.stopAll}></hold-button>`}choose(e){let r=e.target.value;r?location.assign(`${F(r,a.info?.id)}#/${x}`):location.hash="#/printers"}pages(){return Object.entries(d).filter(([,e])=>!e.apart&&(!e.several||a.fleet.length>1)&&(!e.permission||a.may(e.permission)))}navigation(){let e=(s,n,l="",m=t(`nav.${s}`))=>i`<li class=${l}><a href="#/${s}" aria-current=${this.current(s)}>
        ${v(n)}<span>${m}</span></a></li>`,r=i`<span class="on-phone">${t("nav.more")}</span
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
      </div>`}dismiss(){a.problem=null,a.changed()}content(){return this.page==="more"?this.more():a.printerless&&!d[this.page].whole?i`<section class="card stack"><h1>${t("printerless.title")}</h1>
        <p>${a.printerless}</p>
        ${a.may("ADMIN")?i`<div class="row"><a class="button primary" href="#/setup">${t("settings.setup")}</a>
              <a class="button" href="#/upkeep">${t("printerless.restore")}</a>
              <a class="button" href="#/configuration">${t("nav.configuration")}</a></div>`:o}</section>`:this.loaded.has(this.page)?d[this.page].view():i`<p aria-busy="true">${t("app.loading")}</p>`}more(){return i`<h1 class="page-head">${t("nav.settings")}</h1>
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
            ${Object.entries(R).map(([e,r])=>i`<option
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
      <install-card></install-card></div>`}async chooseLanguage(e){await P(e.target.value),a.changed()}};customElements.define("gantry-app",N);
