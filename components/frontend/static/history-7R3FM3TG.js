import"./chunk-B6VMISF6.js";import{a as m}from"./chunk-DY3IWYBU.js";import"./chunk-72DYD4AI.js";import{a as q,b as w,d as c,f as E,h as p,i as u}from"./chunk-35X64PMC.js";import{a as j}from"./chunk-HTILZKQJ.js";import{A as n,h as _,m as k}from"./chunk-PFJOUD6N.js";import{a,d as l,h as g,j as s}from"./chunk-M6YJ65Q2.js";var T={completed:"good",error:"bad",interrupted:"bad",in_progress:"busy"},S=12,b=7*86400,x=()=>Math.floor(Date.now()/1e3)-S*b;function L($){let d=x(),e=Array.from({length:S},(i,t)=>({begin:d+t*b,seconds:0,prints:0}));for(let i of $){let t=e[Math.floor((i.start_time-d)/b)];t&&(t.seconds+=i.print_duration,t.prints++)}return e}var R=30,M=["completed","cancelled","error","interrupted"],y=class extends j{constructor(){super(...arguments);this.weeks=[];this.most=R;this.only="";this.count=0;this.jobs=null;this.totals=null;this.queue=null;this.reload=()=>{this.load()}}static{this.properties={jobs:{state:!0},totals:{state:!0},queue:{state:!0},most:{state:!0},only:{state:!0},count:{state:!0}}}connectedCallback(){super.connectedCallback(),n.addEventListener("jobs",this.reload),this.load()}disconnectedCallback(){super.disconnectedCallback(),n.removeEventListener("jobs",this.reload)}async load(){if(!n.online)return;let e=()=>null,[i,t,r,o]=await Promise.all([n.call("server.history.list",{limit:this.most}).catch(e),n.call("server.history.totals").catch(e),n.call("server.job_queue.status").catch(e),n.call("server.history.list",{limit:2e3,since:x()}).catch(e)]);this.weeks=L(o?.jobs??[]),this.jobs=i?.jobs??[],this.count=i?.count??0,this.totals=t?.job_totals??null,this.queue=r}render(){let e=a`<h1 class="page-head">${s("history.title")}</h1>`;return this.jobs===null?a`${e}
        <p class="quiet" aria-busy=${n.online?"true":"false"}>${s("app.loading")}</p>`:a`${e} ${this.numbers()} ${this.waiting()}
      <section class="card" aria-labelledby="jobs-title">
        ${this.jobs.length?this.choice():a`<h2 id="jobs-title">${s("history.jobs")}</h2>`}
        ${this.jobs.length?this.past(this.jobs):a`<p class="quiet empty">${m("history")}<span>${s("history.none")}</span></p>`}
      </section>`}past(e){let i=e.filter(t=>!this.only||t.status===this.only);return a`${this.table(i)}
      ${this.count>e.length?a`<button type="button" @click=${()=>{this.most+=R,this.load()}}>
            ${s("history.more")}</button>`:l}`}choice(){return a`<div class="row between"><h2 id="jobs-title">${s("history.jobs")}</h2>
      <label class="hidden" for="only">${s("history.result")}</label>
      <select id="only" class="small" @change=${e=>{this.only=e.target.value}}>
        <option value="">${s("history.all")}</option>
        ${M.map(e=>a`<option value=${e}>${s(`result.${e}`)}</option>`)}
      </select></div>`}again(e){n.attempt(()=>k("POST","api/gantry/print",{path:e.filename})).then(i=>i&&(location.hash="#/dashboard"))}forget(e){let i=()=>n.call("server.history.delete_job",{uid:e.job_id});n.attempt(i).then(this.reload)}numbers(){let e=this.totals;if(!e?.total_jobs)return l;let i=[[s("history.jobs"),q(e.total_jobs)],[s("history.time"),c(e.total_print_time)],[s("history.filament"),p(e.total_filament_used)],[s("history.longest"),c(e.longest_print)]],t=(this.jobs??[]).filter(o=>o.status!=="in_progress"),r=t.filter(o=>o.status==="completed");return t.length>2&&i.push([s("history.success",{number:t.length}),w(r.length/t.length)]),a`<section class="card stack" aria-labelledby="numbers-title">
      <h2 id="numbers-title">${s("history.statistics")}</h2>
      <dl class="facts flush">${i.map(([o,h])=>a`<div><dt>${o}</dt><dd>${h}</dd></div>`)}</dl>
      ${this.course()}</section>`}course(){let e=Math.max(...this.weeks.map(({seconds:t})=>t));if(e<=0)return l;let i=t=>new Date(t*1e3).toLocaleDateString(g,{day:"numeric",month:"numeric"});return a`<p class="quiet small-text" id="weeks">${s("history.weeks")}</p>
      <ol class="weeks" aria-labelledby="weeks">${this.weeks.map(({begin:t,seconds:r,prints:o},h)=>{let f=s("history.week",{day:i(t),time:c(r),number:o}),v=r?Math.max(r/e*100,2):0;return a`<li title=${f}><span class="hidden">${f}</span>
          <svg viewBox="0 0 10 100" preserveAspectRatio="none" aria-hidden="true"><rect
            width="10" height=${v} y=${100-v}></rect></svg>
          <span class="quiet" aria-hidden="true">${h%3===2?i(t):""}</span></li>`})}</ol>`}waiting(){let e=this.queue;if(!e)return l;let i=(t,r={})=>()=>n.attempt(()=>n.call(t,r)).then(this.reload);return a`<section class="card stack" aria-labelledby="queue-title">
      <h2 id="queue-title">${s("history.queue")}</h2>
      ${e.queued_jobs.length?a`<ol class="queue">${e.queued_jobs.map(t=>a`<li>
            <span class="grow">${u(t.filename)}</span>
            <button type="button" class="small" aria-label=${s("history.remove",{name:u(t.filename)})}
              @click=${i("server.job_queue.delete_job",{job_ids:[t.job_id]})}>
              ${s("people.remove")}</button></li>`)}</ol>
          ${n.may("PRINT")?a`<div class="row">${e.queue_state==="paused"?a`<button type="button" class="primary" @click=${i("server.job_queue.start")}>
                    ${s("history.startQueue")}</button>`:a`<button type="button" @click=${i("server.job_queue.pause")}>
                    ${s("history.pauseQueue")}</button>`}</div>`:l}`:a`<p class="quiet">${s("history.queueEmpty")}</p>`}
    </section>`}table(e){let i=n.info?.link==="online"&&n.info.phase==="none";return a`<ul class="jobs">${e.map(t=>a`<li>
      <span class="thumb small-thumb">${this.picture(t)}</span>
      <div class="grow">
        <strong>${u(t.filename)}</strong>
        <span class="badge ${T[t.status]??""}">${s(`result.${t.status}`)}</span>
        <p class="quiet small-text">${[E(t.start_time),c(t.total_duration),t.filament_used>0?p(t.filament_used):""].filter(Boolean).join(" \xB7 ")}</p>
      </div>
      ${t.exists&&n.may("PRINT")?a`<button type="button" class="small" ?disabled=${!i} aria-label=${s("history.again",{name:u(t.filename)})} @click=${()=>this.again(t)}>${s("dashboard.again")}</button>`:l}
      ${n.may("ADMIN")&&t.status!=="in_progress"?a`<hold-button kind="plain small" .label=${s("people.remove")}
            .name=${s("history.forget",{name:u(t.filename)})}
            @confirm=${()=>this.forget(t)}></hold-button>`:l}</li>`)}</ul>`}picture(e){let i=e.exists?e.metadata?.thumbnails?.at(-1)?.relative_path:void 0;if(!i)return m("file");let t=e.filename.split("/").slice(0,-1),r=_([...t,i].join("/"));return a`<api-image .path=${`server/files/gcodes/${r}`} alt=""></api-image>`}};customElements.define("history-view",y);
