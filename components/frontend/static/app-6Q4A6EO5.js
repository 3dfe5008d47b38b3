import{a as f,b as E}from"./chunk-FN3QRAR3.js";import{a as U}from"./chunk-7GI7EZPB.js";import"./chunk-NOVSY7EJ.js";import{a as R}from"./chunk-SKBLVHQA.js";import"./chunk-N4NNLI2Y.js";import{a as v}from"./chunk-46PZORUB.js";import"./chunk-IHO42T3R.js";import"./chunk-DNABIUM5.js";import{a as F,b as y,d as w,e as z,i as k}from"./chunk-SOO26UOD.js";import{a as p}from"./chunk-7LKY2THS.js";import{b as g,d as A,k as d,l as D,m as H,p as V,r as G,u as t}from"./chunk-RK5JDRNO.js";import{a,d as o,f as N,g as q,h as K,j as i,k as T,l as $}from"./chunk-JJDR7GUU.js";var P=null;addEventListener("beforeinstallprompt",c=>{c.preventDefault(),P=c,t.changed()});var O=class extends p{constructor(){super(...arguments);this.install=async()=>{let e=P;P=null,await e?.prompt(),this.requestUpdate()}}render(){return matchMedia("(display-mode: standalone)").matches?o:a`<div class="card stack"><h2>${i("install.title")}</h2>
      ${isSecureContext?P?a`<p class="quiet">${i("install.text")}</p>
              <button type="button" @click=${this.install}>${i("install.go")}</button>`:a`<p class="quiet">${i("install.byMenu")}</p>`:a`<p>${i("install.insecure",{address:location.origin})}</p>`}</div>`}};customElements.define("install-card",O);var S=class extends p{constructor(){super(...arguments);this.put="";this.waited=!1}updated(e){let r=this.querySelector("dialog");r&&!r.open&&r.showModal()}answer(e){let r=()=>d("POST","api/gantry/prompt",{button:e});t.attempt(r).then(s=>s&&this.away())}away(){this.put=t.info?.prompt?.text??"",t.changed()}render(){let e=t.info?.prompt,r=t.info?.waiting_for_user??!1;if((!e||r&&!this.waited)&&(this.put=""),this.waited=r,!e||e.text===this.put)return o;let s=e.buttons.length?e.buttons:["OK"];return a`<dialog aria-labelledby="prompt-title" @cancel=${this.away}>
      <h2 id="prompt-title">${i("prompt.title")}</h2>
      <p class="prompt-text">${e.text}</p>
      <div class="row end">
        ${t.may("CONTROL")?s.map((n,l)=>a`<button
              type="button" class=${l?"":"primary"} @click=${()=>this.answer(l)}
            >${n}</button>`):a`<button type="button" @click=${this.away}>${i("app.dismiss")}</button>`}
      </div>
    </dialog>`}};customElements.define("printer-prompt",S);var J=async()=>(await d("GET","api/gantry/cameras")).cameras;var W=1e3,Y=5e3,_=class extends N{constructor(){super(...arguments);this.camera=null;this.broken=!1;this.seen=!0;this.shot=Date.now();this.address="";this.look=()=>this.seen=!document.hidden}static{this.properties={camera:{attribute:!1},broken:{state:!0},seen:{state:!0},shot:{state:!0},address:{state:!0}}}createRenderRoot(){return this}connectedCallback(){super.connectedCallback(),document.addEventListener("visibilitychange",this.look),this.timer=window.setInterval(()=>{!this.address&&this.seen&&(this.shot=Date.now())},W)}disconnectedCallback(){super.disconnectedCallback(),document.removeEventListener("visibilitychange",this.look),clearInterval(this.timer),clearTimeout(this.retry),this.querySelector("img")?.removeAttribute("src")}get streams(){return!!this.camera?.stream&&!this.broken}willUpdate(e){["camera","seen","broken"].some(r=>e.has(r))&&(this.address="",this.seen&&this.streams&&this.find(this.camera.stream))}async find(e){let r=await U(e).catch(()=>"");e!==this.camera?.stream||!this.seen||(r?this.address=r:this.failed())}failed(){this.broken=!0,this.retry=window.setTimeout(()=>this.broken=!1,Y)}render(){let e=this.camera;if(e===null||!this.seen)return o;let r=[`r${e.rotation}`,e.flip_horizontal?"flip-x":"",e.flip_vertical?"flip-y":""].join(" ");return a`<div class="live ${r}">${this.address?a`<img src=${this.address} alt=${i("dashboard.camera",{name:e.name})}
          @error=${this.failed}>`:e.snapshot?a`<api-image .path=${`${e.snapshot}?t=${this.shot}`}
            alt=${i("dashboard.camera",{name:e.name})}></api-image>`:a`<p class="quiet">${i("camera.silent")}</p>`}</div>`}};customElements.define("live-camera",_);var C=class extends p{constructor(){super(...arguments);this.plan=null}static{this.properties={plan:{state:!0}}}async show(){await t.attempt(async()=>{this.plan=await d("GET","api/gantry/recovery")})}async confirm(e){await t.attempt(()=>d("POST","api/gantry/recovery",{job_id:e.job_id}))&&(this.plan=null)}render(){let e=t.info;if(!(e?.phase==="none"&&["interrupted","failed"].includes(e.job?.result??""))||!t.may("PRINT"))return o;let s=this.plan;return s===null?a`<section class="card">
        <h2>${i("recovery.title")}</h2><p>${i("recovery.text")}</p>
        <button type="button" @click=${this.show}>${i("recovery.show")}</button></section>`:a`<section class="card stack" aria-labelledby="recovery-title">
      <h2 id="recovery-title">${i("recovery.title")}</h2>
      <p>${i("recovery.from",{file:k(s.file),height:F(s.height_mm,2),layer:s.layer??"?"})}</p>
      <ol>${s.steps.map(n=>a`<li>${n}</li>`)}</ol>
      <details><summary>${i("recovery.lines")}</summary>
        <pre tabindex="0">${s.lines.join(`
`)}</pre></details>
      <div class="row">
        <hold-button kind="primary" .label=${i("recovery.go")}
          @confirm=${()=>this.confirm(s)}></hold-button>
        <button type="button" class="plain" @click=${()=>this.plan=null}>
          ${i("app.close")}</button>
      </div></section>`}};customElements.define("recovery-card",C);var B="gantry.camera",I=class extends p{constructor(){super(...arguments);this.picture="";this.pictureOf="";this.cameras=null;this.chosen=localStorage.getItem(B)??"";this.goOn=()=>{t.attempt(()=>t.gcode("M108"))}}static{this.properties={picture:{state:!0},cameras:{state:!0},chosen:{state:!0}}}willUpdate(){t.online&&this.cameras===null&&this.findCameras();let e=t.info?.job?.origin==="local"?t.info.job.file:"";e!==this.pictureOf&&this.findPicture(e)}connectedCallback(){super.connectedCallback(),import("./power-HU6QV3PP.js"),import("./sensors-Z5YTPM3I.js")}async findCameras(){this.cameras=[],this.cameras=await J().catch(()=>[])}async findPicture(e){if(this.pictureOf=e,this.picture="",!e)return;let s=(await t.call("server.files.thumbnails",{filename:e}).catch(()=>[])).at(-1)?.thumbnail_path;s&&e===this.pictureOf&&(this.picture=`server/files/gcodes/${s.split("/").map(encodeURIComponent).join("/")}`)}render(){let e=f(t.info,t.objects);return a`<div class="dashboard">
      <div class="column">
        ${this.hero(e)}
        <recovery-card></recovery-card>
        ${this.camera()}
      </div>
      <div class="column"><temperature-card></temperature-card> <power-card></power-card>
        <sensor-card></sensor-card></div>
    </div>`}hero(e){let r=t.info,s=e.job??(r?.job?.result?r.job:null),n=r?.phase==="paused";return a`<section class="card hero ${e.tone}">
      <div class="hero-head">
        ${this.picture?a`<div class="thumb"><api-image .path=${this.picture}
              alt=${i("dashboard.thumbnail")}></api-image></div>`:o}
        <div class="grow">
          <h1>${e.sentence}</h1>
          <p class="hidden" role="status">${e.word}</p>
          ${r?.fault&&!e.job?a`<p class="advice">${g(r.fault.message)}
                ${r.fault.advice?a`<br>${g(r.fault.advice)}`:o}</p>`:o}
          ${r?.waiting_for_user&&!r.prompt?a`<p class="advice">${i("dashboard.waiting")}</p>
                ${t.may("CONTROL")?a`<button type="button" class="primary" @click=${this.goOn}>
                      ${i("dashboard.goOn")}</button>`:o}`:o}
          ${r?.message?a`<p class="quiet">${i("dashboard.display")} ${r.message}</p>`:o}
        </div>
      </div>
      ${e.job?this.progress(e.job):o}
      ${s&&!e.job?this.last(s):o}
      ${this.buttons(e,n)}
    </section>`}progress(e){let r=E(e,t.objects),s=t.objects.print_stats,n=s?.info?.current_layer??e.layer,l=s?.info?.total_layer??e.layers;return a`<div class="progress">
        <progress max="1" .value=${r} aria-label=${i("dashboard.progress")}></progress>
        <strong>${y(r)}</strong></div>
      <dl class="facts">
        <div><dt>${i("dashboard.left")}</dt><dd>${w(e.left_s)}</dd></div>
        <div><dt>${i("dashboard.done")}</dt>
          <dd>${e.left_s===null?"\u2013":z(Date.now()/1e3+e.left_s)}</dd></div>
        <div><dt>${i("dashboard.elapsed")}</dt>
          <dd>${w(s?.total_duration??e.elapsed_s)}</dd></div>
        <div><dt>${i("dashboard.layer")}</dt>
          <dd>${n?l?`${n} / ${l}`:n:"\u2013"}</dd></div>
      </dl>`}last(e){return e.result==="complete"?o:a`<p class="quiet">${i("dashboard.last",{file:k(e.file),time:w(e.elapsed_s)})}${e.cause?` ${g(e.cause)}`:""}</p>`}buttons(e,r){let s=t.info;if(!s||!t.online)return o;let n=h=>()=>t.attempt(()=>t.call(h));if(e.job&&t.may("PRINT")){let h=s.phase==="printing"||s.phase==="preparing";return a`<div class="row">
        ${r?a`<button type="button" class="primary" @click=${n("printer.print.resume")}>
              ${i("job.resume")}</button>`:a`<button type="button" @click=${n("printer.print.pause")} ?disabled=${!h}>
              ${i("job.pause")}</button>`}
        <hold-button kind="danger" .label=${i("job.cancel")}
          @confirm=${n("printer.print.cancel")}></hold-button>
        <a class="button plain" href="#/layers">${i("dashboard.layers")}</a>
      </div>`}if((s.link==="halted"||s.link==="failed")&&t.may("CONTROL"))return a`<div class="row"><button type="button" class="primary"
        @click=${n("printer.firmware_restart")}>${i("printer.reset")}</button></div>`;if(s.link==="offline"&&t.may("CONNECTION")){let h=()=>d("POST","api/connection",{command:"connect"});return a`<div class="row"><button type="button" class="primary"
        @click=${()=>t.attempt(h)}>${i("printer.connect")}</button></div>`}if(s.link!=="online"||e.job)return o;let l=s.job?.origin==="local"&&s.job.result&&t.may("PRINT");return a`<div class="row">
      <a class="button primary" href="#/files">${i("dashboard.choose")}</a>
      ${l?a`<button type="button" @click=${()=>this.again(s.job)}>
            ${i("dashboard.again")}</button>`:o}
    </div>`}again(e){t.attempt(()=>d("POST","api/gantry/print",{path:e.file}))}choose(e){this.chosen=e,localStorage.setItem(B,e)}camera(){let e=this.cameras??[],r=e.find(s=>s.id===this.chosen)??e[0];return!r||!t.may("WEBCAM")?o:a`<section class="card camera" aria-labelledby="camera-title">
      <div class="row between"><h2 id="camera-title">${r.name}</h2>
        ${e.length>1?a`<label class="hidden" for="camera">${i("camera.choose")}</label>
              <select id="camera" class="small" @change=${s=>this.choose(s.target.value)}>
                ${e.map(s=>a`<option value=${s.id}
                  ?selected=${s.id===r.id}>${s.name}</option>`)}</select>`:o}</div>
      <live-camera .camera=${r}></live-camera>
    </section>`}};customElements.define("dashboard-view",I);var j=class extends p{constructor(){super(...arguments);this.withKey=!1;this.busy=!1;this.error=""}static{this.properties={withKey:{state:!0},busy:{state:!0},error:{state:!0}}}async submit(e){e.preventDefault();let r=e.target,s=new FormData(r),n=l=>String(s.get(l)??"");this.busy=!0,this.error="";try{this.withKey?await H(n("key").trim()):await D(n("user"),n("password"),s.has("remember")),await t.open()}catch(l){this.error=A(l),r.querySelector("input[type=password]")?.select()}finally{this.busy=!1}}render(){return a`<main class="login">
      <form class="card stack" @submit=${this.submit} aria-labelledby="login-title">
        <div class="brand"><img src="page/icon.svg" alt="" width="44" height="44">
          <h1 id="login-title">Gantry</h1></div>
        ${this.withKey?this.keyField():this.userFields()}
        <p class="error" role="alert">${this.error}</p>
        <button class="primary" ?disabled=${this.busy}>${i("login.go")}</button>
        <button type="button" class="plain" @click=${()=>this.withKey=!this.withKey}>
          ${this.withKey?i("login.withPassword"):i("login.withKey")}</button>
      </form>
    </main>`}keyField(){return a`<label class="field">${i("login.key")}
      <input name="key" type="password" autocomplete="off" required></label>`}userFields(){return a`<label class="field">${i("login.user")}
        <input name="user" autocomplete="username" autocapitalize="none" required></label>
      <label class="field">${i("login.password")}
        <input name="password" type="password" autocomplete="current-password" required></label>
      <label class="check"><input type="checkbox" name="remember"> ${i("login.remember")}</label>`}};customElements.define("login-view",j);var b=c=>()=>Promise.all([c(),$("admin")]),m={printers:{icon:"printers",several:!0,load:()=>Promise.all([import("./printers-FEEBE7GN.js"),$("fleet")]),view:()=>a`<printers-view .page=${L}></printers-view>`},dashboard:{icon:"dashboard",view:()=>a`<dashboard-view></dashboard-view>`},files:{icon:"files",permission:"FILES_LIST",load:()=>Promise.all([import("./files-IFUKHW6E.js"),$("files")]),view:()=>a`<files-view></files-view>`},layers:{icon:"layers",permission:"GCODE_VIEWER",load:()=>import("./layers-ULHQ74LJ.js"),view:()=>a`<layers-view></layers-view>`},control:{icon:"control",permission:"CONTROL",load:()=>import("./control-KW5RSXH7.js"),view:()=>a`<control-view></control-view>`},console:{icon:"console",permission:"MONITOR_TERMINAL",load:()=>import("./console-HZFCSF62.js"),view:()=>a`<console-view></console-view>`},mesh:{icon:"mesh",load:()=>import("./mesh-NMAX56LQ.js"),view:()=>a`<mesh-view></mesh-view>`},history:{icon:"history",load:()=>import("./history-GKBI77GJ.js"),view:()=>a`<history-view></history-view>`},health:{icon:"health",whole:!0,load:b(()=>import("./health-AWE2Q5AD.js")),view:()=>a`<health-view></health-view>`},people:{icon:"people",whole:!0,load:b(()=>import("./people-XSW7IJKA.js")),view:()=>a`<people-view></people-view>`},configuration:{icon:"configuration",whole:!0,permission:"ADMIN",load:b(()=>import("./configuration-XAPF4Y6E.js")),view:()=>a`<configuration-view></configuration-view>`},upkeep:{icon:"upkeep",whole:!0,permission:"ADMIN",load:b(()=>import("./upkeep-LZ5LXC5L.js")),view:()=>a`<upkeep-view></upkeep-view>`},setup:{icon:"configuration",permission:"ADMIN",apart:!0,load:b(()=>import("./setup-LUR3WVNA.js")),view:()=>a`<setup-view></setup-view>`}},M=["dashboard","files","control","console"],L="dashboard",Q="(width < 56rem)",x=class extends p{constructor(){super(...arguments);this.page="dashboard";this.theme=localStorage.getItem("gantry.theme")??"auto";this.loaded=new Set(["dashboard","more"]);this.route=()=>{this.go()};this.phone=matchMedia(Q);this.resized=()=>this.requestUpdate();this.stop=()=>t.attempt(()=>t.call("printer.emergency_stop"));this.leave=()=>{t.leave()};this.stopAll=()=>t.attempt(async()=>{let r=(await Promise.allSettled(t.fleet.map(({id:s})=>G(s,"POST","printer/emergency_stop")))).flatMap((s,n)=>s.status==="rejected"?[`${t.fleet[n].name}: ${s.reason.message}`]:[]);if(r.length)throw new Error(r.join(`
`))})}static{this.properties={page:{state:!0},theme:{state:!0},loaded:{state:!0}}}connectedCallback(){super.connectedCallback(),window.addEventListener("hashchange",this.route),this.phone.addEventListener("change",this.resized),this.applyTheme(this.theme),T().then(()=>(this.go(!1),t.open()))}disconnectedCallback(){super.disconnectedCallback(),window.removeEventListener("hashchange",this.route),this.phone.removeEventListener("change",this.resized)}async go(e=!0){let r=location.hash.replace(/^#\//,"").split("/")[0]||"dashboard";this.page=r in m||r==="more"?r:"dashboard";let s=this.page;s!=="more"&&!m[s].several&&(L=s),await this.need(s),await this.updateComplete,e&&s===this.page&&(this.querySelector("#main")?.focus({preventScroll:!0}),scrollTo(0,0))}async need(e){if(!this.loaded.has(e)){try{await m[e].load?.()}catch{return t.problem=i("app.notLoaded"),t.changed()}this.loaded=new Set([...this.loaded,e])}}applyTheme(e){this.theme=e,localStorage.setItem("gantry.theme",e),e==="auto"?delete document.documentElement.dataset.theme:document.documentElement.dataset.theme=e}setTitle(){if(this.page==="printers"){document.title=`${i("nav.printers")} \xB7 Gantry`;return}let e=f(t.info,t.objects),r=[i(`nav.${this.page}`),t.info?.name??"Gantry"];e.job&&r.unshift(`${y(E(e.job,t.objects))} ${e.word}`),document.title=r.join(" \xB7 ")}render(){switch(t.phase){case"starting":return a`<main class="center" aria-busy="true"><p>${i("app.starting")}</p></main>`;case"unclaimed":return this.apart("setup");case"login":return document.title="Gantry",a`<login-view></login-view>`;default:return m[this.page]?.apart&&t.may("ADMIN")?this.apart(this.page):(this.setTitle(),this.shell())}}apart(e){return this.need(e),this.loaded.has(e)?m[e].view():a`<main class="center" aria-busy="true"><p>${i("app.starting")}</p></main>`}shell(){return a`
      <a class="skip" href="#main" @click=${this.skip}>${i("app.skip")}</a>
      ${this.bar()} ${this.navigation()}
      <main id="main" tabindex="-1" aria-label=${i(`nav.${this.page}`)}>
        ${this.banners()} ${this.content()}
      </main>
      ${this.page==="printers"?o:a`<printer-prompt></printer-prompt>`}`}skip(e){e.preventDefault(),this.querySelector("#main")?.focus()}bar(){let e=f(t.info,t.objects),r=this.page==="printers";return a`<header class="bar">
      <img class="logo" src="page/icon.svg" alt="" width="30" height="30">
      ${t.fleet.length>1?this.chooser(r):a`<strong class="name">${t.info?.name??"Gantry"}</strong>`}
      ${r&&t.online?o:a`<span class="badge ${t.online?e.tone:t.answers?"":"bad"}" role="status">
            ${t.online?e.word:i(t.answers?"app.noPrinter":"app.offline")}</span>`}
      <span class="grow"></span>
      ${t.may("CONTROL")?r?this.stopEverything():this.stopOne():o}
    </header>`}chooser(e){let r=(s,n,l)=>a`<option
      value=${s} .selected=${R(l)}>${n}</option>`;return a`<label class="hidden" for="fleet">${i("app.printer")}</label>
      <select id="fleet" class="bare" @change=${this.choose}>
        ${r("",i("nav.printers"),e)}
        ${t.fleet.map(({id:s,name:n})=>r(s,n,!e&&s===t.info?.id))}
      </select>`}stopOne(){return a`<button class="stop" type="button" @click=${this.stop} ?disabled=${!t.online}
      title=${i("stop.title")}>${v("stop")}<span>${i("stop.label")}</span></button>`}stopEverything(){return a`<hold-button kind="stop" .label=${i("stop.all")} .disabled=${!t.online}
      @confirm=${this.stopAll}></hold-button>`}choose(e){let r=e.target.value;r?location.assign(`${V(r,t.info?.id)}#/${L}`):location.hash="#/printers"}pages(){return Object.entries(m).filter(([,e])=>!e.apart&&(!e.several||t.fleet.length>1)&&(!e.permission||t.may(e.permission)))}navigation(){let e=(s,n,l="",h=i(`nav.${s}`))=>a`<li class=${l}><a href="#/${s}" aria-current=${this.current(s)}>
        ${v(n)}<span>${h}</span></a></li>`,r=a`<span class="on-phone">${i("nav.more")}</span
      ><span class="on-desk">${i("nav.settings")}</span>`;return a`<nav aria-label=${i("nav.label")}><ul>
      ${this.pages().map(([s,n])=>e(s,n.icon,M.includes(s)?"":"wide"))}
      ${e("more","more","",r)}
    </ul></nav>`}current(e){let r=e==="more"&&!M.includes(this.page)&&this.phone.matches;return this.page===e||r?"page":o}banners(){return a`
      <div role="alert">
        ${t.answers||!t.everOnline?o:a`<p class="banner bad">${i("app.lost")}</p>`}
        ${t.troubles.map(e=>a`<p class="banner bad">${i(`trouble.${e.id}`)}</p>`)}
        ${t.newer===null?o:a`<p class="banner"><span>${i("app.newer",{version:t.newer})}</span>
              <button type="button" @click=${()=>location.reload()}>${i("app.reload")}</button></p>`}
        ${t.problem===null?o:a`<p class="banner bad"><span>${t.problem}</span>
              <button type="button" class="plain" @click=${this.dismiss}>${i("app.dismiss")}</button>
            </p>`}
      </div>`}dismiss(){t.problem=null,t.changed()}content(){return this.page==="more"?this.more():t.printerless&&!m[this.page].whole?a`<section class="card stack"><h1>${i("printerless.title")}</h1>
        <p>${t.printerless}</p>
        ${t.may("ADMIN")?a`<div class="row"><a class="button primary" href="#/setup">${i("settings.setup")}</a>
              <a class="button" href="#/upkeep">${i("printerless.restore")}</a>
              <a class="button" href="#/configuration">${i("nav.configuration")}</a></div>`:o}</section>`:this.loaded.has(this.page)?m[this.page].view():a`<p aria-busy="true">${i("app.loading")}</p>`}more(){return a`<h1 class="page-head">${i("nav.settings")}</h1>
      <div class="card on-phone">
        <ul class="links">
          ${this.pages().filter(([e])=>!M.includes(e)).map(([e,r])=>a`<li><a href="#/${e}">${v(r.icon)}
              <span>${i(`nav.${e}`)}</span></a></li>`)}
        </ul>
      </div>
      <div class="card stack">
        <h2>${i("settings.title")}</h2>
        <label class="field">${i("settings.language")}
          <select @change=${this.chooseLanguage}>
            ${Object.entries(q).map(([e,r])=>a`<option
              value=${e} ?selected=${e===K}>${r}</option>`)}
          </select></label>
        <label class="field">${i("settings.theme")}
          <select @change=${e=>this.applyTheme(e.target.value)}>
            ${["auto","light","dark"].map(e=>a`<option
              value=${e} ?selected=${e===this.theme}>${i(`theme.${e}`)}</option>`)}
          </select></label>
        <p class="quiet">${i("settings.user",{name:t.user.name??"\u2013"})}</p>
        <div class="row">
          ${t.may("ADMIN")?a`<a class="button" href="#/setup">${v("configuration")} ${i("settings.setup")}</a>`:o}
          <button type="button" @click=${this.leave}>${v("logout")} ${i("settings.logout")}</button>
        </div>
      </div>
      <install-card></install-card>`}async chooseLanguage(e){await T(e.target.value),t.changed()}};customElements.define("gantry-app",x);
