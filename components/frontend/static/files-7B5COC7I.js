import"./chunk-A4W66Z6X.js";import"./chunk-OKJDECBZ.js";import{a as T}from"./chunk-33GG5PHY.js";import{a as C,b as D,d as G,f as U,g as w,h as F}from"./chunk-XNBOOLDR.js";import{b as N,e as y,h as q,j as d,k as A}from"./chunk-6O4BZPLP.js";import{a as l,c as L,d as h,e as x,i as a}from"./chunk-IKJ2O7UB.js";var H={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},V=i=>(...r)=>({_$litDirective$:i,values:r}),E=class{constructor(r){}get _$AU(){return this._$AM._$AU}_$AT(r,e,t){this._$Ct=r,this._$AM=e,this._$Ci=t}_$AS(r,e){return this.update(r,e)}update(r,e){return this.render(...e)}};var{I:Y}=x,j=i=>i;var z=()=>document.createComment(""),_=(i,r,e)=>{let t=i._$AA.parentNode,s=r===void 0?i._$AB:r._$AA;if(e===void 0){let n=t.insertBefore(z(),s),o=t.insertBefore(z(),s);e=new Y(n,o,i,i.options)}else{let n=e._$AB.nextSibling,o=e._$AM,f=o!==i;if(f){let m;e._$AQ?.(i),e._$AM=i,e._$AP!==void 0&&(m=i._$AU)!==o._$AU&&e._$AP(m)}if(n!==s||f){let m=e._$AA;for(;m!==n;){let b=j(m).nextSibling;j(t).insertBefore(m,s),m=b}}}return e},g=(i,r,e=i)=>(i._$AI(r,e),i),J={},B=(i,r=J)=>i._$AH=r,O=i=>i._$AH,k=i=>{i._$AR(),i._$AA.remove()};var W=(i,r,e)=>{let t=new Map;for(let s=r;s<=e;s++)t.set(i[s],s);return t},Q=V(class extends E{constructor(i){if(super(i),i.type!==H.CHILD)throw Error("repeat() can only be used in text expressions")}dt(i,r,e){let t;e===void 0?e=r:r!==void 0&&(t=r);let s=[],n=[],o=0;for(let f of i)s[o]=t?t(f,o):o,n[o]=e(f,o),o++;return{values:n,keys:s}}render(i,r,e){return this.dt(i,r,e).values}update(i,[r,e,t]){let s=O(i),{values:n,keys:o}=this.dt(r,e,t);if(!Array.isArray(s))return this.ut=o,n;let f=this.ut??=[],m=[],b,M,p=0,u=s.length-1,c=0,v=n.length-1;for(;p<=u&&c<=v;)if(s[p]===null)p++;else if(s[u]===null)u--;else if(f[p]===o[c])m[c]=g(s[p],n[c]),p++,c++;else if(f[u]===o[v])m[v]=g(s[u],n[v]),u--,v--;else if(f[p]===o[v])m[v]=g(s[p],n[v]),_(i,m[v+1],s[p]),p++,v--;else if(f[u]===o[c])m[c]=g(s[u],n[c]),_(i,s[p],s[u]),u--,c++;else if(b===void 0&&(b=W(o,c,v),M=W(f,p,u)),b.has(f[p]))if(b.has(f[u])){let $=M.get(o[c]),P=$!==void 0?s[$]:null;if(P===null){let S=_(i,s[p]);g(S,n[c]),m[c]=S}else m[c]=g(P,n[c]),_(i,s[p],P),s[$]=null;c++}else k(s[u]),u--;else k(s[p]),p++;for(;c<=v;){let $=_(i,m[v+1]);g($,n[c]),m[c++]=$}for(;p<=u;){let $=s[p++];$!==null&&k($)}return this.ut=o,B(i,m),L}});var K=1500,X={info:"busy",warn:"waiting",block:"bad"},R=class extends A{constructor(){super(...arguments);this.path="";this.findings=null}static{this.properties={path:{},findings:{state:!0}}}willUpdate(e){e.has("path")&&(this.findings=null,this.load())}disconnectedCallback(){super.disconnectedCallback(),clearTimeout(this.timer)}async load(){let e=this.path,t=`api/gantry/lint?path=${encodeURIComponent(e)}`,s=await y("GET",t).catch(()=>({analysed:!0,findings:[]}));e!==this.path||!this.isConnected||(s.analysed?this.findings=s.findings:this.timer=window.setTimeout(()=>{this.load()},K))}async force(){let e={path:this.path,force:!0};await d.attempt(()=>y("POST","api/gantry/print",e))&&(location.hash="#/dashboard")}render(){if(this.findings===null)return l`<p class="quiet" role="status">${a("lint.waiting")}</p>`;if(!this.findings.length)return l`<p class="quiet" role="status">${a("lint.clean")}</p>`;let e=this.findings.some(t=>t.severity==="block");return l`<ul class="findings" aria-label=${a("lint.title")}>
      ${this.findings.map(t=>l`<li>
        <span class="badge ${X[t.severity]}">${a(`lint.${t.severity}`)}</span>
        <span>${t.message}${t.line?l` <span class="quiet">${a("lint.line",{line:t.line})}</span>`:h}</span></li>`)}
    </ul>
    ${e&&d.may("PRINT")?l`<hold-button kind="danger small" .label=${a("lint.force")}
          @confirm=${this.force}></hold-button>`:h}`}};customElements.define("lint-findings",R);var Z={modified:(i,r)=>r.modified-i.modified,name:(i,r)=>i.filename.localeCompare(r.filename),time:(i,r)=>(i.estimated_time??1/0)-(r.estimated_time??1/0),size:(i,r)=>r.size-i.size},ee=/\.(gcode|gco|g|nc|bgcode|gcode\.gz|ufp)$/i,I=class extends A{constructor(){super(...arguments);this.folder="";this.files=null;this.folders=[];this.room=null;this.sort="modified";this.search="";this.opened="";this.uploads=new Map;this.over=!1;this.naming=!1;this.reload=()=>{this.load()}}static{this.properties={folder:{state:!0},files:{state:!0},folders:{state:!0},sort:{state:!0},search:{state:!0},opened:{state:!0},uploads:{state:!0},over:{state:!0},naming:{state:!0}}}connectedCallback(){super.connectedCallback(),d.addEventListener("files",this.reload),d.online&&this.load()}disconnectedCallback(){super.disconnectedCallback(),d.removeEventListener("files",this.reload)}willUpdate(){this.files===null&&d.online&&this.load()}async load(){let e=this.folder;this.files??=[];try{let t=await d.call("server.files.get_directory",{path:`gcodes/${e}`.replace(/\/$/,""),extended:!0});if(e!==this.folder)return;this.folders=t.dirs.filter(s=>!s.dirname.startsWith(".")),this.room=t.disk_usage,this.files=t.files.filter(s=>ee.test(s.filename))}catch{e&&e===this.folder&&this.enter("")}}enter(e){this.folder=e,this.opened="",this.files=null}path(e){return this.folder?`${this.folder}/${e}`:e}async take(e){for(let t of e)await d.attempt(async()=>{let s=n=>{this.uploads=new Map(this.uploads).set(t.name,n)};s(0);try{await q(t,this.folder,s)}finally{let n=new Map(this.uploads);n.delete(t.name),this.uploads=n}await this.load()})}drop(e){e.preventDefault(),this.over=!1,this.take([...e.dataTransfer?.files??[]])}picked(e){let t=e.target;this.take([...t.files??[]]).then(()=>t.value="")}async makeFolder(e){e.preventDefault();let t=String(new FormData(e.target).get("name")).trim(),s=`gcodes/${this.path(t)}`;await d.attempt(()=>d.call("server.files.post_directory",{path:s}))&&(this.naming=!1,await this.load())}async print(e){let t=this.path(e.filename);await d.attempt(()=>y("POST","api/gantry/print",{path:t}))?location.hash="#/dashboard":this.opened=e.filename}deleteFile(e){let t=this.path(e.filename).split("/").map(encodeURIComponent).join("/");d.attempt(()=>y("DELETE",`api/files/local/${t}`)).then(this.reload)}queue(e){let t=[this.path(e.filename)];d.attempt(()=>d.call("server.job_queue.post_job",{filenames:t}))}shown(){let e=this.search.trim().toLowerCase();return(this.files??[]).filter(t=>t.filename.toLowerCase().includes(e)).sort(Z[this.sort])}render(){let e=this.shown();return l`<div class="files ${this.over?"over":""}"
      @dragover=${t=>{t.preventDefault(),this.over=!0}}
      @dragleave=${()=>this.over=!1} @drop=${this.drop}>
      <div class="page-head"><h1>${a("files.title")}</h1>
        ${this.room?l`<p class="quiet">${a("files.room",{free:w(this.room.free),total:w(this.room.total)})}</p>`:h}</div>
      ${this.tools()} ${this.crumbs()} ${this.underWay()}
      <ul class="file-list">
        ${this.search?h:this.folders.map(t=>this.folderRow(t))}
        ${Q(e,t=>t.filename,t=>this.row(t))}
      </ul>
      ${e.length||this.folders.length||this.files===null?h:l`<p class="card quiet">${this.search?a("files.noMatch"):a("files.none")}</p>`}
    </div>`}tools(){let e=[["modified",a("files.sortModified")],["name",a("files.sortName")],["time",a("files.sortTime")],["size",a("files.sortSize")]];return l`<div class="tools">
        ${d.may("FILES_UPLOAD")?l`<label class="button primary upload">${T("upload")} ${a("files.upload")}
                <input class="hidden" type="file" multiple @change=${this.picked}></label>
              <button type="button" aria-expanded=${this.naming}
                @click=${()=>this.naming=!this.naming}>${a("files.folder")}</button>`:h}
        <label class="hidden" for="search">${a("files.search")}</label>
        <input id="search" type="search" class="grow" placeholder=${a("files.search")}
          .value=${this.search} @input=${t=>{this.search=t.target.value}}>
        <label class="hidden" for="sort">${a("files.sort")}</label>
        <select id="sort" @change=${t=>{this.sort=t.target.value}}>
          ${e.map(([t,s])=>l`<option value=${t}>${s}</option>`)}
        </select>
      </div>
      ${this.naming?l`<form class="row card" @submit=${this.makeFolder}>
            <label class="field grow">${a("files.folderName")}<input name="name" required></label>
            <button class="primary">${a("files.create")}</button></form>`:h}`}crumbs(){if(!this.folder)return h;let e=this.folder.split("/");return l`<div class="crumbs" role="group" aria-label=${a("files.items")}>
      <button type="button" class="plain small" @click=${()=>this.enter("")}>
        ${a("files.top")}</button>
      ${e.map((t,s)=>l`<span aria-hidden="true">/</span>
        <button type="button" class="plain small"
          @click=${()=>this.enter(e.slice(0,s+1).join("/"))}>${t}</button>`)}
    </div>`}underWay(){return l`<div role="status">${[...this.uploads].map(([e,t])=>l`
      <div class="card uploading"><span>${a("files.uploading",{name:e,share:D(t)})}</span>
        <progress max="1" .value=${t} aria-label=${e}></progress></div>`)}</div>`}folderRow(e){return l`<li class="card file"><button type="button" class="plain folder"
      @click=${()=>this.enter(this.path(e.dirname))}>
      ${T("folder")}<span>${e.dirname}</span></button></li>`}row(e){let t=e.filename,s=this.opened===t,n=e.thumbnails?.at(-1)?.relative_path,o=[e.estimated_time?G(e.estimated_time):null,e.filament_weight_total?te(e.filament_weight_total):e.filament_total?F(e.filament_total):null,U(e.modified)].filter(Boolean);return l`<li class="card file">
      <div class="file-head">
        <button type="button" class="plain file-open" aria-expanded=${s}
          @click=${()=>this.opened=s?"":t}>
          <span class="thumb small-thumb">${n?l`<api-image .path=${this.picturePath(n)} alt=""></api-image>`:T("file")}</span>
          <span class="file-text"><strong>${t}</strong>
            <span class="quiet">${o.join(" \xB7 ")}</span></span>
        </button>
        ${d.may("PRINT")?l`<button type="button" class="print" @click=${()=>this.print(e)}
              ?disabled=${d.info?.link!=="online"||d.info.phase!=="none"}
              aria-label=${a("files.printNamed",{name:t})}>${a("files.print")}</button>`:h}
      </div>
      ${s?this.details(e):h}
    </li>`}picturePath(e){return`server/files/gcodes/${this.path(e).split("/").map(encodeURIComponent).join("/")}`}details(e){let t=(n,o)=>o?l`<div><dt>${n}</dt><dd>${o}</dd></div>`:h,s=this.path(e.filename).split("/").map(encodeURIComponent).join("/");return l`<div class="file-details">
      <dl class="facts">
        ${t(a("files.slicer"),e.slicer&&e.slicer!=="Unknown"?`${e.slicer} ${e.slicer_version??""}`:null)}
        ${t(a("files.layers"),e.layer_count)}
        ${t(a("files.heights"),e.layer_height&&`${C(e.layer_height,2)} mm`)}
        ${t(a("files.filament"),e.filament_total&&F(e.filament_total))}
        ${t(a("files.size"),w(e.size))}
      </dl>
      <lint-findings .path=${this.path(e.filename)}></lint-findings>
      <div class="row">
        ${d.may("PRINT")?l`<button type="button" class="small" @click=${()=>this.queue(e)}>
              ${a("files.queue")}</button>`:h}
        <a class="button small" download href=${N(`downloads/files/local/${s}`)}>
          ${a("files.download")}</a>
        ${d.may("FILES_DELETE")?l`<hold-button kind="danger small"
              .label=${a("files.delete",{name:""}).trim()}
              @confirm=${()=>this.deleteFile(e)}></hold-button>`:h}
      </div>
    </div>`}},te=i=>`${C(i,i<10?1:0)} g`;customElements.define("files-view",I);
