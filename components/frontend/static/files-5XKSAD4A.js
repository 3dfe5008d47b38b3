import{a as te}from"./chunk-OGL7ZZZQ.js";import{a as ee}from"./chunk-F55MBNHD.js";import"./chunk-4FFEXHG4.js";import"./chunk-DFGEU23L.js";import{a as h}from"./chunk-FT3O23JP.js";import"./chunk-JP32XFLV.js";import{a as $,b as X,d as Y,f as Z,g as y,h as F}from"./chunk-7ERQJF3G.js";import{a as k}from"./chunk-MH7U2SSG.js";import{a as B,f as Q,l as v,p as J,y as d}from"./chunk-N5BKS474.js";import{a as r,d as c,f as w,h as V,j as i}from"./chunk-L547K4MS.js";var pe=/\.(gcode|gco|g|nc|bgcode|gcode\.gz|ufp)$/i,L=a=>pe.test(a),se=a=>a.split("/").map(encodeURIComponent).join("/"),u=(a,o)=>a?`${a}/${o}`:o,f=a=>a.slice(a.lastIndexOf("/")+1),E=a=>a.slice(0,Math.max(a.lastIndexOf("/"),0));async function _(a){let o=`gcodes/${a}`.replace(/\/$/,""),e=await d.call("server.files.get_directory",{path:o,extended:!0});return{files:e.files.filter(t=>L(t.filename)),folders:e.dirs.filter(t=>!t.dirname.startsWith(".")),room:e.disk_usage}}function S(a,o){let e=o.thumbnails?.at(-1)?.relative_path;return e?`server/files/gcodes/${se(u(a,e))}`:""}async function I(a,o){let e=[],t=0;for(let s of a)t++,await o(s).catch(n=>e.push(`${f(s)}: ${n.message}`));if(e.length){let s=e.slice(0,3).join("; ");throw new Error(t===1?s:i("files.partly",{failed:e.length,all:t,why:s}))}}var ne=(a,o)=>I(a.keys(),e=>d.call("server.files.move",{source:`gcodes/${e}`,dest:`gcodes/${u(o,f(e))}`}));async function re(a,o){let e=await O(o);await I(a.keys(),t=>d.call("server.files.copy",{source:`gcodes/${t}`,dest:`gcodes/${u(o,C(f(t),e))}`}))}function C(a,o){let[,e,t]=/^(.*?)((?:\.gcode)?\.[^.]*|)$/.exec(a),s=2,n=a;for(;o.has(n);)n=`${e} (${s++})${t}`;return n}async function O(a){let o=`gcodes/${a}`.replace(/\/$/,""),e=await d.call("server.files.get_directory",{path:o}).catch(()=>({files:[],dirs:[]}));return new Set([...e.files.map(({filename:t})=>t),...e.dirs.map(({dirname:t})=>t)])}async function ae(a){let o=await d.call("server.files.list"),e=[...a.keys()].filter(n=>a.get(n)==="folder"),t=o.filter(({path:n})=>a.get(n)==="file"||e.some(l=>n.startsWith(`${l}/`))),s=t.reduce((n,{size:l})=>n+l,0);return{files:t.length,folders:e.length,bytes:s}}var oe=a=>I(a.keys(),o=>a.get(o)==="folder"?d.call("server.files.delete_directory",{path:`gcodes/${o}`,force:!0}):d.call("server.files.delete_file",{path:`gcodes/${o}`}));async function q(a,o=!1){let e=await d.call("server.job_queue.post_job",{filenames:a}),t=e.queued_jobs.slice(-a.length).reverse();for(let s of o?t:[])await d.call("server.job_queue.jump",{job_id:s.job_id});return e.queued_jobs.length}async function A(a){let o=[...a.keys()];if(o.length===1&&a.get(o[0])==="file")return ie(`downloads/files/local/${se(o[0])}`);let{url:e}=await v("POST","api/gantry/archive",{paths:o});await ie(e)}async function ie(a){let o=document.createElement("a");o.href=await ee(a),o.download="",o.click()}var le=8,R=class extends w{constructor(){super(...arguments);this.settle=()=>{}}static{this.properties={question:{attribute:!1}}}createRenderRoot(){return this}firstUpdated(){this.querySelector("dialog").showModal(),this.querySelector(".leave").focus()}end(e){let t=this.querySelector("input")?.checked??!1;this.querySelector("dialog").close(),this.settle({answer:e,all:t}),this.remove()}render(){let{title:e,text:t,list:s=[],answers:n,leave:l=i("app.cancel"),all:p}=this.question;return r`<dialog aria-labelledby="question-title" aria-describedby="question-text"
      @cancel=${()=>this.end(null)}><div class="stack">
        <h2 id="question-title">${e}</h2>
        <p id="question-text">${t}</p>
        ${s.length?r`<ul class="listed">${s.slice(0,le).map(m=>r`<li>${m}</li>`)}
              ${s.length>le?r`<li>…</li>`:c}</ul>`:c}
        ${p?r`<label class="check"><input type="checkbox"> ${p}</label>`:c}
        <div class="row end">
          <button type="button" class="plain leave" @click=${()=>this.end(null)}>
            ${l}</button>
          ${n.map(([m,P,b=""])=>r`<button type="button" class=${b}
            @click=${()=>this.end(m)}>${P}</button>`)}
        </div></div></dialog>`}};customElements.define("question-dialog",R);function T(a){let o=document.createElement("question-dialog"),e=new Promise(t=>o.settle=t);return o.question=a,document.body.append(o),e}var j=class extends EventTarget{constructor(){super(...arguments);this.present=null;this.waiting=[];this.stopper=new AbortController;this.rule=null;this.taken=new Map}add(e){return this.waiting.push(...e),this.present?Promise.resolve():this.work()}stop(){this.stopper.abort()}stopAll(){this.waiting=[],this.stop()}async work(){let e,t=[];for(;e=this.waiting.shift();){let{file:s}=e;this.stopper=new AbortController,this.now({name:s.name,share:0}),await this.bring(e).catch(n=>t.push(`${s.name}: ${n.message}`)),this.dispatchEvent(new Event("done"))}this.rule=null,this.taken.clear(),this.now(null),t.length&&await d.attempt(()=>Promise.reject(new Error(t.join(`
`))))}async bring({file:e,folder:t}){let s=this.taken.get(t)??await O(t);if(this.taken.set(t,s),s.has(e.name))return this.again(e,t,s);try{await this.send(e,t,!1)}catch(n){if(!(n instanceof Q)||n.status!==409)throw n;return s.add(e.name),this.again(e,t,s)}s.add(e.name)}async again(e,t,s){let n=this.rule??await this.ask(e.name);if(n==="leave"||this.stopper.signal.aborted)return;if(n==="replace")return this.send(e,t,!0);let l=C(e.name,s);s.add(l),await this.send(new File([e],l,{type:e.type}),t,!1)}async ask(e){let t=this.waiting.length>0,{answer:s,all:n}=await T({title:i("files.thereTitle",{name:e}),text:i(d.may("FILES_DELETE")?"files.thereText":"files.thereBoth"),leave:t?i("files.skip"):void 0,all:t?i("files.forAll"):void 0,answers:[...d.may("FILES_DELETE")?[["replace",i("files.replace"),"danger"]]:[],["both",i("files.both"),"primary"]]}),l=s??"leave";return n&&(this.rule=l),l}send(e,t,s){let n=p=>this.now({name:e.name,share:p}),l={path:t,noOverwrite:String(!s)};return J(e,l,n,this.stopper.signal)}now(e){this.present=e,this.dispatchEvent(new Event("change"))}},g=new j;async function de(a,o){let e=[...a.items].filter(n=>n.kind==="file").map(n=>({entry:n.webkitGetAsEntry?.(),file:n.getAsFile()})),t=[],s={left:0};for(let{entry:n,file:l}of e)n?.isDirectory?await ce(n,u(o,n.name),t,s):l&&t.push({file:l,folder:o});return[t,s.left]}async function ce(a,o,e,t){let s=a.createReader(),n=()=>new Promise((l,p)=>s.readEntries(l,p));for(let l=await n();l.length;l=await n())for(let p of l)if(p.isDirectory)await ce(p,u(o,p.name),e,t);else if(!L(p.name))t.left++;else{let m=await new Promise((P,b)=>p.file(P,b));e.push({file:m,folder:o})}}function H(a,o){let e=[...a],t=e.filter(n=>!n.webkitRelativePath||L(n.name));return[t.map(n=>{let l=n.webkitRelativePath.split("/").slice(0,-1).join("/");return{file:n,folder:l?u(o,l):o}}),e.length-t.length]}async function D(a){let o=[...a.keys()],{files:e,folders:t,bytes:s}=await ae(a),n=o.length===1,{answer:l}=await T({title:n?i("files.deleteOne",{name:f(o[0])}):i("files.deleteMany"),text:[i("files.deleteCount",{files:$(e),size:y(s)}),t?i("files.deleteFolders",{folders:$(t)}):"",i("files.deleteForGood")].filter(Boolean).join(" "),list:n?[]:o.map(f),answers:[["delete",i("files.deleteSelected"),"danger"]]});return l===null?!1:(await oe(a),!0)}var ue=1500,me={info:"busy",warn:"waiting",block:"bad"},z=class extends k{constructor(){super(...arguments);this.path="";this.findings=null}static{this.properties={path:{},findings:{state:!0}}}willUpdate(e){e.has("path")&&(this.findings=null,this.load())}disconnectedCallback(){super.disconnectedCallback(),clearTimeout(this.timer)}async load(){let e=this.path,t=`api/gantry/lint?path=${encodeURIComponent(e)}`,s=await v("GET",t).catch(()=>({analysed:!0,findings:[]}));e!==this.path||!this.isConnected||(s.analysed?this.findings=s.findings:this.timer=window.setTimeout(()=>{this.load()},ue))}async force(){let e={path:this.path,force:!0};await d.attempt(()=>v("POST","api/gantry/print",e))&&(location.hash="#/dashboard")}render(){if(this.findings===null)return r`<p class="quiet" role="status">${i("lint.waiting")}</p>`;if(!this.findings.length)return r`<p class="quiet" role="status">${i("lint.clean")}</p>`;let e=this.findings.some(t=>t.severity==="block");return r`<ul class="findings" aria-label=${i("lint.title")}>
      ${this.findings.map(t=>r`<li>
        <span class="badge ${me[t.severity]}">${i(`lint.${t.severity}`)}</span>
        <span>${B(t.rule,t.message)}${t.line?r` <span class="quiet">${i("lint.line",{line:t.line})}</span>`:c}</span></li>`)}
    </ul>
    ${e&&d.may("PRINT")?r`<p class="pause"><hold-button kind="danger small" .label=${i("lint.force")}
          @confirm=${this.force}></hold-button></p>`:c}`}};customElements.define("lint-findings",z);var G=class extends k{constructor(){super(...arguments);this.path="";this.naming=!1;this.said="";this.take=()=>{d.attempt(()=>A(new Map([[this.path,"file"]])))};this.delete=()=>{d.attempt(()=>D(new Map([[this.path,"file"]])))}}static{this.properties={file:{attribute:!1},path:{},naming:{state:!0},said:{state:!0}}}async queue(e){await d.attempt(async()=>{let t=await q([this.path],e);this.said=e?i("files.queuedFirst"):i("files.queued",{number:t})})}async rename(e){e.preventDefault();let t=String(new FormData(e.target).get("path")).trim(),[s,n]=[`gcodes/${this.path}`,`gcodes/${t.replace(/^\/+/,"")}`];await d.attempt(()=>d.call("server.files.move",{source:s,dest:n}))&&(this.naming=!1)}render(){let{file:e,path:t}=this,s=(p,m)=>m?r`<div><dt>${p}</dt><dd>${m}</dd></div>`:c,n=e.slicer&&e.slicer!=="Unknown"?`${e.slicer} ${e.slicer_version??""}`:null,l=S(E(t),e);return r`<div class="file-details">
      ${l?r`<div class="large-thumb"><api-image .path=${l}
            alt=${i("files.picture",{name:e.filename})}></api-image></div>`:c}
      <dl class="facts">
        ${s(i("files.slicer"),n)}
        ${s(i("files.material"),e.filament_type)}
        ${s(i("files.layers"),e.layer_count)}
        ${s(i("files.heights"),e.layer_height&&`${$(e.layer_height,2)} mm`)}
        ${s(i("files.filament"),e.filament_total&&F(e.filament_total))}
        ${s(i("files.size"),y(e.size))}
      </dl>
      <lint-findings .path=${t}></lint-findings>
      <div class="row">
        ${d.may("GCODE_VIEWER")?r`<a class="button small" href="#/layers/${encodeURIComponent(t)}">
              ${i("nav.layers")}</a>`:c}
        ${d.may("PRINT")?r`<button type="button" class="small" @click=${()=>this.queue(!1)}>
                ${i("files.queue")}</button>
              <button type="button" class="small" @click=${()=>this.queue(!0)}>
                ${i("files.first")}</button>`:c}
        ${d.may("FILES_DOWNLOAD")?r`<button type="button" class="small" @click=${this.take}>
              ${i("files.download")}</button>`:c}
        ${d.may("FILES_DELETE")?r`<button type="button" class="small" aria-expanded=${this.naming}
                @click=${()=>this.naming=!this.naming}>${i("files.rename")}</button>
              <button type="button" class="small danger" aria-haspopup="dialog"
                @click=${this.delete}>${i("files.deleteSelected")} …</button>`:c}
        <span role="status" class="quiet">${this.said}</span>
      </div>
      ${this.naming?r`<form class="row" @submit=${this.rename}>
            <label class="field grow">${i("files.newPath")}
              <input name="path" required .value=${t}></label>
            <button class="primary">${i("app.save")}</button></form>`:c}
    </div>`}};customElements.define("file-details",G);var U=class extends w{constructor(){super(...arguments);this.label="";this.action="";this.folder="";this.without=new Set;this.found=null}static{this.properties={label:{},action:{},folder:{},without:{attribute:!1},found:{state:!0}}}createRenderRoot(){return this}firstUpdated(){this.querySelector("dialog").showModal(),this.enter(this.folder)}async enter(e){this.folder=e,this.found=null;let t=await _(e).catch(()=>({folders:[]}));e===this.folder&&(this.found=t.folders.filter(({dirname:s})=>!this.without.has(u(e,s))),await this.updateComplete,this.querySelector(".picker button")?.focus())}end(e){this.dispatchEvent(new CustomEvent("chosen",{detail:e}))}keyed(e){let t=[...this.querySelectorAll(".picker button")],s=t.indexOf(document.activeElement),n={ArrowDown:s+1,ArrowUp:s-1,Home:0,End:t.length-1},l=e.key in n?t[n[e.key]]:void 0;l&&(e.preventDefault(),l.focus())}render(){let{folder:e}=this;return r`<dialog aria-labelledby="folder-title" @close=${()=>this.end(null)}>
      <div class="stack">
        <h2 id="folder-title">${this.label}</h2>
        <p class="quiet" role="status">${h("folder")} ${e||i("files.top")}</p>
        <ul class="picker" aria-busy=${this.found===null?"true":"false"} @keydown=${this.keyed}>
          ${e?r`<li><button type="button" class="plain folder"
                @click=${()=>this.enter(E(e))}>${h("up")}
                <span>${i("files.up")}</span></button></li>`:c}
          ${(this.found??[]).map(({dirname:t})=>r`<li><button type="button"
            class="plain folder" @click=${()=>this.enter(u(e,t))}>
            ${h("folder")}<span>${f(t)}</span></button></li>`)}
        </ul>
        ${this.found?.length===0?r`<p class="quiet">${i("files.noFolders")}</p>`:c}
        <div class="row end">
          <button type="button" @click=${()=>this.end(null)}>${i("app.close")}</button>
          <button type="button" class="primary" @click=${()=>this.end(e)}>
            ${this.action}</button></div>
      </div></dialog>`}};customElements.define("folder-dialog",U);var N=class extends w{constructor(){super(...arguments);this.picked=new Map;this.folder="";this.asking=null;this.naming=!1;this.busy=!1;this.said=""}static{this.properties={picked:{attribute:!1},folder:{},asking:{state:!0},naming:{state:!0},busy:{state:!0},said:{state:!0}}}createRenderRoot(){return this}clear(){this.naming=!1,this.dispatchEvent(new Event("clear"))}async work(e,t=!1){this.busy=!0,await d.attempt(e),this.busy=!1,t||this.clear()}chosen({detail:e}){let t=this.asking==="copy"?re:ne;this.asking=null,e!==null&&this.work(()=>t(this.picked,e))}rename(e){e.preventDefault();let t=String(new FormData(e.target).get("name")).trim(),[s]=this.picked.keys(),[n,l]=[`gcodes/${s}`,`gcodes/${u(E(s),t)}`];this.work(()=>d.call("server.files.move",{source:n,dest:l}))}async delete(){let e=!1;await this.work(async()=>{e=await D(this.picked)},!0),e&&this.clear()}queue(){this.work(async()=>{let e=await q([...this.picked.keys()]);this.said=i("files.queued",{number:e})})}render(){let{picked:e}=this,t=r`<p class="hidden" role="status">${e.size?i("files.selected",{number:e.size}):this.said}</p>`;return e.size?r`${t}${this.bar()}`:t}bar(){let{picked:e,busy:t}=this,s=e.size,n=![...e.values()].includes("folder"),l=(p,m)=>r`<button type="button" class="small"
      ?disabled=${t} @click=${m}>${p}</button>`;return r`<div class="selection card" role="group" aria-label=${i("files.selected",{number:s})}>
      <strong>${i("files.selected",{number:s})}</strong>
      <div class="row">
        ${n&&d.may("PRINT")?l(i("files.queue"),()=>this.queue()):c}
        ${d.may("FILES_DOWNLOAD")?l(i("files.zip"),()=>{d.attempt(()=>A(e))}):c}
        ${d.may("FILES_DELETE")?r`${s===1?l(i("files.rename"),()=>{this.naming=!this.naming}):c}
              ${l(i("files.move"),()=>{this.asking="move"})}`:c}
        ${d.may("FILES_UPLOAD")?l(i("files.copy"),()=>{this.asking="copy"}):c}
        ${d.may("FILES_DELETE")?r`<button type="button" class="small danger" ?disabled=${t} aria-haspopup="dialog"
              @click=${()=>this.delete()}>${i("files.deleteSelected")} …</button>`:c}
        <button type="button" class="small plain" @click=${this.clear}>${i("files.clear")}</button>
      </div>
      ${this.naming&&s===1?this.form():c}
      ${this.asking?this.dialog(this.asking):c}
    </div>`}form(){let[e]=this.picked.keys();return r`<form class="row" @submit=${this.rename}>
      <label class="field grow">${i("files.newName")}
        <input name="name" required .value=${f(e)} autocomplete="off"></label>
      <button class="primary">${i("app.save")}</button></form>`}dialog(e){let t=this.picked.size;return r`<folder-dialog .folder=${this.folder} @chosen=${this.chosen}
      .without=${new Set([...this.picked].filter(([,s])=>s==="folder").map(([s])=>s))}
      .label=${i(e==="move"?"files.moveTitle":"files.copyTitle",{number:t})}
      .action=${i(e==="move"?"files.moveHere":"files.copyHere")}></folder-dialog>`}};customElements.define("file-selection",N);var W=200,K=class extends k{constructor(){super(...arguments);this.folder="";this.files=null;this.folders=[];this.shown=[];this.room=null;this.sort="modified";this.search="";this.opened="";this.worst={};this.upside=!1;this.over=!1;this.naming=!1;this.picked=new Map;this.last="";this.most=W;this.said="";this.redraw=()=>this.requestUpdate();this.reload=()=>{this.load()};this.pasted=e=>this.paste(e)}static{this.properties={folder:{state:!0},files:{state:!0},folders:{state:!0},sort:{state:!0},search:{state:!0},opened:{state:!0},over:{state:!0},naming:{state:!0},worst:{state:!0},upside:{state:!0},picked:{state:!0},most:{state:!0},said:{state:!0}}}connectedCallback(){super.connectedCallback(),d.addEventListener("files",this.reload),document.addEventListener("paste",this.pasted),g.addEventListener("change",this.redraw),g.addEventListener("done",this.reload),d.online&&this.load()}disconnectedCallback(){super.disconnectedCallback(),d.removeEventListener("files",this.reload),document.removeEventListener("paste",this.pasted),g.removeEventListener("change",this.redraw),g.removeEventListener("done",this.reload)}willUpdate(e){this.files===null&&d.online&&this.load(),["files","search","sort","upside"].some(t=>e.has(t))&&this.arrange()}async load(){let e=this.folder;try{let t=await _(e);if(e!==this.folder)return;this.folders=t.folders,this.room=t.room,this.files=t.files;let s=new Set([...t.files.map(({filename:n})=>u(e,n)),...t.folders.map(({dirname:n})=>u(e,n))]);this.picked=new Map([...this.picked].filter(([n])=>s.has(n))),this.check(e)}catch{e&&e===this.folder&&this.enter("")}}async check(e){let t=`api/gantry/lint/folder?path=${encodeURIComponent(e)}`,s=await v("GET",t).catch(()=>null);s&&e===this.folder&&(this.worst=s.files)}enter(e){this.folder=e,this.opened=this.last="",this.files=null,this.picked=new Map,this.most=W}arrange(){let e=new Intl.Collator(V,{numeric:!0}).compare,t={modified:(n,l)=>l.modified-n.modified,name:(n,l)=>e(n.filename,l.filename),time:(n,l)=>(n.estimated_time??1/0)-(l.estimated_time??1/0),size:(n,l)=>l.size-n.size},s=this.search.trim().toLowerCase();this.shown=(this.files??[]).filter(n=>n.filename.toLowerCase().includes(s)).sort(t[this.sort]),this.upside&&this.shown.reverse()}take([e,t]){this.said=t?i("files.leftOut",{number:t}):"",e.length&&g.add(e)}drop(e){e.preventDefault(),this.over=!1,!(!e.dataTransfer||!d.may("FILES_UPLOAD"))&&de(e.dataTransfer,this.folder).then(t=>this.take(t))}left(e){!e.currentTarget.contains(e.relatedTarget)&&(this.over=!1)}paste(e){let t=[...e.clipboardData?.files??[]];!t.length||!d.may("FILES_UPLOAD")||(e.preventDefault(),this.take(H(t,this.folder)))}pickedFiles(e){let t=e.target;this.take(H(t.files??[],this.folder)),t.value=""}async makeFolder(e){e.preventDefault();let t=String(new FormData(e.target).get("name")).trim(),s=`gcodes/${u(this.folder,t)}`;await d.attempt(()=>d.call("server.files.post_directory",{path:s}))&&(this.naming=!1,await this.load())}async print(e){let t=u(this.folder,e.filename);await d.attempt(()=>v("POST","api/gantry/print",{path:t}))?location.hash="#/dashboard":this.opened=e.filename}leaveFolder(){let e=`gcodes/${this.folder}`,t=this.folder.split("/").slice(0,-1).join("/");d.attempt(()=>d.call("server.files.delete_directory",{path:e})).then(s=>s&&this.enter(t))}get rows(){return[...(this.search?[]:this.folders).map(({dirname:t})=>[u(this.folder,t),"folder"]),...this.shown.slice(0,this.most).map(({filename:t})=>[u(this.folder,t),"file"])]}pick(e,t){let s=e.target.checked,n=this.rows,l=x=>n.findIndex(([M])=>M===x),[p,m]=[e.shiftKey?l(this.last):-1,l(t)],P=p<0?n.slice(m,m+1):n.slice(Math.min(p,m),Math.max(p,m)+1),b=new Map(this.picked);for(let[x,M]of P)s?b.set(x,M):b.delete(x);this.picked=b,this.last=t}pickAll(e){this.picked=new Map(e?this.rows:[])}keyed(e){let t=e.target;if(!(t.closest("dialog")||t.matches("input:not([type=checkbox]), select"))){if(e.key==="Escape"&&this.picked.size)this.pickAll(!1);else if(e.key==="a"&&(e.ctrlKey||e.metaKey))this.pickAll(!0);else if(e.key==="ArrowDown"||e.key==="ArrowUp"){if(!t.matches(".file-head > *, .file-head > * > input"))return;let s=[...this.querySelectorAll(".file-head")],n=s.indexOf(t.closest(".file-head")),l=s[n+(e.key==="ArrowDown"?1:-1)],p=t.matches("input")?"input":t.matches(".print")?".print":".file-open, .folder";l?.querySelector(`${p}:not(:disabled)`)?.focus()}else return;e.preventDefault()}}render(){let e=this.files!==null&&!this.shown.length&&!this.folders.length;return r`<div class="files ${this.over?"over":""}" @keydown=${this.keyed}
      @dragover=${t=>{t.preventDefault(),this.over=d.may("FILES_UPLOAD")}}
      @dragleave=${this.left} @drop=${this.drop}>
      ${this.over?r`<p class="drop-here">${i("files.drop")}</p>`:c}
      <div class="page-head"><h1>${i("files.title")}</h1>
        ${this.room?r`<p class="quiet">${i("files.room",{free:y(this.room.free),total:y(this.room.total)})}</p>`:c}</div>
      ${this.tools()} ${this.crumbs()} ${this.underWay()} ${this.head()}
      <file-selection .picked=${this.picked} .folder=${this.folder}
        @clear=${()=>this.pickAll(!1)}></file-selection>
      ${this.files===null?r`<p class="quiet" aria-busy="true">${i("app.loading")}</p>`:c}
      <ul class="file-list">
        ${this.search?c:this.folders.map(t=>this.folderRow(t))}
        ${te(this.shown.slice(0,this.most),t=>t.filename,t=>this.row(t))}
      </ul>
      ${this.shown.length>this.most?r`<button type="button" class="more" @click=${()=>{this.most+=W}}>
            ${i("files.showMore")}</button>`:c}
      ${e?r`<p class="card quiet empty">${h(this.search?"file":"upload")}
            <span>${this.search?i("files.noMatch"):i("files.none")}</span></p>`:c}
    </div>`}tools(){return r`<div class="tools">
        ${d.may("FILES_UPLOAD")?this.bringing():c}
        <label class="hidden" for="search">${i("files.search")}</label>
        <input id="search" type="search" class="grow" placeholder=${i("files.search")}
          .value=${this.search} @input=${e=>{this.search=e.target.value}}>
      </div>
      ${this.naming?r`<form class="row card" @submit=${this.makeFolder}>
            <label class="field grow">${i("files.folderName")}<input name="name" required></label>
            <button class="primary">${i("files.create")}</button></form>`:c}`}bringing(){return r`<label class="button primary upload">${h("upload")} ${i("files.upload")}
        <input class="hidden" type="file" multiple @change=${this.pickedFiles}></label>
      <label class="button upload on-desk">${i("files.folderUpload")}
        <input class="hidden" type="file" webkitdirectory @change=${this.pickedFiles}></label>
      <button type="button" aria-expanded=${this.naming}
        @click=${()=>this.naming=!this.naming}>${i("files.folder")}</button>`}crumbs(){if(!this.folder)return c;let e=this.folder.split("/");return r`<div class="crumbs" role="group" aria-label=${i("files.items")}>
      <button type="button" class="plain small" @click=${()=>this.enter("")}>
        ${i("files.top")}</button>
      ${e.map((t,s)=>r`<span aria-hidden="true">/</span>
        <button type="button" class="plain small"
          @click=${()=>this.enter(e.slice(0,s+1).join("/"))}>${t}</button>`)}
      ${this.files?.length===0&&!this.folders.length&&d.may("FILES_DELETE")?r`<hold-button kind="danger small" .label=${i("files.deleteFolder")}
            @confirm=${this.leaveFolder}></hold-button>`:c}
    </div>`}underWay(){let{present:e,waiting:t}=g;return r`<div role="status">${this.said?r`<p class="quiet">${this.said}</p>`:c}
      ${e?r`<div class="card uploading">
            <span>${i("files.uploading",{name:e.name,share:X(e.share)})}
              ${t.length?r`<span class="quiet">${i("files.waiting",{number:t.length})}</span>`:c}</span>
            <progress max="1" .value=${e.share} aria-label=${e.name}></progress>
            <div class="row"><button type="button" class="small"
              aria-label=${i("files.stopNamed",{name:e.name})}
              @click=${()=>g.stop()}>${i("files.stop")}</button>
              ${t.length?r`<button type="button" class="small" @click=${()=>g.stopAll()}>
                    ${i("files.stopAll")}</button>`:c}</div></div>`:c}</div>`}head(){let e=this.rows.length,t=this.picked.size;return e<2?c:r`<div class="row between list-head">
      <label class="check pick-all"><input type="checkbox" .checked=${t===e}
        .indeterminate=${t>0&&t<e}
        @change=${s=>this.pickAll(s.target.checked)}>
        ${i("files.selectAll")}</label>${this.order()}</div>`}order(){let e=[["modified",i("files.sortModified")],["name",i("files.sortName")],["time",i("files.sortTime")],["size",i("files.sortSize")]];return r`<div class="row sorting"><label class="hidden" for="sort">${i("files.sort")}</label>
      <select id="sort" class="small" @change=${t=>{this.sort=t.target.value}}>
        ${e.map(([t,s])=>r`<option value=${t}
          ?selected=${t===this.sort}>${s}</option>`)}
      </select>
      <button type="button" class="small" aria-pressed=${this.upside} aria-label=${i("files.upside")}
        @click=${()=>this.upside=!this.upside}>${h(this.upside?"up":"down")}</button>
    </div>`}box(e,t){return r`<label class="pick"><input type="checkbox" .checked=${this.picked.has(e)}
      aria-label=${i("files.select",{name:t})}
      @click=${s=>this.pick(s,e)}></label>`}folderRow({dirname:e}){let t=u(this.folder,e);return r`<li class="card file ${this.picked.has(t)?"picked":""}">
      <div class="file-head">${this.box(t,e)}
        <button type="button" class="plain folder" @click=${()=>this.enter(t)}>
          ${h("folder")}<span>${e}</span></button></div></li>`}row(e){let t=e.filename,s=u(this.folder,t),n=this.opened===t,l=S(this.folder,e),p=[e.estimated_time?Y(e.estimated_time):null,e.filament_weight_total?he(e.filament_weight_total):e.filament_total?F(e.filament_total):null,Z(e.modified),e.print_start_time?i("files.printed"):null].filter(Boolean);return r`<li class="card file ${this.picked.has(s)?"picked":""}">
      <div class="file-head">${this.box(s,t)}
        <button type="button" class="plain file-open" aria-expanded=${n}
          @click=${()=>this.opened=n?"":t}>
          <span class="thumb small-thumb">${l?r`<api-image .path=${l} alt=""></api-image>`:h("file")}</span>
          <span class="file-text"><strong>${t}</strong>
            <span class="quiet">${p.join(" \xB7 ")}</span>${this.badge(t)}</span>
        </button>
        ${d.may("PRINT")?r`<button type="button" class="print" @click=${()=>this.print(e)}
              ?disabled=${d.info?.link!=="online"||d.info.phase!=="none"}
              aria-label=${i("files.printNamed",{name:t})}>${h("print")}
              <span>${i("files.print")}</span></button>`:c}
      </div>
      ${n?r`<file-details .file=${e} .path=${s}></file-details>`:c}
    </li>`}badge(e){let t=this.worst[e];return t!=="warn"&&t!=="block"?c:r`<span class="badge ${t==="block"?"bad":"waiting"}">
      ${i(`lint.${t}`)}</span>`}},he=a=>`${$(a,a<10?1:0)} g`;customElements.define("files-view",K);
