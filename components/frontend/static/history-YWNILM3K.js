<<<<<<<< HEAD:components/frontend/static/history-YWNILM3K.js
import{a as $}from"./chunk-DJNQWEQC.js";import"./chunk-ZOQ5KHC3.js";import{a as y}from"./chunk-SGHBWZ2V.js";import"./chunk-5MQRGOLO.js";import{a as m,b,d as c,f as v,h as d,i as r}from"./chunk-WP3F5Z7I.js";import{g as p,q as o}from"./chunk-RU625THP.js";import{a as i,d as n,i as s}from"./chunk-PYK3LNRO.js";var _={completed:"good",error:"bad",interrupted:"bad",in_progress:"busy"},f=30,q=["completed","cancelled","error","interrupted"],h=class extends ${constructor(){super(...arguments);this.most=f;this.only="";this.count=0;this.jobs=null;this.totals=null;this.queue=null;this.reload=()=>{this.load()}}static{this.properties={jobs:{state:!0},totals:{state:!0},queue:{state:!0},most:{state:!0},only:{state:!0},count:{state:!0}}}connectedCallback(){super.connectedCallback(),o.addEventListener("jobs",this.reload),this.load()}disconnectedCallback(){super.disconnectedCallback(),o.removeEventListener("jobs",this.reload)}willUpdate(){this.jobs===null&&o.online&&this.load()}async load(){if(!o.online)return;this.jobs??=[];let t=()=>null,[a,e,l]=await Promise.all([o.call("server.history.list",{limit:this.most}).catch(t),o.call("server.history.totals").catch(t),o.call("server.job_queue.status").catch(t)]);this.jobs=a?.jobs??[],this.count=a?.count??0,this.totals=e?.job_totals??null,this.queue=l}render(){return i`<h1 class="page-head">${s("history.title")}</h1>
========
import"./chunk-OORMEB3V.js";import{a as y}from"./chunk-N2GE7POG.js";import"./chunk-QRL4NPQN.js";import{a as m,b,d as c,f as v,h as d,i as r}from"./chunk-4NAKWUBJ.js";import{a as $}from"./chunk-4N2Y7I32.js";import{g as p,q as o}from"./chunk-RU625THP.js";import{a as i,d as n,i as s}from"./chunk-TAM3WXDD.js";var _={completed:"good",error:"bad",interrupted:"bad",in_progress:"busy"},f=30,q=["completed","cancelled","error","interrupted"],h=class extends ${constructor(){super(...arguments);this.most=f;this.only="";this.count=0;this.jobs=null;this.totals=null;this.queue=null;this.reload=()=>{this.load()}}static{this.properties={jobs:{state:!0},totals:{state:!0},queue:{state:!0},most:{state:!0},only:{state:!0},count:{state:!0}}}connectedCallback(){super.connectedCallback(),o.addEventListener("jobs",this.reload),this.load()}disconnectedCallback(){super.disconnectedCallback(),o.removeEventListener("jobs",this.reload)}willUpdate(){this.jobs===null&&o.online&&this.load()}async load(){if(!o.online)return;this.jobs??=[];let t=()=>null,[a,e,l]=await Promise.all([o.call("server.history.list",{limit:this.most}).catch(t),o.call("server.history.totals").catch(t),o.call("server.job_queue.status").catch(t)]);this.jobs=a?.jobs??[],this.count=a?.count??0,this.totals=e?.job_totals??null,this.queue=l}render(){return i`<h1 class="page-head">${s("history.title")}</h1>
>>>>>>>> 9551df6 (Push the console to the page; speak German of findings and faults; check slicers' words against their sources; plant secrets in the support archive):components/frontend/static/history-4K3CUMRO.js
      ${this.numbers()} ${this.waiting()}
      <section class="card" aria-labelledby="jobs-title">
        ${this.jobs?.length?this.choice():i`<h2 id="jobs-title">${s("history.jobs")}</h2>`}
        ${this.jobs?.length?this.past(this.jobs):i`<p class="quiet">${s("history.none")}</p>`}
      </section>`}past(t){let a=t.filter(e=>!this.only||e.status===this.only);return i`${this.table(a)}
      ${this.count>t.length?i`<button type="button" @click=${()=>{this.most+=f,this.load()}}>
            ${s("history.more")}</button>`:n}`}choice(){return i`<div class="row between"><h2 id="jobs-title">${s("history.jobs")}</h2>
      <label class="hidden" for="only">${s("history.result")}</label>
      <select id="only" class="small" @change=${t=>{this.only=t.target.value}}>
        <option value="">${s("history.all")}</option>
        ${q.map(t=>i`<option value=${t}>${s(`result.${t}`)}</option>`)}
      </select></div>`}again(t){o.attempt(()=>p("POST","api/gantry/print",{path:t.filename})).then(a=>a&&(location.hash="#/dashboard"))}forget(t){let a=()=>o.call("server.history.delete_job",{uid:t.job_id});o.attempt(a).then(this.reload)}numbers(){let t=this.totals;if(!t)return n;let a=[[s("history.jobs"),m(t.total_jobs)],[s("history.time"),c(t.total_print_time)],[s("history.filament"),d(t.total_filament_used)],[s("history.longest"),c(t.longest_print)]],e=(this.jobs??[]).filter(u=>u.status!=="in_progress"),l=e.filter(u=>u.status==="completed");return e.length&&a.push([s("history.success",{number:e.length}),b(l.length/e.length)]),i`<section class="card"><dl class="facts flush">${a.map(([u,g])=>i`<div><dt>${u}</dt><dd>${g}</dd></div>`)}</dl></section>`}waiting(){let t=this.queue;if(!t)return n;let a=(e,l={})=>()=>o.attempt(()=>o.call(e,l)).then(this.reload);return i`<section class="card stack" aria-labelledby="queue-title">
      <h2 id="queue-title">${s("history.queue")}</h2>
      ${t.queued_jobs.length?i`<ol class="queue">${t.queued_jobs.map(e=>i`<li>
            <span class="grow">${r(e.filename)}</span>
            <button type="button" class="small" aria-label=${s("history.remove",{name:r(e.filename)})}
              @click=${a("server.job_queue.delete_job",{job_ids:[e.job_id]})}>
              ${s("people.remove")}</button></li>`)}</ol>
          ${o.may("PRINT")?i`<div class="row">${t.queue_state==="paused"?i`<button type="button" class="primary" @click=${a("server.job_queue.start")}>
                    ${s("history.startQueue")}</button>`:i`<button type="button" @click=${a("server.job_queue.pause")}>
                    ${s("history.pauseQueue")}</button>`}</div>`:n}`:i`<p class="quiet">${s("history.queueEmpty")}</p>`}
    </section>`}table(t){let a=o.info?.link==="online"&&o.info.phase==="none";return i`<ul class="jobs">${t.map(e=>i`<li>
      <span class="thumb small-thumb">${this.picture(e)}</span>
      <div class="grow">
        <strong>${r(e.filename)}</strong>
        <span class="badge ${_[e.status]??""}">${s(`result.${e.status}`)}</span>
        <p class="quiet small-text">${[v(e.start_time),c(e.total_duration),e.filament_used>0?d(e.filament_used):""].filter(Boolean).join(" \xB7 ")}</p>
      </div>
      ${e.exists&&o.may("PRINT")?i`<button type="button" class="small" ?disabled=${!a} aria-label=${s("files.printNamed",{name:r(e.filename)})} @click=${()=>this.again(e)}>${s("dashboard.again")}</button>`:n}
      ${o.may("ADMIN")&&e.status!=="in_progress"?i`<hold-button kind="plain small" .label=${s("people.remove")}
            .name=${s("history.forget",{name:r(e.filename)})}
            @confirm=${()=>this.forget(e)}></hold-button>`:n}</li>`)}</ul>`}picture(t){let a=t.exists?t.metadata?.thumbnails?.at(-1)?.relative_path:void 0;if(!a)return y("file");let l=[...t.filename.split("/").slice(0,-1),...a.split("/")].map(encodeURIComponent).join("/");return i`<api-image .path=${`server/files/gcodes/${l}`} alt=""></api-image>`}};customElements.define("history-view",h);
