import{a as N,b as j,c as U,e as y,f as g,g as A,h as V,i as F}from"./chunk-SGZNKNWW.js";import"./chunk-NACTEBCN.js";import{a as _}from"./chunk-UQQXWESG.js";import"./chunk-AWNOZ5JE.js";import{a as T,b as G,d as q,f as D,g as k,h as C}from"./chunk-A5JRV7AV.js";import{a as E}from"./chunk-HQ7YENXK.js";import{c as M,g as b,j as z,l}from"./chunk-TQNE6R5Z.js";import{a as r,c as R,d as h,i as s}from"./chunk-2TAXY2XJ.js";var H=(a,d,e)=>{let t=new Map;for(let i=d;i<=e;i++)t.set(a[i],i);return t},O=j(class extends U{constructor(a){if(super(a),a.type!==N.CHILD)throw Error("repeat() can only be used in text expressions")}dt(a,d,e){let t;e===void 0?e=d:d!==void 0&&(t=d);let i=[],n=[],o=0;for(let f of a)i[o]=t?t(f,o):o,n[o]=e(f,o),o++;return{values:n,keys:i}}render(a,d,e){return this.dt(a,d,e).values}update(a,[d,e,t]){let i=V(a),{values:n,keys:o}=this.dt(d,e,t);if(!Array.isArray(i))return this.ut=o,n;let f=this.ut??=[],v=[],w,x,p=0,m=i.length-1,c=0,u=n.length-1;for(;p<=m&&c<=u;)if(i[p]===null)p++;else if(i[m]===null)m--;else if(f[p]===o[c])v[c]=g(i[p],n[c]),p++,c++;else if(f[m]===o[u])v[u]=g(i[m],n[u]),m--,u--;else if(f[p]===o[u])v[u]=g(i[p],n[u]),y(a,v[u+1],i[p]),p++,u--;else if(f[m]===o[c])v[c]=g(i[m],n[c]),y(a,i[p],i[m]),m--,c++;else if(w===void 0&&(w=H(o,c,u),x=H(f,p,m)),w.has(f[p]))if(w.has(f[m])){let $=x.get(o[c]),P=$!==void 0?i[$]:null;if(P===null){let L=y(a,i[p]);g(L,n[c]),v[c]=L}else v[c]=g(P,n[c]),y(a,i[p],P),i[$]=null;c++}else F(i[m]),m--;else F(i[p]),p++;for(;c<=u;){let $=y(a,v[u+1]);g($,n[c]),v[c++]=$}for(;p<=m;){let $=i[p++];$!==null&&F($)}return this.ut=o,A(a,v),R}});var W=1500,B={info:"busy",warn:"waiting",block:"bad"},I=class extends E{constructor(){super(...arguments);this.path="";this.findings=null}static{this.properties={path:{},findings:{state:!0}}}willUpdate(e){e.has("path")&&(this.findings=null,this.load())}disconnectedCallback(){super.disconnectedCallback(),clearTimeout(this.timer)}async load(){let e=this.path,t=`api/gantry/lint?path=${encodeURIComponent(e)}`,i=await b("GET",t).catch(()=>({analysed:!0,findings:[]}));e!==this.path||!this.isConnected||(i.analysed?this.findings=i.findings:this.timer=window.setTimeout(()=>{this.load()},W))}async force(){let e={path:this.path,force:!0};await l.attempt(()=>b("POST","api/gantry/print",e))&&(location.hash="#/dashboard")}render(){if(this.findings===null)return r`<p class="quiet" role="status">${s("lint.waiting")}</p>`;if(!this.findings.length)return r`<p class="quiet" role="status">${s("lint.clean")}</p>`;let e=this.findings.some(t=>t.severity==="block");return r`<ul class="findings" aria-label=${s("lint.title")}>
      ${this.findings.map(t=>r`<li>
        <span class="badge ${B[t.severity]}">${s(`lint.${t.severity}`)}</span>
        <span>${t.message}${t.line?r` <span class="quiet">${s("lint.line",{line:t.line})}</span>`:h}</span></li>`)}
    </ul>
    ${e&&l.may("PRINT")?r`<hold-button kind="danger small" .label=${s("lint.force")}
          @confirm=${this.force}></hold-button>`:h}`}};customElements.define("lint-findings",I);var J={modified:(a,d)=>d.modified-a.modified,name:(a,d)=>a.filename.localeCompare(d.filename),time:(a,d)=>(a.estimated_time??1/0)-(d.estimated_time??1/0),size:(a,d)=>d.size-a.size},K=/\.(gcode|gco|g|nc|bgcode|gcode\.gz|ufp)$/i,S=class extends E{constructor(){super(...arguments);this.folder="";this.files=null;this.folders=[];this.room=null;this.sort="modified";this.search="";this.opened="";this.uploads=new Map;this.over=!1;this.naming=!1;this.reload=()=>{this.load()}}static{this.properties={folder:{state:!0},files:{state:!0},folders:{state:!0},sort:{state:!0},search:{state:!0},opened:{state:!0},uploads:{state:!0},over:{state:!0},naming:{state:!0}}}connectedCallback(){super.connectedCallback(),l.addEventListener("files",this.reload),l.online&&this.load()}disconnectedCallback(){super.disconnectedCallback(),l.removeEventListener("files",this.reload)}willUpdate(){this.files===null&&l.online&&this.load()}async load(){let e=this.folder;this.files??=[];try{let t=await l.call("server.files.get_directory",{path:`gcodes/${e}`.replace(/\/$/,""),extended:!0});if(e!==this.folder)return;this.folders=t.dirs.filter(i=>!i.dirname.startsWith(".")),this.room=t.disk_usage,this.files=t.files.filter(i=>K.test(i.filename))}catch{e&&e===this.folder&&this.enter("")}}enter(e){this.folder=e,this.opened="",this.files=null}path(e){return this.folder?`${this.folder}/${e}`:e}async take(e){for(let t of e)await l.attempt(async()=>{let i=n=>{this.uploads=new Map(this.uploads).set(t.name,n)};i(0);try{await z(t,this.folder,i)}finally{let n=new Map(this.uploads);n.delete(t.name),this.uploads=n}await this.load()})}drop(e){e.preventDefault(),this.over=!1,this.take([...e.dataTransfer?.files??[]])}picked(e){let t=e.target;this.take([...t.files??[]]).then(()=>t.value="")}async makeFolder(e){e.preventDefault();let t=String(new FormData(e.target).get("name")).trim(),i=`gcodes/${this.path(t)}`;await l.attempt(()=>l.call("server.files.post_directory",{path:i}))&&(this.naming=!1,await this.load())}async print(e){let t=this.path(e.filename);await l.attempt(()=>b("POST","api/gantry/print",{path:t}))?location.hash="#/dashboard":this.opened=e.filename}deleteFile(e){let t=this.path(e.filename).split("/").map(encodeURIComponent).join("/");l.attempt(()=>b("DELETE",`api/files/local/${t}`)).then(this.reload)}queue(e){let t=[this.path(e.filename)];l.attempt(()=>l.call("server.job_queue.post_job",{filenames:t}))}shown(){let e=this.search.trim().toLowerCase();return(this.files??[]).filter(t=>t.filename.toLowerCase().includes(e)).sort(J[this.sort])}render(){let e=this.shown();return r`<div class="files ${this.over?"over":""}"
      @dragover=${t=>{t.preventDefault(),this.over=!0}}
      @dragleave=${()=>this.over=!1} @drop=${this.drop}>
      <div class="page-head"><h1>${s("files.title")}</h1>
        ${this.room?r`<p class="quiet">${s("files.room",{free:k(this.room.free),total:k(this.room.total)})}</p>`:h}</div>
      ${this.tools()} ${this.crumbs()} ${this.underWay()}
      <ul class="file-list">
        ${this.search?h:this.folders.map(t=>this.folderRow(t))}
        ${O(e,t=>t.filename,t=>this.row(t))}
      </ul>
      ${e.length||this.folders.length||this.files===null?h:r`<p class="card quiet">${this.search?s("files.noMatch"):s("files.none")}</p>`}
    </div>`}tools(){let e=[["modified",s("files.sortModified")],["name",s("files.sortName")],["time",s("files.sortTime")],["size",s("files.sortSize")]];return r`<div class="tools">
        ${l.may("FILES_UPLOAD")?r`<label class="button primary upload">${_("upload")} ${s("files.upload")}
                <input class="hidden" type="file" multiple @change=${this.picked}></label>
              <button type="button" aria-expanded=${this.naming}
                @click=${()=>this.naming=!this.naming}>${s("files.folder")}</button>`:h}
        <label class="hidden" for="search">${s("files.search")}</label>
        <input id="search" type="search" class="grow" placeholder=${s("files.search")}
          .value=${this.search} @input=${t=>{this.search=t.target.value}}>
        <label class="hidden" for="sort">${s("files.sort")}</label>
        <select id="sort" @change=${t=>{this.sort=t.target.value}}>
          ${e.map(([t,i])=>r`<option value=${t}>${i}</option>`)}
        </select>
      </div>
      ${this.naming?r`<form class="row card" @submit=${this.makeFolder}>
            <label class="field grow">${s("files.folderName")}<input name="name" required></label>
            <button class="primary">${s("files.create")}</button></form>`:h}`}crumbs(){if(!this.folder)return h;let e=this.folder.split("/");return r`<div class="crumbs" role="group" aria-label=${s("files.items")}>
      <button type="button" class="plain small" @click=${()=>this.enter("")}>
        ${s("files.top")}</button>
      ${e.map((t,i)=>r`<span aria-hidden="true">/</span>
        <button type="button" class="plain small"
          @click=${()=>this.enter(e.slice(0,i+1).join("/"))}>${t}</button>`)}
    </div>`}underWay(){return r`<div role="status">${[...this.uploads].map(([e,t])=>r`
      <div class="card uploading"><span>${s("files.uploading",{name:e,share:G(t)})}</span>
        <progress max="1" .value=${t} aria-label=${e}></progress></div>`)}</div>`}folderRow(e){return r`<li class="card file"><button type="button" class="plain folder"
      @click=${()=>this.enter(this.path(e.dirname))}>
      ${_("folder")}<span>${e.dirname}</span></button></li>`}row(e){let t=e.filename,i=this.opened===t,n=e.thumbnails?.at(-1)?.relative_path,o=[e.estimated_time?q(e.estimated_time):null,e.filament_weight_total?Q(e.filament_weight_total):e.filament_total?C(e.filament_total):null,D(e.modified)].filter(Boolean);return r`<li class="card file">
      <div class="file-head">
        <button type="button" class="plain file-open" aria-expanded=${i}
          @click=${()=>this.opened=i?"":t}>
          <span class="thumb small-thumb">${n?r`<api-image .path=${this.picturePath(n)} alt=""></api-image>`:_("file")}</span>
          <span class="file-text"><strong>${t}</strong>
            <span class="quiet">${o.join(" \xB7 ")}</span></span>
        </button>
        ${l.may("PRINT")?r`<button type="button" class="print" @click=${()=>this.print(e)}
              ?disabled=${l.info?.link!=="online"||l.info.phase!=="none"}
              aria-label=${s("files.printNamed",{name:t})}>${s("files.print")}</button>`:h}
      </div>
      ${i?this.details(e):h}
    </li>`}picturePath(e){return`server/files/gcodes/${this.path(e).split("/").map(encodeURIComponent).join("/")}`}details(e){let t=(n,o)=>o?r`<div><dt>${n}</dt><dd>${o}</dd></div>`:h,i=this.path(e.filename).split("/").map(encodeURIComponent).join("/");return r`<div class="file-details">
      <dl class="facts">
        ${t(s("files.slicer"),e.slicer&&e.slicer!=="Unknown"?`${e.slicer} ${e.slicer_version??""}`:null)}
        ${t(s("files.layers"),e.layer_count)}
        ${t(s("files.heights"),e.layer_height&&`${T(e.layer_height,2)} mm`)}
        ${t(s("files.filament"),e.filament_total&&C(e.filament_total))}
        ${t(s("files.size"),k(e.size))}
      </dl>
      <lint-findings .path=${this.path(e.filename)}></lint-findings>
      <div class="row">
        ${l.may("PRINT")?r`<button type="button" class="small" @click=${()=>this.queue(e)}>
              ${s("files.queue")}</button>`:h}
        <a class="button small" download href=${M(`downloads/files/local/${i}`)}>
          ${s("files.download")}</a>
        ${l.may("FILES_DELETE")?r`<hold-button kind="danger small"
              .label=${s("files.delete",{name:""}).trim()}
              @confirm=${()=>this.deleteFile(e)}></hold-button>`:h}
      </div>
    </div>`}},Q=a=>`${T(a,a<10?1:0)} g`;customElements.define("files-view",S);
