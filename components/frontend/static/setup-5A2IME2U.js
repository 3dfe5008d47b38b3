import"./chunk-WINE6NVZ.js";import"./chunk-Z46W6R4S.js";import{b as I}from"./chunk-T74EO7YB.js";import{a as H}from"./chunk-2DZT3645.js";import{a as w}from"./chunk-B544CBGK.js";import{A as f,b as x,e as m,f as $,i as R,k as F,l as j,m as h,n as V}from"./chunk-J5RRR37K.js";import{a as i,d as p,g as C,h as L,j as t,k as M}from"./chunk-M6YJ65Q2.js";var z=["claim","printer","machine","camera","connect","review"],_="gantry.setup",k=()=>({step:"claim",claimed:!1,platform:"",found:null,replaces:null,machine:null,camera:{kind:"none",device:"",stream:"",snapshot:""},mqtt:{use:!1,broker:"",port:null,username:"",password:""},key:""});function N(){try{return{...k(),...JSON.parse(sessionStorage.getItem(_)??"{}")}}catch{return k()}}var y=n=>sessionStorage.setItem(_,JSON.stringify(n)),U=()=>sessionStorage.removeItem(_);function v(n){let o=n?.firmware?.area,e=o!=null&&o.min_x<-20,s=(r,a)=>e?a-r:a;return{name:n?.firmware?.machine??"",width:o?s(o.min_x,o.max_x):220,depth:o?s(o.min_y,o.max_y):220,height:o?.max_z??250,center:e,heated_bed:n?.firmware?n.heaters.includes("bed"):!0,heated_chamber:n?.heaters.includes("chamber")??!1,extruders:n?.firmware?.extruders??1,max_tool:300,max_bed:130}}function A(n,o){let s=n.normalize("NFKD").replace(/[̀-ͯ]/g,"").toLowerCase().replace(/[^a-z0-9]+/g,"-").replace(/^-+|-+$/g,"").slice(0,40)||"printer";if(!o.includes(s))return s;let r=2;for(;o.includes(`${s}-${r}`);)r++;return`${s}-${r}`}function G(n,o){let e={};n.machine&&(n.platform==="serial"||n.platform==="simulator")&&(e.printer=B(n,n.machine,o));let{camera:s,mqtt:r}=n;return s.kind==="device"&&s.device&&(e.camera={name:"Camera",device:s.device}),s.kind==="network"&&(s.stream||s.snapshot)&&(e.camera={name:"Camera",...s.stream?{stream:s.stream}:{},...s.snapshot?{snapshot:s.snapshot}:{}}),r.use&&r.broker&&(e.mqtt={broker:r.broker,...r.port&&r.port!==1883?{port:r.port}:{},...r.username?{username:r.username}:{},...r.password?{password:r.password}:{}}),e}function B(n,o,e){let s=e.printers.find(u=>u.id===n.replaces),r=e.printers.filter(u=>u!==s).map(u=>u.id),a=s&&s.platform===n.platform,c=n.found?.limits??{},l=Object.fromEntries(["x","y","z","e"].filter(u=>c[u.toUpperCase()]>0).map(u=>[u,{speed:Math.round(c[u.toUpperCase()]*60)}]));return{...s?{replaces:s.id}:{},id:a?s.id:A(o.name,r),name:o.name,platform:n.platform,...n.platform==="serial"&&n.found?{port:n.found.port,baudrate:n.found.baudrate??"auto"}:{},profile:{volume:{width:o.width,depth:o.depth,height:o.height,...o.center?{origin:"center"}:{}},extruders:o.extruders,heated_bed:o.heated_bed,...o.heated_chamber?{heated_chamber:!0}:{},max_tool_temperature:o.max_tool,max_bed_temperature:o.max_bed,...n.platform==="serial"&&Object.keys(l).length?{axes:l}:{}}}}var d=class extends w{constructor(){super(...arguments);this.draft=k();this.first=!1;this.error="";this.busy=!1;this.nextLabel=()=>t("setup.next");this.mayGoOn=()=>!0;this.back=()=>this.dispatchEvent(new CustomEvent("back",{bubbles:!0}))}static{this.properties={draft:{attribute:!1},first:{type:Boolean},error:{state:!0},busy:{state:!0}}}async finish(){return!0}aid(){return p}change(){y(this.draft),this.requestUpdate()}firstUpdated(e){this.querySelector("h1")?.focus()}async submit(e){if(e.preventDefault(),!this.busy){this.busy=!0,this.error="";try{await this.finish()&&this.dispatchEvent(new CustomEvent("next",{bubbles:!0}))}catch(s){this.error=m(s)}finally{this.busy=!1}}}render(){return i`<form class="card stack step" @submit=${this.submit}>
      <h1 tabindex="-1">${this.heading()}</h1>
      ${this.body()}
      <p class="error" role="alert">${this.error}</p>
      ${this.error?this.aid():p}
      <div class="row foot">
        ${this.first?p:i`<button type="button" class="plain" @click=${this.back}>${t("setup.back")}</button>`}
        <span class="grow"></span>
        <button class="primary" ?disabled=${!this.busy&&!this.mayGoOn()}
          aria-disabled=${this.busy}>${this.nextLabel()}</button>
      </div>
    </form>`}};var E=class extends d{constructor(){super(...arguments);this.present=null;this.devices=null;this.seen=[];this.trouble="";this.trying=!1;this.heading=()=>t("setup.camera.title")}static{this.properties={...d.properties,present:{attribute:!1},devices:{state:!0},seen:{state:!0},trouble:{state:!0},trying:{state:!0}}}connectedCallback(){super.connectedCallback(),this.list()}disconnectedCallback(){super.disconnectedCallback(),this.forget()}async list(){let s=(await h("GET","machine/peripherals/video").catch(()=>null))?.result.v4l2_devices??[];this.devices=s.filter(r=>r.capabilities?.includes("VIDEO_CAPTURE")??!0)}set(e){Object.assign(this.draft.camera,e),this.change()}choose(e,s=""){this.forget(),this.set({kind:e,device:s})}forget(){for(let{url:e}of this.seen)URL.revokeObjectURL(e);this.seen=[],this.trouble=""}async try(){let{kind:e,device:s,snapshot:r,stream:a}=this.draft.camera,c=e==="device"?[{name:"",body:{device:s}}]:[...a?[{name:t("setup.camera.stream"),body:{stream:a}}]:[],...r?[{name:t("setup.camera.snapshot"),body:{snapshot:r}}]:[]];this.forget(),this.trying=!0;let l=[];try{for(let{name:u,body:g}of c)l.push({name:u,url:await J(g)})}catch(u){let g=m(u);this.trouble=t("setup.camera.unseen",{reason:g})}this.seen=l,this.trying=!1}body(){let{camera:e}=this.draft,s=(a,c,l,u)=>i`
      <div class="option"><label><input type="radio" name="camera" .checked=${a} @change=${u}>
        <span class="grow"><strong>${c}</strong>${l?i`<span class="quiet">${l}</span>`:p}</span></label></div>`,r=this.present?.cameras??[];return i`<p>${t("setup.camera.text")}</p>
      <fieldset class="choosing"><legend class="hidden">${t("setup.camera.title")}</legend>
        ${s(e.kind==="none",r.length?t("setup.camera.keep"):t("setup.camera.none"),r.join(", "),()=>this.choose("none"))}
        ${(this.devices??[]).map(a=>s(e.kind==="device"&&e.device===a.device_path,a.camera_name??a.device_path,a.device_path,()=>this.choose("device",a.device_path)))}
        ${s(e.kind==="network",t("setup.camera.network"),t("setup.camera.networkText"),()=>this.choose("network"))}
      </fieldset>
      ${this.devices?.length===0?i`<div class="row"><span class="quiet small-text grow">${t("setup.camera.noDevice")}</span>
            <button type="button" class="plain small" @click=${this.list}>${t("setup.camera.again")}</button></div>`:p}
      ${e.kind==="none"?p:i`<div class="stack boxed">
        ${e.kind==="network"?this.addresses():p}${this.preview()}</div>`}`}addresses(){let{camera:e}=this.draft,s=(r,a,c)=>i`
      <label class="field">${a}<input type="url" name=${r} .value=${e[r]}
        placeholder=${c} pattern="https?://.+" ?required=${!e.stream&&!e.snapshot}
        autocapitalize="none" spellcheck="false" @input=${l=>this.set({[r]:l.target.value.trim()})}></label>`;return i`
      ${s("stream",t("setup.camera.stream"),"http://192.168.1.9/webcam/?action=stream")}
      ${s("snapshot",t("setup.camera.snapshot"),"http://192.168.1.9/webcam/?action=snapshot")}`}preview(){let{kind:e,device:s,snapshot:r,stream:a}=this.draft.camera,c=e==="device"?s:r||a;return i`<div class="row"><button type="button" aria-disabled=${!c||this.trying}
        @click=${()=>{c&&!this.trying&&this.try()}}>
        ${t("setup.camera.try")}</button></div>
      <p role="status">${this.trying?t("setup.camera.looking"):this.seen.length&&!this.trouble?t("setup.camera.seen"):""}</p>
      <p class="error" role="alert">${this.trouble}</p>
      ${this.seen.map(({name:l,url:u})=>i`<figure class="preview">
        <img src=${u} alt=${t("setup.camera.preview")}>
        ${l?i`<figcaption class="quiet small-text">${l}</figcaption>`:p}</figure>`)}`}};async function J(n){let o=await fetch(R("api/gantry/setup/camera"),{method:"POST",headers:{...F(),"Content-Type":"application/json"},body:JSON.stringify(n)});if(!o.ok)throw new $(o.status,j(await o.json().catch(()=>null),o.status));return URL.createObjectURL(await o.blob())}customElements.define("setup-camera",E);var P=class extends d{constructor(){super(...arguments);this.shown=!1;this.taken=!1;this.heading=()=>t("setup.claim.title")}static{this.properties={...d.properties,shown:{state:!0},taken:{state:!0}}}async finish(){let e=new FormData(this.querySelector("form")),s=c=>String(e.get(c)??""),r=s("user").trim(),a={code:s("code"),user:r,password:s("password")};try{await h("POST","api/gantry/claim",a)}catch(c){throw this.explained(c)}return await V(r,s("password"),!0),await f.open(),!0}explained(e){if(!(e instanceof $))return e;if(this.taken=e.status===409,this.taken)return new Error(t("setup.claim.taken"));if(e.status===403)return this.querySelector("[name=code]")?.select(),new Error(t("setup.claim.wrong"));if(e.status!==429)return e;let s=Math.ceil((e.retryAfter??60)/60);return new Error(t("setup.claim.closed",{minutes:s}))}aid(){return this.taken?i`<button type="button" @click=${()=>f.open()}>${t("setup.claim.toLogin")}</button>`:p}body(){return i`<p>${t("setup.claim.text")}</p>
      <ul class="places">
        <li>${t("setup.claim.display")}</li>
        <li>${t("setup.claim.card")}</li>
        <li>${t("setup.claim.log")}</li>
      </ul>
      <label class="field code">${t("setup.claim.code")}
        <input name="code" required maxlength="20" autocomplete="off" autocapitalize="characters"
          spellcheck="false" inputmode="text" placeholder="XXXXXXXX"></label>
      <h2>${t("setup.claim.account")}</h2>
      <label class="field">${t("setup.claim.user")}
        <input name="user" required maxlength="64" value="admin" autocomplete="username"
          autocapitalize="none" spellcheck="false"></label>
      <label class="field">${t("setup.claim.password")}
        <input name="password" type=${this.shown?"text":"password"} required minlength="8"
          maxlength="1024" autocomplete="new-password" aria-describedby="password-hint"></label>
      <p id="password-hint" class="quiet small-text">${t("setup.claim.hint")}</p>
      <label class="check"><input type="checkbox" .checked=${this.shown}
        @change=${()=>this.shown=!this.shown}> ${t("setup.claim.show")}</label>`}};customElements.define("setup-claim",P);var S=class extends d{constructor(){super(...arguments);this.present=null;this.network=null;this.heading=()=>t("setup.connect.title")}static{this.properties={...d.properties,present:{attribute:!1},network:{state:!0}}}connectedCallback(){super.connectedCallback(),this.look()}async look(){this.network=await h("GET","api/gantry/setup/network").catch(()=>({brokers:null,home_assistant:null}))}set(e){Object.assign(this.draft.mqtt,e),this.change()}made(e){this.draft.key=e.detail,this.change()}body(){return i`<section class="stack" aria-labelledby="slicer-title">
        <h2 id="slicer-title">${t("slicer.title")}</h2>
        <slicer-card .secret=${this.draft.key} @made=${this.made}></slicer-card></section>
      <section class="stack part" aria-labelledby="home-title">
        <h2 id="home-title">${t("setup.connect.home")}</h2>${this.home()}</section>`}home(){let{mqtt:e}=this.draft;return this.present?.mqtt?i`<p><span class="badge good">✓</span> ${t("setup.connect.there",{broker:this.present.mqtt.broker})}</p>`:i`<div role="status">${this.found()}</div>
      <label class="check"><input type="checkbox" .checked=${e.use}
        @change=${()=>this.set({use:!e.use})}> ${t("setup.connect.use")}</label>
      ${e.use?this.broker():p}`}found(){let e=this.network;if(e===null)return i`<p aria-busy="true">${t("setup.connect.looking")}</p>`;let s=e.home_assistant??[],r=e.brokers??[];return i`
      ${s.map(a=>i`<p><span class="badge good">✓</span>
        ${t("setup.connect.homeFound",{name:a.name,host:a.host})}</p>`)}
      ${r.length?i`<ul class="ports">${r.map(a=>i`<li>
            <span class="grow"><strong>${a.name}</strong>
              <span class="quiet mono small-text">${a.host}:${a.port}</span></span>
            <button type="button" class="small" @click=${()=>this.set({use:!0,broker:a.host,port:a.port})}
              aria-label=${t("setup.connect.takeBroker",{name:a.name})}
              >${t("setup.connect.take")}</button></li>`)}</ul>`:i`<p class="quiet">${e.brokers===null?t("setup.connect.cannotLook"):t("setup.connect.notFound")}</p>`}`}broker(){let{mqtt:e}=this.draft,s=(r,a,c={})=>{let{type:l="text",required:u=!1}=c;return i`<label class="field">${a}<input name=${r} type=${l}
        ?required=${u} autocomplete="off" autocapitalize="none" spellcheck="false"
        .value=${e[r]} @input=${g=>this.set({[r]:g.target.value})}></label>`};return i`<div class="stack boxed">
      ${s("broker",t("setup.connect.broker"),{required:!0})}
      <label class="field">${t("setup.connect.port")}<input type="number" name="port" min="1"
        max="65535" .value=${String(e.port??1883)} @input=${r=>this.set({port:Number(r.target.value)||null})}></label>
      ${s("username",t("setup.connect.user"))}
      ${s("password",t("login.password"),{type:"password"})}
    </div>`}};customElements.define("setup-connect",S);var K=n=>n.description==="n/a"||!n.description?n.device:n.description,b=n=>n.by_id??n.device,q=class extends d{constructor(){super(...arguments);this.present=null;this.devices=null;this.answers={};this.asking="";this.entered=[];this.said="";this.heading=()=>t("setup.printer.title");this.mayGoOn=()=>this.draft.platform!==""&&!this.asking}static{this.properties={...d.properties,present:{attribute:!1},devices:{state:!0},answers:{state:!0},asking:{state:!0}}}connectedCallback(){super.connectedCallback();let e=this.draft.found;e&&this.remember(e.port,e),this.list()}async list(){try{let e=await h("GET","api/gantry/devices");this.devices=e.devices;for(let r of e.devices)r.found&&this.remember(b(r),r.found);let s=e.devices.filter(r=>r.found?.firmware);!this.draft.platform&&s.length===1&&this.choose(b(s[0]))}catch(e){this.error=m(e),this.devices=[]}}remember(e,s){this.answers={...this.answers,[e]:s},!this.devices?.some(a=>b(a)===e)&&!this.entered.includes(e)&&(this.entered=[...this.entered,e])}async probe(e){this.asking=e;try{this.remember(e,await h("POST","api/gantry/devices/probe",{port:e}));let{firmware:r}=this.answers[e];r&&this.choose(e),this.said=r?t("setup.printer.found",{name:r.machine??r.name,port:e}):t("setup.printer.silent",{port:e})}catch(r){this.error=m(r)}finally{this.asking=""}if(await this.updateComplete,document.activeElement!==document.body)return;(this.querySelector("input:checked")??this.querySelector("h1"))?.focus()}async probeAll(){if(!this.asking){this.error="",await this.list();for(let e of this.likely())this.answers[b(e)]?.firmware||await this.probe(b(e))}}likely(){return(this.devices??[]).filter(e=>e.vendor_id!==null)}async probeEntered(){let e=this.querySelector("#other-port")?.value.trim()??"";e&&!this.asking&&await this.probe(e)}choose(e){let s=this.answers[e];(s.port!==this.draft.found?.port||!this.draft.machine)&&(this.draft.machine=v(s)),this.draft.found={...s,port:s.printer?s.port:e},this.draft.platform="serial",this.change()}simulate(){let e=this.present?.printers.some(s=>s.platform==="simulator");this.draft.platform=e?"keep":"simulator",this.draft.found=null,this.draft.machine??={...v(null),name:t("setup.printer.simulated")},this.change()}keep(){this.draft.platform="keep",this.draft.found=null,this.change()}body(){let e=this.devices;if(e===null)return i`<p aria-busy="true">${t("app.loading")}</p>`;let s=[...e.map(r=>this.row(b(r),r)),...this.entered.filter(r=>!e.some(a=>b(a)===r)).map(r=>this.row(r,null))];return i`<p>${t("setup.printer.text")}</p>
      <div class="row">
        <button type="button" class=${this.draft.platform?"":"primary"}
          aria-disabled=${!!this.asking} @click=${this.probeAll}>${t("setup.printer.look")}</button>
        <span class="quiet small-text grow">${t("setup.printer.careful")}</span></div>
      <div role="status">${this.asking?i`<p>${t("setup.printer.asking",{port:this.asking})}</p>
            <progress aria-label=${t("setup.printer.asking",{port:this.asking})}></progress>`:this.said}</div>
      <fieldset class="choosing"><legend class="hidden">${t("setup.printer.title")}</legend>
        ${s.length?s:i`<p class="quiet">${t("setup.printer.none")}</p>`}
        ${this.others()}
      </fieldset>
      <details ?open=${this.entered.length>0}><summary>${t("setup.printer.other")}</summary>
        <div class="row other">
          <label class="field grow">${t("setup.printer.port")}
            <input id="other-port" autocomplete="off" autocapitalize="none" spellcheck="false"
              placeholder="/dev/ttyUSB0, socket://192.168.1.9:2217"
              @keydown=${this.enter}></label>
          <button type="button" aria-disabled=${!!this.asking} @click=${this.probeEntered}>
            ${t("setup.printer.ask")}</button></div></details>
      ${this.present?.printers.length?p:i`<p><a href="#/upkeep">${t("setup.printer.restore")}</a></p>`}`}enter(e){e.key==="Enter"&&(e.preventDefault(),this.probeEntered())}row(e,s){let r=this.answers[e],a=r?.firmware,c=this.draft.platform==="serial"&&this.draft.found!==null&&[e,r?.port].includes(this.draft.found.port);return i`<div class="option ${a?"":"unknown"}"><label>
      <input type="radio" name="printer" .checked=${c} ?disabled=${!a}
        @change=${()=>this.choose(e)}>
      <span class="grow"><strong>${a?.machine??(s?K(s):e)}</strong>
        ${a?i`<span class="badge good">${t("setup.printer.answers")}</span>
              <span class="quiet">${a.name}, ${r.baudrate} Baud</span>`:r?i`<span class="quiet">${x(r.reason)} ${x(r.advice)}</span>`:p}
        <span class="quiet mono small-text">${e}</span></span></label>
      ${a||this.asking?p:i`<button type="button" class="small" @click=${()=>this.probe(e)}
            aria-label=${t("setup.printer.askPort",{port:e})}>${t("setup.printer.ask")}</button>`}
    </div>`}others(){let e=this.present?.printers??[],s=e.some(l=>l.platform==="simulator"),r=e.filter(l=>l.platform!=="simulator"),a=(l,u,g,X)=>i`
      <div class="option"><label>
        <input type="radio" name="printer" .checked=${l} @change=${X}>
        <span class="grow"><strong>${u}</strong><span class="quiet">${g}</span></span>
      </label></div>`,c=this.draft.platform;return i`${r.length?a(c==="keep",t("setup.printer.keep"),r.map(l=>l.name??l.id).join(", "),()=>this.keep()):a(c==="simulator"||c==="keep"&&s,t("setup.printer.simulated"),t("setup.printer.simulatedText"),()=>this.simulate())}`}};customElements.define("setup-printer",q);var T=class extends d{constructor(){super(...arguments);this.present=null;this.heading=()=>t("setup.machine.title")}static{this.properties={...d.properties,present:{attribute:!1}}}connectedCallback(){super.connectedCallback();let e=this.present?.printers??[],s=e.find(a=>a.id===this.draft.found?.printer),r=e.length===1&&e[0].platform==="simulator"?e[0]:null;this.draft.machine??=v(this.draft.found),this.draft.machine.name||(this.draft.machine.name=s?.name??t("setup.machine.new")),this.draft.replaces??=s?.id??r?.id??null,this.change()}get machine(){return this.draft.machine}set(e){Object.assign(this.machine,e),this.change()}amount(e,s,r,a,c){return i`<label class="field">${s}
      <span class="unit"><input type="number" inputmode="decimal" name=${e} required
        min=${a} max=${c} step="any" .value=${String(this.machine[e])}
        @change=${l=>this.set({[e]:Number(l.target.value)})}>${r?i`<span aria-hidden="true">${r}</span>`:p}</span></label>`}flag(e,s){return i`<label class="check"><input type="checkbox" name=${e}
      .checked=${this.machine[e]}
      @change=${()=>this.set({[e]:!this.machine[e]})}> ${s}</label>`}body(){let e=this.draft.found?.firmware?.area;return i`<p>${e?t("setup.machine.told",{name:this.draft.found?.firmware?.name??""}):t("setup.machine.untold")}</p>
      <label class="field">${t("setup.machine.name")}
        <input name="name" required maxlength="100" .value=${this.machine.name}
          @change=${s=>this.set({name:s.target.value.trim()})}></label>
      ${this.places()}
      <fieldset class="group"><legend>${t("setup.machine.volume")}</legend>
        <div class="trio">
          ${this.amount("width",t("setup.machine.width"),"mm",1,5e3)}
          ${this.amount("depth",t("setup.machine.depth"),"mm",1,5e3)}
          ${this.amount("height",t("setup.machine.height"),"mm",1,5e3)}
        </div>
        ${this.flag("center",t("setup.machine.center"))}</fieldset>
      <fieldset class="group"><legend>${t("setup.machine.heat")}</legend>
        <div class="trio">
          ${this.amount("max_tool",t("setup.machine.maxTool"),"\xB0C",0,600)}
          ${this.amount("max_bed",t("setup.machine.maxBed"),"\xB0C",0,300)}
          ${this.amount("extruders",t("setup.machine.extruders"),"",1,16)}
        </div>
        ${this.flag("heated_bed",t("setup.machine.bed"))}
        ${this.flag("heated_chamber",t("setup.machine.chamber"))}</fieldset>`}places(){let e=this.present?.printers??[];if(!e.length)return p;let s=r=>{this.draft.replaces=r.target.value||null,this.change()};return i`<label class="field">${t("setup.machine.place")}
      <select name="replaces" @change=${s}>
        ${e.map(r=>i`<option value=${r.id}
          ?selected=${r.id===this.draft.replaces}>${t("setup.machine.replace",{name:r.name??r.id})}</option>`)}
        <option value="" ?selected=${this.draft.replaces===null}>
          ${t("setup.machine.add")}</option>
      </select></label>`}};customElements.define("setup-machine",T);var O=class extends d{constructor(){super(...arguments);this.present=null;this.plan=null;this.refused="";this.waiting=!1;this.heading=()=>t("setup.review.title");this.mayGoOn=()=>!this.refused&&(this.plan!==null||this.nothing)&&!this.waiting;this.nextLabel=()=>this.nothing||!this.plan?t("setup.review.done"):this.plan.restart?t("setup.review.writeRestart"):t("setup.review.write")}static{this.properties={...d.properties,present:{attribute:!1},plan:{state:!0},refused:{state:!0},waiting:{state:!0}}}connectedCallback(){super.connectedCallback(),this.look()}get wishes(){return G(this.draft,this.present)}get nothing(){return!Object.keys(this.wishes).length}async look(){if(!this.nothing)try{this.plan=await h("POST","api/gantry/setup/plan",this.wishes)}catch(e){this.refused=m(e)}}async finish(){let e=this.plan;if(e===null||this.nothing)return!0;let s={...this.wishes,digest:e.digest};if(!(await H(()=>h("POST","api/gantry/setup",s))).restart)return!0;this.waiting=!0;try{await I()}finally{this.waiting=!1}return await f.open(),!0}body(){return this.waiting?i`<div role="status"><p>${t("setup.review.waiting")}</p>
        <progress aria-label=${t("setup.review.waiting")}></progress></div>`:this.refused?i`<p>${t("setup.review.refused")}</p><p class="advice">${this.refused}</p>`:this.nothing?i`<p>${t("setup.review.nothing")}</p>`:this.plan===null?i`<p aria-busy="true">${t("app.loading")}</p>`:i`<p>${t("setup.review.text")}</p>
      ${this.plan.files.map(e=>i`<h2 class="mono">${e.file}</h2>
        ${e.file==="secrets.yaml"?i`<p class="quiet">${t("setup.review.secret")}</p>`:p}
        <diff-lines .lines=${e.diff} .file=${e.file}></diff-lines>`)}
      ${this.plan.restart?i`<p class="advice">${t("config.restart")}</p>`:p}`}};customElements.define("setup-review",O);var D=class extends w{constructor(){super(...arguments);this.draft=N();this.step=this.draft.step;this.present=null;this.refused=""}static{this.properties={step:{state:!0},present:{state:!0},refused:{state:!0}}}connectedCallback(){super.connectedCallback(),location.hash!=="#/setup"&&(location.hash="#/setup"),f.phase==="open"?this.begin():this.step="claim"}async begin(){this.step==="claim"&&this.go("printer");try{this.present=await h("GET","api/gantry/setup")}catch(e){this.refused=m(e)}}get steps(){let e=new Set,s=this.step==="claim"||this.draft.claimed;return f.phase==="open"&&!s&&e.add("claim"),this.draft.platform==="keep"&&e.add("machine"),z.filter(r=>!e.has(r))}go(e){this.step=this.draft.step=e,y(this.draft),scrollTo(0,0)}next(){if(this.step==="claim")return this.draft.claimed=!0,void this.begin();let e=this.steps[this.steps.indexOf(this.step)+1];if(e)return this.go(e);this.leave()}back(){let e=this.steps[this.steps.indexOf(this.step)-1];e&&e!=="claim"&&this.go(e)}leave(){U(),location.hash="#/dashboard"}updated(e){document.title=`${t("setup.title")} \xB7 Gantry`}render(){let e=this.steps,s=e.indexOf(this.step);return i`<div class="setup">
      <header class="setup-bar">
        <img src="page/icon.svg" alt="" width="34" height="34">
        <strong class="grow">${t("setup.title")}</strong>
        <label class="hidden" for="setup-language">${t("settings.language")}</label>
        <select id="setup-language" class="bare" @change=${this.speak}>
          ${Object.entries(C).map(([r,a])=>i`<option value=${r}
            ?selected=${r===L}>${a}</option>`)}</select>
        ${f.phase==="open"?i`<button type="button" class="plain small" @click=${this.leave}>
              ${t("setup.later")}</button>`:p}
      </header>
      <nav aria-label=${t("setup.steps")}><ol class="stepper">${e.map((r,a)=>i`
        <li class=${a<s?"done":""} aria-current=${a===s?"step":p}>
          <span class="hidden">${t("setup.step",{number:a+1,of:e.length})}</span>
          <span class="step-name">${t(`setup.name.${r}`)}</span></li>`)}</ol></nav>
      <p class="quiet small-text step-count" aria-hidden="true">${t("setup.step",{number:s+1,of:e.length})} · ${t(`setup.name.${this.step}`)}</p>
      <p class="hidden" role="status">${this.present||this.step==="claim"?t("setup.announce",{number:s+1,of:e.length,name:t(`setup.name.${this.step}`)}):""}</p>
      <main id="main" tabindex="-1" @next=${this.next} @back=${this.back}>${this.content()}</main>
    </div>`}content(){if(this.step==="claim")return i`<setup-claim .draft=${this.draft} first></setup-claim>`;if(this.refused)return i`<p class="card" role="alert">${this.refused}</p>`;let{draft:e,present:s}=this;if(s===null)return i`<p aria-busy="true">${t("app.loading")}</p>`;switch(this.step){case"printer":return i`<setup-printer .draft=${e} .present=${s} first></setup-printer>`;case"machine":return i`<setup-machine .draft=${e} .present=${s}></setup-machine>`;case"camera":return i`<setup-camera .draft=${e} .present=${s}></setup-camera>`;case"connect":return i`<setup-connect .draft=${e} .present=${s}></setup-connect>`;default:return i`<setup-review .draft=${e} .present=${s}></setup-review>`}}async speak(e){await M(e.target.value),f.changed()}};customElements.define("setup-view",D);
