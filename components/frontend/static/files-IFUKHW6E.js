import{a as Q}from"./chunk-HKBZFUN2.js";import{a as J}from"./chunk-7GI7EZPB.js";import"./chunk-NOVSY7EJ.js";import"./chunk-N4NNLI2Y.js";import{a as h}from"./chunk-46PZORUB.js";import"./chunk-DNABIUM5.js";import{a as P,b as K,d as V,f as B,g as w,h as F}from"./chunk-SOO26UOD.js";import{a as b}from"./chunk-7LKY2THS.js";import{a as N,k as g,o as W,u as a}from"./chunk-RK5JDRNO.js";import{a as o,d as c,f as L,h as z,j as s}from"./chunk-JJDR7GUU.js";var se=/\.(gcode|gco|g|nc|bgcode|gcode\.gz|ufp)$/i,ne=7e3,k=r=>se.test(r),x=r=>r.split("/").map(encodeURIComponent).join("/"),f=(r,l)=>r?`${r}/${l}`:l,v=r=>r.slice(r.lastIndexOf("/")+1),$=r=>r.slice(0,Math.max(r.lastIndexOf("/"),0));async function E(r){let l=`gcodes/${r}`.replace(/\/$/,""),e=await a.call("server.files.get_directory",{path:l,extended:!0});return{files:e.files.filter(t=>k(t.filename)),folders:e.dirs.filter(t=>!t.dirname.startsWith(".")),room:e.disk_usage}}function T(r,l){let e=l.thumbnails?.at(-1)?.relative_path;return e?`server/files/gcodes/${x(f(r,e))}`:""}async function D(r,l){let e=[],t=0;for(let i of r)t++,await l(i).catch(n=>e.push(`${v(i)}: ${n.message}`));if(e.length){let i=e.slice(0,3).join("; ");throw new Error(t===1?i:s("files.partly",{failed:e.length,all:t,why:i}))}}var Y=(r,l)=>D(r.keys(),e=>a.call("server.files.move",{source:`gcodes/${e}`,dest:`gcodes/${f(l,v(e))}`}));async function Z(r,l){let e=await E(l),t=new Set([...e.files.map(({filename:i})=>i),...e.folders.map(({dirname:i})=>i)]);await D(r.keys(),i=>a.call("server.files.copy",{source:`gcodes/${i}`,dest:`gcodes/${f(l,oe(v(i),t))}`}))}function oe(r,l){let[,e,t]=/^(.*?)((?:\.gcode)?\.[^.]*|)$/.exec(r),i=2,n=r;for(;l.has(n);)n=`${e} (${i++})${t}`;return n}var ee=r=>D(r.keys(),l=>r.get(l)==="folder"?a.call("server.files.delete_directory",{path:`gcodes/${l}`,force:!0}):a.call("server.files.delete_file",{path:`gcodes/${l}`}));async function S(r,l=!1){let e=await a.call("server.job_queue.post_job",{filenames:r}),t=e.queued_jobs.slice(-r.length).reverse();for(let i of l?t:[])await a.call("server.job_queue.jump",{job_id:i.job_id});return e.queued_jobs.length}async function q(r){let l=[...r.keys()].filter(i=>r.get(i)==="file"),e=[...r.keys()].filter(i=>r.get(i)==="folder");if(l.length===1&&!e.length)return X(`downloads/files/local/${x(l[0])}`);if(e.length){let i=await a.call("server.files.list");l.push(...i.map(({path:n})=>n).filter(n=>k(n)&&e.some(d=>n.startsWith(`${d}/`))))}if(!l.length)throw new Error(s("files.nothingInside"));let t=l.map(i=>`files=${encodeURIComponent(i)}`).join("&");if(t.length>ne)throw new Error(s("files.tooMany"));await X(`downloads/files/local?${t}`)}async function X(r){let l=document.createElement("a");l.href=await J(r),l.download="",l.click()}var M=class extends EventTarget{constructor(){super(...arguments);this.present=null;this.waiting=[];this.stopper=null}add(e){return this.waiting.push(...e),this.present?Promise.resolve():this.work()}stop(){this.stopper?.abort()}stopAll(){this.waiting=[],this.stop()}async work(){let e,t=[];for(;e=this.waiting.shift();){let{file:i,folder:n}=e;this.stopper=new AbortController;let d=m=>this.now({name:i.name,share:m});d(0);let{signal:p}=this.stopper;await W(i,n,d,p).catch(m=>t.push(`${i.name}: ${m.message}`)),this.dispatchEvent(new Event("done"))}this.now(null),t.length&&await a.attempt(()=>Promise.reject(new Error(t.join(`
`))))}now(e){this.present=e,this.dispatchEvent(new Event("change"))}},u=new M;async function te(r,l){let e=[...r.items].filter(n=>n.kind==="file").map(n=>({entry:n.webkitGetAsEntry?.(),file:n.getAsFile()})),t=[],i={left:0};for(let{entry:n,file:d}of e)n?.isDirectory?await ie(n,f(l,n.name),t,i):d&&t.push({file:d,folder:l});return[t,i.left]}async function ie(r,l,e,t){let i=r.createReader(),n=()=>new Promise((d,p)=>i.readEntries(d,p));for(let d=await n();d.length;d=await n())for(let p of d)if(p.isDirectory)await ie(p,f(l,p.name),e,t);else if(!k(p.name))t.left++;else{let m=await new Promise((A,y)=>p.file(A,y));e.push({file:m,folder:l})}}function C(r,l){let e=[...r],t=e.filter(n=>!n.webkitRelativePath||k(n.name));return[t.map(n=>{let d=n.webkitRelativePath.split("/").slice(0,-1).join("/");return{file:n,folder:d?f(l,d):l}}),e.length-t.length]}var re=1500,ae={info:"busy",warn:"waiting",block:"bad"},O=class extends b{constructor(){super(...arguments);this.path="";this.findings=null}static{this.properties={path:{},findings:{state:!0}}}willUpdate(e){e.has("path")&&(this.findings=null,this.load())}disconnectedCallback(){super.disconnectedCallback(),clearTimeout(this.timer)}async load(){let e=this.path,t=`api/gantry/lint?path=${encodeURIComponent(e)}`,i=await g("GET",t).catch(()=>({analysed:!0,findings:[]}));e!==this.path||!this.isConnected||(i.analysed?this.findings=i.findings:this.timer=window.setTimeout(()=>{this.load()},re))}async force(){let e={path:this.path,force:!0};await a.attempt(()=>g("POST","api/gantry/print",e))&&(location.hash="#/dashboard")}render(){if(this.findings===null)return o`<p class="quiet" role="status">${s("lint.waiting")}</p>`;if(!this.findings.length)return o`<p class="quiet" role="status">${s("lint.clean")}</p>`;let e=this.findings.some(t=>t.severity==="block");return o`<ul class="findings" aria-label=${s("lint.title")}>
      ${this.findings.map(t=>o`<li>
        <span class="badge ${ae[t.severity]}">${s(`lint.${t.severity}`)}</span>
        <span>${N(t.rule,t.message)}${t.line?o` <span class="quiet">${s("lint.line",{line:t.line})}</span>`:c}</span></li>`)}
    </ul>
    ${e&&a.may("PRINT")?o`<hold-button kind="danger small" .label=${s("lint.force")}
          @confirm=${this.force}></hold-button>`:c}`}};customElements.define("lint-findings",O);var R=class extends b{constructor(){super(...arguments);this.path="";this.naming=!1;this.said="";this.take=()=>{a.attempt(()=>q(new Map([[this.path,"file"]])))};this.delete=()=>{a.attempt(()=>g("DELETE",`api/files/local/${x(this.path)}`))}}static{this.properties={file:{attribute:!1},path:{},naming:{state:!0},said:{state:!0}}}async queue(e){await a.attempt(async()=>{let t=await S([this.path],e);this.said=e?s("files.queuedFirst"):s("files.queued",{number:t})})}async rename(e){e.preventDefault();let t=String(new FormData(e.target).get("path")).trim(),[i,n]=[`gcodes/${this.path}`,`gcodes/${t.replace(/^\/+/,"")}`];await a.attempt(()=>a.call("server.files.move",{source:i,dest:n}))&&(this.naming=!1)}render(){let{file:e,path:t}=this,i=(p,m)=>m?o`<div><dt>${p}</dt><dd>${m}</dd></div>`:c,n=e.slicer&&e.slicer!=="Unknown"?`${e.slicer} ${e.slicer_version??""}`:null,d=T($(t),e);return o`<div class="file-details">
      ${d?o`<div class="large-thumb"><api-image .path=${d}
            alt=${s("files.picture",{name:e.filename})}></api-image></div>`:c}
      <dl class="facts">
        ${i(s("files.slicer"),n)}
        ${i(s("files.material"),e.filament_type)}
        ${i(s("files.layers"),e.layer_count)}
        ${i(s("files.heights"),e.layer_height&&`${P(e.layer_height,2)} mm`)}
        ${i(s("files.filament"),e.filament_total&&F(e.filament_total))}
        ${i(s("files.size"),w(e.size))}
      </dl>
      <lint-findings .path=${t}></lint-findings>
      <div class="row">
        ${a.may("GCODE_VIEWER")?o`<a class="button small" href="#/layers/${encodeURIComponent(t)}">
              ${s("nav.layers")}</a>`:c}
        ${a.may("PRINT")?o`<button type="button" class="small" @click=${()=>this.queue(!1)}>
                ${s("files.queue")}</button>
              <button type="button" class="small" @click=${()=>this.queue(!0)}>
                ${s("files.first")}</button>`:c}
        ${a.may("FILES_DOWNLOAD")?o`<button type="button" class="small" @click=${this.take}>
              ${s("files.download")}</button>`:c}
        ${a.may("FILES_DELETE")?o`<button type="button" class="small" aria-expanded=${this.naming}
                @click=${()=>this.naming=!this.naming}>${s("files.rename")}</button>
              <hold-button kind="danger small" .label=${s("files.delete",{name:""}).trim()}
                .name=${s("files.delete",{name:e.filename})}
                @confirm=${this.delete}></hold-button>`:c}
        <span role="status" class="quiet">${this.said}</span>
      </div>
      ${this.naming?o`<form class="row" @submit=${this.rename}>
            <label class="field grow">${s("files.newPath")}
              <input name="path" required .value=${t}></label>
            <button class="primary">${s("app.save")}</button></form>`:c}
    </div>`}};customElements.define("file-details",R);var j=class extends L{constructor(){super(...arguments);this.label="";this.action="";this.folder="";this.without=new Set;this.found=null}static{this.properties={label:{},action:{},folder:{},without:{attribute:!1},found:{state:!0}}}createRenderRoot(){return this}firstUpdated(){this.querySelector("dialog").showModal(),this.enter(this.folder)}async enter(e){this.folder=e,this.found=null;let t=await E(e).catch(()=>({folders:[]}));e===this.folder&&(this.found=t.folders.filter(({dirname:i})=>!this.without.has(f(e,i))),await this.updateComplete,this.querySelector(".picker button")?.focus())}end(e){this.dispatchEvent(new CustomEvent("chosen",{detail:e}))}keyed(e){let t=[...this.querySelectorAll(".picker button")],i=t.indexOf(document.activeElement),n={ArrowDown:i+1,ArrowUp:i-1,Home:0,End:t.length-1},d=e.key in n?t[n[e.key]]:void 0;d&&(e.preventDefault(),d.focus())}render(){let{folder:e}=this;return o`<dialog aria-labelledby="folder-title" @close=${()=>this.end(null)}>
      <div class="stack">
        <h2 id="folder-title">${this.label}</h2>
        <p class="quiet" role="status">${h("folder")} ${e||s("files.top")}</p>
        <ul class="picker" aria-busy=${this.found===null?"true":"false"} @keydown=${this.keyed}>
          ${e?o`<li><button type="button" class="plain folder"
                @click=${()=>this.enter($(e))}>${h("up")}
                <span>${s("files.up")}</span></button></li>`:c}
          ${(this.found??[]).map(({dirname:t})=>o`<li><button type="button"
            class="plain folder" @click=${()=>this.enter(f(e,t))}>
            ${h("folder")}<span>${v(t)}</span></button></li>`)}
        </ul>
        ${this.found?.length===0?o`<p class="quiet">${s("files.noFolders")}</p>`:c}
        <div class="row end">
          <button type="button" @click=${()=>this.end(null)}>${s("app.close")}</button>
          <button type="button" class="primary" @click=${()=>this.end(e)}>
            ${this.action}</button></div>
      </div></dialog>`}};customElements.define("folder-dialog",j);var G=class extends L{constructor(){super(...arguments);this.picked=new Map;this.folder="";this.asking=null;this.naming=!1;this.busy=!1;this.said=""}static{this.properties={picked:{attribute:!1},folder:{},asking:{state:!0},naming:{state:!0},busy:{state:!0},said:{state:!0}}}createRenderRoot(){return this}clear(){this.naming=!1,this.dispatchEvent(new Event("clear"))}async work(e,t=!1){this.busy=!0,await a.attempt(e),this.busy=!1,t||this.clear()}chosen({detail:e}){let t=this.asking==="copy"?Z:Y;this.asking=null,e!==null&&this.work(()=>t(this.picked,e))}rename(e){e.preventDefault();let t=String(new FormData(e.target).get("name")).trim(),[i]=this.picked.keys(),[n,d]=[`gcodes/${i}`,`gcodes/${f($(i),t)}`];this.work(()=>a.call("server.files.move",{source:n,dest:d}))}queue(){this.work(async()=>{let e=await S([...this.picked.keys()]);this.said=s("files.queued",{number:e})})}render(){let{picked:e}=this,t=o`<p class="hidden" role="status">${e.size?s("files.selected",{number:e.size}):this.said}</p>`;return e.size?o`${t}${this.bar()}`:t}bar(){let{picked:e,busy:t}=this,i=e.size,n=![...e.values()].includes("folder"),d=(p,m)=>o`<button type="button" class="small"
      ?disabled=${t} @click=${m}>${p}</button>`;return o`<div class="selection card" role="group" aria-label=${s("files.selected",{number:i})}>
      <strong>${s("files.selected",{number:i})}</strong>
      <div class="row">
        ${n&&a.may("PRINT")?d(s("files.queue"),()=>this.queue()):c}
        ${a.may("FILES_DOWNLOAD")?d(s("files.zip"),()=>{this.work(()=>q(e),!0)}):c}
        ${a.may("FILES_DELETE")?o`${i===1?d(s("files.rename"),()=>{this.naming=!this.naming}):c}
              ${d(s("files.move"),()=>{this.asking="move"})}`:c}
        ${a.may("FILES_UPLOAD")?d(s("files.copy"),()=>{this.asking="copy"}):c}
        ${a.may("FILES_DELETE")?o`<hold-button kind="danger small" .label=${s("files.deleteSelected")}
              .name=${s("files.deleteNamed",{number:i})} .disabled=${t}
              @confirm=${()=>this.work(()=>ee(e))}></hold-button>`:c}
        <button type="button" class="small plain" @click=${this.clear}>${s("files.clear")}</button>
      </div>
      ${this.naming&&i===1?this.form():c}
      ${this.asking?this.dialog(this.asking):c}
    </div>`}form(){let[e]=this.picked.keys();return o`<form class="row" @submit=${this.rename}>
      <label class="field grow">${s("files.newName")}
        <input name="name" required .value=${v(e)} autocomplete="off"></label>
      <button class="primary">${s("app.save")}</button></form>`}dialog(e){let t=this.picked.size;return o`<folder-dialog .folder=${this.folder} @chosen=${this.chosen}
      .without=${new Set([...this.picked].filter(([,i])=>i==="folder").map(([i])=>i))}
      .label=${s(e==="move"?"files.moveTitle":"files.copyTitle",{number:t})}
      .action=${s(e==="move"?"files.moveHere":"files.copyHere")}></folder-dialog>`}};customElements.define("file-selection",G);var H=200,U=class extends b{constructor(){super(...arguments);this.folder="";this.files=null;this.folders=[];this.shown=[];this.room=null;this.sort="modified";this.search="";this.opened="";this.worst={};this.upside=!1;this.over=!1;this.naming=!1;this.picked=new Map;this.last="";this.most=H;this.said="";this.redraw=()=>this.requestUpdate();this.reload=()=>{this.load()};this.pasted=e=>this.paste(e)}static{this.properties={folder:{state:!0},files:{state:!0},folders:{state:!0},sort:{state:!0},search:{state:!0},opened:{state:!0},over:{state:!0},naming:{state:!0},worst:{state:!0},upside:{state:!0},picked:{state:!0},most:{state:!0},said:{state:!0}}}connectedCallback(){super.connectedCallback(),a.addEventListener("files",this.reload),document.addEventListener("paste",this.pasted),u.addEventListener("change",this.redraw),u.addEventListener("done",this.reload),a.online&&this.load()}disconnectedCallback(){super.disconnectedCallback(),a.removeEventListener("files",this.reload),document.removeEventListener("paste",this.pasted),u.removeEventListener("change",this.redraw),u.removeEventListener("done",this.reload)}willUpdate(e){this.files===null&&a.online&&this.load(),["files","search","sort","upside"].some(t=>e.has(t))&&this.arrange()}async load(){let e=this.folder;try{let t=await E(e);if(e!==this.folder)return;this.folders=t.folders,this.room=t.room,this.files=t.files;let i=new Set([...t.files.map(({filename:n})=>f(e,n)),...t.folders.map(({dirname:n})=>f(e,n))]);this.picked=new Map([...this.picked].filter(([n])=>i.has(n))),this.check(e)}catch{e&&e===this.folder&&this.enter("")}}async check(e){let t=`api/gantry/lint/folder?path=${encodeURIComponent(e)}`,i=await g("GET",t).catch(()=>null);i&&e===this.folder&&(this.worst=i.files)}enter(e){this.folder=e,this.opened=this.last="",this.files=null,this.picked=new Map,this.most=H}arrange(){let e=new Intl.Collator(z,{numeric:!0}).compare,t={modified:(n,d)=>d.modified-n.modified,name:(n,d)=>e(n.filename,d.filename),time:(n,d)=>(n.estimated_time??1/0)-(d.estimated_time??1/0),size:(n,d)=>d.size-n.size},i=this.search.trim().toLowerCase();this.shown=(this.files??[]).filter(n=>n.filename.toLowerCase().includes(i)).sort(t[this.sort]),this.upside&&this.shown.reverse()}take([e,t]){this.said=t?s("files.leftOut",{number:t}):"",e.length&&u.add(e)}drop(e){e.preventDefault(),this.over=!1,!(!e.dataTransfer||!a.may("FILES_UPLOAD"))&&te(e.dataTransfer,this.folder).then(t=>this.take(t))}left(e){!e.currentTarget.contains(e.relatedTarget)&&(this.over=!1)}paste(e){let t=[...e.clipboardData?.files??[]];!t.length||!a.may("FILES_UPLOAD")||(e.preventDefault(),this.take(C(t,this.folder)))}pickedFiles(e){let t=e.target;this.take(C(t.files??[],this.folder)),t.value=""}async makeFolder(e){e.preventDefault();let t=String(new FormData(e.target).get("name")).trim(),i=`gcodes/${f(this.folder,t)}`;await a.attempt(()=>a.call("server.files.post_directory",{path:i}))&&(this.naming=!1,await this.load())}async print(e){let t=f(this.folder,e.filename);await a.attempt(()=>g("POST","api/gantry/print",{path:t}))?location.hash="#/dashboard":this.opened=e.filename}leaveFolder(){let e=`gcodes/${this.folder}`,t=this.folder.split("/").slice(0,-1).join("/");a.attempt(()=>a.call("server.files.delete_directory",{path:e})).then(i=>i&&this.enter(t))}get rows(){return[...(this.search?[]:this.folders).map(({dirname:t})=>[f(this.folder,t),"folder"]),...this.shown.slice(0,this.most).map(({filename:t})=>[f(this.folder,t),"file"])]}pick(e,t){let i=e.target.checked,n=this.rows,d=_=>n.findIndex(([I])=>I===_),[p,m]=[e.shiftKey?d(this.last):-1,d(t)],A=p<0?n.slice(m,m+1):n.slice(Math.min(p,m),Math.max(p,m)+1),y=new Map(this.picked);for(let[_,I]of A)i?y.set(_,I):y.delete(_);this.picked=y,this.last=t}pickAll(e){this.picked=new Map(e?this.rows:[])}keyed(e){let t=e.target;if(!(t.closest("dialog")||t.matches("input:not([type=checkbox]), select"))){if(e.key==="Escape"&&this.picked.size)this.pickAll(!1);else if(e.key==="a"&&(e.ctrlKey||e.metaKey))this.pickAll(!0);else if(e.key==="ArrowDown"||e.key==="ArrowUp"){if(!t.matches(".file-head > *, .file-head > * > input"))return;let i=[...this.querySelectorAll(".file-head")],n=i.indexOf(t.closest(".file-head")),d=i[n+(e.key==="ArrowDown"?1:-1)],p=t.matches("input")?"input":t.matches(".print")?".print":".file-open, .folder";d?.querySelector(`${p}:not(:disabled)`)?.focus()}else return;e.preventDefault()}}render(){let e=this.files!==null&&!this.shown.length&&!this.folders.length;return o`<div class="files ${this.over?"over":""}" @keydown=${this.keyed}
      @dragover=${t=>{t.preventDefault(),this.over=a.may("FILES_UPLOAD")}}
      @dragleave=${this.left} @drop=${this.drop}>
      ${this.over?o`<p class="drop-here">${s("files.drop")}</p>`:c}
      <div class="page-head"><h1>${s("files.title")}</h1>
        ${this.room?o`<p class="quiet">${s("files.room",{free:w(this.room.free),total:w(this.room.total)})}</p>`:c}</div>
      ${this.tools()} ${this.crumbs()} ${this.underWay()} ${this.everything()}
      <file-selection .picked=${this.picked} .folder=${this.folder}
        @clear=${()=>this.pickAll(!1)}></file-selection>
      ${this.files===null?o`<p class="quiet" aria-busy="true">${s("app.loading")}</p>`:c}
      <ul class="file-list">
        ${this.search?c:this.folders.map(t=>this.folderRow(t))}
        ${Q(this.shown.slice(0,this.most),t=>t.filename,t=>this.row(t))}
      </ul>
      ${this.shown.length>this.most?o`<button type="button" class="more" @click=${()=>{this.most+=H}}>
            ${s("files.showMore")}</button>`:c}
      ${e?o`<p class="card quiet empty">${h(this.search?"file":"upload")}
            <span>${this.search?s("files.noMatch"):s("files.none")}</span></p>`:c}
    </div>`}tools(){let e=[["modified",s("files.sortModified")],["name",s("files.sortName")],["time",s("files.sortTime")],["size",s("files.sortSize")]];return o`<div class="tools">
        ${a.may("FILES_UPLOAD")?this.bringing():c}
        <label class="hidden" for="search">${s("files.search")}</label>
        <input id="search" type="search" class="grow" placeholder=${s("files.search")}
          .value=${this.search} @input=${t=>{this.search=t.target.value}}>
        <div class="row sorting"><label class="hidden" for="sort">${s("files.sort")}</label>
          <select id="sort" @change=${t=>{this.sort=t.target.value}}>
            ${e.map(([t,i])=>o`<option value=${t}>${i}</option>`)}
          </select>
          <button type="button" aria-pressed=${this.upside} aria-label=${s("files.upside")}
            @click=${()=>this.upside=!this.upside}>${h(this.upside?"up":"down")}</button>
        </div>
      </div>
      ${this.naming?o`<form class="row card" @submit=${this.makeFolder}>
            <label class="field grow">${s("files.folderName")}<input name="name" required></label>
            <button class="primary">${s("files.create")}</button></form>`:c}`}bringing(){return o`<label class="button primary upload">${h("upload")} ${s("files.upload")}
        <input class="hidden" type="file" multiple @change=${this.pickedFiles}></label>
      <label class="button upload on-desk">${s("files.folderUpload")}
        <input class="hidden" type="file" webkitdirectory @change=${this.pickedFiles}></label>
      <button type="button" aria-expanded=${this.naming}
        @click=${()=>this.naming=!this.naming}>${s("files.folder")}</button>`}crumbs(){if(!this.folder)return c;let e=this.folder.split("/");return o`<div class="crumbs" role="group" aria-label=${s("files.items")}>
      <button type="button" class="plain small" @click=${()=>this.enter("")}>
        ${s("files.top")}</button>
      ${e.map((t,i)=>o`<span aria-hidden="true">/</span>
        <button type="button" class="plain small"
          @click=${()=>this.enter(e.slice(0,i+1).join("/"))}>${t}</button>`)}
      ${this.files?.length===0&&!this.folders.length&&a.may("FILES_DELETE")?o`<hold-button kind="danger small" .label=${s("files.deleteFolder")}
            @confirm=${this.leaveFolder}></hold-button>`:c}
    </div>`}underWay(){let{present:e,waiting:t}=u;return o`<div role="status">${this.said?o`<p class="quiet">${this.said}</p>`:c}
      ${e?o`<div class="card uploading">
            <span>${s("files.uploading",{name:e.name,share:K(e.share)})}
              ${t.length?o`<span class="quiet">${s("files.waiting",{number:t.length})}</span>`:c}</span>
            <progress max="1" .value=${e.share} aria-label=${e.name}></progress>
            <div class="row"><button type="button" class="small"
              aria-label=${s("files.stopNamed",{name:e.name})}
              @click=${()=>u.stop()}>${s("files.stop")}</button>
              ${t.length?o`<button type="button" class="small" @click=${()=>u.stopAll()}>
                    ${s("files.stopAll")}</button>`:c}</div></div>`:c}</div>`}everything(){let e=this.rows.length;if(e<2)return c;let t=this.picked.size;return o`<label class="check pick-all"><input type="checkbox" .checked=${t===e}
      .indeterminate=${t>0&&t<e}
      @change=${i=>this.pickAll(i.target.checked)}>
      ${s("files.selectAll")}</label>`}box(e,t){return o`<label class="pick"><input type="checkbox" .checked=${this.picked.has(e)}
      aria-label=${s("files.select",{name:t})}
      @click=${i=>this.pick(i,e)}></label>`}folderRow({dirname:e}){let t=f(this.folder,e);return o`<li class="card file ${this.picked.has(t)?"picked":""}">
      <div class="file-head">${this.box(t,e)}
        <button type="button" class="plain folder" @click=${()=>this.enter(t)}>
          ${h("folder")}<span>${e}</span></button></div></li>`}row(e){let t=e.filename,i=f(this.folder,t),n=this.opened===t,d=T(this.folder,e),p=[e.estimated_time?V(e.estimated_time):null,e.filament_weight_total?le(e.filament_weight_total):e.filament_total?F(e.filament_total):null,B(e.modified),e.print_start_time?s("files.printed"):null].filter(Boolean);return o`<li class="card file ${this.picked.has(i)?"picked":""}">
      <div class="file-head">${this.box(i,t)}
        <button type="button" class="plain file-open" aria-expanded=${n}
          @click=${()=>this.opened=n?"":t}>
          <span class="thumb small-thumb">${d?o`<api-image .path=${d} alt=""></api-image>`:h("file")}</span>
          <span class="file-text"><strong>${t}</strong>
            <span class="quiet">${p.join(" \xB7 ")}</span>${this.badge(t)}</span>
        </button>
        ${a.may("PRINT")?o`<button type="button" class="print" @click=${()=>this.print(e)}
              ?disabled=${a.info?.link!=="online"||a.info.phase!=="none"}
              aria-label=${s("files.printNamed",{name:t})}>${h("print")}
              <span>${s("files.print")}</span></button>`:c}
      </div>
      ${n?o`<file-details .file=${e} .path=${i}></file-details>`:c}
    </li>`}badge(e){let t=this.worst[e];return t!=="warn"&&t!=="block"?c:o`<span class="badge ${t==="block"?"bad":"waiting"}">
      ${s(`lint.${t}`)}</span>`}},le=r=>`${P(r,r<10?1:0)} g`;customElements.define("files-view",U);
