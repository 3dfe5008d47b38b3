import"./chunk-2IM6G5VN.js";import"./chunk-HIZCJV5C.js";import"./chunk-NACTEBCN.js";import{a as g}from"./chunk-UQQXWESG.js";import"./chunk-AWNOZ5JE.js";import{a as A,b as f,d as b,e as k,i as h}from"./chunk-A5JRV7AV.js";import{a as u}from"./chunk-HQ7YENXK.js";import{c as K,d as q,g as m,h as D,i as H,l as s}from"./chunk-TQNE6R5Z.js";import{a as i,d as l,f as R,g as L,h as M,i as t,j as T,k as N}from"./chunk-2TAXY2XJ.js";var G=new Set(["preparing","printing","pausing","paused","resuming","cancelling","finishing"]);function y(o,c){if(o===null)return $("state.unknown","state.unknown","idle","");let e=o.name;if(o.link!=="online")return V(o);let a=o.job;if(a&&G.has(o.phase))return{...U(o,a,c),job:a};if(a?.result&&a.result!=="complete"){let r=a.result==="failed"?"sentence.failed.job":`sentence.${a.result}`,n=$(`state.${a.result}`,r,"bad",e,a);return a.result==="cancelled"?{...n,tone:"idle"}:n}return a?.result==="complete"?$("state.complete","sentence.complete","good",e,a):$("state.ready","sentence.ready","good",e)}function V(o){let c=o.fault?.message;switch(o.link){case"offline":return $("state.offline","sentence.offline","idle",o.name);case"halted":return{word:t("state.halted"),sentence:t("sentence.halted",{name:o.name}),tone:"bad",job:null};case"failed":return{word:t("state.failed"),sentence:t("sentence.failed",{name:o.name,fault:c??""}),tone:"bad",job:null};default:return $("state.connecting","sentence.connecting","busy",o.name)}}function U(o,c,e){let a=h(c.file),r=f(w(c,e));if(o.phase==="paused")return{word:t("state.paused"),sentence:t("sentence.paused",{file:a,share:r}),tone:"waiting"};if(o.phase!=="printing"){let x=o.phase;return{word:t(`state.${x}`),sentence:t(`sentence.${x}`,{file:a}),tone:"busy"}}let n=[t("sentence.printing",{file:a})],p=e.print_stats?.info?.current_layer??c.layer,d=e.print_stats?.info?.total_layer??c.layers;return p&&d&&n.push(t("sentence.layer",{layer:p,layers:d})),c.left_s!==null?n.push(t("sentence.until",{time:k(Date.now()/1e3+c.left_s)})):n.push(r),{word:t("state.printing"),sentence:n.join(", "),tone:"busy"}}var w=(o,c)=>c.virtual_sdcard?.progress||o?.completion||0;function $(o,c,e,a,r){let n={name:a,file:r?h(r.file):"",time:r?b(r.printing_s):"",cause:r?.cause??""};return{word:t(o),sentence:t(c,n),tone:e,job:null}}var E=class extends u{constructor(){super(...arguments);this.put="";this.waited=!1}updated(e){let a=this.querySelector("dialog");a&&!a.open&&a.showModal()}answer(e){let a=()=>m("POST","api/gantry/prompt",{button:e});s.attempt(a).then(r=>r&&this.away())}away(){this.put=s.info?.prompt?.text??"",s.changed()}render(){let e=s.info?.prompt,a=s.info?.waiting_for_user??!1;if((!e||a&&!this.waited)&&(this.put=""),this.waited=a,!e||e.text===this.put)return l;let r=e.buttons.length?e.buttons:["OK"];return i`<dialog aria-labelledby="prompt-title" @cancel=${this.away}>
      <h2 id="prompt-title">${t("prompt.title")}</h2>
      <p class="prompt-text">${e.text}</p>
      <div class="row end">
        ${s.may("CONTROL")?r.map((n,p)=>i`<button
              type="button" class=${p?"":"primary"} @click=${()=>this.answer(p)}
            >${n}</button>`):i`<button type="button" @click=${this.away}>${t("app.dismiss")}</button>`}
      </div>
    </dialog>`}};customElements.define("printer-prompt",E);var J=async()=>(await m("GET","api/gantry/cameras")).cameras;var z=1e3,B=5e3,_=class extends R{constructor(){super(...arguments);this.camera=null;this.broken=!1;this.seen=!0;this.shot=Date.now();this.look=()=>this.seen=!document.hidden}static{this.properties={camera:{attribute:!1},broken:{state:!0},seen:{state:!0},shot:{state:!0}}}createRenderRoot(){return this}connectedCallback(){super.connectedCallback(),document.addEventListener("visibilitychange",this.look),this.timer=window.setInterval(()=>{!this.streams&&this.seen&&(this.shot=Date.now())},z)}disconnectedCallback(){super.disconnectedCallback(),document.removeEventListener("visibilitychange",this.look),clearInterval(this.timer),clearTimeout(this.retry),this.querySelector("img")?.removeAttribute("src")}get streams(){return!!this.camera?.stream&&!this.broken&&q.get()===null}failed(){this.broken=!0,this.retry=window.setTimeout(()=>this.broken=!1,B)}render(){let e=this.camera;if(e===null||!this.seen)return l;let a=[`r${e.rotation}`,e.flip_horizontal?"flip-x":"",e.flip_vertical?"flip-y":""].join(" ");return i`<div class="live ${a}">${this.streams?i`<img src=${K(e.stream)} alt=${t("dashboard.camera",{name:e.name})}
          @error=${this.failed}>`:e.snapshot?i`<api-image .path=${`${e.snapshot}?t=${this.shot}`}
            alt=${t("dashboard.camera",{name:e.name})}></api-image>`:i`<p class="quiet">${t("camera.silent")}</p>`}</div>`}};customElements.define("live-camera",_);var O=class extends u{constructor(){super(...arguments);this.plan=null}static{this.properties={plan:{state:!0}}}async show(){await s.attempt(async()=>{this.plan=await m("GET","api/gantry/recovery")})}async confirm(e){await s.attempt(()=>m("POST","api/gantry/recovery",{job_id:e.job_id}))&&(this.plan=null)}render(){let e=s.info;if(!(e?.phase==="none"&&["interrupted","failed"].includes(e.job?.result??""))||!s.may("PRINT"))return l;let r=this.plan;return r===null?i`<section class="card">
        <h2>${t("recovery.title")}</h2><p>${t("recovery.text")}</p>
        <button type="button" @click=${this.show}>${t("recovery.show")}</button></section>`:i`<section class="card stack" aria-labelledby="recovery-title">
      <h2 id="recovery-title">${t("recovery.title")}</h2>
      <p>${t("recovery.from",{file:h(r.file),height:A(r.height_mm,2),layer:r.layer??"?"})}</p>
      <ol>${r.steps.map(n=>i`<li>${n}</li>`)}</ol>
      <details><summary>${t("recovery.lines")}</summary>
        <pre tabindex="0">${r.lines.join(`
`)}</pre></details>
      <div class="row">
        <hold-button kind="primary" .label=${t("recovery.go")}
          @confirm=${()=>this.confirm(r)}></hold-button>
        <button type="button" class="plain" @click=${()=>this.plan=null}>
          ${t("app.close")}</button>
      </div></section>`}};customElements.define("recovery-card",O);var F="gantry.camera",S=class extends u{constructor(){super(...arguments);this.picture="";this.pictureOf="";this.cameras=null;this.chosen=localStorage.getItem(F)??"";this.goOn=()=>{s.attempt(()=>s.gcode("M108"))}}static{this.properties={picture:{state:!0},cameras:{state:!0},chosen:{state:!0}}}willUpdate(){s.online&&this.cameras===null&&this.findCameras();let e=s.info?.job?.origin==="local"?s.info.job.file:"";e!==this.pictureOf&&this.findPicture(e)}async findCameras(){this.cameras=[],this.cameras=await J().catch(()=>[])}async findPicture(e){if(this.pictureOf=e,this.picture="",!e)return;let r=(await s.call("server.files.thumbnails",{filename:e}).catch(()=>[])).at(-1)?.thumbnail_path;r&&e===this.pictureOf&&(this.picture=`server/files/gcodes/${r.split("/").map(encodeURIComponent).join("/")}`)}render(){let e=y(s.info,s.objects);return i`<div class="dashboard">
      <div class="column">
        ${this.hero(e)}
        <recovery-card></recovery-card>
        ${this.camera()}
      </div>
      <div class="column"><temperature-card></temperature-card></div>
    </div>`}hero(e){let a=s.info,r=e.job??(a?.job?.result?a.job:null),n=a?.phase==="paused";return i`<section class="card hero ${e.tone}">
      <div class="hero-head">
        ${this.picture?i`<div class="thumb"><api-image .path=${this.picture}
              alt=${t("dashboard.thumbnail")}></api-image></div>`:l}
        <div class="grow">
          <h1>${e.sentence}</h1>
          <p class="hidden" role="status">${e.word}</p>
          ${a?.fault&&!e.job?i`<p class="advice">${a.fault.message}
                ${a.fault.advice?i`<br>${a.fault.advice}`:l}</p>`:l}
          ${a?.waiting_for_user&&!a.prompt?i`<p class="advice">${t("dashboard.waiting")}</p>
                ${s.may("CONTROL")?i`<button type="button" class="primary" @click=${this.goOn}>
                      ${t("dashboard.goOn")}</button>`:l}`:l}
          ${a?.message?i`<p class="quiet">${t("dashboard.display")} ${a.message}</p>`:l}
        </div>
      </div>
      ${e.job?this.progress(e.job):l}
      ${r&&!e.job?this.last(r):l}
      ${this.buttons(e,n)}
    </section>`}progress(e){let a=w(e,s.objects),r=s.objects.print_stats,n=r?.info?.current_layer??e.layer,p=r?.info?.total_layer??e.layers;return i`<div class="progress">
        <progress max="1" .value=${a} aria-label=${t("dashboard.progress")}></progress>
        <strong>${f(a)}</strong></div>
      <dl class="facts">
        <div><dt>${t("dashboard.left")}</dt><dd>${b(e.left_s)}</dd></div>
        <div><dt>${t("dashboard.done")}</dt>
          <dd>${e.left_s===null?"\u2013":k(Date.now()/1e3+e.left_s)}</dd></div>
        <div><dt>${t("dashboard.elapsed")}</dt>
          <dd>${b(r?.total_duration??e.elapsed_s)}</dd></div>
        <div><dt>${t("dashboard.layer")}</dt>
          <dd>${n?p?`${n} / ${p}`:n:"\u2013"}</dd></div>
      </dl>`}last(e){return i`<p class="quiet">${t("dashboard.last",{file:h(e.file),time:b(e.elapsed_s)})}${e.cause?` ${e.cause}`:""}</p>`}buttons(e,a){let r=s.info;if(!r||!s.online)return l;let n=d=>()=>s.attempt(()=>s.call(d));if(e.job&&s.may("PRINT")){let d=r.phase==="printing"||r.phase==="preparing";return i`<div class="row">
        ${a?i`<button type="button" class="primary" @click=${n("printer.print.resume")}>
              ${t("job.resume")}</button>`:i`<button type="button" @click=${n("printer.print.pause")} ?disabled=${!d}>
              ${t("job.pause")}</button>`}
        <hold-button kind="danger" .label=${t("job.cancel")}
          @confirm=${n("printer.print.cancel")}></hold-button>
        <a class="button plain" href="#/layers">${t("dashboard.layers")}</a>
      </div>`}if((r.link==="halted"||r.link==="failed")&&s.may("CONTROL"))return i`<div class="row"><button type="button" class="primary"
        @click=${n("printer.firmware_restart")}>${t("printer.reset")}</button></div>`;if(r.link==="offline"&&s.may("CONNECTION")){let d=()=>m("POST","api/connection",{command:"connect"});return i`<div class="row"><button type="button" class="primary"
        @click=${()=>s.attempt(d)}>${t("printer.connect")}</button></div>`}if(r.link!=="online"||e.job)return l;let p=r.job?.origin==="local"&&r.job.result&&s.may("PRINT");return i`<div class="row">
      <a class="button primary" href="#/files">${t("dashboard.choose")}</a>
      ${p?i`<button type="button" @click=${()=>this.again(r.job)}>
            ${t("dashboard.again")}</button>`:l}
    </div>`}again(e){s.attempt(()=>m("POST","api/gantry/print",{path:e.file}))}choose(e){this.chosen=e,localStorage.setItem(F,e)}camera(){let e=this.cameras??[],a=e.find(r=>r.id===this.chosen)??e[0];return!a||!s.may("WEBCAM")?l:i`<section class="card camera" aria-labelledby="camera-title">
      <div class="row between"><h2 id="camera-title">${a.name}</h2>
        ${e.length>1?i`<label class="hidden" for="camera">${t("camera.choose")}</label>
              <select id="camera" class="small" @change=${r=>this.choose(r.target.value)}>
                ${e.map(r=>i`<option value=${r.id}
                  ?selected=${r.id===a.id}>${r.name}</option>`)}</select>`:l}</div>
      <live-camera .camera=${a}></live-camera>
    </section>`}};customElements.define("dashboard-view",S);var P=class extends u{constructor(){super(...arguments);this.withKey=!1;this.busy=!1;this.error=""}static{this.properties={withKey:{state:!0},busy:{state:!0},error:{state:!0}}}async submit(e){e.preventDefault();let a=e.target,r=new FormData(a),n=p=>String(r.get(p)??"");this.busy=!0,this.error="";try{this.withKey?await H(n("key").trim()):await D(n("user"),n("password"),r.has("remember")),await s.open()}catch(p){this.error=p instanceof Error?p.message:String(p),a.querySelector("input[type=password]")?.select()}finally{this.busy=!1}}render(){return i`<main class="login">
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
      <label class="check"><input type="checkbox" name="remember"> ${t("login.remember")}</label>`}};customElements.define("login-view",P);var I=o=>()=>Promise.all([o(),N("admin")]),v={dashboard:{icon:"dashboard",view:()=>i`<dashboard-view></dashboard-view>`},files:{icon:"files",permission:"FILES_LIST",load:()=>import("./files-X7LEUDJ5.js"),view:()=>i`<files-view></files-view>`},layers:{icon:"layers",permission:"GCODE_VIEWER",load:()=>import("./layers-JPDIT57L.js"),view:()=>i`<layers-view></layers-view>`},control:{icon:"control",permission:"CONTROL",load:()=>import("./control-4MWWNOUO.js"),view:()=>i`<control-view></control-view>`},console:{icon:"console",permission:"MONITOR_TERMINAL",load:()=>import("./console-EFEUAEWW.js"),view:()=>i`<console-view></console-view>`},mesh:{icon:"mesh",load:()=>import("./mesh-6TD7P7XE.js"),view:()=>i`<mesh-view></mesh-view>`},history:{icon:"history",load:()=>import("./history-D6OGHUTP.js"),view:()=>i`<history-view></history-view>`},health:{icon:"health",load:()=>import("./health-V56QQL6M.js"),view:()=>i`<health-view></health-view>`},people:{icon:"people",load:I(()=>import("./people-EMC5RT52.js")),view:()=>i`<people-view></people-view>`},configuration:{icon:"configuration",permission:"ADMIN",load:I(()=>import("./configuration-ZVOXNUGE.js")),view:()=>i`<configuration-view></configuration-view>`},setup:{icon:"configuration",permission:"ADMIN",apart:!0,load:I(()=>import("./setup-6HCW27TV.js")),view:()=>i`<setup-view></setup-view>`}},C=["dashboard","files","control","console"],W="(width < 56rem)",j=class extends u{constructor(){super(...arguments);this.page="dashboard";this.theme=localStorage.getItem("gantry.theme")??"auto";this.loaded=new Set(["dashboard","more"]);this.route=()=>{this.go()};this.stop=()=>s.attempt(()=>s.call("printer.emergency_stop"));this.leave=()=>{s.leave()}}static{this.properties={page:{state:!0},theme:{state:!0},loaded:{state:!0}}}connectedCallback(){super.connectedCallback(),window.addEventListener("hashchange",this.route),this.applyTheme(this.theme),T().then(()=>(this.go(!1),s.open()))}disconnectedCallback(){super.disconnectedCallback(),window.removeEventListener("hashchange",this.route)}async go(e=!0){let a=location.hash.replace(/^#\//,"").split("/")[0]||"dashboard";this.page=a in v||a==="more"?a:"dashboard";let r=this.page;await this.need(r),await this.updateComplete,e&&r===this.page&&(this.querySelector("#main")?.focus({preventScroll:!0}),scrollTo(0,0))}async need(e){this.loaded.has(e)||(await v[e].load?.(),this.loaded=new Set([...this.loaded,e]))}applyTheme(e){this.theme=e,localStorage.setItem("gantry.theme",e),e==="auto"?delete document.documentElement.dataset.theme:document.documentElement.dataset.theme=e}setTitle(){let e=y(s.info,s.objects),a=[t(`nav.${this.page}`),s.info?.name??"Gantry"];e.job&&a.unshift(`${f(w(e.job,s.objects))} ${e.word}`),document.title=a.join(" \xB7 ")}render(){switch(s.phase){case"starting":return i`<main class="center" aria-busy="true"><p>${t("app.starting")}</p></main>`;case"unclaimed":return this.apart("setup");case"login":return document.title="Gantry",i`<login-view></login-view>`;default:return v[this.page]?.apart&&s.may("ADMIN")?this.apart(this.page):(this.setTitle(),this.shell())}}apart(e){return this.need(e),this.loaded.has(e)?v[e].view():i`<main class="center" aria-busy="true"><p>${t("app.starting")}</p></main>`}shell(){return i`
      <a class="skip" href="#main" @click=${this.skip}>${t("app.skip")}</a>
      ${this.bar()} ${this.navigation()}
      <main id="main" tabindex="-1" aria-label=${t(`nav.${this.page}`)}>
        ${this.banners()} ${this.content()}
      </main>
      <printer-prompt></printer-prompt>`}skip(e){e.preventDefault(),this.querySelector("#main")?.focus()}bar(){let e=y(s.info,s.objects),a=s.info?.name??"Gantry";return i`<header class="bar">
      <img class="logo" src="page/icon.svg" alt="" width="30" height="30">
      ${s.fleet.length>1?i`<label class="hidden" for="fleet">${t("app.printer")}</label>
            <select id="fleet" class="bare" @change=${this.choose}>
              ${s.fleet.map(r=>i`<option
                  value=${r.id} ?selected=${r.id===s.info?.id}
                >${r.name}</option>`)}
            </select>`:i`<strong class="name">${a}</strong>`}
      <span class="badge ${s.online?e.tone:"bad"}" role="status">
        ${s.online?e.word:t("app.offline")}</span>
      <span class="grow"></span>
      ${s.may("CONTROL")?i`<button class="stop" type="button" @click=${this.stop} ?disabled=${!s.online}
            title=${t("stop.title")}>${g("stop")}<span>${t("stop.label")}</span></button>`:l}
    </header>`}choose(e){let a=e.target.value,r=document.baseURI.replace(/printers\/[^/]+\/$/,""),n=a===s.fleet[0].id?r:`${r}printers/${encodeURIComponent(a)}/`;location.assign(n+location.hash)}pages(){return Object.entries(v).filter(([,e])=>!e.apart&&(!e.permission||s.may(e.permission)))}navigation(){let e=(r,n,p="",d=t(`nav.${r}`))=>i`<li class=${p}><a href="#/${r}" aria-current=${this.current(r)}>
        ${g(n)}<span>${d}</span></a></li>`,a=i`<span class="on-phone">${t("nav.more")}</span
      ><span class="on-desk">${t("nav.settings")}</span>`;return i`<nav aria-label=${t("nav.label")}><ul>
      ${this.pages().map(([r,n])=>e(r,n.icon,C.includes(r)?"":"wide"))}
      ${e("more","more","",a)}
    </ul></nav>`}current(e){let a=e==="more"&&!C.includes(this.page)&&matchMedia(W).matches;return this.page===e||a?"page":l}banners(){return i`
      <div role="alert">
        ${s.online||!s.everOnline?l:i`<p class="banner bad">${t("app.lost")}</p>`}
        ${s.problem===null?l:i`<p class="banner bad"><span>${s.problem}</span>
              <button type="button" class="plain" @click=${this.dismiss}>${t("app.dismiss")}</button>
            </p>`}
      </div>`}dismiss(){s.problem=null,s.changed()}content(){return this.page==="more"?this.more():s.printerless?i`<section class="card stack"><h1>${t("printerless.title")}</h1>
        <p>${s.printerless}</p>
        ${s.may("ADMIN")&&this.page!=="configuration"?i`<div class="row"><a class="button primary" href="#/setup">${t("settings.setup")}</a>
              <a class="button" href="#/configuration">${t("nav.configuration")}</a></div>`:l}</section>
        ${this.page==="configuration"&&this.loaded.has(this.page)?v.configuration.view():l}`:this.loaded.has(this.page)?v[this.page].view():i`<p aria-busy="true">${t("app.loading")}</p>`}more(){return i`<h1 class="page-head">${t("nav.settings")}</h1>
      <div class="card on-phone">
        <ul class="links">
          ${this.pages().filter(([e])=>!C.includes(e)).map(([e,a])=>i`<li><a href="#/${e}">${g(a.icon)}
              <span>${t(`nav.${e}`)}</span></a></li>`)}
        </ul>
      </div>
      <div class="card stack">
        <h2>${t("settings.title")}</h2>
        <label class="field">${t("settings.language")}
          <select @change=${this.chooseLanguage}>
            ${Object.entries(L).map(([e,a])=>i`<option
              value=${e} ?selected=${e===M}>${a}</option>`)}
          </select></label>
        <label class="field">${t("settings.theme")}
          <select @change=${e=>this.applyTheme(e.target.value)}>
            ${["auto","light","dark"].map(e=>i`<option
              value=${e} ?selected=${e===this.theme}>${t(`theme.${e}`)}</option>`)}
          </select></label>
        <p class="quiet">${t("settings.user",{name:s.user.name??"\u2013"})}</p>
        <div class="row">
          ${s.may("ADMIN")?i`<a class="button" href="#/setup">${g("configuration")} ${t("settings.setup")}</a>`:l}
          <button type="button" @click=${this.leave}>${g("logout")} ${t("settings.logout")}</button>
        </div>
      </div>`}async chooseLanguage(e){await T(e.target.value),s.changed()}};customElements.define("gantry-app",j);
