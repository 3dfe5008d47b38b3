import{a as j}from"./chunk-HKBZFUN2.js";import{a as h}from"./chunk-FN3QRAR3.js";import"./chunk-NOVSY7EJ.js";import"./chunk-N4NNLI2Y.js";import{a as _}from"./chunk-46PZORUB.js";import"./chunk-DNABIUM5.js";import{b as R,c as v,d as T}from"./chunk-SOO26UOD.js";import{k as y,p as O,q as C,r as b,s as E,u as p}from"./chunk-RK5JDRNO.js";import{a as s,d as a,f as d,j as r}from"./chunk-JJDR7GUU.js";var $=class extends d{constructor(){super(...arguments);this.found=[]}static{this.properties={found:{state:!0}}}createRenderRoot(){return this}connectedCallback(){super.connectedCallback(),E().then(t=>this.found=t,()=>{})}render(){return this.found.length?s`<section class="card stack" aria-labelledby="neighbours-title">
      <h2 id="neighbours-title">${r("fleet.neighbours")}</h2>
      <ul class="links">${this.found.map(({name:t,url:e})=>s`<li>
        <a href=${e} rel="noreferrer">${t} <span class="quiet">${new URL(e).host}</span></a>
      </li>`)}</ul></section>`:a}};customElements.define("neighbour-links",$);var x=4e3,g=class extends d{constructor(){super(...arguments);this.camera=null;this.shot=0;this.near=!1;this.sight=new IntersectionObserver(([t])=>{this.near=t.isIntersecting,this.take()})}static{this.properties={camera:{attribute:!1},shot:{state:!0}}}createRenderRoot(){return this}connectedCallback(){super.connectedCallback(),this.sight.observe(this),this.timer=window.setInterval(()=>this.take(),x)}disconnectedCallback(){super.disconnectedCallback(),this.sight.disconnect(),clearInterval(this.timer)}take(){this.near&&!document.hidden&&(this.shot=Date.now())}render(){let t=this.camera;if(!t?.snapshot||!this.shot)return a;let e=`${t.flip_horizontal?"flip-x":""} ${t.flip_vertical?"flip-y":""}`;return s`<div class="live r${t.rotation} ${e}"><api-image
      .path=${`${t.snapshot}?t=${this.shot}`}
      alt=${r("dashboard.camera",{name:t.name})}></api-image></div>`}};customElements.define("still-camera",g);var I={bed:"heater.bed",chamber:"heater.chamber"},w=class extends d{constructor(){super(...arguments);this.href="";this.cameras=[];this.picture="";this.pictureOf=""}static{this.properties={printer:{attribute:!1},href:{},cameras:{state:!0},picture:{state:!0}}}createRenderRoot(){return this}connectedCallback(){super.connectedCallback(),p.may("WEBCAM")&&this.findCameras()}willUpdate(t){if(!t.has("printer"))return;let e=this.printer.job,i=e?.origin==="local"?e.file:"";i!==this.pictureOf&&this.findPicture(i)}async findCameras(){let t=await b(this.printer.id,"GET","api/gantry/cameras").catch(()=>null);this.cameras=t?.cameras??[]}async findPicture(t){if(this.pictureOf=t,this.picture="",!t)return;let e=`filename=${encodeURIComponent(t)}`,n=(await y("GET",`server/files/thumbnails?${e}`).catch(()=>null))?.result.at(-1)?.thumbnail_path;n&&t===this.pictureOf&&(this.picture=`server/files/gcodes/${n.split("/").map(encodeURIComponent).join("/")}`)}wish(t,e,i){p.attempt(()=>b(this.printer.id,t,e,i)).then(()=>this.dispatchEvent(new Event("wished",{bubbles:!0})))}render(){let t=this.printer,e=h(t,{}),i=`tile-${t.id}`;return s`<article class="card tile ${e.tone}" aria-labelledby=${i}>
      <div class="tile-head">
        <h2 id=${i}><a href=${this.href}>${t.name}</a></h2>
        <span class="badge ${e.tone}" role="status">${e.word}</span>
      </div>
      ${this.pictures()}
      <p class="tile-sentence">${e.sentence}</p>
      ${e.job?this.progress(e):a}
      ${this.heaters()} ${this.question()}
      ${t.fault?.advice?s`<p class="advice">${t.fault.advice}</p>`:a}
      ${this.buttons(e)}
    </article>`}pictures(){let t=this.cameras.find(e=>e.snapshot);return!t&&!this.picture?a:s`<div class="tile-view">
      ${t?s`<still-camera .camera=${t}></still-camera>`:a}
      ${this.picture?s`<div class="thumb ${t?"inset":""}"><api-image .path=${this.picture}
            alt=${r("dashboard.thumbnail")}></api-image></div>`:a}</div>`}progress(t){let{completion:e,left_s:i}=t.job,n=e??0;return s`<div class="progress">
        <progress max="1" .value=${n} aria-label=${r("fleet.progress",{name:this.printer.name})}></progress><strong>${R(n)}</strong></div>
      ${i===null?a:s`<p class="quiet small-text">${r("fleet.left",{time:T(i)})}</p>`}`}heaters(){let t=Object.entries(this.printer.heaters),e=t.filter(([o])=>o.startsWith("tool")).length>1,i=t.filter(([o])=>/^(tool\d+|bed|chamber)$/.test(o));if(!i.length||this.printer.link!=="online")return a;let n=o=>o in I?r(I[o]):e?r("heater.tools",{number:Number(o.slice(4))+1}):r("heater.tool");return s`<dl class="tile-heaters">${i.map(([o,{actual:c,target:l}])=>s`<div>
      <dt>${n(o)}</dt>
      <dd>${v(c)}${l?s` <span class="quiet">→ ${v(l)}</span>`:a}</dd></div>`)}</dl>`}question(){let{prompt:t,waiting_for_user:e,name:i}=this.printer;if(!t&&!e)return a;let n=t?t.buttons.length?t.buttons:["OK"]:[],o=l=>this.wish("POST","api/gantry/prompt",{button:l}),c=()=>this.wish("POST","printer/gcode/script",{script:"M108"});return s`<div class="advice stack" role="group" aria-label=${r("fleet.asks",{name:i})}>
      <p>${t?t.text:r("dashboard.waiting")}</p>
      ${p.may("CONTROL")?s`<div class="row">${t?n.map((l,m)=>s`<button type="button" class="small"
                @click=${()=>o(m)}>${l}</button>`):s`<button type="button" class="small" @click=${c}>
                ${r("dashboard.goOn")}</button>`}</div>`:a}</div>`}buttons(t){let{link:e,name:i,phase:n}=this.printer,o=(l,m,L=!1,P="small")=>s`<button
      type="button" class=${P} ?disabled=${L}
      aria-label=${r("fleet.of",{label:l,name:i})} @click=${m}>${l}</button>`,c=(l,m)=>()=>this.wish("POST",l,m);return s`<div class="row tile-buttons">
      ${t.job&&p.may("PRINT")?s`${n==="paused"?o(r("job.resume"),c("printer/print/resume")):o(r("job.pause"),c("printer/print/pause"),n!=="printing"&&n!=="preparing")}
            <hold-button kind="danger small" .label=${r("job.cancel")}
              .name=${r("fleet.of",{label:r("job.cancel"),name:i})}
              @confirm=${c("printer/print/cancel")}></hold-button>`:a}
      ${(e==="halted"||e==="failed")&&p.may("CONTROL")?o(r("printer.reset"),c("printer/firmware_restart"),!1,"small primary"):a}
      ${e==="offline"&&p.may("CONNECTION")?o(r("printer.connect"),c("api/connection",{command:"connect"}),!1,"small primary"):a}
      ${p.may("CONTROL")&&e==="online"?s`<button type="button" class="stop small" title=${r("stop.title")}
            aria-label=${r("fleet.of",{label:r("stop.label"),name:i})}
            @click=${c("printer/emergency_stop")}>${_("stop")}<span>${r("stop.label")}</span>
          </button>`:a}</div>`}};customElements.define("printer-tile",w);var M=1e3,k=class extends d{constructor(){super(...arguments);this.page="dashboard";this.printers=null;this.asking=!1;this.look=()=>{this.load()}}static{this.properties={printers:{state:!0},page:{}}}createRenderRoot(){return this}connectedCallback(){super.connectedCallback(),this.timer=window.setInterval(this.look,M),this.look()}disconnectedCallback(){super.disconnectedCallback(),clearInterval(this.timer)}async load(){this.asking||document.hidden||(this.asking=!0,this.printers=await C().catch(()=>this.printers),this.asking=!1)}render(){let t=this.printers;return t===null?s`<p aria-busy="true">${r("app.loading")}</p>`:s`<div class="page-head"><h1>${r("fleet.title")}</h1>
        <p class="quiet" role="status">${this.summary(t)}</p></div>
      <ul class="fleet" @wished=${this.look}>${j(t,({id:e})=>e,e=>s`<li>
        <printer-tile .printer=${e}
          .href=${`${O(e.id,p.info?.id)}#/${this.page}`}></printer-tile></li>`)}
      </ul>
      <neighbour-links></neighbour-links>`}summary(t){let e={wait:0,busy:0,bad:0,rest:0};for(let i of t){let{tone:n}=h(i,{}),o=i.prompt||i.waiting_for_user||n==="waiting";e[o?"wait":n==="busy"||n==="bad"?n:"rest"]++}return["wait","bad","busy","rest"].filter(i=>e[i]).map(i=>r(`fleet.${i}`,{number:e[i]})).join(" \xB7 ")}};customElements.define("printers-view",k);
