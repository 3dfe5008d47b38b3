import"./chunk-OCRZ64ZR.js";import"./chunk-5NYQ4Z7S.js";import"./chunk-VLL6HTAV.js";import{a as g}from"./chunk-HMT5KXBA.js";import"./chunk-DZQHWK3D.js";import{a as q,b as f,d as b,e as E,i as h}from"./chunk-GW66QZOH.js";import{a as d}from"./chunk-2IGGXCD2.js";import{c as D,d as H,g as u,h as J,i as V,m as s}from"./chunk-EPF25ZMC.js";import{a,d as l,f as N,g as R,h as A,i as t,j as O,k as K}from"./chunk-ZAYU2SCW.js";var U=new Set(["preparing","printing","pausing","paused","resuming","cancelling","finishing"]);function y(n,c){if(n===null)return $("state.unknown","state.unknown","idle","");let e=n.name;if(n.link!=="online")return z(n);let i=n.job;if(i&&U.has(n.phase))return{...B(n,i,c),job:i};if(i?.result&&i.result!=="complete"){let r=i.result==="failed"?"sentence.failed.job":`sentence.${i.result}`,o=$(`state.${i.result}`,r,"bad",e,i);return i.result==="cancelled"?{...o,tone:"idle"}:o}return i?.result==="complete"?$("state.complete","sentence.complete","good",e,i):$("state.ready","sentence.ready","good",e)}function z(n){let c=n.fault?.message;switch(n.link){case"offline":return $("state.offline","sentence.offline","idle",n.name);case"halted":return{word:t("state.halted"),sentence:t("sentence.halted",{name:n.name}),tone:"bad",job:null};case"failed":return{word:t("state.failed"),sentence:t("sentence.failed",{name:n.name,fault:c??""}),tone:"bad",job:null};default:return $("state.connecting","sentence.connecting","busy",n.name)}}function B(n,c,e){let i=h(c.file),r=f(w(c,e));if(n.phase==="paused")return{word:t("state.paused"),sentence:t("sentence.paused",{file:i,share:r}),tone:"waiting"};if(n.phase!=="printing"){let L=n.phase;return{word:t(`state.${L}`),sentence:t(`sentence.${L}`,{file:i}),tone:"busy"}}let o=[t("sentence.printing",{file:i})],p=e.print_stats?.info?.current_layer??c.layer,m=e.print_stats?.info?.total_layer??c.layers;return p&&m&&o.push(t("sentence.layer",{layer:p,layers:m})),c.left_s!==null?o.push(t("sentence.until",{time:E(Date.now()/1e3+c.left_s)})):o.push(r),{word:t("state.printing"),sentence:o.join(", "),tone:"busy"}}var w=(n,c)=>c.virtual_sdcard?.progress||n?.completion||0;function $(n,c,e,i,r){let o={name:i,file:r?h(r.file):"",time:r?b(r.printing_s):"",cause:r?.cause??""};return{word:t(n),sentence:t(c,o),tone:e,job:null}}var T=null;addEventListener("beforeinstallprompt",n=>{n.preventDefault(),T=n,s.changed()});var _=class extends d{constructor(){super(...arguments);this.install=async()=>{let e=T;T=null,await e?.prompt(),this.requestUpdate()}}render(){return matchMedia("(display-mode: standalone)").matches?l:a`<div class="card stack"><h2>${t("install.title")}</h2>
      ${isSecureContext?T?a`<p class="quiet">${t("install.text")}</p>
              <button type="button" @click=${this.install}>${t("install.go")}</button>`:a`<p class="quiet">${t("install.byMenu")}</p>`:a`<p>${t("install.insecure",{address:location.origin})}</p>`}</div>`}};customElements.define("install-card",_);var P=class extends d{constructor(){super(...arguments);this.put="";this.waited=!1}updated(e){let i=this.querySelector("dialog");i&&!i.open&&i.showModal()}answer(e){let i=()=>u("POST","api/gantry/prompt",{button:e});s.attempt(i).then(r=>r&&this.away())}away(){this.put=s.info?.prompt?.text??"",s.changed()}render(){let e=s.info?.prompt,i=s.info?.waiting_for_user??!1;if((!e||i&&!this.waited)&&(this.put=""),this.waited=i,!e||e.text===this.put)return l;let r=e.buttons.length?e.buttons:["OK"];return a`<dialog aria-labelledby="prompt-title" @cancel=${this.away}>
      <h2 id="prompt-title">${t("prompt.title")}</h2>
      <p class="prompt-text">${e.text}</p>
      <div class="row end">
        ${s.may("CONTROL")?r.map((o,p)=>a`<button
              type="button" class=${p?"":"primary"} @click=${()=>this.answer(p)}
            >${o}</button>`):a`<button type="button" @click=${this.away}>${t("app.dismiss")}</button>`}
      </div>
    </dialog>`}};customElements.define("printer-prompt",P);var F=async()=>(await u("GET","api/gantry/cameras")).cameras;var W=1e3,Y=5e3,S=class extends N{constructor(){super(...arguments);this.camera=null;this.broken=!1;this.seen=!0;this.shot=Date.now();this.look=()=>this.seen=!document.hidden}static{this.properties={camera:{attribute:!1},broken:{state:!0},seen:{state:!0},shot:{state:!0}}}createRenderRoot(){return this}connectedCallback(){super.connectedCallback(),document.addEventListener("visibilitychange",this.look),this.timer=window.setInterval(()=>{!this.streams&&this.seen&&(this.shot=Date.now())},W)}disconnectedCallback(){super.disconnectedCallback(),document.removeEventListener("visibilitychange",this.look),clearInterval(this.timer),clearTimeout(this.retry),this.querySelector("img")?.removeAttribute("src")}get streams(){return!!this.camera?.stream&&!this.broken&&H.get()===null}failed(){this.broken=!0,this.retry=window.setTimeout(()=>this.broken=!1,Y)}render(){let e=this.camera;if(e===null||!this.seen)return l;let i=[`r${e.rotation}`,e.flip_horizontal?"flip-x":"",e.flip_vertical?"flip-y":""].join(" ");return a`<div class="live ${i}">${this.streams?a`<img src=${D(e.stream)} alt=${t("dashboard.camera",{name:e.name})}
          @error=${this.failed}>`:e.snapshot?a`<api-image .path=${`${e.snapshot}?t=${this.shot}`}
            alt=${t("dashboard.camera",{name:e.name})}></api-image>`:a`<p class="quiet">${t("camera.silent")}</p>`}</div>`}};customElements.define("live-camera",S);var I=class extends d{constructor(){super(...arguments);this.plan=null}static{this.properties={plan:{state:!0}}}async show(){await s.attempt(async()=>{this.plan=await u("GET","api/gantry/recovery")})}async confirm(e){await s.attempt(()=>u("POST","api/gantry/recovery",{job_id:e.job_id}))&&(this.plan=null)}render(){let e=s.info;if(!(e?.phase==="none"&&["interrupted","failed"].includes(e.job?.result??""))||!s.may("PRINT"))return l;let r=this.plan;return r===null?a`<section class="card">
        <h2>${t("recovery.title")}</h2><p>${t("recovery.text")}</p>
        <button type="button" @click=${this.show}>${t("recovery.show")}</button></section>`:a`<section class="card stack" aria-labelledby="recovery-title">
      <h2 id="recovery-title">${t("recovery.title")}</h2>
      <p>${t("recovery.from",{file:h(r.file),height:q(r.height_mm,2),layer:r.layer??"?"})}</p>
      <ol>${r.steps.map(o=>a`<li>${o}</li>`)}</ol>
      <details><summary>${t("recovery.lines")}</summary>
        <pre tabindex="0">${r.lines.join(`
`)}</pre></details>
      <div class="row">
        <hold-button kind="primary" .label=${t("recovery.go")}
          @confirm=${()=>this.confirm(r)}></hold-button>
        <button type="button" class="plain" @click=${()=>this.plan=null}>
          ${t("app.close")}</button>
      </div></section>`}};customElements.define("recovery-card",I);var G="gantry.camera",C=class extends d{constructor(){super(...arguments);this.picture="";this.pictureOf="";this.cameras=null;this.chosen=localStorage.getItem(G)??"";this.goOn=()=>{s.attempt(()=>s.gcode("M108"))}}static{this.properties={picture:{state:!0},cameras:{state:!0},chosen:{state:!0}}}willUpdate(){s.online&&this.cameras===null&&this.findCameras();let e=s.info?.job?.origin==="local"?s.info.job.file:"";e!==this.pictureOf&&this.findPicture(e)}async findCameras(){this.cameras=[],this.cameras=await F().catch(()=>[])}async findPicture(e){if(this.pictureOf=e,this.picture="",!e)return;let r=(await s.call("server.files.thumbnails",{filename:e}).catch(()=>[])).at(-1)?.thumbnail_path;r&&e===this.pictureOf&&(this.picture=`server/files/gcodes/${r.split("/").map(encodeURIComponent).join("/")}`)}render(){let e=y(s.info,s.objects);return a`<div class="dashboard">
      <div class="column">
        ${this.hero(e)}
        <recovery-card></recovery-card>
        ${this.camera()}
      </div>
      <div class="column"><temperature-card></temperature-card></div>
    </div>`}hero(e){let i=s.info,r=e.job??(i?.job?.result?i.job:null),o=i?.phase==="paused";return a`<section class="card hero ${e.tone}">
      <div class="hero-head">
        ${this.picture?a`<div class="thumb"><api-image .path=${this.picture}
              alt=${t("dashboard.thumbnail")}></api-image></div>`:l}
        <div class="grow">
          <h1>${e.sentence}</h1>
          <p class="hidden" role="status">${e.word}</p>
          ${i?.fault&&!e.job?a`<p class="advice">${i.fault.message}
                ${i.fault.advice?a`<br>${i.fault.advice}`:l}</p>`:l}
          ${i?.waiting_for_user&&!i.prompt?a`<p class="advice">${t("dashboard.waiting")}</p>
                ${s.may("CONTROL")?a`<button type="button" class="primary" @click=${this.goOn}>
                      ${t("dashboard.goOn")}</button>`:l}`:l}
          ${i?.message?a`<p class="quiet">${t("dashboard.display")} ${i.message}</p>`:l}
        </div>
      </div>
      ${e.job?this.progress(e.job):l}
      ${r&&!e.job?this.last(r):l}
      ${this.buttons(e,o)}
    </section>`}progress(e){let i=w(e,s.objects),r=s.objects.print_stats,o=r?.info?.current_layer??e.layer,p=r?.info?.total_layer??e.layers;return a`<div class="progress">
        <progress max="1" .value=${i} aria-label=${t("dashboard.progress")}></progress>
        <strong>${f(i)}</strong></div>
      <dl class="facts">
        <div><dt>${t("dashboard.left")}</dt><dd>${b(e.left_s)}</dd></div>
        <div><dt>${t("dashboard.done")}</dt>
          <dd>${e.left_s===null?"\u2013":E(Date.now()/1e3+e.left_s)}</dd></div>
        <div><dt>${t("dashboard.elapsed")}</dt>
          <dd>${b(r?.total_duration??e.elapsed_s)}</dd></div>
        <div><dt>${t("dashboard.layer")}</dt>
          <dd>${o?p?`${o} / ${p}`:o:"\u2013"}</dd></div>
      </dl>`}last(e){return a`<p class="quiet">${t("dashboard.last",{file:h(e.file),time:b(e.elapsed_s)})}${e.cause?` ${e.cause}`:""}</p>`}buttons(e,i){let r=s.info;if(!r||!s.online)return l;let o=m=>()=>s.attempt(()=>s.call(m));if(e.job&&s.may("PRINT")){let m=r.phase==="printing"||r.phase==="preparing";return a`<div class="row">
        ${i?a`<button type="button" class="primary" @click=${o("printer.print.resume")}>
              ${t("job.resume")}</button>`:a`<button type="button" @click=${o("printer.print.pause")} ?disabled=${!m}>
              ${t("job.pause")}</button>`}
        <hold-button kind="danger" .label=${t("job.cancel")}
          @confirm=${o("printer.print.cancel")}></hold-button>
        <a class="button plain" href="#/layers">${t("dashboard.layers")}</a>
      </div>`}if((r.link==="halted"||r.link==="failed")&&s.may("CONTROL"))return a`<div class="row"><button type="button" class="primary"
        @click=${o("printer.firmware_restart")}>${t("printer.reset")}</button></div>`;if(r.link==="offline"&&s.may("CONNECTION")){let m=()=>u("POST","api/connection",{command:"connect"});return a`<div class="row"><button type="button" class="primary"
        @click=${()=>s.attempt(m)}>${t("printer.connect")}</button></div>`}if(r.link!=="online"||e.job)return l;let p=r.job?.origin==="local"&&r.job.result&&s.may("PRINT");return a`<div class="row">
      <a class="button primary" href="#/files">${t("dashboard.choose")}</a>
      ${p?a`<button type="button" @click=${()=>this.again(r.job)}>
            ${t("dashboard.again")}</button>`:l}
    </div>`}again(e){s.attempt(()=>u("POST","api/gantry/print",{path:e.file}))}choose(e){this.chosen=e,localStorage.setItem(G,e)}camera(){let e=this.cameras??[],i=e.find(r=>r.id===this.chosen)??e[0];return!i||!s.may("WEBCAM")?l:a`<section class="card camera" aria-labelledby="camera-title">
      <div class="row between"><h2 id="camera-title">${i.name}</h2>
        ${e.length>1?a`<label class="hidden" for="camera">${t("camera.choose")}</label>
              <select id="camera" class="small" @change=${r=>this.choose(r.target.value)}>
                ${e.map(r=>a`<option value=${r.id}
                  ?selected=${r.id===i.id}>${r.name}</option>`)}</select>`:l}</div>
      <live-camera .camera=${i}></live-camera>
    </section>`}};customElements.define("dashboard-view",C);var j=class extends d{constructor(){super(...arguments);this.withKey=!1;this.busy=!1;this.error=""}static{this.properties={withKey:{state:!0},busy:{state:!0},error:{state:!0}}}async submit(e){e.preventDefault();let i=e.target,r=new FormData(i),o=p=>String(r.get(p)??"");this.busy=!0,this.error="";try{this.withKey?await V(o("key").trim()):await J(o("user"),o("password"),r.has("remember")),await s.open()}catch(p){this.error=p instanceof Error?p.message:String(p),i.querySelector("input[type=password]")?.select()}finally{this.busy=!1}}render(){return a`<main class="login">
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
      <label class="check"><input type="checkbox" name="remember"> ${t("login.remember")}</label>`}};customElements.define("login-view",j);var k=n=>()=>Promise.all([n(),K("admin")]),v={dashboard:{icon:"dashboard",view:()=>a`<dashboard-view></dashboard-view>`},files:{icon:"files",permission:"FILES_LIST",load:()=>import("./files-GULTF26T.js"),view:()=>a`<files-view></files-view>`},layers:{icon:"layers",permission:"GCODE_VIEWER",load:()=>import("./layers-FSUCGB6D.js"),view:()=>a`<layers-view></layers-view>`},control:{icon:"control",permission:"CONTROL",load:()=>import("./control-2GY7B2K2.js"),view:()=>a`<control-view></control-view>`},console:{icon:"console",permission:"MONITOR_TERMINAL",load:()=>import("./console-6XAS2Z7I.js"),view:()=>a`<console-view></console-view>`},mesh:{icon:"mesh",load:()=>import("./mesh-CLNBS7HW.js"),view:()=>a`<mesh-view></mesh-view>`},history:{icon:"history",load:()=>import("./history-HXZLJIUU.js"),view:()=>a`<history-view></history-view>`},health:{icon:"health",load:k(()=>import("./health-76IHVCYD.js")),view:()=>a`<health-view></health-view>`},people:{icon:"people",load:k(()=>import("./people-YA2LHGFG.js")),view:()=>a`<people-view></people-view>`},configuration:{icon:"configuration",permission:"ADMIN",load:k(()=>import("./configuration-EQBMUVSA.js")),view:()=>a`<configuration-view></configuration-view>`},upkeep:{icon:"upkeep",permission:"ADMIN",load:k(()=>import("./upkeep-XQWQDZYS.js")),view:()=>a`<upkeep-view></upkeep-view>`},setup:{icon:"configuration",permission:"ADMIN",apart:!0,load:k(()=>import("./setup-JHPWTUH6.js")),view:()=>a`<setup-view></setup-view>`}},x=["dashboard","files","control","console"],Q="(width < 56rem)",M=class extends d{constructor(){super(...arguments);this.page="dashboard";this.theme=localStorage.getItem("gantry.theme")??"auto";this.loaded=new Set(["dashboard","more"]);this.route=()=>{this.go()};this.stop=()=>s.attempt(()=>s.call("printer.emergency_stop"));this.leave=()=>{s.leave()}}static{this.properties={page:{state:!0},theme:{state:!0},loaded:{state:!0}}}connectedCallback(){super.connectedCallback(),window.addEventListener("hashchange",this.route),this.applyTheme(this.theme),O().then(()=>(this.go(!1),s.open()))}disconnectedCallback(){super.disconnectedCallback(),window.removeEventListener("hashchange",this.route)}async go(e=!0){let i=location.hash.replace(/^#\//,"").split("/")[0]||"dashboard";this.page=i in v||i==="more"?i:"dashboard";let r=this.page;await this.need(r),await this.updateComplete,e&&r===this.page&&(this.querySelector("#main")?.focus({preventScroll:!0}),scrollTo(0,0))}async need(e){this.loaded.has(e)||(await v[e].load?.(),this.loaded=new Set([...this.loaded,e]))}applyTheme(e){this.theme=e,localStorage.setItem("gantry.theme",e),e==="auto"?delete document.documentElement.dataset.theme:document.documentElement.dataset.theme=e}setTitle(){let e=y(s.info,s.objects),i=[t(`nav.${this.page}`),s.info?.name??"Gantry"];e.job&&i.unshift(`${f(w(e.job,s.objects))} ${e.word}`),document.title=i.join(" \xB7 ")}render(){switch(s.phase){case"starting":return a`<main class="center" aria-busy="true"><p>${t("app.starting")}</p></main>`;case"unclaimed":return this.apart("setup");case"login":return document.title="Gantry",a`<login-view></login-view>`;default:return v[this.page]?.apart&&s.may("ADMIN")?this.apart(this.page):(this.setTitle(),this.shell())}}apart(e){return this.need(e),this.loaded.has(e)?v[e].view():a`<main class="center" aria-busy="true"><p>${t("app.starting")}</p></main>`}shell(){return a`
      <a class="skip" href="#main" @click=${this.skip}>${t("app.skip")}</a>
      ${this.bar()} ${this.navigation()}
      <main id="main" tabindex="-1" aria-label=${t(`nav.${this.page}`)}>
        ${this.banners()} ${this.content()}
      </main>
      <printer-prompt></printer-prompt>`}skip(e){e.preventDefault(),this.querySelector("#main")?.focus()}bar(){let e=y(s.info,s.objects),i=s.info?.name??"Gantry";return a`<header class="bar">
      <img class="logo" src="page/icon.svg" alt="" width="30" height="30">
      ${s.fleet.length>1?a`<label class="hidden" for="fleet">${t("app.printer")}</label>
            <select id="fleet" class="bare" @change=${this.choose}>
              ${s.fleet.map(r=>a`<option
                  value=${r.id} ?selected=${r.id===s.info?.id}
                >${r.name}</option>`)}
            </select>`:a`<strong class="name">${i}</strong>`}
      <span class="badge ${s.online?e.tone:"bad"}" role="status">
        ${s.online?e.word:t("app.offline")}</span>
      <span class="grow"></span>
      ${s.may("CONTROL")?a`<button class="stop" type="button" @click=${this.stop} ?disabled=${!s.online}
            title=${t("stop.title")}>${g("stop")}<span>${t("stop.label")}</span></button>`:l}
    </header>`}choose(e){let i=e.target.value,r=document.baseURI.replace(/printers\/[^/]+\/$/,""),o=i===s.fleet[0].id?r:`${r}printers/${encodeURIComponent(i)}/`;location.assign(o+location.hash)}pages(){return Object.entries(v).filter(([,e])=>!e.apart&&(!e.permission||s.may(e.permission)))}navigation(){let e=(r,o,p="",m=t(`nav.${r}`))=>a`<li class=${p}><a href="#/${r}" aria-current=${this.current(r)}>
        ${g(o)}<span>${m}</span></a></li>`,i=a`<span class="on-phone">${t("nav.more")}</span
      ><span class="on-desk">${t("nav.settings")}</span>`;return a`<nav aria-label=${t("nav.label")}><ul>
      ${this.pages().map(([r,o])=>e(r,o.icon,x.includes(r)?"":"wide"))}
      ${e("more","more","",i)}
    </ul></nav>`}current(e){let i=e==="more"&&!x.includes(this.page)&&matchMedia(Q).matches;return this.page===e||i?"page":l}banners(){return a`
      <div role="alert">
        ${s.online||!s.everOnline?l:a`<p class="banner bad">${t("app.lost")}</p>`}
        ${s.troubles.map(e=>a`<p class="banner bad">${t(`trouble.${e.id}`)}</p>`)}
        ${s.problem===null?l:a`<p class="banner bad"><span>${s.problem}</span>
              <button type="button" class="plain" @click=${this.dismiss}>${t("app.dismiss")}</button>
            </p>`}
      </div>`}dismiss(){s.problem=null,s.changed()}content(){return this.page==="more"?this.more():s.printerless?a`<section class="card stack"><h1>${t("printerless.title")}</h1>
        <p>${s.printerless}</p>
        ${s.may("ADMIN")&&this.page!=="configuration"?a`<div class="row"><a class="button primary" href="#/setup">${t("settings.setup")}</a>
              <a class="button" href="#/configuration">${t("nav.configuration")}</a></div>`:l}</section>
        ${this.page==="configuration"&&this.loaded.has(this.page)?v.configuration.view():l}`:this.loaded.has(this.page)?v[this.page].view():a`<p aria-busy="true">${t("app.loading")}</p>`}more(){return a`<h1 class="page-head">${t("nav.settings")}</h1>
      <div class="card on-phone">
        <ul class="links">
          ${this.pages().filter(([e])=>!x.includes(e)).map(([e,i])=>a`<li><a href="#/${e}">${g(i.icon)}
              <span>${t(`nav.${e}`)}</span></a></li>`)}
        </ul>
      </div>
      <div class="card stack">
        <h2>${t("settings.title")}</h2>
        <label class="field">${t("settings.language")}
          <select @change=${this.chooseLanguage}>
            ${Object.entries(R).map(([e,i])=>a`<option
              value=${e} ?selected=${e===A}>${i}</option>`)}
          </select></label>
        <label class="field">${t("settings.theme")}
          <select @change=${e=>this.applyTheme(e.target.value)}>
            ${["auto","light","dark"].map(e=>a`<option
              value=${e} ?selected=${e===this.theme}>${t(`theme.${e}`)}</option>`)}
          </select></label>
        <p class="quiet">${t("settings.user",{name:s.user.name??"\u2013"})}</p>
        <div class="row">
          ${s.may("ADMIN")?a`<a class="button" href="#/setup">${g("configuration")} ${t("settings.setup")}</a>`:l}
          <button type="button" @click=${this.leave}>${g("logout")} ${t("settings.logout")}</button>
        </div>
      </div>
      <install-card></install-card>`}async chooseLanguage(e){await O(e.target.value),s.changed()}};customElements.define("gantry-app",M);
