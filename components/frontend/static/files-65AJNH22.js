import{a as ne}from"./chunk-7OR4HTRE.js";import{a as ie}from"./chunk-Z2LAGUGR.js";import{a as se}from"./chunk-QBCCGJ6J.js";import"./chunk-VSC3XTA7.js";import"./chunk-VETSJHJ2.js";import{a as f}from"./chunk-DY3IWYBU.js";import"./chunk-72DYD4AI.js";import{a as $,b as Y,d as Z,f as ee,g as y,h as F}from"./chunk-35X64PMC.js";import{a as k}from"./chunk-B544CBGK.js";import{A as d,a as Q,f as J,h as I,m as v,q as X,v as te}from"./chunk-J5RRR37K.js";import{a as r,d as c,f as w,h as B,j as s}from"./chunk-M6YJ65Q2.js";var fe=/\.(gcode|gco|g|nc|bgcode|gcode\.gz|ufp)$/i,_=a=>fe.test(a),u=(a,o)=>a?`${a}/${o}`:o,h=a=>a.slice(a.lastIndexOf("/")+1),E=a=>a.slice(0,Math.max(a.lastIndexOf("/"),0));async function L(a){let o=`gcodes/${a}`.replace(/\/$/,""),e=await d.call("server.files.get_directory",{path:o,extended:!0});return{files:e.files.filter(t=>_(t.filename)),folders:e.dirs.filter(t=>!t.dirname.startsWith(".")),room:e.disk_usage}}function A(a,o){let e=o.thumbnails?.at(-1)?.relative_path;return e?`server/files/gcodes/${I(u(a,e))}?modified=${o.modified}`:""}async function C(a,o){let e=[],t=0;for(let i of a)t++,await o(i).catch(n=>e.push(`${h(i)}: ${n.message}`));if(e.length){let i=e.slice(0,3).join("; ");throw new Error(t===1?i:s("files.partly",{failed:e.length,all:t,why:i}))}}var ae=(a,o)=>C(a.keys(),e=>d.call("server.files.move",{source:`gcodes/${e}`,dest:`gcodes/${u(o,h(e))}`}));async function oe(a,o){let e=await R(o);await C(a.keys(),t=>d.call("server.files.copy",{source:`gcodes/${t}`,dest:`gcodes/${u(o,O(h(t),e))}`}))}function O(a,o){let[,e,t]=/^(.*?)((?:\.gcode)?\.[^.]*|)$/.exec(a),i=2,n=a;for(;o.has(n);)n=`${e} (${i++})${t}`;return n}async function R(a){let o=`gcodes/${a}`.replace(/\/$/,""),e=await d.call("server.files.get_directory",{path:o}).catch(()=>({files:[],dirs:[]}));return new Set([...e.files.map(({filename:t})=>t),...e.dirs.map(({dirname:t})=>t)])}async function le(a){let o=await d.call("server.files.list"),e=[...a.keys()].filter(n=>a.get(n)==="folder"),t=o.filter(({path:n})=>a.get(n)==="file"||e.some(l=>n.startsWith(`${l}/`))),i=t.reduce((n,{size:l})=>n+l,0);return{files:t.length,folders:e.length,bytes:i}}var de=a=>C(a.keys(),o=>a.get(o)==="folder"?d.call("server.files.delete_directory",{path:`gcodes/${o}`,force:!0}):d.call("server.files.delete_file",{path:`gcodes/${o}`}));async function S(a,o=!1){let e=await d.call("server.job_queue.post_job",{filenames:a}),t=e.queued_jobs.slice(-a.length).reverse();for(let i of o?t:[])await d.call("server.job_queue.jump",{job_id:i.job_id});return e.queued_jobs.length}async function q(a){let o=[...a.keys()];if(o.length===1&&a.get(o[0])==="file")return re(`downloads/files/local/${I(o[0])}`);let{url:e}=await v("POST","api/gantry/archive",{paths:o});await re(e)}async function re(a){let o=document.createElement("a");o.href=await se(a),o.download="",o.click()}var H=class extends EventTarget{constructor(){super(...arguments);this.present=null;this.waiting=[];this.stopper=new AbortController;this.rule=null;this.asking=()=>Promise.resolve({rule:"leave",all:!1});this.taken=new Map}add(e,t){return this.asking=t,this.waiting.push(...e),this.present?Promise.resolve():this.work()}stop(){this.stopper.abort()}stopAll(){this.waiting=[],this.stop()}async work(){let e,t=[];for(;e=this.waiting.shift();){let{file:i}=e;this.stopper=new AbortController,this.now({name:i.name,share:0}),await this.bring(e).catch(n=>t.push(`${i.name}: ${n.message}`)),this.dispatchEvent(new Event("done"))}this.rule=null,this.taken.clear(),this.now(null),t.length&&await d.attempt(()=>Promise.reject(new Error(t.join(`
`))))}async bring({file:e,folder:t}){let i=this.taken.get(t)??await R(t);if(this.taken.set(t,i),i.has(e.name))return this.again(e,t,i);try{await this.send(e,t,!1)}catch(n){if(!(n instanceof J)||n.status!==409)throw n;return i.add(e.name),this.again(e,t,i)}i.add(e.name)}async again(e,t,i){let n=this.rule??await this.ask(e.name);if(n==="leave"||this.stopper.signal.aborted)return;if(n==="replace")return this.send(e,t,!0);let l=O(e.name,i);i.add(l),await this.send(new File([e],l,{type:e.type}),t,!1)}async ask(e){let{rule:t,all:i}=await this.asking(e,this.waiting.length>0);return i&&(this.rule=t),t}send(e,t,i){let n=p=>this.now({name:e.name,share:p}),l={path:t,noOverwrite:String(!i)};return X(e,l,n,this.stopper.signal)}now(e){this.present=e,this.dispatchEvent(new Event("change"))}},g=new H;async function ce(a,o){let e=[...a.items].filter(n=>n.kind==="file").map(n=>({entry:n.webkitGetAsEntry?.(),file:n.getAsFile()})),t=[],i={left:0};for(let{entry:n,file:l}of e)n?.isDirectory?await pe(n,u(o,n.name),t,i):l&&t.push({file:l,folder:o});return[t,i.left]}async function pe(a,o,e,t){let i=a.createReader(),n=()=>new Promise((l,p)=>i.readEntries(l,p));for(let l=await n();l.length;l=await n())for(let p of l)if(p.isDirectory)await pe(p,u(o,p.name),e,t);else if(!_(p.name))t.left++;else{let m=await new Promise((P,b)=>p.file(P,b));e.push({file:m,folder:o})}}function j(a,o){let e=[...a],t=e.filter(n=>!n.webkitRelativePath||_(n.name));return[t.map(n=>{let l=n.webkitRelativePath.split("/").slice(0,-1).join("/");return{file:n,folder:l?u(o,l):o}}),e.length-t.length]}var ue=8,z=class extends w{constructor(){super(...arguments);this.settle=()=>{}}static{this.properties={question:{attribute:!1}}}createRenderRoot(){return this}firstUpdated(){this.querySelector("dialog").showModal(),this.querySelector(".leave").focus()}end(e){let t=this.querySelector("input")?.checked??!1;this.querySelector("dialog").close(),this.settle({answer:e,all:t}),this.remove()}render(){let{title:e,text:t,list:i=[],answers:n,leave:l=s("app.cancel"),all:p}=this.question;return r`<dialog aria-labelledby="question-title" aria-describedby="question-text"
      @cancel=${()=>this.end(null)}><div class="stack">
        <h2 id="question-title">${e}</h2>
        <p id="question-text">${t}</p>
        ${i.length?r`<ul class="listed">${i.slice(0,ue).map(m=>r`<li>${m}</li>`)}
              ${i.length>ue?r`<li>…</li>`:c}</ul>`:c}
        ${p?r`<label class="check"><input type="checkbox"> ${p}</label>`:c}
        <div class="row end">
          <button type="button" class="plain leave" @click=${()=>this.end(null)}>
            ${l}</button>
          ${n.map(([m,P,b=""])=>r`<button type="button" class=${b}
            @click=${()=>this.end(m)}>${P}</button>`)}
        </div></div></dialog>`}};customElements.define("question-dialog",z);function T(a){let o=document.createElement("question-dialog"),e=new Promise(t=>o.settle=t);return o.question=a,document.body.append(o),e}var me=async(a,o)=>{let e=d.may("FILES_DELETE"),{answer:t,all:i}=await T({title:s("files.thereTitle",{name:a}),text:s(e?"files.thereText":"files.thereBoth"),leave:o?s("files.skip"):void 0,all:o?s("files.forAll"):void 0,answers:[...e?[["replace",s("files.replace"),"danger"]]:[],["both",s("files.both"),"primary"]]});return{rule:t??"leave",all:i}};async function M(a){let o=[...a.keys()],{files:e,folders:t,bytes:i}=await le(a),n=o.length===1,{answer:l}=await T({title:n?s("files.deleteOne",{name:h(o[0])}):s("files.deleteMany"),text:[s("files.deleteCount",{files:$(e),size:y(i)}),t?s("files.deleteFolders",{folders:$(t)}):"",s("files.deleteForGood")].filter(Boolean).join(" "),list:n?[]:o.map(h),answers:[["delete",s("files.deleteSelected"),"danger"]]});return l===null?!1:(await de(a),!0)}var he=1500,ge={info:"busy",warn:"waiting",block:"bad"},G=class extends k{constructor(){super(...arguments);this.path="";this.findings=null}static{this.properties={path:{},findings:{state:!0}}}willUpdate(e){e.has("path")&&(this.findings=null,this.load())}disconnectedCallback(){super.disconnectedCallback(),clearTimeout(this.timer)}async load(){let e=this.path,t=`api/gantry/lint?path=${encodeURIComponent(e)}`,i=await v("GET",t).catch(()=>({analysed:!0,findings:[]}));e!==this.path||!this.isConnected||(i.analysed?this.findings=i.findings:this.timer=window.setTimeout(()=>{this.load()},he))}async force(){let e={path:this.path,force:!0};await d.attempt(()=>v("POST","api/gantry/print",e))&&(location.hash="#/dashboard")}render(){if(this.findings===null)return r`<p class="quiet" role="status">${s("lint.waiting")}</p>`;if(!this.findings.length)return r`<p class="quiet" role="status">${s("lint.clean")}</p>`;let e=this.findings.some(t=>t.severity==="block");return r`<ul class="findings" aria-label=${s("lint.title")}>
      ${this.findings.map(t=>r`<li>
        <span class="badge ${ge[t.severity]}">${s(`lint.${t.severity}`)}</span>
        <span>${Q(t.rule,t.message)}${t.line?r` <span class="quiet">${s("lint.line",{line:t.line})}</span>`:c}</span></li>`)}
    </ul>
    ${e&&d.may("PRINT")?r`<p class="pause"><hold-button kind="danger small" .label=${s("lint.force")}
          @confirm=${this.force}></hold-button></p>`:c}`}};customElements.define("lint-findings",G);var N=class extends k{constructor(){super(...arguments);this.path="";this.naming=!1;this.said="";this.take=()=>{d.attempt(()=>q(new Map([[this.path,"file"]])))};this.delete=()=>{d.attempt(()=>M(new Map([[this.path,"file"]])))}}static{this.properties={file:{attribute:!1},path:{},naming:{state:!0},said:{state:!0}}}async queue(e){await d.attempt(async()=>{let t=await S([this.path],e);this.said=e?s("files.queuedFirst"):s("files.queued",{number:t})})}async rename(e){e.preventDefault();let t=String(new FormData(e.target).get("path")).trim(),[i,n]=[`gcodes/${this.path}`,`gcodes/${t.replace(/^\/+/,"")}`];await d.attempt(()=>d.call("server.files.move",{source:i,dest:n}))&&(this.naming=!1)}render(){let{file:e,path:t}=this,i=(p,m)=>m?r`<div><dt>${p}</dt><dd>${m}</dd></div>`:c,n=e.slicer&&e.slicer!=="Unknown"?`${e.slicer} ${e.slicer_version??""}`:null,l=A(E(t),e);return r`<div class="file-details">
      ${l?r`<div class="large-thumb"><api-image .path=${l}
            alt=${s("files.picture",{name:e.filename})}></api-image></div>`:c}
      <dl class="facts">
        ${i(s("files.slicer"),n)}
        ${i(s("files.material"),e.filament_type)}
        ${i(s("files.layers"),e.layer_count)}
        ${i(s("files.heights"),e.layer_height&&`${$(e.layer_height,2)} mm`)}
        ${i(s("files.filament"),e.filament_total&&F(e.filament_total))}
        ${i(s("files.size"),y(e.size))}
      </dl>
      <lint-findings .path=${t}></lint-findings>
      <div class="row">
        ${d.may("GCODE_VIEWER")?r`<a class="button small" href="#/layers/${encodeURIComponent(t)}">
              ${s("nav.layers")}</a>`:c}
        ${d.may("PRINT")?r`<button type="button" class="small" @click=${()=>this.queue(!1)}>
                ${s("files.queue")}</button>
              <button type="button" class="small" @click=${()=>this.queue(!0)}>
                ${s("files.first")}</button>`:c}
        ${d.may("FILES_DOWNLOAD")?r`<button type="button" class="small" @click=${this.take}>
              ${s("files.download")}</button>`:c}
        ${d.may("FILES_DELETE")?r`<button type="button" class="small" aria-expanded=${this.naming}
                @click=${()=>this.naming=!this.naming}>${s("files.rename")}</button>
              <button type="button" class="small danger" aria-haspopup="dialog"
                @click=${this.delete}>${s("files.deleteSelected")} …</button>`:c}
        <span role="status" class="quiet">${this.said}</span>
      </div>
      ${this.naming?r`<form class="row" @submit=${this.rename}>
            <label class="field grow">${s("files.newPath")}
              <input name="path" required .value=${t}></label>
            <button class="primary">${s("app.save")}</button></form>`:c}
    </div>`}};customElements.define("file-details",N);var U=class extends w{constructor(){super(...arguments);this.label="";this.action="";this.folder="";this.without=new Set;this.found=null}static{this.properties={label:{},action:{},folder:{},without:{attribute:!1},found:{state:!0}}}createRenderRoot(){return this}firstUpdated(){this.querySelector("dialog").showModal(),this.enter(this.folder)}async enter(e){this.folder=e,this.found=null;let t=await L(e).catch(()=>({folders:[]}));e===this.folder&&(this.found=t.folders.filter(({dirname:i})=>!this.without.has(u(e,i))),await this.updateComplete,this.querySelector(".picker button")?.focus())}end(e){this.dispatchEvent(new CustomEvent("chosen",{detail:e}))}keyed(e){let t=[...this.querySelectorAll(".picker button")],i=t.indexOf(document.activeElement),n={ArrowDown:i+1,ArrowUp:i-1,Home:0,End:t.length-1},l=e.key in n?t[n[e.key]]:void 0;l&&(e.preventDefault(),l.focus())}render(){let{folder:e}=this;return r`<dialog aria-labelledby="folder-title" @close=${()=>this.end(null)}>
      <div class="stack">
        <h2 id="folder-title">${this.label}</h2>
        <p class="quiet" role="status">${f("folder")} ${e||s("files.top")}</p>
        <ul class="picker" aria-busy=${this.found===null?"true":"false"} @keydown=${this.keyed}>
          ${e?r`<li><button type="button" class="plain folder"
                @click=${()=>this.enter(E(e))}>${f("up")}
                <span>${s("files.up")}</span></button></li>`:c}
          ${(this.found??[]).map(({dirname:t})=>r`<li><button type="button"
            class="plain folder" @click=${()=>this.enter(u(e,t))}>
            ${f("folder")}<span>${h(t)}</span></button></li>`)}
        </ul>
        ${this.found?.length===0?r`<p class="quiet">${s("files.noFolders")}</p>`:c}
        <div class="row end">
          <button type="button" @click=${()=>this.end(null)}>${s("app.close")}</button>
          <button type="button" class="primary" @click=${()=>this.end(e)}>
            ${this.action}</button></div>
      </div></dialog>`}};customElements.define("folder-dialog",U);var W=class extends w{constructor(){super(...arguments);this.picked=new Map;this.folder="";this.asking=null;this.naming=!1;this.busy=!1;this.said=""}static{this.properties={picked:{attribute:!1},folder:{},asking:{state:!0},naming:{state:!0},busy:{state:!0},said:{state:!0}}}createRenderRoot(){return this}clear(){this.naming=!1,this.dispatchEvent(new Event("clear"))}async work(e,t=!1){this.busy=!0,await d.attempt(e),this.busy=!1,t||this.clear()}chosen({detail:e}){let t=this.asking==="copy"?oe:ae;this.asking=null,e!==null&&this.work(()=>t(this.picked,e))}rename(e){e.preventDefault();let t=String(new FormData(e.target).get("name")).trim(),[i]=this.picked.keys(),[n,l]=[`gcodes/${i}`,`gcodes/${u(E(i),t)}`];this.work(()=>d.call("server.files.move",{source:n,dest:l}))}async delete(){let e=!1;await this.work(async()=>{e=await M(this.picked)},!0),e&&this.clear()}queue(){this.work(async()=>{let e=await S([...this.picked.keys()]);this.said=s("files.queued",{number:e})})}render(){let{picked:e}=this,t=r`<p class="hidden" role="status">${e.size?s("files.selected",{number:e.size}):this.said}</p>`;return e.size?r`${t}${this.bar()}`:t}bar(){let{picked:e,busy:t}=this,i=e.size,n=![...e.values()].includes("folder"),l=(p,m)=>r`<button type="button" class="small"
      ?disabled=${t} @click=${m}>${p}</button>`;return r`<div class="selection card" role="group" aria-label=${s("files.selected",{number:i})}>
      <strong>${s("files.selected",{number:i})}</strong>
      <div class="row">
        ${n&&d.may("PRINT")?l(s("files.queue"),()=>this.queue()):c}
        ${d.may("FILES_DOWNLOAD")?l(s("files.zip"),()=>{d.attempt(()=>q(e))}):c}
        ${d.may("FILES_DELETE")?r`${i===1?l(s("files.rename"),()=>{this.naming=!this.naming}):c}
              ${l(s("files.move"),()=>{this.asking="move"})}`:c}
        ${d.may("FILES_UPLOAD")?l(s("files.copy"),()=>{this.asking="copy"}):c}
        ${d.may("FILES_DELETE")?r`<button type="button" class="small danger" ?disabled=${t} aria-haspopup="dialog"
              @click=${()=>this.delete()}>${s("files.deleteSelected")} …</button>`:c}
        <button type="button" class="small plain" @click=${this.clear}>${s("files.clear")}</button>
      </div>
      ${this.naming&&i===1?this.form():c}
      ${this.asking?this.dialog(this.asking):c}
    </div>`}form(){let[e]=this.picked.keys();return r`<form class="row" @submit=${this.rename}>
      <label class="field grow">${s("files.newName")}
        <input name="name" required .value=${h(e)} autocomplete="off"></label>
      <button class="primary">${s("app.save")}</button></form>`}dialog(e){let t=this.picked.size;return r`<folder-dialog .folder=${this.folder} @chosen=${this.chosen}
      .without=${new Set([...this.picked].filter(([,i])=>i==="folder").map(([i])=>i))}
      .label=${s(e==="move"?"files.moveTitle":"files.copyTitle",{number:t})}
      .action=${s(e==="move"?"files.moveHere":"files.copyHere")}></folder-dialog>`}};customElements.define("file-selection",W);var ve=1500,K=200,V=class extends k{constructor(){super(...arguments);this.folder="";this.files=null;this.folders=[];this.underway=0;this.turns=new ie;this.shown=[];this.room=null;this.sort="modified";this.search="";this.opened="";this.worst={};this.upside=!1;this.over=!1;this.naming=!1;this.picked=new Map;this.last="";this.most=K;this.said="";this.redraw=()=>this.requestUpdate();this.reload=()=>{this.load()};this.pasted=e=>this.paste(e)}static{this.properties={folder:{state:!0},files:{state:!0},folders:{state:!0},sort:{state:!0},search:{state:!0},opened:{state:!0},over:{state:!0},naming:{state:!0},worst:{state:!0},upside:{state:!0},picked:{state:!0},most:{state:!0},said:{state:!0}}}connectedCallback(){super.connectedCallback(),d.addEventListener("files",this.reload),document.addEventListener("paste",this.pasted),g.addEventListener("change",this.redraw),g.addEventListener("done",this.reload),d.online&&this.load()}disconnectedCallback(){super.disconnectedCallback(),d.removeEventListener("files",this.reload),document.removeEventListener("paste",this.pasted),g.removeEventListener("change",this.redraw),g.removeEventListener("done",this.reload)}willUpdate(e){this.files===null&&d.online&&!this.underway&&this.load(),["files","search","sort","upside"].some(t=>e.has(t))&&this.arrange()}async load(){let e=this.folder,t=this.turns.begin(),i=this.check(e);this.underway++;try{let n=await L(e);if(this.files===null&&await te(i,ve),e!==this.folder||!t())return;this.folders=n.folders,this.room=n.room,this.files=n.files;let l=new Set([...n.files.map(({filename:p})=>u(e,p)),...n.folders.map(({dirname:p})=>u(e,p))]);this.picked=new Map([...this.picked].filter(([p])=>l.has(p)))}catch{e&&e===this.folder&&this.enter("")}finally{this.underway--}}async check(e){let t=`api/gantry/lint/folder?path=${encodeURIComponent(e)}`,i=await v("GET",t).catch(()=>null);i&&e===this.folder&&(this.worst=i.files)}enter(e){this.folder=e,this.opened=this.last="",this.files=null,this.picked=new Map,this.most=K,d.online&&this.load()}arrange(){let e=new Intl.Collator(B,{numeric:!0}).compare,t={modified:(n,l)=>l.modified-n.modified,name:(n,l)=>e(n.filename,l.filename),time:(n,l)=>(n.estimated_time??1/0)-(l.estimated_time??1/0),size:(n,l)=>l.size-n.size},i=this.search.trim().toLowerCase();this.shown=(this.files??[]).filter(n=>n.filename.toLowerCase().includes(i)).sort(t[this.sort]),this.upside&&this.shown.reverse()}take([e,t]){this.said=t?s("files.leftOut",{number:t}):"",e.length&&g.add(e,me)}drop(e){e.preventDefault(),this.over=!1,!(!e.dataTransfer||!d.may("FILES_UPLOAD"))&&ce(e.dataTransfer,this.folder).then(t=>this.take(t))}left(e){!e.currentTarget.contains(e.relatedTarget)&&(this.over=!1)}paste(e){let t=[...e.clipboardData?.files??[]];!t.length||!d.may("FILES_UPLOAD")||(e.preventDefault(),this.take(j(t,this.folder)))}pickedFiles(e){let t=e.target;this.take(j(t.files??[],this.folder)),t.value=""}async makeFolder(e){e.preventDefault();let t=String(new FormData(e.target).get("name")).trim(),i=`gcodes/${u(this.folder,t)}`;await d.attempt(()=>d.call("server.files.post_directory",{path:i}))&&(this.naming=!1,await this.load())}async print(e){let t=u(this.folder,e.filename);await d.attempt(()=>v("POST","api/gantry/print",{path:t}))?location.hash="#/dashboard":this.opened=e.filename}leaveFolder(){let e=`gcodes/${this.folder}`,t=this.folder.split("/").slice(0,-1).join("/");d.attempt(()=>d.call("server.files.delete_directory",{path:e})).then(i=>i&&this.enter(t))}get rows(){return[...(this.search?[]:this.folders).map(({dirname:t})=>[u(this.folder,t),"folder"]),...this.shown.slice(0,this.most).map(({filename:t})=>[u(this.folder,t),"file"])]}pick(e,t){let i=e.target.checked,n=this.rows,l=x=>n.findIndex(([D])=>D===x),[p,m]=[e.shiftKey?l(this.last):-1,l(t)],P=p<0?n.slice(m,m+1):n.slice(Math.min(p,m),Math.max(p,m)+1),b=new Map(this.picked);for(let[x,D]of P)i?b.set(x,D):b.delete(x);this.picked=b,this.last=t}pickAll(e){this.picked=new Map(e?this.rows:[])}keyed(e){let t=e.target;if(!(t.closest("dialog")||t.matches("input:not([type=checkbox]), select"))){if(e.key==="Escape"&&this.picked.size)this.pickAll(!1);else if(e.key==="a"&&(e.ctrlKey||e.metaKey))this.pickAll(!0);else if(e.key==="ArrowDown"||e.key==="ArrowUp"){if(!t.matches(".file-head > *, .file-head > * > input"))return;let i=[...this.querySelectorAll(".file-head")],n=i.indexOf(t.closest(".file-head")),l=i[n+(e.key==="ArrowDown"?1:-1)],p=t.matches("input")?"input":t.matches(".print")?".print":".file-open, .folder";l?.querySelector(`${p}:not(:disabled)`)?.focus()}else return;e.preventDefault()}}render(){let e=this.files!==null&&!this.shown.length&&!this.folders.length;return r`<div class="files ${this.over?"over":""}" @keydown=${this.keyed}
      @dragover=${t=>{t.preventDefault(),this.over=d.may("FILES_UPLOAD")}}
      @dragleave=${this.left} @drop=${this.drop}>
      ${this.over?r`<p class="drop-here">${s("files.drop")}</p>`:c}
      <div class="page-head"><h1>${s("files.title")}</h1>
        ${this.room?r`<p class="quiet">${s("files.room",{free:y(this.room.free),total:y(this.room.total)})}</p>`:c}</div>
      ${this.tools()} ${this.crumbs()} ${this.underWay()} ${this.head()}
      <file-selection .picked=${this.picked} .folder=${this.folder}
        @clear=${()=>this.pickAll(!1)}></file-selection>
      ${this.files===null?r`<p class="quiet" aria-busy="true">${s("app.loading")}</p>`:c}
      <ul class="file-list">
        ${this.search?c:this.folders.map(t=>this.folderRow(t))}
        ${ne(this.shown.slice(0,this.most),t=>t.filename,t=>this.row(t))}
      </ul>
      ${this.shown.length>this.most?r`<button type="button" class="more" @click=${()=>{this.most+=K}}>
            ${s("files.showMore")}</button>`:c}
      ${e?r`<p class="card quiet empty">${f(this.search?"file":"upload")}
            <span>${this.search?s("files.noMatch"):s("files.none")}</span></p>`:c}
    </div>`}tools(){return r`<div class="tools">
        ${d.may("FILES_UPLOAD")?this.bringing():c}
        <label class="hidden" for="search">${s("files.search")}</label>
        <input id="search" type="search" class="grow" placeholder=${s("files.search")}
          .value=${this.search} @input=${e=>{this.search=e.target.value}}>
      </div>
      ${this.naming?r`<form class="row card" @submit=${this.makeFolder}>
            <label class="field grow">${s("files.folderName")}<input name="name" required></label>
            <button class="primary">${s("files.create")}</button></form>`:c}`}bringing(){return r`<label class="button primary upload">${f("upload")} ${s("files.upload")}
        <input class="hidden" type="file" multiple @change=${this.pickedFiles}></label>
      <label class="button upload on-desk">${s("files.folderUpload")}
        <input class="hidden" type="file" webkitdirectory @change=${this.pickedFiles}></label>
      <button type="button" aria-expanded=${this.naming}
        @click=${()=>this.naming=!this.naming}>${s("files.folder")}</button>`}crumbs(){if(!this.folder)return c;let e=this.folder.split("/");return r`<div class="crumbs" role="group" aria-label=${s("files.items")}>
      <button type="button" class="plain small" @click=${()=>this.enter("")}>
        ${s("files.top")}</button>
      ${e.map((t,i)=>r`<span aria-hidden="true">/</span>
        <button type="button" class="plain small"
          @click=${()=>this.enter(e.slice(0,i+1).join("/"))}>${t}</button>`)}
      ${this.files?.length===0&&!this.folders.length&&d.may("FILES_DELETE")?r`<hold-button kind="danger small" .label=${s("files.deleteFolder")}
            @confirm=${this.leaveFolder}></hold-button>`:c}
    </div>`}underWay(){let{present:e,waiting:t}=g;return r`<div role="status">${this.said?r`<p class="quiet">${this.said}</p>`:c}
      ${e?r`<div class="card uploading">
            <span>${s("files.uploading",{name:e.name,share:Y(e.share)})}
              ${t.length?r`<span class="quiet">${s("files.waiting",{number:t.length})}</span>`:c}</span>
            <progress max="1" .value=${e.share} aria-label=${e.name}></progress>
            <div class="row"><button type="button" class="small"
              aria-label=${s("files.stopNamed",{name:e.name})}
              @click=${()=>g.stop()}>${s("files.stop")}</button>
              ${t.length?r`<button type="button" class="small" @click=${()=>g.stopAll()}>
                    ${s("files.stopAll")}</button>`:c}</div></div>`:c}</div>`}head(){let e=this.rows.length,t=this.picked.size;return e<2?c:r`<div class="row between list-head">
      <label class="check pick-all"><input type="checkbox" .checked=${t===e}
        .indeterminate=${t>0&&t<e}
        @change=${i=>this.pickAll(i.target.checked)}>
        ${s("files.selectAll")}</label>${this.order()}</div>`}order(){let e=[["modified",s("files.sortModified")],["name",s("files.sortName")],["time",s("files.sortTime")],["size",s("files.sortSize")]];return r`<div class="row sorting"><label class="hidden" for="sort">${s("files.sort")}</label>
      <select id="sort" class="small" @change=${t=>{this.sort=t.target.value}}>
        ${e.map(([t,i])=>r`<option value=${t}
          ?selected=${t===this.sort}>${i}</option>`)}
      </select>
      <button type="button" class="small" aria-pressed=${this.upside} aria-label=${s("files.upside")}
        @click=${()=>this.upside=!this.upside}>${f(this.upside?"up":"down")}</button>
    </div>`}box(e,t){return r`<label class="pick"><input type="checkbox" .checked=${this.picked.has(e)}
      aria-label=${s("files.select",{name:t})}
      @click=${i=>this.pick(i,e)}></label>`}folderRow({dirname:e}){let t=u(this.folder,e);return r`<li class="card file ${this.picked.has(t)?"picked":""}">
      <div class="file-head">${this.box(t,e)}
        <button type="button" class="plain folder" @click=${()=>this.enter(t)}>
          ${f("folder")}<span>${e}</span></button></div></li>`}row(e){let t=e.filename,i=u(this.folder,t),n=this.opened===t,l=A(this.folder,e),p=[e.estimated_time?Z(e.estimated_time):null,e.filament_weight_total?be(e.filament_weight_total):e.filament_total?F(e.filament_total):null,ee(e.modified),e.print_start_time?s("files.printed"):null].filter(Boolean);return r`<li class="card file ${this.picked.has(i)?"picked":""}">
      <div class="file-head">${this.box(i,t)}
        <button type="button" class="plain file-open" aria-expanded=${n}
          @click=${()=>this.opened=n?"":t}>
          <span class="thumb small-thumb">${l?r`<api-image .path=${l} alt=""></api-image>`:f("file")}</span>
          <span class="file-text"><strong title=${t}>${t}</strong>
            <span class="quiet">${p.join(" \xB7 ")}</span>${this.badge(t)}</span>
        </button>
        ${d.may("PRINT")?r`<button type="button" class="print" @click=${()=>this.print(e)}
              ?disabled=${d.info?.link!=="online"||d.info.phase!=="none"}
              aria-label=${s("files.printNamed",{name:t})}>${f("print")}
              <span>${s("files.print")}</span></button>`:c}
      </div>
      ${n?r`<file-details .file=${e} .path=${i}></file-details>`:c}
    </li>`}badge(e){let t=this.worst[e];return t!=="warn"&&t!=="block"?c:r`<span class="badge ${t==="block"?"bad":"waiting"}">
      ${s(`lint.${t}`)}</span>`}},be=a=>`${$(a,a<10?1:0)} g`;customElements.define("files-view",V);
