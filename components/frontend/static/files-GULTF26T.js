import{a as T}from"./chunk-3RXMCMET.js";import"./chunk-YNYHZNVH.js";import"./chunk-VLL6HTAV.js";import{a as f}from"./chunk-HMT5KXBA.js";import"./chunk-DZQHWK3D.js";import{a as u,b as w,d as _,f as k,g as h,h as v}from"./chunk-GW66QZOH.js";import{a as m}from"./chunk-2IGGXCD2.js";import{c as E,g as c,k as F,m as r}from"./chunk-EPF25ZMC.js";import{a,d as n,i}from"./chunk-ZAYU2SCW.js";var P=1500,I={info:"busy",warn:"waiting",block:"bad"},$=class extends m{constructor(){super(...arguments);this.path="";this.findings=null}static{this.properties={path:{},findings:{state:!0}}}willUpdate(e){e.has("path")&&(this.findings=null,this.load())}disconnectedCallback(){super.disconnectedCallback(),clearTimeout(this.timer)}async load(){let e=this.path,t=`api/gantry/lint?path=${encodeURIComponent(e)}`,s=await c("GET",t).catch(()=>({analysed:!0,findings:[]}));e!==this.path||!this.isConnected||(s.analysed?this.findings=s.findings:this.timer=window.setTimeout(()=>{this.load()},P))}async force(){let e={path:this.path,force:!0};await r.attempt(()=>c("POST","api/gantry/print",e))&&(location.hash="#/dashboard")}render(){if(this.findings===null)return a`<p class="quiet" role="status">${i("lint.waiting")}</p>`;if(!this.findings.length)return a`<p class="quiet" role="status">${i("lint.clean")}</p>`;let e=this.findings.some(t=>t.severity==="block");return a`<ul class="findings" aria-label=${i("lint.title")}>
      ${this.findings.map(t=>a`<li>
        <span class="badge ${I[t.severity]}">${i(`lint.${t.severity}`)}</span>
        <span>${t.message}${t.line?a` <span class="quiet">${i("lint.line",{line:t.line})}</span>`:n}</span></li>`)}
    </ul>
    ${e&&r.may("PRINT")?a`<hold-button kind="danger small" .label=${i("lint.force")}
          @confirm=${this.force}></hold-button>`:n}`}};customElements.define("lint-findings",$);var S=l=>l.split("/").map(encodeURIComponent).join("/"),b=class extends m{constructor(){super(...arguments);this.path="";this.naming=!1;this.said="";this.delete=()=>{r.attempt(()=>c("DELETE",`api/files/local/${S(this.path)}`))}}static{this.properties={file:{attribute:!1},path:{},naming:{state:!0},said:{state:!0}}}async queue(){let e=[this.path];await r.attempt(async()=>{let t=await r.call("server.job_queue.post_job",{filenames:e});this.said=i("files.queued",{number:t.queued_jobs.length})})}async rename(e){e.preventDefault();let t=String(new FormData(e.target).get("path")).trim(),[s,d]=[`gcodes/${this.path}`,`gcodes/${t.replace(/^\/+/,"")}`];await r.attempt(()=>r.call("server.files.move",{source:s,dest:d}))&&(this.naming=!1)}render(){let{file:e,path:t}=this,s=(p,y)=>y?a`<div><dt>${p}</dt><dd>${y}</dd></div>`:n,d=e.slicer&&e.slicer!=="Unknown"?`${e.slicer} ${e.slicer_version??""}`:null;return a`<div class="file-details">
      <dl class="facts">
        ${s(i("files.slicer"),d)}
        ${s(i("files.material"),e.filament_type)}
        ${s(i("files.layers"),e.layer_count)}
        ${s(i("files.heights"),e.layer_height&&`${u(e.layer_height,2)} mm`)}
        ${s(i("files.filament"),e.filament_total&&v(e.filament_total))}
        ${s(i("files.size"),h(e.size))}
      </dl>
      <lint-findings .path=${t}></lint-findings>
      <div class="row">
        ${r.may("GCODE_VIEWER")?a`<a class="button small" href="#/layers/${encodeURIComponent(t)}">
              ${i("nav.layers")}</a>`:n}
        ${r.may("PRINT")?a`<button type="button" class="small" @click=${this.queue}>${i("files.queue")}</button>`:n}
        <a class="button small" download href=${E(`downloads/files/local/${S(t)}`)}>
          ${i("files.download")}</a>
        ${r.may("FILES_DELETE")?a`<button type="button" class="small" aria-expanded=${this.naming}
                @click=${()=>this.naming=!this.naming}>${i("files.rename")}</button>
              <hold-button kind="danger small" .label=${i("files.delete",{name:""}).trim()}
                .name=${i("files.delete",{name:e.filename})}
                @confirm=${this.delete}></hold-button>`:n}
        <span role="status" class="quiet">${this.said}</span>
      </div>
      ${this.naming?a`<form class="row" @submit=${this.rename}>
            <label class="field grow">${i("files.newPath")}
              <input name="path" required .value=${t}></label>
            <button class="primary">${i("app.save")}</button></form>`:n}
    </div>`}};customElements.define("file-details",b);var C={modified:(l,o)=>o.modified-l.modified,name:(l,o)=>l.filename.localeCompare(o.filename),time:(l,o)=>(l.estimated_time??1/0)-(o.estimated_time??1/0),size:(l,o)=>o.size-l.size},R=/\.(gcode|gco|g|nc|bgcode|gcode\.gz|ufp)$/i,g=class extends m{constructor(){super(...arguments);this.folder="";this.files=null;this.folders=[];this.room=null;this.sort="modified";this.search="";this.opened="";this.uploads=new Map;this.stops=new Map;this.worst={};this.upside=!1;this.over=!1;this.naming=!1;this.reload=()=>{this.load()}}static{this.properties={folder:{state:!0},files:{state:!0},folders:{state:!0},sort:{state:!0},search:{state:!0},opened:{state:!0},uploads:{state:!0},over:{state:!0},naming:{state:!0},worst:{state:!0},upside:{state:!0}}}connectedCallback(){super.connectedCallback(),r.addEventListener("files",this.reload),r.online&&this.load()}disconnectedCallback(){super.disconnectedCallback(),r.removeEventListener("files",this.reload)}willUpdate(){this.files===null&&r.online&&this.load()}async load(){let e=this.folder;this.files??=[];try{let t=await r.call("server.files.get_directory",{path:`gcodes/${e}`.replace(/\/$/,""),extended:!0});if(e!==this.folder)return;this.folders=t.dirs.filter(s=>!s.dirname.startsWith(".")),this.room=t.disk_usage,this.files=t.files.filter(s=>R.test(s.filename)),this.check(e)}catch{e&&e===this.folder&&this.enter("")}}async check(e){let t=`api/gantry/lint/folder?path=${encodeURIComponent(e)}`,s=await c("GET",t).catch(()=>null);s&&e===this.folder&&(this.worst=s.files)}enter(e){this.folder=e,this.opened="",this.files=null}path(e){return this.folder?`${this.folder}/${e}`:e}async take(e){for(let t of e)await r.attempt(async()=>{let s=p=>{this.uploads=new Map(this.uploads).set(t.name,p)},d=new AbortController;this.stops.set(t.name,d),s(0);try{await F(t,this.folder,s,d.signal)}finally{let p=new Map(this.uploads);p.delete(t.name),this.uploads=p,this.stops.delete(t.name)}await this.load()})}drop(e){e.preventDefault(),this.over=!1,this.take([...e.dataTransfer?.files??[]])}left(e){!e.currentTarget.contains(e.relatedTarget)&&(this.over=!1)}picked(e){let t=e.target;this.take([...t.files??[]]).then(()=>t.value="")}async makeFolder(e){e.preventDefault();let t=String(new FormData(e.target).get("name")).trim(),s=`gcodes/${this.path(t)}`;await r.attempt(()=>r.call("server.files.post_directory",{path:s}))&&(this.naming=!1,await this.load())}async print(e){let t=this.path(e.filename);await r.attempt(()=>c("POST","api/gantry/print",{path:t}))?location.hash="#/dashboard":this.opened=e.filename}leaveFolder(){let e=`gcodes/${this.folder}`,t=this.folder.split("/").slice(0,-1).join("/");r.attempt(()=>r.call("server.files.delete_directory",{path:e})).then(s=>s&&this.enter(t))}shown(){let e=this.search.trim().toLowerCase(),t=(this.files??[]).filter(s=>s.filename.toLowerCase().includes(e)).sort(C[this.sort]);return this.upside?t.reverse():t}render(){let e=this.shown();return a`<div class="files ${this.over?"over":""}"
      @dragover=${t=>{t.preventDefault(),this.over=!0}}
      @dragleave=${this.left} @drop=${this.drop}>
      ${this.over?a`<p class="drop-here">${i("files.drop")}</p>`:n}
      <div class="page-head"><h1>${i("files.title")}</h1>
        ${this.room?a`<p class="quiet">${i("files.room",{free:h(this.room.free),total:h(this.room.total)})}</p>`:n}</div>
      ${this.tools()} ${this.crumbs()} ${this.underWay()}
      <ul class="file-list">
        ${this.search?n:this.folders.map(t=>this.folderRow(t))}
        ${T(e,t=>t.filename,t=>this.row(t))}
      </ul>
      ${e.length||this.folders.length||this.files===null?n:a`<p class="card quiet">${this.search?i("files.noMatch"):i("files.none")}</p>`}
    </div>`}tools(){let e=[["modified",i("files.sortModified")],["name",i("files.sortName")],["time",i("files.sortTime")],["size",i("files.sortSize")]];return a`<div class="tools">
        ${r.may("FILES_UPLOAD")?a`<label class="button primary upload">${f("upload")} ${i("files.upload")}
                <input class="hidden" type="file" multiple @change=${this.picked}></label>
              <button type="button" aria-expanded=${this.naming}
                @click=${()=>this.naming=!this.naming}>${i("files.folder")}</button>`:n}
        <label class="hidden" for="search">${i("files.search")}</label>
        <input id="search" type="search" class="grow" placeholder=${i("files.search")}
          .value=${this.search} @input=${t=>{this.search=t.target.value}}>
        <label class="hidden" for="sort">${i("files.sort")}</label>
        <select id="sort" @change=${t=>{this.sort=t.target.value}}>
          ${e.map(([t,s])=>a`<option value=${t}>${s}</option>`)}
        </select>
        <button type="button" aria-pressed=${this.upside} aria-label=${i("files.upside")}
          @click=${()=>this.upside=!this.upside}>${f(this.upside?"up":"down")}</button>
      </div>
      ${this.naming?a`<form class="row card" @submit=${this.makeFolder}>
            <label class="field grow">${i("files.folderName")}<input name="name" required></label>
            <button class="primary">${i("files.create")}</button></form>`:n}`}crumbs(){if(!this.folder)return n;let e=this.folder.split("/");return a`<div class="crumbs" role="group" aria-label=${i("files.items")}>
      <button type="button" class="plain small" @click=${()=>this.enter("")}>
        ${i("files.top")}</button>
      ${e.map((t,s)=>a`<span aria-hidden="true">/</span>
        <button type="button" class="plain small"
          @click=${()=>this.enter(e.slice(0,s+1).join("/"))}>${t}</button>`)}
      ${this.files?.length===0&&!this.folders.length&&r.may("FILES_DELETE")?a`<hold-button kind="danger small" .label=${i("files.deleteFolder")}
            @confirm=${this.leaveFolder}></hold-button>`:n}
    </div>`}underWay(){return a`<div role="status">${[...this.uploads].map(([e,t])=>a`
      <div class="card uploading"><span>${i("files.uploading",{name:e,share:w(t)})}</span>
        <progress max="1" .value=${t} aria-label=${e}></progress>
        <button type="button" class="small" aria-label=${i("files.stopNamed",{name:e})}
          @click=${()=>this.stops.get(e)?.abort()}>${i("files.stop")}</button></div>`)}</div>`}folderRow(e){return a`<li class="card file"><button type="button" class="plain folder"
      @click=${()=>this.enter(this.path(e.dirname))}>
      ${f("folder")}<span>${e.dirname}</span></button></li>`}row(e){let t=e.filename,s=this.opened===t,d=e.thumbnails?.at(-1)?.relative_path,p=[e.estimated_time?_(e.estimated_time):null,e.filament_weight_total?q(e.filament_weight_total):e.filament_total?v(e.filament_total):null,k(e.modified),e.print_start_time?i("files.printed"):null].filter(Boolean);return a`<li class="card file">
      <div class="file-head">
        <button type="button" class="plain file-open" aria-expanded=${s}
          @click=${()=>this.opened=s?"":t}>
          <span class="thumb small-thumb">${d?a`<api-image .path=${this.picturePath(d)} alt=""></api-image>`:f("file")}</span>
          <span class="file-text"><strong>${t}</strong>
            <span class="quiet">${p.join(" \xB7 ")}</span></span>
          ${this.badge(t)}
        </button>
        ${r.may("PRINT")?a`<button type="button" class="print" @click=${()=>this.print(e)}
              ?disabled=${r.info?.link!=="online"||r.info.phase!=="none"}
              aria-label=${i("files.printNamed",{name:t})}>${i("files.print")}</button>`:n}
      </div>
      ${s?a`<file-details .file=${e} .path=${this.path(t)}></file-details>`:n}
    </li>`}picturePath(e){return`server/files/gcodes/${this.path(e).split("/").map(encodeURIComponent).join("/")}`}badge(e){let t=this.worst[e];return t!=="warn"&&t!=="block"?n:a`<span class="badge ${t==="block"?"bad":"waiting"}">
      ${i(`lint.${t}`)}</span>`}},q=l=>`${u(l,l<10?1:0)} g`;customElements.define("files-view",g);
