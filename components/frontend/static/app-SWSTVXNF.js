import{a as f,b as E,d as W}from"./chunk-DG555QAX.js";import{a as B}from"./chunk-QBCCGJ6J.js";import"./chunk-VSC3XTA7.js";import{a as C,b as J}from"./chunk-T3NJGXGS.js";import"./chunk-VETSJHJ2.js";import{a as v}from"./chunk-DY3IWYBU.js";import"./chunk-72DYD4AI.js";import{a as z,b as y,d as w,e as U,i as k}from"./chunk-35X64PMC.js";import{a as p}from"./chunk-B544CBGK.js";import{A as i,a as K,b as g,e as D,m,n as H,o as V,r as F,t as G}from"./chunk-J5RRR37K.js";import{a,d as o,f as q,g as R,h as A,j as t,k as P,l as $}from"./chunk-M6YJ65Q2.js";var T=null;addEventListener("beforeinstallprompt",c=>{c.preventDefault(),T=c,i.changed()});var S=class extends p{constructor(){super(...arguments);this.install=async()=>{let e=T;T=null,await e?.prompt(),this.requestUpdate()}}render(){return matchMedia("(display-mode: standalone)").matches?o:a`<div class="card stack"><h2>${t("install.title")}</h2>
      ${isSecureContext?T?a`<p class="quiet">${t("install.text")}</p>
              <button type="button" @click=${this.install}>${t("install.go")}</button>`:a`<p class="quiet">${t("install.byMenu")}</p>`:a`<p>${t("install.insecure",{address:location.origin})}</p>`}</div>`}};customElements.define("install-card",S);var _=class extends p{constructor(){super(...arguments);this.put="";this.waited=!1}updated(e){let r=this.querySelector("dialog");r&&!r.open&&r.showModal()}away(){this.put=i.info?.prompt?.text??"",i.changed()}render(){let{info:e}=i,r=e?.prompt,s=e?.waiting_for_user??!1;return(!r||s&&!this.waited)&&(this.put=""),this.waited=s,!r||r.text===this.put?o:a`<dialog aria-labelledby="prompt-title" @cancel=${this.away}>
      <h2 id="prompt-title">${t("prompt.title")}</h2>
      <printer-question .printer=${e} @answered=${({detail:n})=>n&&this.away()}></printer-question>
      ${i.may("CONTROL")?o:a`<div class="row"><button type="button" @click=${this.away}>
            ${t("app.dismiss")}</button></div>`}
    </dialog>`}};customElements.define("printer-prompt",_);var Q=1e3,X=5e3,I=class extends q{constructor(){super(...arguments);this.camera=null;this.broken=!1;this.seen=!0;this.shot=Date.now();this.coming=!1;this.address="";this.look=()=>this.seen=!document.hidden}static{this.properties={camera:{attribute:!1},broken:{state:!0},seen:{state:!0},shot:{state:!0},address:{state:!0}}}createRenderRoot(){return this}connectedCallback(){super.connectedCallback(),document.addEventListener("visibilitychange",this.look),this.timer=window.setInterval(()=>{!this.address&&this.seen&&!this.coming&&this.take()},Q)}take(){this.shot=Date.now(),this.coming=!0}disconnectedCallback(){super.disconnectedCallback(),document.removeEventListener("visibilitychange",this.look),clearInterval(this.timer),clearTimeout(this.retry),this.querySelector("img")?.removeAttribute("src")}get streams(){return!!this.camera?.stream&&!this.broken}willUpdate(e){["camera","seen","broken"].some(r=>e.has(r))&&(this.address="",this.take(),this.seen&&this.streams&&this.find(this.camera.stream))}updated(){let e=/^(\d+):(\d+)$/.exec(this.camera?.aspect_ratio??"");e&&(this.style.setProperty("--ratio",`${e[1]} / ${e[2]}`),this.style.setProperty("--turned",`${e[2]} / ${e[1]}`))}async find(e){let r=await B(e).catch(()=>"");e!==this.camera?.stream||!this.seen||(r?this.address=r:this.failed())}failed(){this.broken=!0,this.retry=window.setTimeout(()=>this.broken=!1,X)}render(){let e=this.camera;if(e===null||!this.seen)return o;let r=[`r${e.rotation}`,e.flip_horizontal?"flip-x":"",e.flip_vertical?"flip-y":""].join(" ");return a`<div class="live ${r}">${this.address?a`<img src=${this.address} alt=${t("dashboard.camera",{name:e.name})}
          @error=${this.failed}>`:e.snapshot?a`<api-image .path=${`${e.snapshot}?t=${this.shot}`}
            @arrived=${()=>this.coming=!1}
            alt=${t("dashboard.camera",{name:e.name})}></api-image>`:a`<p class="quiet">${t("camera.silent")}</p>`}</div>`}};customElements.define("live-camera",I);var O=class extends p{constructor(){super(...arguments);this.plan=null}static{this.properties={plan:{state:!0}}}async show(){await i.attempt(async()=>{this.plan=await m("GET","api/gantry/recovery")})}async confirm(e){await i.attempt(()=>m("POST","api/gantry/recovery",{job_id:e.job_id}))&&(this.plan=null)}render(){let e=i.info;if(!(e?.phase==="none"&&["interrupted","failed"].includes(e.job?.result??""))||!i.may("PRINT"))return o;let s=this.plan;return s===null?a`<section class="card">
        <h2>${t("recovery.title")}</h2><p>${t("recovery.text")}</p>
        <button type="button" @click=${this.show}>${t("recovery.show")}</button></section>`:a`<section class="card stack" aria-labelledby="recovery-title">
      <h2 id="recovery-title">${t("recovery.title")}</h2>
      <p>${t("recovery.from",{file:k(s.file),height:z(s.height_mm,2),layer:s.layer??"?"})}</p>
      <ol>${s.steps.map(n=>a`<li>${K("step",n)}</li>`)}</ol>
      <details><summary>${t("recovery.lines")}</summary>
        <pre tabindex="0">${s.lines.join(`
`)}</pre></details>
      <div class="row">
        <hold-button kind="primary" .label=${t("recovery.go")}
          @confirm=${()=>this.confirm(s)}></hold-button>
        <button type="button" class="plain" @click=${()=>this.plan=null}>
          ${t("app.close")}</button>
      </div></section>`}};customElements.define("recovery-card",O);var Y="gantry.camera",j=class extends p{constructor(){super(...arguments);this.chosen=localStorage.getItem(Y)??""}static{this.properties={chosen:{state:!0}}}willUpdate(){J()}render(){let e=f(i.info,i.objects);return a`<div class="dashboard">
      <div class="column">
        ${this.hero(e)}
        <recovery-card></recovery-card>
        ${this.camera()}
      </div>
      <div class="column"><temperature-card></temperature-card> <power-card></power-card>
        <sensor-card></sensor-card></div>
    </div>`}hero(e){let r=i.info,s=e.job??(r?.job?.result?r.job:null),n=r?.phase==="paused";return a`<section class="card hero ${e.tone}">
      <div class="hero-head">
        ${i.picture?a`<div class="thumb"><api-image .path=${i.picture}
              alt=${t("dashboard.thumbnail")}></api-image></div>`:o}
        <div class="grow">
          <h1>${W(r?.job?.file,e.sentence)}</h1>
          <p class="hidden" role="status">${e.word}</p>
          ${r?.fault&&!e.job?a`<p class="advice">${g(r.fault.message)}
                ${r.fault.advice?a`<br>${g(r.fault.advice)}`:o}</p>`:o}
          ${r?.waiting_for_user&&!r.prompt?a`<printer-question class="advice" .printer=${r}></printer-question>`:o}
          ${r?.message?a`<p class="quiet">${t("dashboard.display")} ${r.message}</p>`:o}
        </div>
      </div>
      ${e.job?this.progress(e.job):o}
      ${s&&!e.job?this.last(s):o}
      ${this.buttons(e,n)}
    </section>`}progress(e){let r=E(e,i.objects),s=i.objects.print_stats,n=s?.info?.current_layer??e.layer,l=s?.info?.total_layer??e.layers;return a`<div class="progress">
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
      </dl>`}last(e){return e.result==="complete"?o:a`<p class="quiet">${t("dashboard.last",{file:k(e.file),time:w(e.elapsed_s)})}${e.cause?` ${g(e.cause)}`:""}</p>`}buttons(e,r){let s=i.info;if(!s||!i.online)return o;let n=h=>()=>i.attempt(()=>i.call(h));if(e.job&&i.may("PRINT")){let h=s.phase==="printing"||s.phase==="preparing";return a`<div class="row">
        ${r?a`<button type="button" class="primary" @click=${n("printer.print.resume")}>
              ${t("job.resume")}</button>`:a`<button type="button" @click=${n("printer.print.pause")} ?disabled=${!h}>
              ${t("job.pause")}</button>`}
        <hold-button kind="danger" .label=${t("job.cancel")}
          @confirm=${n("printer.print.cancel")}></hold-button>
        <a class="button plain" href="#/layers">${t("dashboard.layers")}</a>
      </div>`}if((s.link==="halted"||s.link==="failed")&&i.may("CONTROL"))return a`<div class="row"><button type="button" class="primary"
        @click=${n("printer.firmware_restart")}>${t("printer.reset")}</button></div>`;if(s.link==="offline"&&i.may("CONNECTION")){let h=()=>m("POST","api/connection",{command:"connect"});return a`<div class="row"><button type="button" class="primary"
        @click=${()=>i.attempt(h)}>${t("printer.connect")}</button></div>`}if(s.link!=="online"||e.job)return o;let l=s.job?.origin==="local"&&s.job.result&&i.may("PRINT");return a`<div class="row">
      <a class="button primary" href="#/files">${t("dashboard.choose")}</a>
      ${l?a`<button type="button" @click=${()=>this.again(s.job)}>
            ${t("dashboard.again")}</button>`:o}
    </div>`}again(e){i.attempt(()=>m("POST","api/gantry/print",{path:e.file}))}choose(e){this.chosen=e,localStorage.setItem(Y,e)}camera(){let e=i.cameras,r=e.find(s=>s.id===this.chosen)??e[0];return r?a`<section class="card camera" aria-labelledby="camera-title">
      <h2 id="camera-title" class=${e.length>1?"hidden":""}>${r.name}</h2>
      ${e.length>1?a`<label class="hidden" for="camera">${t("camera.choose")}</label>
            <select id="camera" class="bare" @change=${s=>this.choose(s.target.value)}>
            ${e.map(s=>a`<option value=${s.id}
              ?selected=${s.id===r.id}>${s.name}</option>`)}</select>`:o}
      <live-camera .camera=${r}></live-camera>
    </section>`:o}};customElements.define("dashboard-view",j);var M=class extends p{constructor(){super(...arguments);this.withKey=!1;this.busy=!1;this.error=""}static{this.properties={withKey:{state:!0},busy:{state:!0},error:{state:!0}}}async submit(e){e.preventDefault();let r=e.target,s=new FormData(r),n=l=>String(s.get(l)??"");this.busy=!0,this.error="";try{this.withKey?await V(n("key").trim()):await H(n("user"),n("password"),s.has("remember")),await i.open()}catch(l){this.error=D(l),r.querySelector("input[type=password]")?.select()}finally{this.busy=!1}}render(){return a`<main class="login">
      <form class="card stack" @submit=${this.submit} aria-labelledby="login-title">
        <div class="brand"><img src="page/icon.svg" alt="" width="44" height="44">
          <h1 id="login-title">Gantry</h1></div>
        ${this.withKey?this.keyField():this.userFields()}
        <p class="error" role="alert">${this.error}</p>
        <button class="primary" ?disabled=${this.busy}>${t("login.go")}</button>
        <button type="button" class="plain" @click=${()=>this.withKey=!this.withKey}>
          ${this.withKey?t("login.withPassword"):t("login.withKey")}</button>
      </form>
    </main>`}keyField(){return a`<label class="field">${t("login.key")}
      <input name="key" type="password" autocomplete="off" required></label>`}userFields(){return a`<label class="field">${t("login.user")}
        <input name="user" autocomplete="username" autocapitalize="none" required></label>
      <label class="field">${t("login.password")}
        <input name="password" type="password" autocomplete="current-password" required></label>
      <label class="check"><input type="checkbox" name="remember"> ${t("login.remember")}</label>`}};customElements.define("login-view",M);var b=c=>()=>Promise.all([c(),$("admin")]),d={printers:{icon:"printers",several:!0,load:()=>Promise.all([import("./printers-MSSPXQJB.js"),$("fleet")]),view:()=>a`<printers-view .page=${x}></printers-view>`},dashboard:{icon:"dashboard",view:()=>a`<dashboard-view></dashboard-view>`},files:{icon:"files",permission:"FILES_LIST",load:()=>Promise.all([import("./files-65AJNH22.js"),$("files")]),view:()=>a`<files-view></files-view>`},layers:{icon:"layers",permission:"GCODE_VIEWER",load:()=>import("./layers-BN5FY3LR.js"),view:()=>a`<layers-view></layers-view>`},control:{icon:"control",permission:"CONTROL",load:()=>import("./control-QWXKPM2V.js"),view:()=>a`<control-view></control-view>`},console:{icon:"console",permission:"MONITOR_TERMINAL",load:()=>import("./console-WJFESL4I.js"),view:()=>a`<console-view></console-view>`},mesh:{icon:"mesh",load:()=>import("./mesh-274C4W63.js"),view:()=>a`<mesh-view></mesh-view>`},history:{icon:"history",load:()=>import("./history-BLY3L6ZG.js"),view:()=>a`<history-view></history-view>`},health:{icon:"health",whole:!0,load:b(()=>import("./health-A7G7H5ND.js")),view:()=>a`<health-view></health-view>`},people:{icon:"people",whole:!0,load:b(()=>import("./people-SR3P6GBK.js")),view:()=>a`<people-view></people-view>`},configuration:{icon:"configuration",whole:!0,permission:"ADMIN",load:b(()=>import("./configuration-MPKNMCOS.js")),view:()=>a`<configuration-view></configuration-view>`},upkeep:{icon:"upkeep",whole:!0,permission:"ADMIN",load:b(()=>import("./upkeep-473CMI5X.js")),view:()=>a`<upkeep-view></upkeep-view>`},setup:{icon:"configuration",permission:"ADMIN",apart:!0,load:b(()=>import("./setup-5A2IME2U.js")),view:()=>a`<setup-view></setup-view>`}},L=["dashboard","files","control","console"],x="dashboard",Z="(width < 56rem)",N=class extends p{constructor(){super(...arguments);this.page="dashboard";this.theme=localStorage.getItem("gantry.theme")??"auto";this.loaded=new Set(["dashboard","more"]);this.route=()=>{this.go()};this.phone=matchMedia(Z);this.resized=()=>this.requestUpdate();this.stop=()=>i.attempt(()=>i.online?i.call("printer.emergency_stop"):m("POST","printer/emergency_stop"));this.leave=()=>{i.leave()};this.stopAll=()=>i.attempt(async()=>{let r=(await Promise.allSettled(i.fleet.map(({id:s})=>G(s,"POST","printer/emergency_stop")))).flatMap((s,n)=>s.status==="rejected"?[`${i.fleet[n].name}: ${s.reason.message}`]:[]);if(r.length)throw new Error(r.join(`
`))})}static{this.properties={page:{state:!0},theme:{state:!0},loaded:{state:!0}}}connectedCallback(){super.connectedCallback(),window.addEventListener("hashchange",this.route),this.phone.addEventListener("change",this.resized),this.applyTheme(this.theme),P().then(()=>(this.go(!1),i.open()))}disconnectedCallback(){super.disconnectedCallback(),window.removeEventListener("hashchange",this.route),this.phone.removeEventListener("change",this.resized)}async go(e=!0){let r=location.hash.replace(/^#\//,"").split("/")[0]||"dashboard";this.page=r in d||r==="more"?r:"dashboard";let s=this.page;s!=="more"&&!d[s].several&&(x=s),await this.need(s),await this.updateComplete,e&&s===this.page&&(this.querySelector("#main")?.focus({preventScroll:!0}),scrollTo(0,0))}async need(e){if(!this.loaded.has(e)){try{await d[e].load?.()}catch{return i.newer?location.reload():(i.problem=t("app.notLoaded"),i.changed())}this.loaded=new Set([...this.loaded,e])}}applyTheme(e){this.theme=e,localStorage.setItem("gantry.theme",e),e==="auto"?delete document.documentElement.dataset.theme:document.documentElement.dataset.theme=e}setTitle(){if(this.page==="printers"){document.title=`${t("nav.printers")} \xB7 Gantry`;return}let e=f(i.info,i.objects),r=[t(`nav.${this.page}`),i.info?.name??"Gantry"];e.job&&r.unshift(`${y(E(e.job,i.objects))} ${e.word}`),document.title=r.join(" \xB7 ")}render(){switch(i.phase){case"starting":return a`<main class="center" aria-busy="true">
          <p role="status">${t(i.absent?"app.absent":"app.starting")}</p></main>`;case"unclaimed":return this.apart("setup");case"login":return document.title="Gantry",a`<login-view></login-view>`;default:return d[this.page]?.apart&&i.may("ADMIN")?this.apart(this.page):(this.setTitle(),this.shell())}}apart(e){return this.need(e),this.loaded.has(e)?d[e].view():a`<main class="center" aria-busy="true"><p>${t("app.starting")}</p></main>`}shell(){return a`
      <a class="skip" href="#main" @click=${this.skip}>${t("app.skip")}</a>
      ${this.bar()} ${this.navigation()}
      <main id="main" tabindex="-1" aria-label=${t(`nav.${this.page}`)}>
        ${this.banners()} ${this.content()}
      </main>
      ${this.page==="printers"?o:a`<printer-prompt></printer-prompt>`}`}skip(e){e.preventDefault(),this.querySelector("#main")?.focus()}bar(){let e=f(i.info,i.objects),r=this.page==="printers";return a`<header class="bar">
      <img class="logo" src="page/icon.svg" alt="" width="30" height="30">
      ${i.fleet.length>1?this.chooser(r):a`<strong class="name">${i.info?.name??"Gantry"}</strong>`}
      ${r&&i.online?o:a`<span class="badge ${i.online?e.tone:i.answers?"":"bad"}" role="status">
            ${i.online?e.word:t(i.answers?"app.noPrinter":"app.offline")}</span>`}
      <span class="grow"></span>
      ${i.may("CONTROL")?r?this.stopEverything():this.stopOne():o}
    </header>`}chooser(e){let r=(s,n,l)=>a`<option
      value=${s} .selected=${C(l)}>${n}</option>`;return a`<label class="hidden" for="fleet">${t("app.printer")}</label>
      <select id="fleet" class="bare" @change=${this.choose}>
        ${r("",t("nav.printers"),e)}
        ${i.fleet.map(({id:s,name:n})=>r(s,n,!e&&s===i.info?.id))}
      </select>`}stopOne(){return a`<button class="stop" type="button" @click=${this.stop} ?disabled=${i.printerless!==null}
      title=${t("stop.title")}>${v("stop")}<span>${t("stop.label")}</span></button>`}stopEverything(){return a`<hold-button kind="stop" .label=${t("stop.all")}
      @confirm=${this.stopAll}></hold-button>`}choose(e){let r=e.target.value;r?location.assign(`${F(r,i.info?.id)}#/${x}`):location.hash="#/printers"}pages(){return Object.entries(d).filter(([,e])=>!e.apart&&(!e.several||i.fleet.length>1)&&(!e.permission||i.may(e.permission)))}navigation(){let e=(s,n,l="",h=t(`nav.${s}`))=>a`<li class=${l}><a href="#/${s}" aria-current=${this.current(s)}>
        ${v(n)}<span>${h}</span></a></li>`,r=a`<span class="on-phone">${t("nav.more")}</span
      ><span class="on-desk">${t("nav.settings")}</span>`;return a`<nav aria-label=${t("nav.label")}><ul>
      ${this.pages().map(([s,n])=>e(s,n.icon,L.includes(s)?"":"wide"))}
      ${e("more","more","",r)}
    </ul></nav>`}current(e){let r=e==="more"&&!L.includes(this.page)&&this.phone.matches;return this.page===e||r?"page":o}banners(){return a`
      <div role="alert">
        ${i.answers||!i.everOnline?o:a`<p class="banner bad">${t("app.lost")}</p>`}
        ${i.deaf&&!i.answers?a`<p class="banner bad">${t("app.deaf")}</p>`:o}
        ${i.troubles.map(e=>a`<p class="banner bad">${t(`trouble.${e.id}`)}</p>`)}
        ${i.newer===null?o:a`<p class="banner"><span>${t("app.newer",{version:i.newer})}</span>
              <button type="button" @click=${()=>location.reload()}>${t("app.reload")}</button></p>`}
        ${i.problem===null?o:a`<p class="banner bad"><span>${i.problem}</span>
              <button type="button" class="plain" @click=${this.dismiss}>${t("app.dismiss")}</button>
            </p>`}
      </div>`}dismiss(){i.problem=null,i.changed()}content(){if(this.page==="more")return this.more();if(i.printerless&&!d[this.page].whole)return a`<section class="card stack"><h1>${t("printerless.title")}</h1>
        <p>${i.printerless}</p>
        ${i.may("ADMIN")?a`<div class="row"><a class="button primary" href="#/setup">${t("settings.setup")}</a>
              <a class="button" href="#/upkeep">${t("printerless.restore")}</a>
              <a class="button" href="#/configuration">${t("nav.configuration")}</a></div>`:o}</section>`;let{apart:e,permission:r}=d[this.page];return r&&!i.may(r)||e&&!i.may("ADMIN")?a`<section class="card stack"><h1>${t(`nav.${this.page}`)}</h1>
        <p>${t("app.notAllowed")}</p></section>`:this.loaded.has(this.page)?d[this.page].view():a`<p aria-busy="true">${t("app.loading")}</p>`}more(){return a`<h1 class="page-head">${t("nav.settings")}</h1>
      <div class="card on-phone">
        <ul class="links">
          ${this.pages().filter(([e])=>!L.includes(e)).map(([e,r])=>a`<li><a href="#/${e}">${v(r.icon)}
              <span>${t(`nav.${e}`)}</span></a></li>`)}
        </ul>
      </div>
      <div class="settings"><div class="card stack">
        <h2>${t("settings.title")}</h2>
        <label class="field">${t("settings.language")}
          <select @change=${this.chooseLanguage}>
            ${Object.entries(R).map(([e,r])=>a`<option
              value=${e} ?selected=${e===A}>${r}</option>`)}
          </select></label>
        <label class="field">${t("settings.theme")}
          <select @change=${e=>this.applyTheme(e.target.value)}>
            ${["auto","light","dark"].map(e=>a`<option
              value=${e} ?selected=${e===this.theme}>${t(`theme.${e}`)}</option>`)}
          </select></label>
        <p class="quiet">${t("settings.user",{name:i.user.name??"\u2013"})}</p>
        <div class="row">
          ${i.may("ADMIN")?a`<a class="button" href="#/setup">${v("configuration")} ${t("settings.setup")}</a>`:o}
          <button type="button" @click=${this.leave}>${v("logout")} ${t("settings.logout")}</button>
        </div>
      </div>
      <install-card></install-card></div>`}async chooseLanguage(e){await P(e.target.value),i.changed()}};customElements.define("gantry-app",N);
