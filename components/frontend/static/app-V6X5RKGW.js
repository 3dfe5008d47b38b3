import{a as f,b as E}from"./chunk-BMQ2WVPE.js";import{a as z}from"./chunk-IRKIURKM.js";import"./chunk-FSZDAEI4.js";import{b as k}from"./chunk-4D4KLYPH.js";import{a as R}from"./chunk-OTMULSSE.js";import"./chunk-JRLNIAWR.js";import{a as v}from"./chunk-SFRMAZLW.js";import"./chunk-UKP43SHI.js";import"./chunk-PSPWBUEK.js";import{a as G,b as $,d as y,e as F,i as w}from"./chunk-DK6BVB6L.js";import{a as p}from"./chunk-S2FRVPOR.js";import{g as d,h as q,i as K,l as A,n as D,q as a}from"./chunk-RU625THP.js";import{a as t,d as o,f as N,g as H,h as V,i,j as P,k as g}from"./chunk-74HDYCKN.js";var T=null;addEventListener("beforeinstallprompt",c=>{c.preventDefault(),T=c,a.changed()});var O=class extends p{constructor(){super(...arguments);this.install=async()=>{let e=T;T=null,await e?.prompt(),this.requestUpdate()}}render(){return matchMedia("(display-mode: standalone)").matches?o:t`<div class="card stack"><h2>${i("install.title")}</h2>
      ${isSecureContext?T?t`<p class="quiet">${i("install.text")}</p>
              <button type="button" @click=${this.install}>${i("install.go")}</button>`:t`<p class="quiet">${i("install.byMenu")}</p>`:t`<p>${i("install.insecure",{address:location.origin})}</p>`}</div>`}};customElements.define("install-card",O);var S=class extends p{constructor(){super(...arguments);this.put="";this.waited=!1}updated(e){let s=this.querySelector("dialog");s&&!s.open&&s.showModal()}answer(e){let s=()=>d("POST","api/gantry/prompt",{button:e});a.attempt(s).then(r=>r&&this.away())}away(){this.put=a.info?.prompt?.text??"",a.changed()}render(){let e=a.info?.prompt,s=a.info?.waiting_for_user??!1;if((!e||s&&!this.waited)&&(this.put=""),this.waited=s,!e||e.text===this.put)return o;let r=e.buttons.length?e.buttons:["OK"];return t`<dialog aria-labelledby="prompt-title" @cancel=${this.away}>
      <h2 id="prompt-title">${i("prompt.title")}</h2>
      <p class="prompt-text">${e.text}</p>
      <div class="row end">
        ${a.may("CONTROL")?r.map((n,l)=>t`<button
              type="button" class=${l?"":"primary"} @click=${()=>this.answer(l)}
            >${n}</button>`):t`<button type="button" @click=${this.away}>${i("app.dismiss")}</button>`}
      </div>
    </dialog>`}};customElements.define("printer-prompt",S);var U=async()=>(await d("GET","api/gantry/cameras")).cameras;var B=1e3,W=5e3,_=class extends N{constructor(){super(...arguments);this.camera=null;this.broken=!1;this.seen=!0;this.shot=Date.now();this.address="";this.look=()=>this.seen=!document.hidden}static{this.properties={camera:{attribute:!1},broken:{state:!0},seen:{state:!0},shot:{state:!0},address:{state:!0}}}createRenderRoot(){return this}connectedCallback(){super.connectedCallback(),document.addEventListener("visibilitychange",this.look),this.timer=window.setInterval(()=>{!this.address&&this.seen&&(this.shot=Date.now())},B)}disconnectedCallback(){super.disconnectedCallback(),document.removeEventListener("visibilitychange",this.look),clearInterval(this.timer),clearTimeout(this.retry),this.querySelector("img")?.removeAttribute("src")}get streams(){return!!this.camera?.stream&&!this.broken}willUpdate(e){["camera","seen","broken"].some(s=>e.has(s))&&(this.address="",this.seen&&this.streams&&this.find(this.camera.stream))}async find(e){let s=await z(e).catch(()=>"");e!==this.camera?.stream||!this.seen||(s?this.address=s:this.failed())}failed(){this.broken=!0,this.retry=window.setTimeout(()=>this.broken=!1,W)}render(){let e=this.camera;if(e===null||!this.seen)return o;let s=[`r${e.rotation}`,e.flip_horizontal?"flip-x":"",e.flip_vertical?"flip-y":""].join(" ");return t`<div class="live ${s}">${this.address?t`<img src=${this.address} alt=${i("dashboard.camera",{name:e.name})}
          @error=${this.failed}>`:e.snapshot?t`<api-image .path=${`${e.snapshot}?t=${this.shot}`}
            alt=${i("dashboard.camera",{name:e.name})}></api-image>`:t`<p class="quiet">${i("camera.silent")}</p>`}</div>`}};customElements.define("live-camera",_);var C=class extends p{constructor(){super(...arguments);this.plan=null}static{this.properties={plan:{state:!0}}}async show(){await a.attempt(async()=>{this.plan=await d("GET","api/gantry/recovery")})}async confirm(e){await a.attempt(()=>d("POST","api/gantry/recovery",{job_id:e.job_id}))&&(this.plan=null)}render(){let e=a.info;if(!(e?.phase==="none"&&["interrupted","failed"].includes(e.job?.result??""))||!a.may("PRINT"))return o;let r=this.plan;return r===null?t`<section class="card">
        <h2>${i("recovery.title")}</h2><p>${i("recovery.text")}</p>
        <button type="button" @click=${this.show}>${i("recovery.show")}</button></section>`:t`<section class="card stack" aria-labelledby="recovery-title">
      <h2 id="recovery-title">${i("recovery.title")}</h2>
      <p>${i("recovery.from",{file:w(r.file),height:G(r.height_mm,2),layer:r.layer??"?"})}</p>
      <ol>${r.steps.map(n=>t`<li>${n}</li>`)}</ol>
      <details><summary>${i("recovery.lines")}</summary>
        <pre tabindex="0">${r.lines.join(`
`)}</pre></details>
      <div class="row">
        <hold-button kind="primary" .label=${i("recovery.go")}
          @confirm=${()=>this.confirm(r)}></hold-button>
        <button type="button" class="plain" @click=${()=>this.plan=null}>
          ${i("app.close")}</button>
      </div></section>`}};customElements.define("recovery-card",C);var J="gantry.camera",I=class extends p{constructor(){super(...arguments);this.picture="";this.pictureOf="";this.cameras=null;this.chosen=localStorage.getItem(J)??"";this.goOn=()=>{a.attempt(()=>a.gcode("M108"))}}static{this.properties={picture:{state:!0},cameras:{state:!0},chosen:{state:!0}}}willUpdate(){a.online&&this.cameras===null&&this.findCameras();let e=a.info?.job?.origin==="local"?a.info.job.file:"";e!==this.pictureOf&&this.findPicture(e)}connectedCallback(){super.connectedCallback(),import("./power-RUSCTMDY.js"),import("./sensors-EBF4TLNM.js")}async findCameras(){this.cameras=[],this.cameras=await U().catch(()=>[])}async findPicture(e){if(this.pictureOf=e,this.picture="",!e)return;let r=(await a.call("server.files.thumbnails",{filename:e}).catch(()=>[])).at(-1)?.thumbnail_path;r&&e===this.pictureOf&&(this.picture=`server/files/gcodes/${r.split("/").map(encodeURIComponent).join("/")}`)}render(){let e=f(a.info,a.objects);return t`<div class="dashboard">
      <div class="column">
        ${this.hero(e)}
        <recovery-card></recovery-card>
        ${this.camera()}
      </div>
      <div class="column"><temperature-card></temperature-card> <power-card></power-card>
        <sensor-card></sensor-card></div>
    </div>`}hero(e){let s=a.info,r=e.job??(s?.job?.result?s.job:null),n=s?.phase==="paused";return t`<section class="card hero ${e.tone}">
      <div class="hero-head">
        ${this.picture?t`<div class="thumb"><api-image .path=${this.picture}
              alt=${i("dashboard.thumbnail")}></api-image></div>`:o}
        <div class="grow">
          <h1>${e.sentence}</h1>
          <p class="hidden" role="status">${e.word}</p>
          ${s?.fault&&!e.job?t`<p class="advice">${k(s.fault.message)}
                ${s.fault.advice?t`<br>${k(s.fault.advice)}`:o}</p>`:o}
          ${s?.waiting_for_user&&!s.prompt?t`<p class="advice">${i("dashboard.waiting")}</p>
                ${a.may("CONTROL")?t`<button type="button" class="primary" @click=${this.goOn}>
                      ${i("dashboard.goOn")}</button>`:o}`:o}
          ${s?.message?t`<p class="quiet">${i("dashboard.display")} ${s.message}</p>`:o}
        </div>
      </div>
      ${e.job?this.progress(e.job):o}
      ${r&&!e.job?this.last(r):o}
      ${this.buttons(e,n)}
    </section>`}progress(e){let s=E(e,a.objects),r=a.objects.print_stats,n=r?.info?.current_layer??e.layer,l=r?.info?.total_layer??e.layers;return t`<div class="progress">
        <progress max="1" .value=${s} aria-label=${i("dashboard.progress")}></progress>
        <strong>${$(s)}</strong></div>
      <dl class="facts">
        <div><dt>${i("dashboard.left")}</dt><dd>${y(e.left_s)}</dd></div>
        <div><dt>${i("dashboard.done")}</dt>
          <dd>${e.left_s===null?"\u2013":F(Date.now()/1e3+e.left_s)}</dd></div>
        <div><dt>${i("dashboard.elapsed")}</dt>
          <dd>${y(r?.total_duration??e.elapsed_s)}</dd></div>
        <div><dt>${i("dashboard.layer")}</dt>
          <dd>${n?l?`${n} / ${l}`:n:"\u2013"}</dd></div>
      </dl>`}last(e){return e.result==="complete"?o:t`<p class="quiet">${i("dashboard.last",{file:w(e.file),time:y(e.elapsed_s)})}${e.cause?` ${k(e.cause)}`:""}</p>`}buttons(e,s){let r=a.info;if(!r||!a.online)return o;let n=h=>()=>a.attempt(()=>a.call(h));if(e.job&&a.may("PRINT")){let h=r.phase==="printing"||r.phase==="preparing";return t`<div class="row">
        ${s?t`<button type="button" class="primary" @click=${n("printer.print.resume")}>
              ${i("job.resume")}</button>`:t`<button type="button" @click=${n("printer.print.pause")} ?disabled=${!h}>
              ${i("job.pause")}</button>`}
        <hold-button kind="danger" .label=${i("job.cancel")}
          @confirm=${n("printer.print.cancel")}></hold-button>
        <a class="button plain" href="#/layers">${i("dashboard.layers")}</a>
      </div>`}if((r.link==="halted"||r.link==="failed")&&a.may("CONTROL"))return t`<div class="row"><button type="button" class="primary"
        @click=${n("printer.firmware_restart")}>${i("printer.reset")}</button></div>`;if(r.link==="offline"&&a.may("CONNECTION")){let h=()=>d("POST","api/connection",{command:"connect"});return t`<div class="row"><button type="button" class="primary"
        @click=${()=>a.attempt(h)}>${i("printer.connect")}</button></div>`}if(r.link!=="online"||e.job)return o;let l=r.job?.origin==="local"&&r.job.result&&a.may("PRINT");return t`<div class="row">
      <a class="button primary" href="#/files">${i("dashboard.choose")}</a>
      ${l?t`<button type="button" @click=${()=>this.again(r.job)}>
            ${i("dashboard.again")}</button>`:o}
    </div>`}again(e){a.attempt(()=>d("POST","api/gantry/print",{path:e.file}))}choose(e){this.chosen=e,localStorage.setItem(J,e)}camera(){let e=this.cameras??[],s=e.find(r=>r.id===this.chosen)??e[0];return!s||!a.may("WEBCAM")?o:t`<section class="card camera" aria-labelledby="camera-title">
      <div class="row between"><h2 id="camera-title">${s.name}</h2>
        ${e.length>1?t`<label class="hidden" for="camera">${i("camera.choose")}</label>
              <select id="camera" class="small" @change=${r=>this.choose(r.target.value)}>
                ${e.map(r=>t`<option value=${r.id}
                  ?selected=${r.id===s.id}>${r.name}</option>`)}</select>`:o}</div>
      <live-camera .camera=${s}></live-camera>
    </section>`}};customElements.define("dashboard-view",I);var j=class extends p{constructor(){super(...arguments);this.withKey=!1;this.busy=!1;this.error=""}static{this.properties={withKey:{state:!0},busy:{state:!0},error:{state:!0}}}async submit(e){e.preventDefault();let s=e.target,r=new FormData(s),n=l=>String(r.get(l)??"");this.busy=!0,this.error="";try{this.withKey?await K(n("key").trim()):await q(n("user"),n("password"),r.has("remember")),await a.open()}catch(l){this.error=l instanceof Error?l.message:String(l),s.querySelector("input[type=password]")?.select()}finally{this.busy=!1}}render(){return t`<main class="login">
      <form class="card stack" @submit=${this.submit} aria-labelledby="login-title">
        <div class="brand"><img src="page/icon.svg" alt="" width="44" height="44">
          <h1 id="login-title">Gantry</h1></div>
        ${this.withKey?this.keyField():this.userFields()}
        <p class="error" role="alert">${this.error}</p>
        <button class="primary" ?disabled=${this.busy}>${i("login.go")}</button>
        <button type="button" class="plain" @click=${()=>this.withKey=!this.withKey}>
          ${this.withKey?i("login.withPassword"):i("login.withKey")}</button>
      </form>
    </main>`}keyField(){return t`<label class="field">${i("login.key")}
      <input name="key" type="password" autocomplete="off" required></label>`}userFields(){return t`<label class="field">${i("login.user")}
        <input name="user" autocomplete="username" autocapitalize="none" required></label>
      <label class="field">${i("login.password")}
        <input name="password" type="password" autocomplete="current-password" required></label>
      <label class="check"><input type="checkbox" name="remember"> ${i("login.remember")}</label>`}};customElements.define("login-view",j);var b=c=>()=>Promise.all([c(),g("admin")]),m={printers:{icon:"printers",several:!0,load:()=>Promise.all([import("./printers-T2CFNGU6.js"),g("fleet")]),view:()=>t`<printers-view .page=${L}></printers-view>`},dashboard:{icon:"dashboard",view:()=>t`<dashboard-view></dashboard-view>`},files:{icon:"files",permission:"FILES_LIST",load:()=>Promise.all([import("./files-U42JRTML.js"),g("files")]),view:()=>t`<files-view></files-view>`},layers:{icon:"layers",permission:"GCODE_VIEWER",load:()=>import("./layers-6FTUVCOX.js"),view:()=>t`<layers-view></layers-view>`},control:{icon:"control",permission:"CONTROL",load:()=>import("./control-MGVCADMZ.js"),view:()=>t`<control-view></control-view>`},console:{icon:"console",permission:"MONITOR_TERMINAL",load:()=>import("./console-WNWP35SR.js"),view:()=>t`<console-view></console-view>`},mesh:{icon:"mesh",load:()=>import("./mesh-CVBATHLL.js"),view:()=>t`<mesh-view></mesh-view>`},history:{icon:"history",load:()=>import("./history-H2QJGGRV.js"),view:()=>t`<history-view></history-view>`},health:{icon:"health",load:b(()=>import("./health-A3F7HHWX.js")),view:()=>t`<health-view></health-view>`},people:{icon:"people",load:b(()=>import("./people-KD2RYZA6.js")),view:()=>t`<people-view></people-view>`},configuration:{icon:"configuration",permission:"ADMIN",load:b(()=>import("./configuration-QZKWQLWP.js")),view:()=>t`<configuration-view></configuration-view>`},upkeep:{icon:"upkeep",permission:"ADMIN",load:b(()=>import("./upkeep-3LNS3IXO.js")),view:()=>t`<upkeep-view></upkeep-view>`},setup:{icon:"configuration",permission:"ADMIN",apart:!0,load:b(()=>import("./setup-CS3T7KQJ.js")),view:()=>t`<setup-view></setup-view>`}},M=["dashboard","files","control","console"],L="dashboard",Y="(width < 56rem)",x=class extends p{constructor(){super(...arguments);this.page="dashboard";this.theme=localStorage.getItem("gantry.theme")??"auto";this.loaded=new Set(["dashboard","more"]);this.route=()=>{this.go()};this.phone=matchMedia(Y);this.resized=()=>this.requestUpdate();this.stop=()=>a.attempt(()=>a.call("printer.emergency_stop"));this.leave=()=>{a.leave()};this.stopAll=()=>a.attempt(async()=>{let s=(await Promise.allSettled(a.fleet.map(({id:r})=>D(r,"POST","printer/emergency_stop")))).flatMap((r,n)=>r.status==="rejected"?[`${a.fleet[n].name}: ${r.reason.message}`]:[]);if(s.length)throw new Error(s.join(`
`))})}static{this.properties={page:{state:!0},theme:{state:!0},loaded:{state:!0}}}connectedCallback(){super.connectedCallback(),window.addEventListener("hashchange",this.route),this.phone.addEventListener("change",this.resized),this.applyTheme(this.theme),P().then(()=>(this.go(!1),a.open()))}disconnectedCallback(){super.disconnectedCallback(),window.removeEventListener("hashchange",this.route),this.phone.removeEventListener("change",this.resized)}async go(e=!0){let s=location.hash.replace(/^#\//,"").split("/")[0]||"dashboard";this.page=s in m||s==="more"?s:"dashboard";let r=this.page;r!=="more"&&!m[r].several&&(L=r),await this.need(r),await this.updateComplete,e&&r===this.page&&(this.querySelector("#main")?.focus({preventScroll:!0}),scrollTo(0,0))}async need(e){this.loaded.has(e)||(await m[e].load?.(),this.loaded=new Set([...this.loaded,e]))}applyTheme(e){this.theme=e,localStorage.setItem("gantry.theme",e),e==="auto"?delete document.documentElement.dataset.theme:document.documentElement.dataset.theme=e}setTitle(){if(this.page==="printers"){document.title=`${i("nav.printers")} \xB7 Gantry`;return}let e=f(a.info,a.objects),s=[i(`nav.${this.page}`),a.info?.name??"Gantry"];e.job&&s.unshift(`${$(E(e.job,a.objects))} ${e.word}`),document.title=s.join(" \xB7 ")}render(){switch(a.phase){case"starting":return t`<main class="center" aria-busy="true"><p>${i("app.starting")}</p></main>`;case"unclaimed":return this.apart("setup");case"login":return document.title="Gantry",t`<login-view></login-view>`;default:return m[this.page]?.apart&&a.may("ADMIN")?this.apart(this.page):(this.setTitle(),this.shell())}}apart(e){return this.need(e),this.loaded.has(e)?m[e].view():t`<main class="center" aria-busy="true"><p>${i("app.starting")}</p></main>`}shell(){return t`
      <a class="skip" href="#main" @click=${this.skip}>${i("app.skip")}</a>
      ${this.bar()} ${this.navigation()}
      <main id="main" tabindex="-1" aria-label=${i(`nav.${this.page}`)}>
        ${this.banners()} ${this.content()}
      </main>
      ${this.page==="printers"?o:t`<printer-prompt></printer-prompt>`}`}skip(e){e.preventDefault(),this.querySelector("#main")?.focus()}bar(){let e=f(a.info,a.objects),s=this.page==="printers";return t`<header class="bar">
      <img class="logo" src="page/icon.svg" alt="" width="30" height="30">
      ${a.fleet.length>1?this.chooser(s):t`<strong class="name">${a.info?.name??"Gantry"}</strong>`}
      ${s&&a.online?o:t`<span class="badge ${a.online?e.tone:"bad"}" role="status">
            ${a.online?e.word:i("app.offline")}</span>`}
      <span class="grow"></span>
      ${a.may("CONTROL")?s?this.stopEverything():this.stopOne():o}
    </header>`}chooser(e){let s=(r,n,l)=>t`<option
      value=${r} .selected=${R(l)}>${n}</option>`;return t`<label class="hidden" for="fleet">${i("app.printer")}</label>
      <select id="fleet" class="bare" @change=${this.choose}>
        ${s("",i("nav.printers"),e)}
        ${a.fleet.map(({id:r,name:n})=>s(r,n,!e&&r===a.info?.id))}
      </select>`}stopOne(){return t`<button class="stop" type="button" @click=${this.stop} ?disabled=${!a.online}
      title=${i("stop.title")}>${v("stop")}<span>${i("stop.label")}</span></button>`}stopEverything(){return t`<hold-button kind="stop" .label=${i("stop.all")} .disabled=${!a.online}
      @confirm=${this.stopAll}></hold-button>`}choose(e){let s=e.target.value;s?location.assign(`${A(s,a.info?.id)}#/${L}`):location.hash="#/printers"}pages(){return Object.entries(m).filter(([,e])=>!e.apart&&(!e.several||a.fleet.length>1)&&(!e.permission||a.may(e.permission)))}navigation(){let e=(r,n,l="",h=i(`nav.${r}`))=>t`<li class=${l}><a href="#/${r}" aria-current=${this.current(r)}>
        ${v(n)}<span>${h}</span></a></li>`,s=t`<span class="on-phone">${i("nav.more")}</span
      ><span class="on-desk">${i("nav.settings")}</span>`;return t`<nav aria-label=${i("nav.label")}><ul>
      ${this.pages().map(([r,n])=>e(r,n.icon,M.includes(r)?"":"wide"))}
      ${e("more","more","",s)}
    </ul></nav>`}current(e){let s=e==="more"&&!M.includes(this.page)&&this.phone.matches;return this.page===e||s?"page":o}banners(){return t`
      <div role="alert">
        ${a.online||!a.everOnline?o:t`<p class="banner bad">${i("app.lost")}</p>`}
        ${a.troubles.map(e=>t`<p class="banner bad">${i(`trouble.${e.id}`)}</p>`)}
        ${a.problem===null?o:t`<p class="banner bad"><span>${a.problem}</span>
              <button type="button" class="plain" @click=${this.dismiss}>${i("app.dismiss")}</button>
            </p>`}
      </div>`}dismiss(){a.problem=null,a.changed()}content(){return this.page==="more"?this.more():a.printerless?t`<section class="card stack"><h1>${i("printerless.title")}</h1>
        <p>${a.printerless}</p>
        ${a.may("ADMIN")&&this.page!=="configuration"?t`<div class="row"><a class="button primary" href="#/setup">${i("settings.setup")}</a>
              <a class="button" href="#/configuration">${i("nav.configuration")}</a></div>`:o}</section>
        ${this.page==="configuration"&&this.loaded.has(this.page)?m.configuration.view():o}`:this.loaded.has(this.page)?m[this.page].view():t`<p aria-busy="true">${i("app.loading")}</p>`}more(){return t`<h1 class="page-head">${i("nav.settings")}</h1>
      <div class="card on-phone">
        <ul class="links">
          ${this.pages().filter(([e])=>!M.includes(e)).map(([e,s])=>t`<li><a href="#/${e}">${v(s.icon)}
              <span>${i(`nav.${e}`)}</span></a></li>`)}
        </ul>
      </div>
      <div class="card stack">
        <h2>${i("settings.title")}</h2>
        <label class="field">${i("settings.language")}
          <select @change=${this.chooseLanguage}>
            ${Object.entries(H).map(([e,s])=>t`<option
              value=${e} ?selected=${e===V}>${s}</option>`)}
          </select></label>
        <label class="field">${i("settings.theme")}
          <select @change=${e=>this.applyTheme(e.target.value)}>
            ${["auto","light","dark"].map(e=>t`<option
              value=${e} ?selected=${e===this.theme}>${i(`theme.${e}`)}</option>`)}
          </select></label>
        <p class="quiet">${i("settings.user",{name:a.user.name??"\u2013"})}</p>
        <div class="row">
          ${a.may("ADMIN")?t`<a class="button" href="#/setup">${v("configuration")} ${i("settings.setup")}</a>`:o}
          <button type="button" @click=${this.leave}>${v("logout")} ${i("settings.logout")}</button>
        </div>
      </div>
      <install-card></install-card>`}async chooseLanguage(e){await P(e.target.value),a.changed()}};customElements.define("gantry-app",x);
