import{a as q}from"./chunk-OGL7ZZZQ.js";import{a as d,c as h}from"./chunk-TKUATZS6.js";import"./chunk-7UR4EBGN.js";import"./chunk-DFGEU23L.js";import{a as L}from"./chunk-FT3O23JP.js";import"./chunk-JP32XFLV.js";import{b as I,c as $,d as T}from"./chunk-7ERQJF3G.js";import{b as C,l as O,q as E,r as R,s as v,t as j,v as l}from"./chunk-JKIA4B2D.js";import{a as s,d as a,f as p,j as r}from"./chunk-L547K4MS.js";var g=class extends p{constructor(){super(...arguments);this.found=[]}static{this.properties={found:{state:!0}}}createRenderRoot(){return this}connectedCallback(){super.connectedCallback(),j().then(e=>this.found=e,()=>{})}render(){return this.found.length?s`<section class="card stack" aria-labelledby="neighbours-title">
      <h2 id="neighbours-title">${r("fleet.neighbours")}</h2>
      <ul class="links">${this.found.map(({name:e,url:t})=>s`<li>
        <a href=${t} rel="noreferrer">${e} <span class="quiet">${new URL(t).host}</span></a>
      </li>`)}</ul></section>`:a}};customElements.define("neighbour-links",g);var M=4e3,k=class extends p{constructor(){super(...arguments);this.camera=null;this.shot=0;this.near=!1;this.sight=new IntersectionObserver(([e])=>{this.near=e.isIntersecting,this.take()})}static{this.properties={camera:{attribute:!1},shot:{state:!0}}}createRenderRoot(){return this}connectedCallback(){super.connectedCallback(),this.sight.observe(this),this.timer=window.setInterval(()=>this.take(),M)}disconnectedCallback(){super.disconnectedCallback(),this.sight.disconnect(),clearInterval(this.timer)}take(){this.near&&!document.hidden&&(this.shot=Date.now())}render(){let e=this.camera;if(!e?.snapshot||!this.shot)return a;let t=`${e.flip_horizontal?"flip-x":""} ${e.flip_vertical?"flip-y":""}`;return s`<div class="live r${e.rotation} ${t}"><api-image
      .path=${`${e.snapshot}?t=${this.shot}`}
      alt=${r("dashboard.camera",{name:e.name})}></api-image></div>`}};customElements.define("still-camera",k);var x={bed:"heater.bed",chamber:"heater.chamber"},w=class extends p{constructor(){super(...arguments);this.href="";this.cameras=[];this.picture="";this.pictureOf="";this.wished=()=>{this.dispatchEvent(new Event("wished",{bubbles:!0}))}}static{this.properties={printer:{attribute:!1},href:{},cameras:{state:!0},picture:{state:!0}}}createRenderRoot(){return this}connectedCallback(){super.connectedCallback(),l.may("WEBCAM")&&this.findCameras()}willUpdate(e){if(!e.has("printer"))return;let t=this.printer.job,i=t?.origin==="local"?t.file:"";i!==this.pictureOf&&this.findPicture(i)}async findCameras(){let e=await v(this.printer.id,"GET","api/gantry/cameras").catch(()=>null);this.cameras=e?.cameras??[]}async findPicture(e){if(this.pictureOf=e,this.picture="",!e)return;let t=`filename=${encodeURIComponent(e)}`,n=(await O("GET",`server/files/thumbnails?${t}`).catch(()=>null))?.result.at(-1)?.thumbnail_path;n&&e===this.pictureOf&&(this.picture=`server/files/gcodes/${n.split("/").map(encodeURIComponent).join("/")}`)}wish(e,t,i){l.attempt(()=>v(this.printer.id,e,t,i)).then(this.wished)}render(){let e=this.printer,t=d(e,{}),i=`tile-${e.id}`;return s`<article class="card tile ${t.tone}" aria-labelledby=${i}>
      <div class="tile-head">
        <h2 id=${i}><a href=${this.href}>${e.name}</a></h2>
        <span class="badge ${t.tone}" role="status">${t.word}</span>
      </div>
      ${this.pictures()}
      <p class="tile-sentence">${t.sentence}</p>
      ${t.job?this.progress(t):a}
      ${this.heaters()} ${this.question()}
      ${e.fault?.advice?s`<p class="advice">${C(e.fault.advice)}</p>`:a}
      ${this.buttons(t)}
    </article>`}pictures(){let e=this.cameras.find(t=>t.snapshot);return!e&&!this.picture?a:s`<div class="tile-view">
      ${e?s`<still-camera .camera=${e}></still-camera>`:a}
      ${this.picture?s`<div class="thumb ${e?"inset":""}"><api-image .path=${this.picture}
            alt=${r("dashboard.thumbnail")}></api-image></div>`:a}</div>`}progress(e){let{completion:t,left_s:i}=e.job,n=t??0;return s`<div class="progress">
        <progress max="1" .value=${n} aria-label=${r("fleet.progress",{name:this.printer.name})}></progress><strong>${I(n)}</strong></div>
      ${i===null?a:s`<p class="quiet small-text">${r("fleet.left",{time:T(i)})}</p>`}`}heaters(){let e=Object.entries(this.printer.heaters),t=e.filter(([o])=>o.startsWith("tool")).length>1,i=e.filter(([o])=>/^(tool\d+|bed|chamber)$/.test(o));if(!i.length||this.printer.link!=="online")return a;let n=o=>o in x?r(x[o]):t?r("heater.tools",{number:Number(o.slice(4))+1}):r("heater.tool");return s`<dl class="tile-heaters">${i.map(([o,{actual:c,target:m}])=>s`<div>
      <dt>${n(o)}</dt>
      <dd>${$(c)}${m?s` <span class="quiet">→ ${$(m)}</span>`:a}</dd></div>`)}</dl>`}question(){return h(this.printer)?s`<printer-question class="advice" role="group" kind="small" .printer=${this.printer}
      aria-label=${r("fleet.asks",{name:this.printer.name})} @answered=${this.wished}
      ></printer-question>`:a}buttons(e){let{link:t,name:i,phase:n}=this.printer,o=(m,b,P=!1,_="small")=>s`<button
      type="button" class=${_} ?disabled=${P}
      aria-label=${r("fleet.of",{label:m,name:i})} @click=${b}>${m}</button>`,c=(m,b)=>()=>this.wish("POST",m,b);return s`<div class="row tile-buttons">
      ${e.job&&l.may("PRINT")?s`${n==="paused"?o(r("job.resume"),c("printer/print/resume")):o(r("job.pause"),c("printer/print/pause"),n!=="printing"&&n!=="preparing")}
            <hold-button kind="danger small" .label=${r("job.cancel")}
              .name=${r("fleet.of",{label:r("job.cancel"),name:i})}
              @confirm=${c("printer/print/cancel")}></hold-button>`:a}
      ${(t==="halted"||t==="failed")&&l.may("CONTROL")?o(r("printer.reset"),c("printer/firmware_restart"),!1,"small primary"):a}
      ${t==="offline"&&l.may("CONNECTION")?o(r("printer.connect"),c("api/connection",{command:"connect"}),!1,"small primary"):a}
      ${l.may("CONTROL")&&t==="online"?s`<button type="button" class="stop small" title=${r("stop.title")}
            aria-label=${r("fleet.of",{label:r("stop.label"),name:i})}
            @click=${c("printer/emergency_stop")}>${L("stop")}<span>${r("stop.label")}</span>
          </button>`:a}</div>`}};customElements.define("printer-tile",w);var N=1e3,y=class extends p{constructor(){super(...arguments);this.page="dashboard";this.printers=null;this.asking=!1;this.look=()=>{this.load()}}static{this.properties={printers:{state:!0},page:{}}}createRenderRoot(){return this}connectedCallback(){super.connectedCallback(),this.timer=window.setInterval(this.look,N),this.look()}disconnectedCallback(){super.disconnectedCallback(),clearInterval(this.timer)}async load(){this.asking||document.hidden||(this.asking=!0,this.printers=await R().catch(()=>this.printers),this.asking=!1)}render(){let e=this.printers;return e===null?s`<p aria-busy="true">${r("app.loading")}</p>`:s`<div class="page-head"><h1>${r("fleet.title")}</h1>
        <p class="quiet" role="status">${this.summary(e)}</p></div>
      <ul class="fleet" @wished=${this.look}>${q(e,({id:t})=>t,t=>s`<li>
        <printer-tile .printer=${t}
          .href=${`${E(t.id,l.info?.id)}#/${this.page}`}></printer-tile></li>`)}
      </ul>
      <neighbour-links></neighbour-links>`}summary(e){let t={wait:0,busy:0,bad:0,rest:0};for(let i of e){let{tone:n}=d(i,{}),o=h(i)||n==="waiting";t[o?"wait":n==="busy"||n==="bad"?n:"rest"]++}return["wait","bad","busy","rest"].filter(i=>t[i]).map(i=>r(`fleet.${i}`,{number:t[i]})).join(" \xB7 ")}};customElements.define("printers-view",y);
